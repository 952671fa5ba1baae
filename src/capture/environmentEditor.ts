/** The variables of a program that is to be launched: what it would see, and what is changed of it, each change with its reason. Pure. */

/** Values as a debug configuration has them; null removes a variable that the program would inherit. */
export type LaunchEnvironment = Record<string, string | null>;

export interface LaunchChange {
  readonly name: string;
  /** Undefined: removed. */
  readonly value: string | undefined;
  /** Why, for the log and for "what did you set?". */
  readonly reason: string;
}

export interface SeenEnvironment {
  /** What is set for the program. */
  readonly environment: Readonly<LaunchEnvironment>;
  /** What it inherits. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
  /** What it reads by itself where it is not set. */
  readonly fallback?: Readonly<Record<string, string | undefined>>;
  /** Names of variables are case-insensitive. */
  readonly windows: boolean;
}

/** Changes an environment whose names may be written in any case (Windows), without ever leaving two spellings of one. */
export class EnvironmentEditor {
  readonly environment: LaunchEnvironment;
  readonly changes: LaunchChange[] = [];
  private readonly inherited: Readonly<Record<string, string | undefined>>;
  private readonly fallback: Readonly<Record<string, string | undefined>>;
  private readonly windows: boolean;

  constructor({ environment, inherited, fallback, windows }: SeenEnvironment) {
    this.environment = { ...environment };
    this.inherited = inherited ?? {};
    this.fallback = fallback ?? {};
    this.windows = windows;
  }

  /** The value that the program would see; undefined when there is none or it is empty. */
  get(name: string): string | undefined {
    const own = this.spelling(this.environment, name);
    if (own !== undefined) return this.environment[own] || undefined;
    const outer = this.spelling(this.inherited, name);
    const value = outer === undefined ? undefined : this.inherited[outer];
    return value || this.fallback[name] || undefined;
  }

  /** Sets a value that only the program itself would read. */
  keep(name: string, value: string, reason: string): void {
    const isSet = this.spelling(this.environment, name) ?? this.spelling(this.inherited, name);
    if (isSet === undefined) this.set(name, value, reason);
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
    if (this.get(name) === undefined) this.set(name, value, reason);
  }

  /** Sets only what is there with another value. */
  override(name: string, value: string, reason: string): void {
    const present = this.get(name);
    if (present !== undefined && present !== value) this.set(name, value, reason);
  }

  /**
   * Takes a variable away: also one that the program would inherit. An empty value means "not set" to OpenTelemetry (specification,
   * "Parsing empty value"), and unlike null every debugger passes it on.
   */
  remove(name: string, reason: string): void {
    if (this.get(name) === undefined) return;
    const own = this.spelling(this.environment, name);
    if (own !== undefined) delete this.environment[own];
    if (this.get(name) !== undefined) this.environment[name] = '';
    this.changes.push({ name, value: undefined, reason });
  }

  apply({ name, value, reason }: LaunchChange): void {
    if (value === undefined) this.remove(name, reason);
    else this.set(name, value, reason);
  }

  private spelling(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
    if (Object.hasOwn(values, name)) return name;
    return this.windows ? Object.keys(values).find((key) => key.toUpperCase() === name) : undefined;
  }
}
