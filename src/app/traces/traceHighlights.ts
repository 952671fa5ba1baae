/**
 * The rows below a trace: its errors, its slowest spans, its services. They are asked for when the trace is expanded, and kept as long as the
 * trace stays as it is: a live list is drawn again several times a second.
 */

import { toErrorData } from '../../base/errors';
import { Lru } from '../../base/lru';
import { formatCount } from '../../core/text/formatText';
import type { TraceHighlights } from '../../protocol/traces';
import type { EngineService } from '../engine/engineService';
import { firstSpan } from './firstSpan';
import type { ActionNode, SectionNode, ServiceNode, SpanNode, TraceNode } from './traceNodes';
import type { TraceService } from './traceService';

/** How many errors, and how many slow spans, are listed below a trace. */
const highlightLimit = 10;
/** Traces whose rows are kept. */
const keptTraces = 100;

export class TraceHighlightRows {
  private readonly kept = new Lru<string, { readonly version: string; readonly rows: Promise<readonly SectionNode[]> }>({
    maxSize: keptTraces,
  });

  constructor(
    private readonly traces: Pick<TraceService, 'locate'>,
    private readonly engine: Pick<EngineService, 'call'>,
  ) {}

  /** The rows, or one that says why there are none; never rejects. */
  async rowsOf(trace: TraceNode): Promise<readonly (SectionNode | ActionNode)[]> {
    const id = idOf(trace);
    const { spanCount, errorCount, durationNs } = trace.overview;
    const version = `${spanCount} ${errorCount} ${durationNs}`;
    const known = this.kept.get(id);
    const rows = known?.version === version ? known.rows : this.ask(trace);
    this.kept.set(id, { version, rows });
    try {
      return await rows;
    } catch (error) {
      if (this.kept.peek(id)?.rows === rows) this.kept.delete(id);
      const command = { id: 'spanhop.refresh', title: 'Try again' };
      return [
        { kind: 'action', id: `${id}:problem`, label: 'Try again', icon: 'warning', detail: toErrorData(error).message, command },
      ];
    }
  }

  /** The first span of a service in its trace, and of these one with an error if there is one; undefined when it has none. */
  async firstSpanOf({ backend, traceId, name, errors }: ServiceNode): Promise<string | undefined> {
    const key = await this.traces.locate(traceId, { backend });
    const service = `resource.service.name = ${JSON.stringify(name)}`;
    const text = `{ ${service}${errors > 0 ? ' && status = error' : ''} }`;
    return firstSpan(this.engine, key, text);
  }

  private async ask(trace: TraceNode): Promise<readonly SectionNode[]> {
    const { backend, traceId } = trace;
    const key = await this.traces.locate(traceId, { backend });
    return sectionsOf(trace, await this.engine.call('highlights', { ...key, limit: highlightLimit }));
  }
}

function idOf({ backend, traceId }: TraceNode): string {
  return `${backend}:${traceId}`;
}

function sectionsOf(trace: TraceNode, found: TraceHighlights): readonly SectionNode[] {
  const { backend, traceId } = trace;
  const id = idOf(trace);
  const span =
    (why: SpanNode['why']) =>
    (one: SpanNode['span']): SpanNode => ({ kind: 'span', backend, traceId, spanId: one.spanId, why, span: one });
  const { errors, errorCount, slowest, services } = found;
  const sections: readonly SectionNode[] = [
    {
      kind: 'section',
      id: `${id}:errors`,
      label: 'Errors',
      description: errors.length < errorCount ? `${errors.length} of ${formatCount(errorCount, 'error')}` : String(errorCount),
      children: errors.map(span('error')),
      open: true,
    },
    {
      kind: 'section',
      id: `${id}:slow`,
      label: 'Slowest spans',
      children: slowest.map(span('slow')),
      open: errorCount === 0,
    },
    {
      kind: 'section',
      id: `${id}:services`,
      label: 'Services',
      description: String(services.length),
      children: services.map((service): ServiceNode => ({ kind: 'service', backend, traceId, ...service })),
      open: false,
    },
  ];
  return sections.filter((section) => section.children.length > 0);
}
