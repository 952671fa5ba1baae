/** Puts the parts together. It is a file of its own, which the preload loads where there is something to do, and that the instrumentations' files share. */

import { createRequire } from 'node:module';
import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import * as core from '@opentelemetry/core';
import * as instrumentation from '@opentelemetry/instrumentation';
import { type ApiGlobal, installApiGlobal } from './api/apiGlobal';
import { SharedContextManager, SharedPropagator } from './api/contexts';
import { codeFrames } from './codeFrames/codeFrames';
import { mayBeEsModule } from './entry';
import { startHandOver } from './handOver/handOver';
import { Libraries } from './libraries';
import { routePlaces } from './libraryOptions';
import { moduleHook } from './loads/moduleHook';
import { guardedProcessor } from './provider/guardedProcessor';
import { joinProvider } from './provider/joinProvider';
import { ownProvider } from './provider/ownProvider';
import { onProvider, onTracer } from './provider/programProvider';
import { portsIn } from './provider/quietExporters';
import { recordsNothing } from './provider/recordsNothing';
import { SharedProvider } from './provider/sharedProvider';
import type { SpanProcessorLike } from './spans/spanProcessor';

/** The packages that there has to be one copy of. */
export const shared = {
  '@opentelemetry/api': api,
  '@opentelemetry/core': core,
  '@opentelemetry/instrumentation': instrumentation,
};

/** Called once a thread, before the program's first line. */
export function start(): void {
  const nodeRequire = createRequire(__filename);
  const processor = guardedProcessor(processors());
  const libraries = new Libraries(moduleHook, (name) => nodeRequire(`./libraries/${name}.cjs`), process.env);
  const ports = portsIn(process.env);
  const provider = new SharedProvider(() => ownProvider(processor));
  const ofProgram = new SharedProvider(() => provider.current);
  let apis: ApiGlobal | undefined;
  // The program has a tracing of its own that cannot be joined: neither is to see the other's spans.
  let isAlone = false;
  const contexts = new SharedContextManager(new AsyncLocalStorageContextManager().enable(), () =>
    isAlone ? undefined : (apis?.ofProgram('context') as api.ContextManager | undefined),
  );
  const propagator = new SharedPropagator(ownPropagator(), () =>
    isAlone ? undefined : (apis?.ofProgram('propagation') as api.TextMapPropagator | undefined),
  );
  // Of our own copy of the API, which no other meets.
  api.trace.setGlobalTracerProvider(provider);
  api.context.setGlobalContextManager(contexts);
  api.propagation.setGlobalPropagator(propagator);

  const noted = onTracer(ofProgram, (name) => libraries.programHas(name));
  apis = installApiGlobal({ trace: noted, context: contexts, propagation: propagator }, (type, instance) => {
    if (type !== 'trace') return;
    onProvider(instance, (theirs) => {
      isAlone = recordsNothing(theirs) || !joinProvider(theirs, processor, ports);
      // Tracers that the program asked for before.
      ofProgram.follow(theirs);
      if (isAlone) {
        libraries.takeOver();
        return;
      }
      provider.follow(theirs);
      libraries.standAside();
    });
  });
  defineActive();
  if (process.env.SPANHOP_CODE_ATTRIBUTES !== '0') {
    routePlaces.watchFastify();
    moduleHook.addListener((exported, name) => {
      if (name === 'express') routePlaces.watchExpress(exported);
      return exported;
    });
  }
  moduleHook.install();
  libraries.watch();
  if (mayBeEsModule(process.argv[1], process.execArgv, process.env.NODE_OPTIONS)) libraries.useBuiltins();
}

/** What is in front comes first: the hand-over tells of a span with what the others have added. */
function processors(): SpanProcessorLike[] {
  const handOver = startHandOver(process.env);
  const frames = codeFrames(process.env);
  return [...(frames ? [frames] : []), ...(handOver ? [handOver] : [])];
}

function ownPropagator(): api.TextMapPropagator {
  const names = (process.env.OTEL_PROPAGATORS ?? '').split(',').map((name) => name.trim());
  const propagators = [new core.W3CTraceContextPropagator(), new core.W3CBaggagePropagator()];
  return new core.CompositePropagator({ propagators: names.includes('none') ? [] : propagators });
}

/** For a debugger that has stopped the program: `<trace id>/<span id>` of the span that is active, or an empty text. */
function defineActive(): void {
  const active = (): string => {
    try {
      const context = api.trace.getSpan(api.context.active())?.spanContext();
      return context === undefined ? '' : `${context.traceId}/${context.spanId}`;
    } catch {
      return '';
    }
  };
  Object.defineProperty(globalThis, Symbol.for('spanhop.active'), { value: Object.freeze(active) });
}
