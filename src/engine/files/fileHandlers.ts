/** The methods that read files and backends' answers into datasets. */

import { SpanhopError, throwIfAborted } from '../../base/errors';
import { readAnswer } from '../../core/answers/answers';
import type { FileMethods } from '../../protocol/files';
import type { PackedMethods } from '../../protocol/packedAnswers';
import type { Handlers } from '../../protocol/rpc';
import type { Memory } from '../memory/memory';
import { redactedAnswer } from '../redact/redactedAnswer';
import type { Redactor } from '../redact/redactor';
import type { Datasets } from '../store/dataset';
import type { Emit } from '../store/notifier';
import { addBytes } from './addBytes';
import { contentOf, summaryOf } from './content';
import { listFolder } from './folderFiles';
import { Folders } from './folders';
import { readTraces } from './readFile';

export interface FileHandlerOptions {
  readonly datasets: Datasets;
  readonly memory: Memory;
  readonly emit: Emit;
  readonly redactor: () => Redactor;
}

export function fileHandlers({
  datasets,
  memory,
  emit,
  redactor,
}: FileHandlerOptions): Handlers<Pick<PackedMethods, keyof FileMethods>> {
  const { ledger, traces } = memory;
  const folders = new Folders({ datasets, memory: ledger, emit, changed: () => ledger.grew() });
  const drop = (dataset: string): boolean => {
    folders.forget(dataset);
    const was = datasets.delete(dataset);
    traces.forgetDataset(dataset);
    // What was said of its code does not hold any more.
    emit('changed', { dataset, traceIds: [] });
    return was;
  };
  return {
    async openFile(input, context) {
      const replace = (): boolean => datasets.has(input.dataset) && drop(input.dataset);
      const dataset = await readTraces(input, { nextRevision: datasets.nextRevision, memory: ledger, replace }, context);
      // Whoever gave up has let go of it already.
      throwIfAborted(context.signal);
      datasets.set(dataset);
      ledger.grew();
      emit('changed', { dataset: dataset.name, traceIds: [] });
      return summaryOf(dataset);
    },
    listFile({ dataset: name }, context) {
      const dataset = datasets.get(name);
      if (!dataset) throw new SpanhopError('NotFound', `There are no traces of ${name} here any more.`);
      return contentOf(dataset, redactor(), context);
    },
    async countFolder({ path }, { signal }) {
      const { files } = await listFolder(path, signal);
      return files.filter(({ isCertain }) => isCertain).length;
    },
    async lookAtFolder(input, context) {
      const state = await folders.look(input, context);
      return { ...state, problems: state.problems.map((problem) => redactor().text(problem)) };
    },
    async addBytes(input, context) {
      const answer = await addBytes(datasets, input, ledger, context);
      const capped = answer.defects.find(({ kind }) => kind === 'capped');
      if (capped) emit('notice', { key: `memory.${input.dataset}`, level: 'warning', message: capped.message });
      ledger.grew();
      return contentOf(answer, redactor(), context);
    },
    dropDataset({ dataset }) {
      drop(dataset);
      memory.changed();
    },
    readAnswer({ bytes, want }) {
      const answer = readAnswer(bytes, want);
      return answer && redactedAnswer(answer, want, redactor());
    },
  };
}
