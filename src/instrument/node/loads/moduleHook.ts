/**
 * Hears of each CommonJS module of some packages, and of some of Node's own modules, before the program gets it. Packages that ES modules import are
 * CommonJS nearly always, and Node hands those through `_compile` as well, also below loaders like tsx's; what they export is read right after.
 * So neither a loader thread nor `--import` is needed. Node's own modules are changed in place.
 */

import Module, { builtinModules, createRequire, syncBuiltinESMExports } from 'node:module';
import { isAbsolute, relative, sep } from 'node:path';

/** Returns what the program gets instead. */
export type OnLoad = (exported: unknown, name: string, baseDir: string | undefined) => unknown;

interface ModulePrototype {
  _compile(this: NodeJS.Module, ...given: unknown[]): unknown;
}

interface ModuleClass {
  readonly prototype: ModulePrototype;
  _load(request: string, ...rest: readonly unknown[]): unknown;
  _resolveFilename(request: string, parent: undefined, isMain: boolean): string;
}

const moduleClass = Module as unknown as ModuleClass;
const nodeRequire = createRequire(__filename);

/** One place for all listeners: the loader is changed once. */
export class ModuleHook {
  private readonly packages = new Map<string, () => void>();
  private readonly builtins = new Map<string, () => void>();
  private readonly listeners: OnLoad[] = [];
  private readonly used = new Set<string>();
  private readonly ofBuiltins = new Map<string, OnLoad[]>();
  private readonly mains = new Map<string, string | undefined>();

  /** @param first called once, with the first file of the package; what it adds hears of that file already */
  watchPackage(name: string, first: () => void): void {
    this.packages.set(name, first);
  }

  watchBuiltin(name: string, first: () => void): void {
    this.builtins.set(name, first);
  }

  /** Hears of the files of all packages that are watched. */
  addListener(listener: OnLoad): void {
    this.listeners.push(listener);
  }

  /** @returns whether it is one of Node's own */
  addBuiltin(name: string, listener: OnLoad): boolean {
    if (!builtinModules.includes(name)) return false;
    this.ofBuiltins.set(name, [...(this.ofBuiltins.get(name) ?? []), listener]);
    if (this.used.has(name)) listener(nodeRequire(name), name, undefined);
    return true;
  }

  install(): void {
    const hook = this;
    const compile = moduleClass.prototype._compile;
    moduleClass.prototype._compile = function _compile(...given) {
      const filename = given[1];
      const found = typeof filename === 'string' ? hook.packageOf(filename) : undefined;
      if (found === undefined) return compile.apply(this, given);
      hook.starts(found.name);
      const result = compile.apply(this, given);
      this.exports = hook.loaded(this.exports, found, filename as string);
      return result;
    };
    const load = moduleClass._load;
    const wrapped: ModuleClass['_load'] = function _load(this: unknown, request, ...rest) {
      const name = typeof request === 'string' && request.startsWith('node:') ? request.slice(5) : request;
      const first = hook.builtins.get(name);
      if (first === undefined) return load.call(this, request, ...rest);
      hook.useBuiltin(name);
      if (hook.builtins.size === 0 && moduleClass._load === wrapped) moduleClass._load = load;
      return load.call(this, request, ...rest);
    };
    moduleClass._load = wrapped;
  }

  /** Prepares one of Node's own modules now: nothing tells when an ES module imports it. */
  useBuiltin(name: string): void {
    const first = this.builtins.get(name);
    if (first === undefined) return;
    this.builtins.delete(name);
    try {
      first();
      const exported: unknown = nodeRequire(name);
      this.used.add(name);
      for (const listener of this.ofBuiltins.get(name) ?? []) listener(exported, name, undefined);
      syncBuiltinESMExports();
    } catch {
      // The module stays as it is.
    }
  }

  /** After one of Node's own modules was changed again: ES modules see the change. */
  builtinsChanged(): void {
    syncBuiltinESMExports();
  }

  private packageOf(filename: string): { name: string; baseDir: string } | undefined {
    const at = filename.lastIndexOf('node_modules');
    if (at < 0) return undefined;
    const start = at + 'node_modules'.length + 1;
    const separator = filename[start - 1];
    let end = filename.indexOf(separator, start);
    if (end > 0 && filename[start] === '@') end = filename.indexOf(separator, end + 1);
    if (end < 0) return undefined;
    const name = filename.slice(start, end).replace('\\', '/');
    return this.packages.has(name) ? { name, baseDir: filename.slice(0, end) } : undefined;
  }

  private starts(name: string): void {
    const first = this.packages.get(name);
    if (first === undefined || first === done) return;
    this.packages.set(name, done);
    try {
      first();
    } catch {
      // The package stays as it is.
    }
  }

  private loaded(exported: unknown, { name, baseDir }: { name: string; baseDir: string }, filename: string): unknown {
    let result = exported;
    const file = this.mainOf(baseDir) === filename ? name : name.split('/').join(sep) + sep + relative(baseDir, filename);
    for (const listener of this.listeners) {
      try {
        result = listener(result, file, baseDir);
      } catch {
        // As the package made it.
      }
    }
    return result;
  }

  private mainOf(baseDir: string): string | undefined {
    if (!this.mains.has(baseDir)) {
      let main: string | undefined;
      try {
        main = isAbsolute(baseDir) ? moduleClass._resolveFilename(baseDir, undefined, false) : undefined;
      } catch {
        // It has none.
      }
      this.mains.set(baseDir, main);
    }
    return this.mains.get(baseDir);
  }
}

const done = (): void => undefined;

/** The one of this thread. */
export const moduleHook = new ModuleHook();
