/**
 * The environment with which a program that is launched sends its traces to this window: pure, so that every rule is a test. What a person set is never
 * changed, unless they said so; only variables that every OpenTelemetry SDK reads the same way are set; time-outs are not (Python takes seconds, the
 * others milliseconds). Source: OpenTelemetry specification, "Environment Variable Specification" and "OpenTelemetry Protocol Exporter";
 * measured effects: docs of the capture, "Programs launched with variables only".
 */

import { EnvironmentEditor, type LaunchChange, type LaunchEnvironment, type SeenEnvironment } from './environmentEditor';
import { languageOf } from './languages';
import { endpointOf, isElsewhere, isHere, type Obstacle, obstaclesIn } from './obstacles';
import { withSession } from './resourceAttributes';

export interface LaunchRequest extends SeenEnvironment {
  /** `type` of the debug configuration; empty for what is none. */
  readonly debugType: string;
  /** The service's name where nothing else gives one; empty: none is given. */
  readonly serviceName: string;
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** Ports of this window that listen now: what goes there by the person's own variables comes here. */
  readonly ports: readonly number[];
  /** Goes into every span's resource, so that traces are grouped by launch. */
  readonly sessionId: string;
  /** The person said that its traces come here, whatever its variables say. */
  readonly insists?: boolean;
}

