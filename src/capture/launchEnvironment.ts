/**
 * The environment with which a program that is launched sends its traces to this window, whatever it was told before: pure, so that every
 * rule is a test. Only variables that every OpenTelemetry SDK reads the same way are set; time-outs are not (Python takes seconds, the
 * others milliseconds). Source: OpenTelemetry specification, "Environment Variable Specification" and "OpenTelemetry Protocol Exporter";
 * measured effects: docs of the capture, "Programs launched with variables only".
 */

import { EnvironmentEditor, type LaunchChange, type LaunchEnvironment } from './environmentEditor';

export interface LaunchRequest {
  /** `type` of the debug configuration. */
  readonly debugType: string;
  /** Name of the configuration: the service's name where nothing else gives one. */
  readonly name: string;
  /** `env` of the configuration. */
  readonly environment: Readonly<LaunchEnvironment>;
  /** What the program inherits: the window's own environment, and over it the files of variables that its debugger reads. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
  /** What programs read by themselves where it is not set: `.env`. What they name there is theirs, so it is set as it stands there. */
  readonly fallback?: Readonly<Record<string, string | undefined>>;
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Goes into every span's resource, so that traces are grouped by launch. */
  readonly sessionId: string;
  /** Names of variables are case-insensitive. */
  readonly windows: boolean;
}

export interface LaunchResult {
  /** All of `environment` with the changes made. */
  readonly environment: LaunchEnvironment;
  readonly changes: readonly LaunchChange[];
  /** Sentences for the user: why traces may not come all the same. */
  readonly warnings: readonly string[];
}

/** Key of the resource attribute that names the debug session. */
const SESSION_ATTRIBUTE = 'vscode.debug.session.id';

/** The session's id of an environment that was given one. */
export function sessionIdOf(environment: Readonly<LaunchEnvironment>): string | undefined {
  const attributes = environment.OTEL_RESOURCE_ATTRIBUTES ?? '';
  return new RegExp(`(?:^|,)${SESSION_ATTRIBUTE.replaceAll('.', '\\.')}=([0-9a-f-]{36})(?:,|$)`).exec(attributes)?.[1];
}

/** Types whose `env` does not reach a process that could be traced. */
const WITHOUT_ENVIRONMENT: ReadonlySet<string> = new Set([
  'chrome',
  'pwa-chrome',
  'msedge',
  'pwa-msedge',
  'firefox',
  'blazorwasm',
  'dotnet',
]);

const CONFIG_FILES: readonly string[] = ['OTEL_CONFIG_FILE', 'OTEL_EXPERIMENTAL_CONFIG_FILE'];

/** Undefined for debug types whose programs cannot be given an environment (browsers). */
export function launchEnvironment(request: LaunchRequest): LaunchResult | undefined {
  if (WITHOUT_ENVIRONMENT.has(request.debugType)) return undefined;
  const editor = new EnvironmentEditor(request);
  const { endpoint } = request;
  const base = endpoint.replace(/\/+$/, '');
  editor.set('OTEL_EXPORTER_OTLP_ENDPOINT', base, 'where this window receives');
  // Used as it is by SDKs, and stronger than the general one: a value of the user's would win.
  editor.set(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    `${base}/v1/traces`,
    'a value for traces alone would win over the general one',
  );
  editor.set('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf', 'several SDKs send gRPC by default');
  editor.override(
    'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    'http/protobuf',
    'a value for traces alone would win over the general one',
  );
  // Headers and certificates are for the user's own endpoint: a token must not go elsewhere.
  editor.remove('OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'they are meant for another endpoint');
  editor.remove('OTEL_EXPORTER_OTLP_HEADERS', 'they are meant for another endpoint');
  editor.set('OTEL_TRACES_EXPORTER', 'otlp', 'traces go out as OTLP');
  editor.fill('OTEL_METRICS_EXPORTER', 'none', 'metrics are not shown');
  editor.fill('OTEL_LOGS_EXPORTER', 'otlp', 'log records are shown with their spans, and lead to source');
  editor.fill('OTEL_PYTHON_LOG_CODE_ATTRIBUTES', 'true', 'log records of Python then say which line logged them');
  editor.set('OTEL_TRACES_SAMPLER', 'always_on', 'every trace is wanted, also below an unsampled parent');
  editor.fill('OTEL_BSP_SCHEDULE_DELAY', '200', 'spans are sent within 0.2 s, and few are lost when the program is stopped');
  editor.remove('OTEL_SDK_DISABLED', 'it would switch the SDK off');
  addSession(editor, request);
  return { environment: editor.environment, changes: editor.changes, warnings: warningsOf(editor) };
}

/** The session's id behind the user's resource attributes; and a service name where none is given in either variable. */
function addSession(editor: EnvironmentEditor, { name, sessionId }: LaunchRequest): void {
  const attributes = (editor.get('OTEL_RESOURCE_ATTRIBUTES') ?? '')
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !pair.startsWith(`${SESSION_ATTRIBUTE}=`));
  const given = editor.get('OTEL_SERVICE_NAME');
  // Read by the program only where it is not set: it is set, so that it holds whether the program reads the file or not.
  if (given !== undefined) editor.keep('OTEL_SERVICE_NAME', given, 'the name that .env gives');
  const named = given !== undefined || attributes.some((pair) => /^service\.name\s*=\s*\S/.test(pair));
  if (!named && name.trim() !== '') {
    editor.set('OTEL_SERVICE_NAME', name.trim(), 'no service name was given: the name of the launch configuration stands in');
  }
  const session = `${SESSION_ATTRIBUTE}=${percentEncoded(sessionId)}`;
  editor.set('OTEL_RESOURCE_ATTRIBUTES', [...attributes, session].join(','), 'groups the traces of this debug session');
}

function warningsOf(editor: EnvironmentEditor): string[] {
  return CONFIG_FILES.filter((name) => editor.get(name)).map(
    (name) =>
      `${name} is set: the OpenTelemetry SDK then reads that file and ignores the other OTEL_* variables, so traces may not come here. ` +
      `Remove it from the launch configuration (set it to null in "env"), or let the file export to OTEL_EXPORTER_OTLP_ENDPOINT.`,
  );
}

/** As `OTEL_RESOURCE_ATTRIBUTES` wants values. Source: OpenTelemetry specification, "Resource SDK"; W3C Baggage, "value". */
function percentEncoded(value: string): string {
  return encodeURIComponent(value);
}
