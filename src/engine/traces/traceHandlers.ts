/** The methods that read traces. */

import { SpanhopError } from '../../base/errors';
import { Slices } from '../../base/slices';
import { inSlices } from '../../base/steps';
import { highlights } from '../../core/analysis/highlights';
import { parseTraceId, spanIdHex } from '../../core/model/ids';
import type { LogRecord } from '../../core/model/logRecord';
import type { SpanTable, TraceOverview } from '../../core/model/table';
import { eventAtNs } from '../../core/model/unixNano';
import { readField } from '../../core/query/tokens';
import { packing, snapshotBuffers } from '../../protocol/columns';
import { type PackedMethods, Packer, writeOverview, writeSpan } from '../../protocol/packedAnswers';
import type { Handlers } from '../../protocol/rpc';
import type { TextMethods } from '../../protocol/texts';
import { LOCAL_DATASET, type TraceAt, type TraceKey, type TraceMethods } from '../../protocol/traces';
import { liveTrace } from '../live/liveTrace';
import type { Programs } from '../live/programs';
import { redactedCorrections, redactedKeys, redactedNames, redactedOverview } from '../redact/redactedOverview';
import type { Redactor } from '../redact/redactor';
import { type SharedResources, spanDataOf } from '../redact/spanData';
import { spanTextOf } from '../redact/spanText';
import { tagsOf, tagValuesOf } from '../redact/tags';
import type { Dataset, Datasets } from '../store/dataset';
import { type AssembledTrace, type AssembledTraces, findTrace } from './assembledTraces';
import { exportTraceTo } from './exportTrace';
import { findSpansIn } from './findSpans';
import { findTracesIn } from './findTraces';
import { rowIn } from './rowIn';
import { serviceCallsOf } from './serviceCalls';
import { eventsWithin, spanDetailsOf } from './spanDetails';
import { SpanTexts } from './spanTexts';
import { attributeKeysOf, operationsOf, servicesOf } from './vocabulary';

/** A captured trace may still get spans this long after its last ones. */
const LIVE_MS = 10_000;

export interface TraceHandlerOptions {
  readonly datasets: Datasets;
  readonly traces: AssembledTraces;
  readonly redactor: () => Redactor;
  readonly capturing: () => boolean;
  readonly programs: Programs;
  /** Of a capture's id, the number that its spans carry; undefined where there is no such capture. */
  readonly captureNumber: (id: string) => number | undefined;
  /** Views show these traces now, all of them. */
  readonly show: (traces: readonly TraceKey[]) => void;
}

