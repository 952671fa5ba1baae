/**
 * The places of spans, kept by the revision of their trace. The engine is told which revision is known, and answers with the span only where its
 * trace is another one by now: the file was read again, spans came. A span that says the same as before has the same source.
 */

import { SpanhopError } from '../../base/errors';
import { Lru } from '../../base/lru';
import type { SourceSpan } from '../../protocol/source';
import type { TraceAt, TraceKey } from '../../protocol/traces';
import type { Dependencies, ResolveResult } from '../../source';
import type { EngineService } from '../engine/engineService';
import type { TouchedFile } from '../workspace/workspaceFiles';
import { AnswerCache, type AnswerCacheOptions } from './answerCache';

/** A span, by its id or by its row in a revision of its trace. */
export type SpanRef = TraceAt & ({ readonly row: number } | { readonly spanId: string });

export interface ResolvedSpan {
  readonly span: SourceSpan;
  readonly result: ResolveResult;
}

export interface SpanAnswersOptions extends AnswerCacheOptions {
  readonly engine: Pick<EngineService, 'call'>;
  readonly resolve: (trace: TraceKey, span: SourceSpan, into: Dependencies) => Promise<ResolveResult>;
}

interface KnownSpan {
  readonly revision: number;
  readonly span: SourceSpan;
}

export class SpanAnswers {
  private readonly spans: Lru<string, KnownSpan>;
  private readonly answers: AnswerCache<ResolveResult>;

  constructor(private readonly own: SpanAnswersOptions) {
    this.spans = new Lru({ maxSize: own.most });
    this.answers = new AnswerCache(own);
  }

  /** Rejects as the engine does. */
  async of(ref: SpanRef, signal?: AbortSignal): Promise<ResolvedSpan> {
    const { revision, span } = await this.ask(ref, signal);
    const label = labelOf(ref, span.spanId);
    const before = this.spans.get(label);
    const isSame = before !== undefined && (before.revision === revision || saysTheSame(before.span, span));
    this.spans.set(label, { revision, span });
    return { span, result: await this.answers.get(label, isSame, (into) => this.own.resolve(ref, span, into)) };
  }

  /** The span itself. */
  async span(ref: SpanRef, signal?: AbortSignal): Promise<SourceSpan> {
    return (await this.ask(ref, signal)).span;
  }

  /** A file changed. Answers whether answers may be others now. */
  touched(file: TouchedFile, isSource: boolean): boolean {
    return this.answers.touched(file, isSource);
  }

  forgetHistory(): void {
    this.answers.forgetHistory();
  }

  /** Files, mappings or whatever else changed: answers are made anew. */
  clear(): void {
    this.answers.clear();
  }

  /** The engine is another one, and counts revisions anew. */
  forgetRevisions(): void {
    this.spans.clear();
    this.answers.clear();
  }

  private async ask(ref: SpanRef, signal: AbortSignal | undefined): Promise<KnownSpan> {
    const known = 'spanId' in ref ? this.spans.get(labelOf(ref, ref.spanId)) : undefined;
    const { revision, span = known?.span } = await this.own.engine.call(
      'sourceSpan',
      { ...ref, known: known?.revision },
      { signal },
    );
    if (!span) throw new SpanhopError('NotFound', `There is no such span in trace ${ref.traceId} any more.`);
    return { revision, span };
  }
}

function labelOf({ dataset, traceId }: TraceKey, spanId: string): string {
  return `${dataset} ${traceId} ${spanId}`;
}

/** Whether two readings of a span are the same to the ladder, whatever else became of its trace. */
function saysTheSame(a: SourceSpan, b: SourceSpan): boolean {
  return a === b || printOf(a) === printOf(b);
}

function printOf({ name, service, kind, attributes, resource, scope, events, logs, family }: SourceSpan): string {
  return JSON.stringify([name, service, kind, attributes, resource, scope, events, logs, family], (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
