/** Which of the ids in a text become links, for terminals and documents alike. */

import { type FoundTraceId, findTraceIds } from '../../core/text/traceIds';
import type { Backends } from '../backends/backends';
import type { TraceService } from '../traces/traceService';

/** What tells whether an id is a trace's. */
export interface LinkKnowledge {
  readonly traces: Pick<TraceService, 'areKnown'>;
  readonly backends: Pick<Backends, 'list'>;
}

/** A stretch of a line that opens a trace. */
export interface TraceLink extends FoundTraceId {
  /** Line of the document, from 0; 0 in a terminal. */
  readonly line: number;
}

export function linksOfLine(text: string, line: number): TraceLink[] {
  return findTraceIds(text).map((found) => ({ ...found, line }));
}

/**
 * Those that are links: ids that are surely meant as a trace's, and any others of which the trace is at hand. An id in an address of the
 * web takes the address's place as a link, so it has to be at hand too, or the address has to be a backend's.
 */
export async function worthLinking(links: readonly TraceLink[], { traces, backends }: LinkKnowledge): Promise<TraceLink[]> {
  const origins = links.some(({ url }) => url !== undefined) ? originsOf(backends) : [];
  const isSure = ({ sure, url }: TraceLink): boolean =>
    sure && (url === undefined || origins.some((origin) => url.toLowerCase().startsWith(origin)));
  const doubtful = [...new Set(links.filter((link) => !isSure(link)).map(({ traceId }) => traceId))];
  if (doubtful.length === 0) return [...links];
  const answers = await traces.areKnown(doubtful);
  const known = new Set(doubtful.filter((_, i) => answers[i]));
  return links.filter((link) => isSure(link) || known.has(link.traceId));
}

export function tooltipOf({ traceId }: FoundTraceId): string {
  return `Open trace ${shortId(traceId)}…`;
}

/** What people tell traces apart by; of a padded id the digits that it has. */
export function shortId(traceId: string): string {
  return (traceId.startsWith('0'.repeat(16)) ? traceId.slice(16) : traceId).slice(0, 8);
}

function originsOf(backends: LinkKnowledge['backends']): string[] {
  return backends.list().map(({ settings }) => `${new URL(settings.url).origin}/`);
}