export function traceHandlers(
  options: TraceHandlerOptions,
): Handlers<Pick<PackedMethods, keyof TraceMethods | keyof TextMethods>> {
  const { datasets, traces, redactor, capturing, captureNumber, programs, show } = options;
  const need = (name: string): Dataset => {
    const dataset = datasets.get(name);
    if (!dataset) throw new SpanhopError('NotFound', `${name} is not open.`);
    return dataset;
  };
  const isLive = ({ dataset: { name, store }, table }: AssembledTrace): boolean => {
    if (!capturing() || name !== LOCAL_DATASET) return false;
    const slot = store.slotOf(table.traceId);
    return slot >= 0 && performance.now() - store.lastAddedAt(slot) < LIVE_MS;
  };
  const logsAt = (table: SpanTable, row: number): LogRecord[] => datasets.logsOf(table.traceId, spanIdHex(table.spanId, row));
  /** Ids that the caller has; `true` where they are not kept any more, so that all of them are needed. */
  const idsSinceOf = async (key: TraceAt, since: number | undefined) => {
    if (since === undefined) return true;
    const before = await traces.get({ ...key, revision: since }).catch(() => undefined);
    return before ? { since, words: before.table.spanId.subarray(0, before.table.count * 2) } : true;
  };
  const texts = new SpanTexts(async (key) => {
    const trace = await traces.get(key);
    const row = rowIn(trace.table, key);
    return spanTextOf(trace.table, row, logsAt(trace.table, row), key.address, redactor());
  });
  return {
    spanText: (key) => texts.piece(key),
    async findTraces(params, context) {
      const dataset = datasets.get(params.dataset);
      const packer = new Packer(writeOverview);
      if (!dataset) return { packed: 'traces', traces: packer.finish().pieces, more: false };
      const number = params.capture === undefined ? undefined : captureNumber(params.capture);
      const rules = redactor();
      const add = (overview: TraceOverview): void => packer.add(redactedOverview(overview, rules));
      const { more } = await findTracesIn(dataset, params, number, new Slices(context.signal), add);
      const { pieces, buffers } = packer.finish();
      context.transfer(...buffers);
      return { packed: 'traces', traces: pieces, more };
    },
    services: ({ dataset }) => redactedNames(servicesOf(need(dataset)), redactor()),
    operations: async ({ dataset, service }, { signal }) =>
      redactedNames(await operationsOf(need(dataset), service, new Slices(signal)), redactor()),
    attributeKeys: async ({ dataset }, { signal }) =>
      redactedKeys(await attributeKeysOf(need(dataset), new Slices(signal)), redactor()),
    tags: ({ dataset }, { signal }) => tagsOf(need(dataset), redactor(), new Slices(signal)),
    tagValues({ dataset, key }, { signal }) {
      const field = readField(key);
      if (!field || field.scope === 'intrinsic')
        throw new SpanhopError('BadQuery', `"${key}" names no attribute: span.http.route does.`);
      const { scope, name } = field;
      return tagValuesOf(need(dataset), scope === 'any' ? undefined : scope, name, redactor(), new Slices(signal));
    },
    async serviceCalls({ dataset, ...range }, { signal }) {
      const calls = await serviceCallsOf(need(dataset), range, new Slices(signal));
      const rules = redactor();
      return calls.map((call) => ({ ...call, parent: rules.repeated(call.parent), child: rules.repeated(call.child) }));
    },
    async exportTrace({ format, path, ...key }, context) {
      const { table } = await traces.get(key, context.signal);
      return exportTraceTo(table, format, path, redactor(), context);
    },
    showing: ({ traces }) => show(traces),
    locateTrace({ traceId, dataset: wanted }): TraceKey | undefined {
      const id = parseTraceId(traceId);
      if (id === undefined) return undefined;
      for (const dataset of datasets.inSearchOrder()) {
        if (wanted !== undefined && dataset.name !== wanted) continue;
        if (dataset.store.slotOf(id) >= 0 || dataset.left.slotOf(id) >= 0) return { dataset: dataset.name, traceId: id };
      }
      return undefined;
    },
    knownTraces({ traceIds }) {
      const all = datasets.inSearchOrder();
      return traceIds.map((text) => {
        const id = parseTraceId(text);
        return id !== undefined && all.some(({ store, left }) => store.slotOf(id) >= 0 || left.slotOf(id) >= 0);
      });
    },
    traceRevision(key) {
      const { dataset, slot } = findTrace(datasets, key);
      return dataset.store.changedAt[slot];
    },
    async traceSize(key, { signal }) {
      const { dataset, slot } = findTrace(datasets, key);
      const { spanCount = 0 } = await dataset.overviews.of(slot, new Slices(signal));
      return spanCount;
    },
    pinRevision: ({ pinned, ...key }) => traces.pin(key, pinned),
    async openTrace({ idsUpTo = 0, idsSince, ...key }, context) {
      const { signal } = context;
      const trace = await traces.get(key, signal);
      const { revision, table } = trace;
      const ids = table.count <= idsUpTo && (await idsSinceOf(key, idsSince));
      const analysis = await traces.analysisOf(trace, signal);
      const rules = redactor();
      const text = (index: number): string => rules.string(table.strings, index);
      const redacted = { ...table, ...redactedCorrections(table, rules) };
      const live =
        key.dataset === LOCAL_DATASET ? await inSlices(liveTrace(table, programs, Date.now()), new Slices(signal)) : {};
      const steps = packing(redacted, analysis, { revision, dataset: key.dataset, live: isLive(trace), ids, text, ...live });
      const snapshot = await inSlices(steps, new Slices(signal));
      context.transfer(...snapshotBuffers(snapshot));
      return snapshot;
    },
    async traceData(key, context) {
      if (traces.isLeft(key)) await traces.recall?.get(key.traceId, context.signal);
      const { dataset, slot } = findTrace(datasets, key);
      const slices = new Slices(context.signal);
      // Both begin now: the trace may leave memory meanwhile, and its slot be another's. What it counts is what follows.
      const [{ table }, listed] = await Promise.all([traces.get(key, context.signal), dataset.overviews.of(slot, slices)]);
      const overview = { ...listed, spanCount: table.count, errorCount: table.errorCount };
      const rules = redactor();
      const logs = datasets.logsBySpan(table.traceId);
      const packer = new Packer(writeSpan);
      const resources: SharedResources = new Map();
      for (let row = 0; row < table.count; row++) {
        const batch = table.batches[table.batch[row]];
        const records = logs(spanIdHex(table.spanId, row));
        packer.add(spanDataOf(batch, table.batchRow[row], records, rules, false, resources));
        if ((row & 127) === 127 && slices.due) {
          context.progress({ step: 'reading spans', done: row, total: table.count, unit: 'spans' });
          await slices.pause();
        }
      }
      const { pieces, buffers } = packer.finish();
      context.transfer(...buffers);
      const { defects } = redactedCorrections(table, rules);
      return { packed: 'spans', overview: redactedOverview(overview, rules), spans: pieces, defects };
    },
    async highlights({ limit, ...key }, { signal }) {
      const trace = await traces.get(key, signal);
      const { selfNs } = await traces.analysisOf(trace, signal);
      const { strings } = trace.table;
      const rules = redactor();
      return inSlices(
        highlights(trace.table, selfNs, limit, (index) => rules.string(strings, index)),
        new Slices(signal),
      );
    },
    async spanDetails(key, { signal }) {
      const trace = await traces.get(key, signal);
      const { selfNs } = await traces.analysisOf(trace, signal);
      const row = rowIn(trace.table, key);
      return spanDetailsOf(trace, row, selfNs[row], logsAt(trace.table, row), redactor());
    },
    async spanData(key, { signal }) {
      const { table } = await traces.get(key, signal);
      const row = rowIn(table, key);
      const batch = table.batches[table.batch[row]];
      return spanDataOf(batch, table.batchRow[row], logsAt(table, row), redactor(), true);
    },
    async spanGlance({ fromNs, toNs, ...key }, { signal }) {
      const trace = await traces.get(key, signal);
      const { selfNs } = await traces.analysisOf(trace, signal);
      const row = rowIn(trace.table, key);
      return { revision: trace.revision, selfNs: selfNs[row], ...eventsWithin(trace.table, row, { fromNs, toNs }, redactor()) };
    },
    async eventTimes({ rows, ...key }, { signal }) {
      const { revision, table } = await traces.get(key, signal);
      const row: number[] = [];
      const atNs: number[] = [];
      for (const one of rows) {
        if (!Number.isInteger(one) || one < 0 || one >= table.count) continue;
        const batch = table.batches[table.batch[one]];
        const at = table.batchRow[one];
        for (let event = batch.eventStart[at]; event < batch.eventEnd[at]; event++) {
          const time = eventAtNs(table, one, event);
          if (time === undefined) continue;
          row.push(one);
          atNs.push(time);
        }
      }
      return { revision, row: Uint32Array.from(row), atNs: Float64Array.from(atNs) };
    },
    async findSpans({ text, ...key }, context) {
      const trace = await traces.get(key, context.signal);
      const rows = await findSpansIn(trace, text, new Slices(context.signal));
      context.transfer(rows.buffer);
      return { revision: trace.revision, rows };
    },
    async spanIds(key, context) {
      const { revision, table } = await traces.get(key, context.signal);
      const words = Uint32Array.from(table.spanId.subarray(0, table.count * 2)).buffer;
      context.transfer(words);
      return { revision, words };
    },
  };
}
