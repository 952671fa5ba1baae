/**
 * Java, Kotlin and Scala: the OpenTelemetry agent, as an argument of the debuggee's virtual machine. `JAVA_TOOL_OPTIONS` would hold for each build tool and
 * compiler below as well, so it is for those alone whose configuration cannot be changed. Programs whose framework traces itself get its settings.
 * Sources: opentelemetry.io, "Java agent"; README of opentelemetry-java, "OTLP exporters"; measured with agent 2.33.1 (see the fields below).
 */

import { basename } from 'node:path';
import type { TransportOptions } from '../../backends/common/httpTransport';
import type { Transport } from '../../backends/common/transport';
import type { LaunchChange } from '../../capture/environmentEditor';
import { formatBytes } from '../../core/text/formatText';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { WorkspaceFiles } from '../workspace/workspaceFiles';
import { documentation } from './guides';
import type { Instrumentation, InstrumentedLaunch, MissingStep, Prepared } from './instrumentation';
import { downloadAgent, downloadedAgent, JAVA_AGENT } from './javaAgentDownload';
import { JavaAgents } from './javaAgents';
import { agentsIn, argumentsOf, quoted, withArguments } from './javaArguments';
import { frameworkOf } from './javaFrameworks';
import { manifestsOf } from './manifests';

export interface JavaServices {
  readonly settings: Pick<Settings, 'javaAgent' | 'update'>;
  readonly ui: Pick<UserInterface, 'showMessage' | 'showProgress' | 'pickFile' | 'openAddress'>;
  readonly files: Pick<WorkspaceFiles, 'readText' | 'isInside'>;
  readonly connect: (options: TransportOptions) => Transport;
  /** Folder of the extension, for all windows. */
  readonly storage: string;
  /** Where the home folder is, if not where the system says. */
  readonly home?: string;
}

/** Members of configurations with the virtual machine's arguments. Sources: the manifests of vscode-java-debug, vscode-kotlin and Metals. */
const ARGUMENTS: Readonly<Record<string, string>> = { java: 'vmArgs', kotlin: 'vmArguments', scala: 'jvmOptions' };

/** Variables with arguments that each virtual machine reads. */
const OPTION_VARIABLES: readonly string[] = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'];

/** Agents that are OpenTelemetry's, or made from it: the program is traced already. */
const TRACING_AGENT = /otel|opentelemetry|applicationinsights/i;
/** Agents that trace in another way; two of the kind change the same classes. */
const OTHER_TRACER =
  /dd-java-agent|newrelic|elastic-apm-agent|skywalking-agent|pinpoint-bootstrap|glowroot|oneagent|appdynamics/i;

const MANIFESTS: readonly string[] = ['pom.xml', 'build.gradle', 'build.gradle.kts', 'gradle/libs.versions.toml', 'build.sbt'];

/**
 * How the SDK of Java sends. With nobody listening, a program ended 8.8 s late with the usual tries and a time-out of 10 s, and at once with these; where
 * somebody takes the connection and never answers, one second late.
 */
const SENDING: readonly LaunchChange[] = [
  { name: 'OTEL_EXPORTER_OTLP_TIMEOUT', value: '1000' },
  { name: 'OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED', value: 'true' },
].map((each) => ({ ...each, reason: 'the program ends in time when nobody listens any more (Java counts milliseconds)' }));

/** What the agent does beyond what it does by itself. */
const AGENT: readonly LaunchChange[] = [
  {
    name: 'OTEL_INSTRUMENTATION_COMMON_EXPERIMENTAL_CONTROLLER_TELEMETRY_ENABLED',
    value: 'true',
    reason: 'spans of controllers say which method they are',
  },
];

export class JavaInstrumentation implements Instrumentation {
  readonly language = 'java';
  private readonly agents: JavaAgents;

  constructor(private readonly own: JavaServices) {
    this.agents = new JavaAgents(own.files, own.home);
  }