export interface LaunchResult {
  /** All of `environment` with the changes made. */
  readonly environment: LaunchEnvironment;
  readonly changes: readonly LaunchChange[];
  /** What of the person's own variables keeps traces from coming, and was left as it is. */
  readonly obstacles: readonly Obstacle[];
  /** Its traces come here. Where they do not, nothing was changed. */
  readonly isCaptured: boolean;
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

/** Whether programs of the debug type can be given an environment: browsers cannot. */
export function takesEnvironment(debugType: string): boolean {
  return !WITHOUT_ENVIRONMENT.has(debugType);
}

export function launchEnvironment(request: LaunchRequest): LaunchResult {
  const editor = new EnvironmentEditor(request);
  const found = obstaclesIn(editor, request.ports);
  const { insists = false } = request;
  if (!insists && found.some(isElsewhere)) {
    return { environment: editor.environment, changes: [], obstacles: found, isCaptured: false };
  }
  if (insists) bringHere(editor, request, found);
  else fillDestination(editor, request);
  editor.fill('OTEL_TRACES_EXPORTER', 'otlp', 'traces go out as OTLP');
  editor.fill('OTEL_TRACES_SAMPLER', 'always_on', 'every trace is wanted, also below an unsampled parent');
  editor.fill('OTEL_BSP_SCHEDULE_DELAY', '200', 'spans are sent within 0.2 s, and few are lost when the program is stopped');
  leaveProxy(editor, request.debugType);
  addSession(editor, request);
  return { environment: editor.environment, changes: editor.changes, obstacles: insists ? [] : found, isCaptured: true };
}

/** Where traces go, when the person's own variables do not send them elsewhere. */
function fillDestination(editor: EnvironmentEditor, { endpoint, debugType }: LaunchRequest): void {
  const own = endpointOf(editor);
  if (own) {
    editor.keep(own.name, 'the address that .env gives is this window');
  } else {
    separateHeaders(editor, false);
    editor.set('OTEL_EXPORTER_OTLP_ENDPOINT', baseOf(endpoint), 'where this window receives');
  }
  // An address for traces alone is used as it stands, and says by its path which protocol is meant.
  const isForTraces = own?.name === 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  if (!isForTraces && editor.get('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') === undefined) {
    editor.fill('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf', 'some SDKs have no gRPC at hand, which is their default');
  }
  // Who names an address for metrics wants them.
  if (editor.get('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT') === undefined) {
    editor.fill('OTEL_METRICS_EXPORTER', 'none', 'metrics are not shown');
  }
  editor.fill('OTEL_LOGS_EXPORTER', 'otlp', 'log records are shown with their spans, and lead to source');
  const language = languageOf(debugType);
  if (language === 'python' || language === undefined) {
    editor.fill('OTEL_PYTHON_LOG_CODE_ATTRIBUTES', 'true', 'log records of Python then say which line logged them');
  }
}

const CHOSEN = 'you chose to capture it here';

/** Takes away what keeps traces from coming. Metrics and log records go where they went. */
function bringHere(editor: EnvironmentEditor, request: LaunchRequest, obstacles: readonly Obstacle[]): void {
  const own = endpointOf(editor);
  const isAway = own !== undefined && !isHere(own.value, request.ports);
  for (const { kind, variable } of obstacles) {
    if (kind === 'disabled') editor.remove(variable, CHOSEN);
    else if (kind === 'exporter') editor.set(variable, 'otlp', CHOSEN);
    else if (kind === 'none' || kind === 'partial') editor.set(variable, 'always_on', CHOSEN);
  }
  editor.remove('OTEL_CONFIG_FILE', CHOSEN);
  editor.remove('OTEL_EXPERIMENTAL_CONFIG_FILE', CHOSEN);
  if (!isAway) {
    fillDestination(editor, request);
    return;
  }
  separateHeaders(editor, editor.get('OTEL_EXPORTER_OTLP_ENDPOINT') !== undefined);
  editor.set('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', `${baseOf(request.endpoint)}/v1/traces`, CHOSEN);
  editor.set('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'http/protobuf', 'it goes with the address');
}

/** What proves who asks, and is meant for the person's own server. */
const CREDENTIALS: readonly string[] = ['HEADERS', 'CERTIFICATE', 'CLIENT_KEY', 'CLIENT_CERTIFICATE'];

/**
 * Headers and certificates are for the address that a person gave: they do not go along to ours, and stay with metrics and log records where these go
 * to the person's. Those for traces alone are added to the general ones by some SDKs, so none can stand there.
 * @param isOthers metrics and log records go to the person's general address
 */
function separateHeaders(editor: EnvironmentEditor, isOthers: boolean): void {
  for (const kind of CREDENTIALS) {
    editor.remove(`OTEL_EXPORTER_OTLP_TRACES_${kind}`, 'they are meant for another address');
    const general = editor.get(`OTEL_EXPORTER_OTLP_${kind}`);
    if (general === undefined) continue;
    for (const signal of ['METRICS', 'LOGS']) {
      const isTheirs = isOthers || editor.get(`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`) !== undefined;
      if (isTheirs) editor.fill(`OTEL_EXPORTER_OTLP_${signal}_${kind}`, general, `they stay with what is no trace`);
    }
    editor.remove(`OTEL_EXPORTER_OTLP_${kind}`, 'they are meant for another address');
  }
}

/** Languages whose HTTP clients ask a proxy for this machine too, where one is named. The others' do not, or know no such variables. */
const PROXIED: readonly unknown[] = ['python', 'php', undefined];

/** What comes here does not go through a proxy. */
function leaveProxy(editor: EnvironmentEditor, debugType: string): void {
  const proxy = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'].some((name) => editor.get(name) !== undefined);
  if (!proxy || !PROXIED.includes(languageOf(debugType))) return;
  const known = ['no_proxy', 'NO_PROXY'].filter((name) => editor.get(name) !== undefined);
  // Python takes small letters first, gRPC only those; .NET and others the large ones.
  for (const name of known.length > 0 ? known : ['no_proxy', 'NO_PROXY']) {
    const hosts = (editor.get(name) ?? '').split(',').map((host) => host.trim());
    if (hosts.includes('*') || hosts.includes('127.0.0.1')) continue;
    editor.set(name, [...hosts.filter((host) => host !== ''), '127.0.0.1'].join(','), 'this window is not behind the proxy');
  }
}

/** The session's id behind the user's resource attributes; and a service name where none is given in either variable. */
function addSession(editor: EnvironmentEditor, { serviceName, sessionId, windows }: LaunchRequest): void {
  const given = editor.get('OTEL_RESOURCE_ATTRIBUTES') ?? '';
  editor.keep('OTEL_SERVICE_NAME', 'the name that .env gives');
  const isNamed = editor.get('OTEL_SERVICE_NAME') !== undefined || /(?:^|,)\s*service\.name\s*=\s*[^\s,]/.test(given);
  const name = serviceName.trim().slice(0, maxName);
  if (!isNamed && name !== '') editor.set('OTEL_SERVICE_NAME', name, 'no service name was given');
  const attributes = withSession(given, sessionId);
  const most = windows ? 32_000 : 120_000;
  if (attributes.length <= most) editor.set('OTEL_RESOURCE_ATTRIBUTES', attributes, 'groups the traces of this session');
}

/** UTF-16 units of a service's name. */
const maxName = 200;

function baseOf(endpoint: string): string {
  return endpoint.replace(/\/+$/, '');
}
