/**
 * The instrumentations of libraries. Each is loaded when the program loads the first file of its library, and is switched off for good when the program
 * turns out to have one of its own for it (an instrumentation asks for a tracer by its name before it does anything else), or sets up an SDK: what that
 * traces, and what it sends where, is what the program's people chose.
 */

import type { InstrumentationBase } from '@opentelemetry/instrumentation';
import list from './libraries.json';
import { libraryOptions } from './libraryOptions';
import type { ModuleHook } from './loads/moduleHook';

interface Library {
  /** As `OTEL_NODE_DISABLED_INSTRUMENTATIONS` has it. */
  readonly name: string;
  readonly package: string;
  /** The class of the instrumentation. */
  readonly exported: string;
  readonly modules: readonly string[];
  readonly builtins?: readonly string[];
  /** It hears of everything through diagnostics channels. */
  readonly always?: boolean;
}

type Made = Pick<InstrumentationBase, 'disable' | 'enable'>;

/** Loads the file of an instrumentation. */
export type LoadLibrary = (name: string) => Record<string, new (options?: object) => Made>;

export class Libraries {
  private readonly made = new Map<string, Made>();
  private readonly off = new Set<string>();
  /** Their libraries were loaded while they were off. */
  private readonly passed = new Set<Library>();
  private areAllOurs = false;
  private readonly wanted: readonly Library[];

  constructor(
    private readonly hook: ModuleHook,
    private readonly load: LoadLibrary,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    const only = namesIn(environment.OTEL_NODE_ENABLED_INSTRUMENTATIONS);
    const without = namesIn(environment.OTEL_NODE_DISABLED_INSTRUMENTATIONS) ?? [];
    this.wanted = (list as readonly Library[]).filter(({ name }) => (only?.includes(name) ?? true) && !without.includes(name));
  }

  watch(): void {
    for (const library of this.wanted) {
      const first = (): void => this.switchOn(library);
      for (const name of library.modules) this.hook.watchPackage(name, first);
      for (const name of library.builtins ?? []) this.hook.watchBuiltin(name, first);
      if (library.always) first();
    }
  }

  /** Node's own modules, where nothing would tell that they are used. */
  useBuiltins(): void {
    for (const { builtins = [] } of this.wanted) for (const name of builtins) this.hook.useBuiltin(name);
  }

  /** The program has asked for a tracer of this name. */
  programHas(tracer: string): void {
    const library = libraryOf(tracer);
    if (library === undefined || this.areAllOurs || this.off.has(library)) return;
    this.off.add(library);
    this.made.get(library)?.disable();
    this.hook.builtinsChanged();
  }

  /** The program has an SDK of its own: nothing is added to its spans. */
  standAside(): void {
    if (this.areAllOurs) return;
    for (const { name } of this.wanted) {
      this.off.add(name);
      this.made.get(name)?.disable();
    }
    this.hook.builtinsChanged();
  }

  /** What the program has makes no spans. */
  takeOver(): void {
    this.areAllOurs = true;
    for (const library of this.off) this.made.get(library)?.enable();
    this.off.clear();
    for (const library of this.passed) this.switchOn(library);
    this.hook.builtinsChanged();
  }

  private switchOn(library: Library): void {
    const { name, exported } = library;
    if (this.off.has(name)) this.passed.add(library);
    if (this.off.has(name) || this.made.has(name)) return;
    this.made.set(name, new (this.load(name)[exported])(libraryOptions[name]));
  }
}

/** Undefined where it is not set. */
function namesIn(value: string | undefined): string[] | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  return value.split(',').map((name) => name.trim());
}

/** The library that an instrumentation of any vendor is for, by the name of its tracer. */
function libraryOf(tracer: string): string | undefined {
  if (tracer === '@fastify/otel') return 'fastify';
  const name = /(?:^|[/_-])instrumentation-([\w.-]+)$/.exec(tracer)?.[1];
  return name !== undefined && /^redis-\d$/.test(name) ? 'redis' : name;
}
