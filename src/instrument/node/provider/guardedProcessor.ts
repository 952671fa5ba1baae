/** Several processors as one whose failures never reach the program. A program that shuts its SDK down ends its own part; spans of others still come. */

import type { Context } from '@opentelemetry/api';
import type { SpanLike, SpanProcessorLike } from '../spans/spanProcessor';

export function guardedProcessor(processors: readonly SpanProcessorLike[]): SpanProcessorLike {
  const each = (run: (processor: SpanProcessorLike) => void): void => {
    for (const processor of processors) {
      try {
        run(processor);
      } catch {
        // A span that is not recorded; the program goes on.
      }
    }
  };
  const flush = (): Promise<void> =>
    Promise.all(processors.map(async (processor) => processor.forceFlush())).then(
      () => undefined,
      () => undefined,
    );
  return {
    onStart: (span: SpanLike, parent: Context) => each((processor) => processor.onStart(span, parent)),
    onEnd: (span: SpanLike) => each((processor) => processor.onEnd(span)),
    forceFlush: flush,
    shutdown: flush,
  };
}
