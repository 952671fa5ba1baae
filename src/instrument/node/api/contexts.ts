/** The context and the propagation of the program where it has its own, else ours: spans of both have to be found as each other's parents. */

import type { Context, ContextManager, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';

/** Never ends ours: a program ends what it takes for its own. */
export class SharedContextManager implements ContextManager {
  constructor(
    private readonly own: ContextManager,
    private readonly ofProgram: () => ContextManager | undefined,
  ) {}

  private get current(): ContextManager {
    return this.ofProgram() ?? this.own;
  }

  active(): Context {
    return this.current.active();
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.current.with(context, fn, thisArg, ...args);
  }

  bind<T>(context: Context, target: T): T {
    return this.current.bind(context, target);
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

export class SharedPropagator implements TextMapPropagator {
  constructor(
    private readonly own: TextMapPropagator,
    private readonly ofProgram: () => TextMapPropagator | undefined,
  ) {}

  private get current(): TextMapPropagator {
    return this.ofProgram() ?? this.own;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.current.inject(context, carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.current.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.current.fields();
  }
}
