/**
 * A folder of trace files as a backend. Nothing is requested: the engine reads what is new in the folder and has all of it then, so that it is searched
 * as captures are.
 */

import { SpanhopError } from '../../base/errors';
import type { Query } from '../../core/query/query';
import { formatCount, formatNumber } from '../../core/text/formatText';
import type {
  Backend,
  BackendContext,
  BackendSettings,
  FindOptions,
  FindPage,
  FolderReader,
  FoundTrace,
  ReadFolder,
  ServerFacts,
} from '../common/backend';
import { pushDown } from '../common/pushDown';

/** Sentences about single files in one message. */
const MAX_TOLD = 3;

export class FolderBackend implements Backend {
  readonly settings: BackendSettings;
  private readonly reader: FolderReader;

  constructor({ settings, folder }: BackendContext) {
    if (!folder) {
      const ways = 'absolute, or one from the home folder (~/traces), or in the settings of a workspace one from its folder';
      throw new SpanhopError('BadQuery', `The path of "${settings.name}" leads nowhere. Make it ${ways}.`);
    }
    this.settings = settings;
    this.reader = folder;
  }

  async describe(signal?: AbortSignal): Promise<ServerFacts> {
    const files = await this.reader.count(signal);
    return { product: `Folder with ${files === 0 ? 'no trace file yet' : formatCount(files, 'trace file')}` };
  }

  async services(signal?: AbortSignal): Promise<readonly string[]> {
    await this.reader.read(signal);
    return this.reader.services(signal);
  }

  async operations(service: string, signal?: AbortSignal): Promise<readonly string[]> {
    await this.reader.read(signal);
    return this.reader.operations(service, signal);
  }

  async *find(query: Query, _: FindOptions, signal?: AbortSignal): AsyncIterable<FindPage> {
    const partial = toldOf(await this.reader.read(signal));
    yield { traces: [], inEngine: true, pushDown: pushDown(query, () => 'no'), partial };
  }

  async get(_: string, signal?: AbortSignal): Promise<FoundTrace> {
    return { bodies: [], partial: toldOf(await this.reader.read(signal)) };
  }
}

/** What of the folder is not there, in sentences; undefined: all is. */
function toldOf({ files, unread, isCut, memoryLimit, problems }: ReadFolder): string | undefined {
  const told: string[] = [];
  if (memoryLimit !== undefined) {
    const all = files + unread + problems.length;
    told.push(
      `Of ${formatCount(all, 'file')}, the ${formatNumber(files)} that were changed last were read: memory holds ${memoryLimit}.`,
    );
  }
  if (isCut) told.push('The folder holds more files than are looked at; those that were changed last are.');
  told.push(...problems.slice(0, MAX_TOLD));
  if (problems.length > MAX_TOLD) told.push(`${formatCount(problems.length - MAX_TOLD, 'more file')} could not be read whole.`);
  return told.length === 0 ? undefined : told.join(' ');
}
