/** Searches of the exported API page by page. */

import type { SpanhopApi, TracePage } from '../../api';
import type { App } from '../../app/app';
import { toQuery } from '../../app/queries/queries';
import { SpanhopError, toErrorData } from '../../base/errors';
import { Slices } from '../../base/slices';
import { mapInSlices } from '../../base/steps';
import type { QueryPart } from '../../core/query/pushDown';
import { signalOf } from '../adapters/cancellation';
import { toApiSummary } from './convert';

const defaultPageSize = 20;

/** Nothing is asked for before the first page is read. Throws errors whose name is a kind and whose message is a sentence. */
export async function* tracePages(
  traces: App['traces'],
  query: Parameters<SpanhopApi['findTracePages']>[0],
  { backend, pageSize = defaultPageSize, token }: NonNullable<Parameters<SpanhopApi['findTracePages']>[1]>,
): AsyncGenerator<TracePage, void, undefined> {
  const link = signalOf(token);
  try {
    if (!Number.isInteger(pageSize) || pageSize < 1)
      throw new SpanhopError('BadQuery', 'The size of a page must be a whole number from 1.');
    const request = { query: await toQuery(query), backend, pageSize };
    for await (const page of traces.findPages(request, link.signal)) {
      const { examined, pushDown, partial } = page;
      yield {
        traces: await mapInSlices(page.traces, (trace) => toApiSummary(trace, page.backend), new Slices(link.signal)),
        ...(examined === undefined ? {} : { examined }),
        ...(partial === undefined ? {} : { partial }),
        ...(pushDown && {
          pushdown: { exact: texts(pushDown.exact), superset: texts(pushDown.superset), here: texts(pushDown.here) },
        }),
      };
    }
  } catch (error) {
    throw error instanceof SpanhopError ? error : SpanhopError.from(toErrorData(error));
  } finally {
    link.dispose();
  }
}

function texts(parts: readonly QueryPart[]): string[] {
  return parts.map(({ text }) => text);
}
