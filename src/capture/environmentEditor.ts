/** The variables of a program that is to be launched: what it would see and where that stands, and what is changed of it, each change with its reason. Pure. */

/** Values as a debug configuration has them; null removes a variable that the program would inherit. */
export type LaunchEnvironment = Record<string, string | null>;

export interface LaunchChange {
  readonly name: string;
  /** Undefined: removed. */
  readonly value: string | undefined;
  /** Why, for the log and for "what did you set?". */
  readonly reason: string;
}

/** Where a value stands: `env` of the configuration, a file that its debugger reads, what is around it, a file that the program reads by itself. */
export type Origin = 'env' | 'envFile' | 'inherited' | 'dotenv';

export interface SeenEnvironment {
  /** `env` of the configuration. */
  readonly environment: Readonly<LaunchEnvironment>;
  /** What its debugger reads of files; over what it inherits. */
  readonly envFile?: Readonly<Record<string, string | undefined>>;
  /** What it inherits: the window's own environment. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
  /** What programs read by themselves where it is not set: `.env`. */
  readonly dotenv?: Readonly<Record<string, string | undefined>>;
  /** Names of variables are case-insensitive. */
  readonly windows: boolean;
}

/** A value that is not empty. */
export interface FoundVariable {
  readonly name: string;
  readonly value: string;
  readonly origin: Origin;
}

/** Changes an environment whose names may be written in any case (Windows), without ever leaving two spellings of one. */
export class EnvironmentEditor {
  readonly environment: LaunchEnvironment;
  readonly changes: LaunchChange[] = [];
  private readonly layers: readonly { readonly origin: Origin; readonly values: Readonly<Record<string, string | undefined>> }[];
  private readonly dotenv: Readonly<Record<string, string | undefined>>;
  private readonly windows: boolean;

  constructor({ environment, envFile = {}, inherited = {}, dotenv = {}, windows }: SeenEnvironment) {
    this.environment = { ...environment };
    this.layers = [
      { origin: 'envFile', values: envFile },
      { origin: 'inherited', values: inherited },
    ];
    this.dotenv = dotenv;
    this.windows = windows;
  }

  /** The value that the program would see; undefined when there is none or it is empty. */
  get(name: string): string | undefined {
    return this.find(name)?.value;
  }

  /** The value that the program would see and where it stands; undefined when there is none or it is empty (specification, "Parsing empty value"). */
  find(name: string): FoundVariable | undefined {
    const found = (value: string | null | undefined, origin: Origin): FoundVariable | undefined =>
      value ? { name, value, origin } : undefined;
    const own = this.spelling(this.environment, name);
    if (own !== undefined) return found(this.environment[own], 'env');
    for (const { origin, values } of this.layers) {
      const spelled = this.spelling(values, name);
      if (spelled !== undefined && values[spelled] !== undefined) {
        // Also an empty one stands before what is beyond it; but a program takes it for none, and reads its own file.
        return found(values[spelled], origin) ?? found(this.ofDotenv(name), 'dotenv');
      }
    }
    return found(this.ofDotenv(name), 'dotenv');
  }

  /** Sets a value that only the program itself would read, so that it holds whether it reads its file or not. */
  keep(name: string, reason: string): void {
    const found = this.find(name);
    if (found?.origin === 'dotenv') this.set(name, found.value, reason);
  }

  set(name: string, given: string, reason: string): void {
    // No process can be started with NUL in a variable; the name of a configuration may have it.
    const value = given.replaceAll('\0', '');
    const own = this.spelling(this.environment, name);
    if (own !== undefined && this.environment[own] === value) return;
    // debugpy refuses to launch when two names differ only in case (Windows): one spelling is left.
    if (own !== undefined && own !== name) delete this.environment[own];
    this.environment[name] = value;
    this.changes.push({ name, value, reason });
  }

  /** Sets what the user has not. */
  fill(name: string, value: string, reason: string): void {
    if (this.find(name) === undefined) this.set(name, value, reason);
  }

  /**
   * Takes a variable away: also one that the program would inherit. An empty value means "not set" to OpenTelemetry (specification,
   * "Parsing empty value"), and unlike null every debugger passes it on.
   */
  remove(name: string, reason: string): void {
    if (this.find(name) === undefined) return;
    const own = this.spelling(this.environment, name);
    if (own !== undefined) delete this.environment[own];
    if (this.find(name) !== undefined) this.environment[name] = '';
    this.changes.push({ name, value: undefined, reason });
  }

  apply({ name, value, reason }: LaunchChange): void {
    if (value === undefined) this.remove(name, reason);
    else this.set(name, value, reason);
  }

  private ofDotenv(name: string): string | undefined {
    const spelled = this.spelling(this.dotenv, name);
    return spelled === undefined ? undefined : this.dotenv[spelled];
  }

  private spelling(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
    if (Object.hasOwn(values, name)) return name;
    return this.windows ? Object.keys(values).find((key) => key.toUpperCase() === name.toUpperCase()) : undefined;
  }
}
