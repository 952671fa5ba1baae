/** Links to traces: `vscode://spanhop.spanhop/trace/<traceId>?backend=<name>&span=<spanId>`. */

import { env, Uri } from 'vscode';
import type { SpanArgument } from '../../app/links/spanArgument';
import { requireTraceId } from '../../app/traces/traceService';
import { SpanhopError } from '../../base/errors';
import { parseSpanId } from '../../core/model/ids';

/** The link that opens a trace in this kind of VS Code. */
export function linkTo({ traceId, backend, spanId }: SpanArgument): Uri {
  const query = new URLSearchParams();
  if (backend !== undefined && !backend.startsWith('file:')) query.set('backend', backend);
  if (spanId !== undefined) query.set('span', spanId);
  return Uri.from({ scheme: env.uriScheme, authority: 'spanhop.spanhop', path: `/trace/${traceId}`, query: query.toString() });
}

/** What a link names. Throws BadQuery with what is wrong with it. */
export function readLink(uri: Uri): SpanArgument {
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
