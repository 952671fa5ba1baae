/** The engine: what it holds, and every method that it answers. Created once in the worker (`worker.ts`), or in a test without one. */

import { SpanhopError } from '../base/errors';
import { Slices } from '../base/slices';
import { readJaegerAnswer } from '../core/answers/jaeger';
import type { EngineMethods, EngineSettings } from '../protocol/engineProtocol';
import type { Handlers } from '../protocol/rpc';
import { CaptureService } from './capture/captureService';
import { codeHandlers } from './code/codeHandlers';
import { CodeService } from './code/codeService';
import { ExceptionService } from './exceptions/exceptionService';
import { addBytes } from './files/addBytes';
import { contentOf, readTraces } from './files/readFile';
import { memoryLimits } from './memory/limits';
import { Memory } from './memory/memory';
import type { Emit } from './notifier';
import { tellOfPatterns } from './redact/redactNotice';
import { Redactor } from './redact/redactor';
import { sourceMapHandlers } from './source/sourceMapService';
import { type Dataset, Datasets } from './store/dataset';
import { exportTraceTo } from './traces/exportTrace';
import { findTracesIn } from './traces/findTraces';
import { traceHandlers } from './traces/traceHandlers';
import { attributeKeysOf, operationsOf, servicesOf } from './traces/vocabulary';

const MEMORY_BYTES = 2 * 1024 ** 3;
const DEFAULTS: EngineSettings = { redactKeys: [], redactPatterns: [], captureLogBytes: 2 * 1024 ** 3 };

/** @param deadThreads threads of this process that held an engine and are gone */
export function createEngine(emit: Emit, deadThreads: readonly number[] = []): Handlers<EngineMethods> {
  const datasets = new Datasets();
  let settings = DEFAULTS;
  const memory = new Memory(datasets, emit, () =>
    memoryLimits(settings.memoryBytes ?? MEMORY_BYTES, settings.captureMemoryBytes),
  );
  const { ledger, opened } = memory;
  const code = new CodeService(datasets, (message) => emit('log', { level: 'warn', message }));
  let redactor = new Redactor();
  const exceptions = new ExceptionService(
    datasets,
    () => redactor,
    (message) => emit('log', { level: 'warn', message }),
  );
  for (const account of [code, exceptions]) ledger.openDerived(account);
  const capture = new CaptureService(
    datasets,
    emit,
    () => settings,
    deadThreads,
    () => ledger.grew(),
  );
  ledger.open({
    name: 'requests that are being received',
    kind: 'reading',
    get bytes() {
      return capture.receivingBytes;
    },
  });

  const need = (name: string): Dataset => {
    const dataset = datasets.get(name);
    if (!dataset) throw new SpanhopError('NotFound', `${name} is not open.`);
    return dataset;
  };

  const dropDataset = (dataset: string): boolean => {
    const was = datasets.delete(dataset);
    opened.forgetDataset(dataset);
    // What was said of its code does not hold any more.
    emit('changed', { dataset, traceIds: [] });
    return was;
  };

  return {
    ...traceHandlers({ datasets, opened, redactor: () => redactor, capturing: () => capture.running }),

    async configure(next) {
      settings = { ...DEFAULTS, ...next };
      const before = redactor;
      redactor = new Redactor(next);
      tellOfPatterns(emit, before.problems, redactor.problems);
      capture.applyLimits();
      memory.changed();
      await ledger.settled();
    },

    async openFile(input, context) {
      const replace = (): boolean => datasets.has(input.dataset) && dropDataset(input.dataset);
      const dataset = await readTraces(input, { nextRevision: datasets.nextRevision, memory: ledger, replace }, context);
      datasets.set(dataset);
      ledger.grew();
      emit('changed', { dataset: dataset.name, traceIds: [] });
      return contentOf(dataset, context.signal);
    },
    async addBytes(input, context) {
      const answer = await addBytes(datasets, input, ledger, context);
      const capped = answer.defects.find(({ kind }) => kind === 'capped');
      if (capped) emit('notice', { key: `memory.${input.dataset}`, level: 'warning', message: capped.message });
      ledger.grew();
      return contentOf(answer, context.signal);
    },
    dropDataset({ dataset }) {
      dropDataset(dataset);
      memory.changed();
    },
    readAnswer: ({ bytes, want }) => readJaegerAnswer(bytes, want),
    showing: ({ traces }) => memory.show(traces),

    async findTraces(params, context) {
      const dataset = datasets.get(params.dataset);
      if (!dataset) return { traces: [], more: false };
      const number = params.capture === undefined ? undefined : capture.numberOf(params.capture);
      return findTracesIn(dataset, params, number, new Slices(context.signal));
    },
    services: ({ dataset }) => servicesOf(need(dataset)),
    operations: ({ dataset, service }, { signal }) => operationsOf(need(dataset), service, new Slices(signal)),
    attributeKeys: ({ dataset }, { signal }) => attributeKeysOf(need(dataset), new Slices(signal)),

    exportTrace({ format, path, ...key }, context) {
      return exportTraceTo(opened.get(key), format, path, redactor, context);
    },
    ...codeHandlers({ code, redactor: () => redactor, captureStart: (number) => capture.startOf(number) }),
    async rowsAtPlaces({ generation, places, ...key }, context) {
      const { revision, table } = opened.get(key);
      const rows = await code.rowsIn(table, { generation, places }, new Slices(context.signal));
      if (rows) context.transfer(rows.buffer);
      return rows && { revision, rows };
    },
    ...sourceMapHandlers((account) => ledger.openDerived(account)),
    exceptions: (params, { signal }) => exceptions.exceptions(params, new Slices(signal)),
    exceptionSources: (params) => exceptions.exceptionSources(params),

    async inferMappings(input, { signal }) {
      // Brings parsers of YAML and JSON along, which nothing else here needs.
      const { inferring } = await import('../source/inference/infer');
      const slices = new Slices(signal);
      const work = inferring(input);
      for (let step = work.next(); ; step = work.next()) {
        if (step.done) return step.value;
        await slices.maybePause();
      }
    },

    openCaptures: ({ directory, load }, work) => capture.open(directory, load, work),
    startCapture: ({ wellKnownPort, port }) => capture.start(wellKnownPort, port),
    stopCapture: () => capture.stop(),
    async clearCapture({ capture: id }) {
      await capture.clear(id);
      memory.changed();
    },
    loadCapture: ({ capture: id }, work) => capture.load(id, work),
    captureState: () => capture.state(),
    captures: () => capture.list(),

    memory: () => memory.report(),
  };
}
