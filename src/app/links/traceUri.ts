/** Links to traces: `vscode://spanhop.spanhop/trace/<traceId>?backend=<name>&span=<spanId>`. */

import type { URI } from 'vscode-uri';
import { SpanhopError } from '../../base/errors';
import { parseSpanId } from '../../core/model/ids';
import { requireTraceId } from '../traces/traceService';
import type { SpanArgument } from './spanArgument';

/**
 * The link that opens a trace.
 * @param scheme of this kind of VS Code: each has its own
 */
export function linkTo({ traceId, backend, spanId }: SpanArgument, scheme: string): string {
  const query = new URLSearchParams();
  if (backend !== undefined && !backend.startsWith('file:')) query.set('backend', backend);
  if (spanId !== undefined) query.set('span', spanId);
  // Who opens a link takes one layer of `%` off before it is read: a backend's name may have a `&` in it.
  const text = query.toString().replaceAll('%', '%25');
  return `${scheme}://spanhop.spanhop/trace/${traceId}${text === '' ? '' : `?${text}`}`;
}

/** What a link names. Throws BadQuery with what is wrong with it. */
export function readLink(uri: Pick<URI, 'path' | 'query'>): SpanArgument {
  const match = /^\/trace\/([^/]+)\/?$/.exec(uri.path);
  if (!match)
    throw new SpanhopError('BadQuery', `The link ${uri.path || '/'} is not known. A link to a trace is /trace/<trace id>.`);
  const query = new URLSearchParams(uri.query);
  const span = query.get('span');
  const spanId = span === null ? undefined : parseSpanId(span);
  if (span !== null && spanId === undefined)
    throw new SpanhopError('BadQuery', `The link's span "${span.slice(0, 40)}" is no span id.`);
  return { traceId: requireTraceId(match[1]), backend: query.get('backend') ?? undefined, spanId };
}
