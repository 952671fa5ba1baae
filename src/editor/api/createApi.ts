/** The exported API (`src/api.ts`): the services in the words of the contract. */

import { type Disposable, EventEmitter, Uri } from 'vscode';
import type { SpanhopApi } from '../../api';
import type { App } from '../../app/app';
import { TraceFiles } from '../../app/files/traceFiles';
import { toQuery } from '../../app/queries/queries';
import { datasetOf, TraceService } from '../../app/traces/traceService';
import type { TraceViews } from '../../app/views/traceViews';
import type { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { mapInSlices } from '../../base/steps';
import { parseSpanId, parseTraceparent } from '../../core/model/ids';
import { LOCAL_DATASET } from '../../protocol/traces';
import { withSignal } from '../adapters/cancellation';
import { captureApi } from './captureApi';
import { toApiDefect, toApiSpan, toApiSummary } from './convert';
import { readable } from './readable';
import { type SourceServices, sourceApi } from './sourceApi';

/** Milliseconds between two events of `onDidChangeTraces`. */
const quietMs = 250;
const defaultLimit = 20;

export type ApiServices = Pick<App, 'backends' | 'traces' | 'engine' | 'capture'> &
  SourceServices & { readonly views: TraceViews };

/** @param disposables what ends with it */
export function createApi(services: ApiServices, disposables: Disposables): SpanhopApi {
  const { backends, traces, engine, views } = services;
  const changes = throttledChanges(services, disposables);
  return {
    apiVersion: 1,
    capture: captureApi(services, disposables),
    get backends() {
      return backends.names;
    },
    findTraces: (query, options = {}) =>
      readable(async () => {
        const { backend, limit = defaultLimit, token } = options;
        if (!Number.isInteger(limit) || limit < 1) throw new SpanhopError('BadQuery', 'The limit must be a whole number from 1.');
        const request = { query: await toQuery(query), backend, limit };
        const found = await withSignal(token, (signal) => traces.find(request, signal));
        return mapInSlices(found.traces, (trace) => toApiSummary(trace, found.backend), new Slices());
      }),
    getTrace: (traceId, options = {}) =>
      readable(() =>
        withSignal(options.token, async (signal) => {
          const key = await traces.locate(traceId, { backend: options.backend, signal });
          const { overview, spans, defects } = await engine.call('traceData', key, { signal, timeoutMs: 0 });
          return {
            ...toApiSummary(overview, TraceService.backendOf(key.dataset)),
            spanCount: overview.spanCount ?? spans.length,
            errorCount: overview.errorCount ?? spans.filter((span) => span.status === 2).length,
            services: [...(overview.services ?? [])],
            spans: await mapInSlices(spans, toApiSpan, new Slices(signal)),
            defects: defects.map(toApiDefect),
          };
        }),
      ),
    openTrace: (traceId, options = {}) =>
      readable(async () => {
        const { backend, spanId = parseTraceparent(traceId)?.spanId, viewColumn } = options;
        await views.openTrace(traceId, { backend, spanId: spanId && parseSpanId(spanId), viewColumn });
      }),
    openTraceFile: (uri) =>
      readable(async () => {
        if (!(uri instanceof Uri)) throw new SpanhopError('BadQuery', 'The file must be given as a vscode.Uri.');
        const { format, spanCount, traces: listed, defects } = await views.openFile(uri);
        const backend = TraceFiles.datasetOf(uri);
        return {
          format,
          spanCount,
          traces: await mapInSlices(listed, (trace) => toApiSummary(trace, backend), new Slices()),
          defects: defects.map(toApiDefect),
        };
      }),
    ...sourceApi(services),
    onDidChangeTraces: changes,
  };
}

function throttledChanges(
  { traces, backends }: Pick<App, 'traces' | 'backends'>,
  disposables: Disposables,
): SpanhopApi['onDidChangeTraces'] {
  const emitter = disposables.own(new EventEmitter<void>());
  let timer: NodeJS.Timeout | undefined;
  let lastMs = 0;
  const fire = (): void => {
    timer = undefined;
    lastMs = Date.now();
    emitter.fire();
  };
  const listening: Disposable = traces.onDidChange(({ dataset }) => {
    if (dataset !== LOCAL_DATASET && dataset !== datasetOf(backends.active)) return;
    timer ??= setTimeout(fire, Math.max(0, lastMs + quietMs - Date.now()));
  });
  disposables.add(listening, { dispose: () => clearTimeout(timer) });
  return emitter.event;
}
