/**
 * What tracing a program without a change to its code asks of a language: one file a language in this folder, and a line in
 * `instrumentations.ts`.
 */

import type { LaunchChange } from '../../capture/environmentEditor';
import type { Language } from '../../capture/languages';

/** One language's way to trace a program that has no tracing of its own. */
export interface Instrumentation {
  readonly language: Language;
  /** What a launch gets; undefined where nothing is to be done. A rejection or more than a second counts as nothing: the program starts all the same. */
  prepare(launch: InstrumentedLaunch, signal: AbortSignal): Promise<Prepared | undefined>;
}

/** A program that is about to be launched and whose spans are to come to this window. */
export interface InstrumentedLaunch {
  /** Of the debug configuration. */
  readonly type: string;
  readonly name: string;
  /** Path of the workspace folder. */
  readonly folder: string | undefined;
  /** Variables are replaced. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** A variable as the program would see it: what is set for it here, over `env`, over `envFile`, over what is inherited. Undefined where it is empty. */
  get(name: string): string | undefined;
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** All ports on which this window receives. */
  readonly ports: readonly number[];
  readonly sessionId: string;
  /** Names of variables are case-insensitive. */
  readonly windows: boolean;
}

export interface Prepared {
  /** Whole new values: `NODE_OPTIONS` with the user's own behind ours. */
  readonly variables: readonly LaunchChange[];
  /** Members of the configuration that are replaced (`vmArgs`). */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Variables that do the same as `configuration` for a program that is started without a debugger; they would reach more processes than the program. */
  readonly variablesInstead?: readonly LaunchChange[];
  /** The one step that is missing, if the program is to be traced: said at once, once a configuration, with buttons. */
  readonly missing?: MissingStep;
}

export interface MissingStep {
  /** Sentences for a person. */
  readonly message: string;
  readonly offers: readonly Offer[];
}

/** A button. */
export interface Offer {
  readonly title: string;
  /** A rejection is told. */
  run(): Promise<void>;
}
