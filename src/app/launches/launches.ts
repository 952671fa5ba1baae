/**
 * What a program that is launched gets, so that its traces come to this window while capture is on. Only while the receiver listens: a program whose
 * endpoint does not answer hangs for eight to ten seconds at its end. A program must start, whatever is wrong with its traces.
 */

import { randomUUID } from 'node:crypto';
import { EnvironmentEditor, type LaunchChange, type LaunchEnvironment } from '../../capture/environmentEditor';
import { languageOf } from '../../capture/languages';
import { launchEnvironment, takesEnvironment } from '../../capture/launchEnvironment';
import type { Obstacle } from '../../capture/obstacles';
import { placeOf } from '../../capture/programPlace';
import { visibleText } from '../../core/text/visibleText';
import type { CaptureService } from '../captures/captureService';
import type { MissingStep, Prepared } from '../instrument/instrumentation';
import type { Instruments } from '../instrument/instruments';
import type { Problems } from '../messages/problems';
import type { Log } from '../ports/log';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';
import type { DebugSessions } from './debugSessions';
import type { EnvFiles, EnvFileValues, LaunchEnvFiles } from './envFiles';
import type { HostVariables } from './hostVariables';
import { keyOfLaunch, type LaunchAnswers, type LaunchName } from './launchAnswers';
import type { LaunchChoices } from './launchChoices';
import { originOf } from './launchedProgram';
import type { LaunchRecords } from './launchRecords';
import type { ServiceNames } from './serviceNames';

export interface Launch extends LaunchName {
  /** As the configuration has it; null removes a variable. */
  readonly environment: Readonly<LaunchEnvironment>;
  /** Files of variables that the debugger and the program read. */
  readonly envFiles: LaunchEnvFiles;
  /** The whole of it; variables are replaced. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What a launch gets. */
export interface PreparedLaunch {
  /** The whole environment of the program. */
  readonly environment: LaunchEnvironment;
  /** Members of the configuration that are replaced. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface LaunchesOptions {
  readonly capture: Pick<CaptureService, 'endpoint' | 'ports'>;
  readonly settings: { readonly capture: Pick<Settings['capture'], 'debugSessions'> };
  readonly sessions: Pick<DebugSessions, 'add'>;
  readonly answers: Pick<LaunchAnswers, 'ask' | 'of'>;
  readonly choices: Pick<LaunchChoices, 'of' | 'tell'>;
  readonly names: Pick<ServiceNames, 'nameOf'>;
  readonly records: Pick<LaunchRecords, 'add'>;
  readonly instruments: Pick<Instruments, 'prepare'>;
  readonly problems: Pick<Problems, 'record' | 'tell' | 'guard'>;
  readonly ui: Pick<UserInterface, 'showMessage'>;
  readonly envFiles: Pick<EnvFiles, 'read'>;
  readonly log: Pick<Log, 'info'>;
  /** What programs inherit, and what was put into it for others. */
  readonly host: Pick<HostVariables, 'outer' | 'shield' | 'isSet'>;
}

/** Their debuggers take a variable away where it is null; others take only texts. */
const knowNull: readonly unknown[] = ['node', 'python'];

interface Plan {
  readonly sessionId: string;
  readonly files: EnvFileValues;
  readonly environment: LaunchEnvironment;
  readonly changes: readonly LaunchChange[];
  readonly obstacles: readonly Obstacle[];
  readonly isCaptured: boolean;
  readonly prepared: Prepared | undefined;
}

export class Launches {
  /** What was said already, by configuration and text: the same launch says it once. */
  private readonly said = new Set<string>();

  constructor(private readonly own: LaunchesOptions) {}

  /** Undefined where the program starts as it is. Never rejects. */
  async prepare(launch: Launch, signal: AbortSignal): Promise<PreparedLaunch | undefined> {
    const { answers, problems } = this.own;
    if (!this.isReached(launch)) return undefined;
    try {
      const { debugSessions } = this.own.settings.capture;
      const isWanted = debugSessions === 'always' || (debugSessions === 'ask' && (await answers.ask(launch, signal)));
      const plan = isWanted ? await this.plan(launch, signal) : undefined;
      if (plan && !signal.aborted) this.begin(launch, plan);
      if (!plan?.isCaptured || signal.aborted) return await this.asItIs(launch, plan?.files);
      const environment = this.shielded(launch, plan.environment, plan.files) ?? plan.environment;
      return { environment, configuration: plan.prepared?.configuration ?? {} };
    } catch (error) {
      problems.record(error);
      return undefined;
    }
  }

  /** A program inherits what was put there for tests; one that is none of ours must not see it. */
  private async asItIs(launch: Launch, known?: EnvFileValues): Promise<PreparedLaunch | undefined> {
    if (!this.own.host.isSet) return undefined;
    const files = known ?? (await this.own.envFiles.read(launch.envFiles));
    const environment = this.shielded(launch, launch.environment, files);
    return environment && { environment, configuration: {} };
  }

  private shielded({ type }: Launch, environment: LaunchEnvironment, files: EnvFileValues): LaunchEnvironment | undefined {
    const none = knowNull.includes(languageOf(type)) ? null : '';
    return this.own.host.shield(environment, [files.debugger, files.program], none);
  }

