/**
 * The tracers that our instrumentations have, and those of a program that has the API alone: spans are the program's own provider's from the moment that it
 * has one that we could join, else ours.
 */

import type { Context, Span, SpanOptions, Tracer, TracerOptions, TracerProvider } from '@opentelemetry/api';

export class SharedProvider implements TracerProvider {
  private ofProgram: TracerProvider | undefined;
  private own: TracerProvider | undefined;

  constructor(private readonly makeOwn: () => TracerProvider) {}

  /** From now on spans are this one's. */
  follow(provider: TracerProvider): void {
    this.ofProgram = provider;
  }

  get current(): TracerProvider {
    if (this.ofProgram !== undefined) return this.ofProgram;
    this.own ??= this.makeOwn();
    return this.own;
  }

  getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    return new SharedTracer(this, name, version, options);
  }
}

class SharedTracer implements Tracer {
  private provider: TracerProvider | undefined;
  private tracer: Tracer | undefined;

  constructor(
    private readonly shared: SharedProvider,
    private readonly name: string,
    private readonly version: string | undefined,
    private readonly options: TracerOptions | undefined,
  ) {}

  private get current(): Tracer {
    const { current } = this.shared;
    if (this.tracer === undefined || this.provider !== current) {
      this.provider = current;
      this.tracer = current.getTracer(this.name, this.version, this.options);
    }
    return this.tracer;
  }

  startSpan(name: string, options?: SpanOptions, context?: Context): Span {
    return this.current.startSpan(name, options, context);
  }

  startActiveSpan<F extends (span: Span) => unknown>(...given: [string, ...unknown[], F]): ReturnType<F> {
    const { current } = this;
    return Reflect.apply(current.startActiveSpan, current, given);
  }
}
