/** The engine: what it holds, and every method that it answers. Created once in the worker (`worker.ts`), or in a test without one. */

import { Slices } from '../base/slices';
import type { EngineSettings } from '../protocol/engine';
import type { PackedMethods } from '../protocol/packedAnswers';
import type { Handlers } from '../protocol/rpc';
import { LOCAL_DATASET } from '../protocol/traces';
import { captureHandlers } from './capture/captureHandlers';
import { CaptureService } from './capture/captureService';
import { forwardHandlers } from './capture/forwardHandlers';
import { codeHandlers } from './code/codeHandlers';
import { CodeService } from './code/codeService';
import { ExceptionReader } from './exceptions/exceptionReader';
import { ExceptionService } from './exceptions/exceptionService';
import { fileHandlers } from './files/fileHandlers';
import { Memory } from './memory/memory';
import { Recall } from './recall/recall';
import { tellOfPatterns } from './redact/redactNotice';
import { Redactor } from './redact/redactor';
import { StoredRedactor } from './redact/storedRedactor';
import { sourceHandlers } from './source/sourceHandlers';
import { Datasets } from './store/dataset';
import { memoryLimits } from './store/memoryLimits';
import type { Emit } from './store/notifier';
import { spansInProgress } from './traces/spansInProgress';
import { traceHandlers } from './traces/traceHandlers';

const MEMORY_BYTES = 2 * 1024 ** 3;
const DEFAULTS: EngineSettings = { redactKeys: [], redactPatterns: [], captureLogBytes: 2 * 1024 ** 3 };

/** @param deadThreads threads of this process that held an engine and are gone */
export function createEngine(emit: Emit, deadThreads: readonly number[] = []): Handlers<PackedMethods> {
  const datasets = new Datasets();
  let settings = DEFAULTS;
  const memory = new Memory(datasets, emit, () =>
    memoryLimits(settings.memoryBytes ?? MEMORY_BYTES, settings.captureMemoryBytes),
  );
  const { ledger, traces } = memory;
  const warn = (message: string): void => emit('log', { level: 'warn', message });
  const reader = new ExceptionReader();
  const code = new CodeService(datasets, reader, warn, false, (batch) => capture.live.heldIn(batch));
  const sample = new CodeService(datasets, reader, warn, true);
  let redactor = new Redactor();
  let stored: StoredRedactor | undefined;
  /** Of what is kept as it came, when it is forwarded. */
  let forwarded: StoredRedactor | undefined;
  const exceptions = new ExceptionService(datasets, reader, () => redactor, warn);
  for (const account of [code, sample, exceptions]) ledger.openDerived(account);
  const capture = new CaptureService(
    datasets,
    emit,
    () => settings,
    deadThreads,
    () => ledger.grew(),
    () => memory.followed(),
    () => stored,
  );
  ledger.open({
    name: 'requests that are being received',
    kind: 'reading',
    get bytes() {
      return capture.receivingBytes;
    },
  });

  const recall = new Recall({
    get dataset() {
      return datasets.local;
    },
    logsOf: (number) => capture.archive.logsOf(number),
    limitBytes: () => ledger.limitFor('captures').bytes,
    grew: () => ledger.grew(),
  });
  traces.recall = recall;
  const captureOrigins = {
    captureStart: (number: number) => capture.startOf(number),
    comparedCapture: () => (settings.compareWith === undefined ? 0 : capture.numberOf(settings.compareWith)),
  };
  ledger.open({
    name: 'requests that wait to be forwarded',
    kind: 'reading',
    get bytes() {
      return capture.forwarding.bytes;
    },
  });

  const traceMethods = traceHandlers({
    datasets,
    traces,
    redactor: () => redactor,
    capturing: () => capture.isRunning,
    programs: capture.live.programs,
    captureNumber: (id) => capture.numberOf(id),
    show: (shown) => memory.show(shown),
  });

  return {
    async configure(next) {
      settings = { ...DEFAULTS, ...next };
      const before = redactor;
      redactor = new Redactor(next);
      stored = next.redactStored && redactor.active ? new StoredRedactor(redactor) : undefined;
      forwarded = !stored && redactor.active ? new StoredRedactor(redactor) : undefined;
      tellOfPatterns(emit, before.problems, redactor.problems);
      capture.applyLimits();
      memory.changed();
      await ledger.settled();
    },
    ...fileHandlers({ datasets, memory, emit, redactor: () => redactor }),
    ...traceMethods,
    ...codeHandlers({ code, sample, traces, redactor: () => redactor, ...captureOrigins }),
    ...sourceHandlers({
      open: (account) => ledger.openDerived(account),
      traces,
      redactor: () => redactor,
      spanData: traceMethods.spanData,
    }),
    exceptions: (params, { signal }) => exceptions.exceptions(params, new Slices(signal)),
    exceptionSources: (params) => exceptions.exceptionSources(params),
    ...captureHandlers(
      capture,
      (all) => {
        if (all) traces.forgetDataset(LOCAL_DATASET);
        memory.changed();
      },
      () => redactor,
    ),
    debugState: (state) => capture.live.debugState(state),
    spansInProgress: (program, { signal }) => {
      const { local } = datasets;
      return local ? spansInProgress(local, program, capture.live.programs, traces, new Slices(signal)) : [];
    },
    ...forwardHandlers(
      capture.forwarding,
      () => forwarded,
      () => capture.changed(),
    ),
    memory: () => memory.report(),
  };
}
