/**
 * Variables in the environment of this very process, for what other extensions start: those that run tests give their processes what is around them, and
 * nobody tells when a run begins. What was there before is put back exactly; what somebody else changed meanwhile is theirs.
 */

import type { LaunchChange, LaunchEnvironment } from '../../capture/environmentEditor';

type Variables = Record<string, string | undefined>;

export class HostVariables {
  /** What was put, by name, and what was there before. */
  private readonly put = new Map<string, { readonly value: string; readonly before: string | undefined }>();

  /** @param host of the process: a change of it is one of the process's environment */
  constructor(private readonly host: Variables = process.env) {}

  /** These and no others stand there from now on. */
  set(variables: readonly LaunchChange[]): void {
    this.restore();
    for (const { name, value } of variables) {
      if (value === undefined) continue;
      this.put.set(name, { value, before: this.host[name] });
      this.host[name] = value;
    }
  }

  /** Something was put. */
  get isSet(): boolean {
    return this.put.size > 0;
  }

  restore(): void {
    for (const [name, { value, before }] of this.put) {
      if (this.host[name] !== value) continue;
      if (before === undefined) delete this.host[name];
      else this.host[name] = before;
    }
    this.put.clear();
  }

  /** The environment as it is without what was put. */
  get outer(): Readonly<Variables> {
    const all: Variables = { ...this.host };
    for (const [name, { value, before }] of this.put) {
      if (all[name] !== value) continue;
      if (before === undefined) delete all[name];
      else all[name] = before;
    }
    return all;
  }

  /**
   * A launch's environment under which its program sees nothing of what was put here, though it inherits it: what it would see otherwise is set, from
   * files first, and what nobody sets is taken away.
   * @param files what its debugger and the program read, the stronger first
   * @param none what takes a variable away: null where the debugger knows that, else empty
   */
  shield(
    environment: Readonly<LaunchEnvironment>,
    files: readonly ReadonlyMap<string, string>[],
    none: null | '',
  ): LaunchEnvironment | undefined {
    const missing = [...this.put].filter(([name]) => !Object.hasOwn(environment, name));
    if (missing.length === 0) return undefined;
    const result: LaunchEnvironment = { ...environment };
    for (const [name, { before }] of missing) {
      const own = files.map((file) => file.get(name)).find((value) => value !== undefined);
      result[name] = own ?? before ?? none;
    }
    return result;
  }
}