  async prepare(launch: InstrumentedLaunch): Promise<Prepared | undefined> {
    const { type, configuration } = launch;
    const member = ARGUMENTS[type];
    const given = argumentsOf(configuration[member]);
    const present = agentsIn([...given, ...OPTION_VARIABLES.flatMap((name) => argumentsOf(launch.get(name)))]);
    const unset = (all: readonly LaunchChange[]): readonly LaunchChange[] =>
      all.filter(({ name }) => launch.get(name) === undefined);
    const variables = unset([...SENDING, ...AGENT]);
    if (present.some((path) => TRACING_AGENT.test(basename(path)))) return { variables };
    const other = present.find((path) => OTHER_TRACER.test(basename(path)));
    if (other !== undefined) {
      const message = `It runs with ${basename(other)}, beside which the OpenTelemetry agent is not started. Its traces come here where that agent sends OTLP.`;
      return { variables: [], missing: { message, offers: [] } };
    }
    const framework = frameworkOf(configuration.classPaths, configuration.modulePaths, await this.manifests(launch));
    if (framework) return { variables: unset([...SENDING, ...framework.variables(launch.endpoint)]) };
    const agent = await this.agents.find({
      chosen: this.own.settings.javaAgent,
      folders: foldersOf(launch),
      downloaded: downloadedAgent(this.own.storage),
    });
    if (agent === undefined) return { variables: [], missing: this.missing() };
    return this.withAgent(launch, member, agent, variables);
  }

  private withAgent(
    launch: InstrumentedLaunch,
    member: string | undefined,
    agent: string,
    variables: readonly LaunchChange[],
  ): Prepared {
    const argument = `-javaagent:${agent}`;
    const options = launch.get('JAVA_TOOL_OPTIONS');
    const instead: LaunchChange = {
      name: 'JAVA_TOOL_OPTIONS',
      value: options === undefined ? quoted(argument) : `${quoted(argument)} ${options}`,
      reason: 'starts the OpenTelemetry agent',
    };
    if (member === undefined) return { variables: [...variables, instead] };
    const value = withArguments(launch.configuration[member], [argument, ...this.properties(launch, variables)]);
    return { variables, configuration: { [member]: value }, variablesInstead: [instead] };
  }

  /** Kotlin's debugger hands on no variables: the agent takes the same settings as properties. */
  private properties({ type, get }: InstrumentedLaunch, variables: readonly LaunchChange[]): readonly string[] {
    if (type !== 'kotlin') return [];
    const own = new Map(variables.map(({ name, value }) => [name, value]));
    return [...PROPERTIES, ...own.keys()].flatMap((name) => {
      const value = own.get(name) ?? get(name);
      return value === undefined ? [] : [`-D${name.toLowerCase().replaceAll('_', '.')}=${value}`];
    });
  }

  private manifests({ folder, configuration }: InstrumentedLaunch): Promise<readonly { readonly text: string }[]> {
    // The class path says it better.
    if (Array.isArray(configuration.classPaths) && configuration.classPaths.length > 0) return Promise.resolve([]);
    return manifestsOf(this.own.files, MANIFESTS, { folder, starts: [configuration.cwd, configuration.projectRoot] });
  }

  private missing(): MissingStep {
    const { settings, ui } = this.own;
    const isSet = settings.javaAgent !== '';
    return {
      message: isSet
        ? 'The setting spanhop.capture.javaAgent names no agent that is there, so it starts without tracing.'
        : 'To trace it without a change to its code, the OpenTelemetry agent for Java is needed, which was not found on this machine.',
      offers: [
        { title: `Download Agent (${formatBytes(JAVA_AGENT.bytes)})`, run: () => this.download(isSet) },
        { title: 'Choose Agent…', run: () => this.choose() },
        documentation(ui, 'zero-code/java/agent/getting-started/'),
      ],
    };
  }

  private async download(isSet: boolean): Promise<void> {
    const { ui, connect, storage, settings } = this.own;
    const title = `Downloading the OpenTelemetry agent ${JAVA_AGENT.version} for Java`;
    const path = await ui.showProgress(title, (signal) => downloadAgent(connect, storage, signal));
    if (isSet) await settings.update('capture.javaAgent', path);
    await this.ready();
  }

  private async choose(): Promise<void> {
    const { ui, settings } = this.own;
    const path = await ui.pickFile('Choose the OpenTelemetry Agent for Java', { 'Java archives': ['jar'] });
    if (path === undefined) return;
    await settings.update('capture.javaAgent', path);
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.own.ui.showMessage('info', 'The OpenTelemetry agent is there. Start the program again to see its traces.');
  }
}

/** Variables that every launch gets, as far as the agent reads them. */
const PROPERTIES: readonly string[] = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_LOGS_EXPORTER',
  'OTEL_TRACES_SAMPLER',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
];

function foldersOf({ folder, configuration: { cwd, projectRoot } }: InstrumentedLaunch): readonly string[] {
  const all = [cwd, projectRoot, folder].filter((each): each is string => typeof each === 'string' && each !== '');
  return [...new Set(all)];
}
