/** The exported API (`src/api.ts`): the services in the words of the contract. */

import { Uri } from 'vscode';
import type { SpanhopApi } from '../../api';
import type { App } from '../../app/app';
import { TraceFiles } from '../../app/files/traceFiles';
import type { DebugSessions } from '../../app/launches/debugSessions';
import { toQuery } from '../../app/queries/queries';
import { ListChanges } from '../../app/traces/listChanges';
import { TraceService } from '../../app/traces/traceService';
import type { TraceViews } from '../../app/views/traceViews';
import type { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { mapInSlices } from '../../base/steps';
import { parseSpanId, parseTraceparent } from '../../core/model/ids';
import { withSignal } from '../adapters/cancellation';
import type { CaptureDebugProvider } from '../capture/debugProvider';
import { captureApi, captureList } from './captureApi';
import { toApiDefect, toApiSpan, toApiSummary } from './convert';
import { readable } from './readable';
import { type SourceServices, sourceApi } from './sourceApi';
import { tracePages } from './tracePagesApi';

const defaultLimit = 20;

export type ApiServices = Pick<App, 'backends' | 'traces' | 'facts' | 'engine' | 'capture'> &
  SourceServices & {
    readonly views: TraceViews;
    readonly launches: Pick<CaptureDebugProvider, 'environmentOf'>;
    readonly sessions: Pick<DebugSessions, 'nameOf'>;
  };

/** @param disposables what ends with it */
export function createApi(services: ApiServices, disposables: Disposables): SpanhopApi {
  const { backends, traces, facts, engine, views, launches } = services;
  const changes = disposables.own(new ListChanges(traces, backends));
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
    findTracePages: (query, options = {}) => tracePages(traces, query, options),
    dependencies: (backend, options = {}) =>
      readable(() =>
        withSignal(options.token, async (signal) => {
          const range = { startMs: options.start, endMs: options.end };
          return [...(await facts.dependencies(backend, range, signal))];
        }),
      ),
    tags: (backend, options = {}) =>
      readable(() => withSignal(options.token, async (signal) => [...(await facts.tags(backend, signal))])),
    tagValues: (backend, key, options = {}) =>
      readable(() => withSignal(options.token, async (signal) => [...(await facts.tagValues(backend, key, signal))])),
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
    captures: () => readable(() => captureList(services, (id) => services.sessions.nameOf(id))),
    launchEnvironment: (folder, configuration) => readable(() => launches.environmentOf(folder, configuration)),
    ...sourceApi(services),
    onDidChangeTraces: changes.onDidChange,
  };
}