  /** What `prepare` would give it now, without a question and without a word; its own environment where it would start as it is. Empty while nothing is captured. */
  async preview(launch: Launch): Promise<LaunchEnvironment> {
    const { capture, settings, answers } = this.own;
    const { debugSessions } = settings.capture;
    if (capture.endpoint === undefined) return {};
    const isWanted = debugSessions === 'always' || (debugSessions === 'ask' && answers.of(launch) !== false);
    if (!isWanted || !this.isReached(launch)) return { ...launch.environment };
    const plan = await this.plan(launch, new AbortController().signal);
    if (!plan) return {};
    // Nobody applies a configuration: what stands for its other members in the environment is all that can be had.
    const editor = new EnvironmentEditor({ environment: plan.environment, windows: process.platform === 'win32' });
    for (const change of plan.prepared?.variablesInstead ?? []) editor.apply(change);
    return editor.environment;
  }

  private isReached({ type, configuration }: Launch): boolean {
    return this.own.capture.endpoint !== undefined && takesEnvironment(type) && placeOf(configuration) === 'here';
  }

  /** Undefined when nothing is captured any more. */
  private async plan(launch: Launch, signal: AbortSignal): Promise<Plan | undefined> {
    const { capture, choices, names, instruments } = this.own;
    const { type, name, environment, envFiles, configuration } = launch;
    const { folder } = envFiles;
    const [files, serviceName] = await Promise.all([
      this.own.envFiles.read(envFiles),
      names.nameOf({ type, name, folder, configuration }),
    ]);
    // Capturing may have been stopped over the question.
    const { endpoint, ports } = capture;
    if (endpoint === undefined) return undefined;
    const sessionId = randomUUID();
    const windows = process.platform === 'win32';
    const seen = {
      envFile: Object.fromEntries(files.debugger),
      inherited: this.own.host.outer,
      dotenv: Object.fromEntries(files.program),
      windows,
    };
    const request = { debugType: type, serviceName, environment, endpoint, ports, sessionId, ...seen };
    const asItIs = launchEnvironment(request);
    const insists = choices.of(launch, asItIs.obstacles) === 'here';
    const result = insists ? launchEnvironment({ ...request, insists }) : asItIs;
    const editor = new EnvironmentEditor({ environment: result.environment, ...seen });
    const get = (variable: string): string | undefined => editor.get(variable);
    const prepared = result.isCaptured
      ? await instruments.prepare({ type, name, folder, configuration, get, endpoint, ports, sessionId, windows }, signal)
      : undefined;
    for (const change of prepared?.variables ?? []) editor.apply(change);
    // It may have been stopped over that.
    if (capture.endpoint !== endpoint) return undefined;
    return {
      ...{ sessionId, files, prepared, obstacles: result.obstacles, isCaptured: result.isCaptured },
      environment: editor.environment,
      changes: [...result.changes, ...editor.changes],
    };
  }

  /** Remembers and tells what is done. */
  private begin(launch: Launch, plan: Plan): void {
    const { sessions, choices, problems, records, log } = this.own;
    const { type, name } = launch;
    const { sessionId, files, changes, obstacles, isCaptured, prepared } = plan;
    records.add({ launch, sessionId, changes, obstacles, isCaptured, prepared, startedAtMs: Date.now() });
    void problems.guard(() => choices.tell(launch, obstacles));
    if (!isCaptured) {
      const why = obstacles.map(({ text }) => text).join(', ');
      log.info(visibleText(`"${name}" (${type}) is launched as it is: it ${why}.`));
      return;
    }
    sessions.add(sessionId, name, Date.now(), originOf(launch.configuration, launch.envFiles.folder));
    for (const warning of files.warnings) this.warn(launch, warning);
    if (prepared?.missing) this.offer(launch, prepared.missing);
    this.tellChanges(launch, plan);
  }

  /** Says what is missing, once for each configuration. */
  private offer(launch: Launch, { message, offers }: MissingStep): void {
    const { problems } = this.own;
    if (this.wasSaid(launch, message)) return;
    const steps = offers.map((each) => ({
      id: each.title,
      label: each.title,
      run: () => problems.guard(() => each.run()),
    }));
    void problems.tell('info', `"${launch.name}": ${message}`, steps);
  }

  /** Names only: a value may be a secret. */
  private tellChanges({ name, type }: Launch, { sessionId, changes, files }: Plan): void {
    const names = (isSet: boolean): string =>
      changes
        .filter(({ value }) => (value !== undefined) === isSet)
        .map((change) => change.name)
        .join(', ');
    const removed = names(false);
    const parts = [
      `"${name}" (${type}) is launched with capture, as session ${sessionId}.`,
      `Set: ${names(true) || 'nothing'}.`,
      ...(removed === '' ? [] : [`Taken away: ${removed}.`]),
      ...(files.read.length === 0 ? [] : [`Files of variables that were read: ${files.read.join(', ')}.`]),
    ];
    this.own.log.info(visibleText(parts.join(' ')));
  }

  private warn(launch: Launch, warning: string): void {
    if (!this.wasSaid(launch, warning)) void this.own.ui.showMessage('warning', `Traces of "${launch.name}": ${warning}`);
  }

  private wasSaid(launch: Launch, text: string): boolean {
    const key = `${keyOfLaunch(launch)}#${text}`;
    const wasSaid = this.said.has(key);
    this.said.add(key);
    return wasSaid;
  }
}
