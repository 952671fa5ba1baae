/** Finds the lines of exceptions, a few at a time, with pauses for the other extensions that share the thread. */

import { Lru } from '../../base/lru';
import { Slices } from '../../base/slices';
import type { ExceptionSource } from '../../protocol/exceptions';
import type { EngineService } from '../engine/engineService';
import type { SourceService } from '../source/sourceService';
import type { RelatedPlace } from './exceptionPlaces';
import { type FileOnDisk, linesOf, readFromDisk } from './fileLines';
import { type Anchor, anchorAgain, anchorAt } from './lineAnchors';

/** A line that an error stands at. */
export interface FoundPlace {
  readonly anchor: Anchor;
  readonly related: readonly RelatedPlace[];
  readonly isMapped: boolean;
  readonly isCurrent: boolean;
  /** Epoch milliseconds of the last save of its file. */
  readonly savedAtMs: number;
}

/** `edited`: it was thrown at a line that is another now, in an editor with unsaved changes. `none`: nowhere in the workspace. */
export type Finding = FoundPlace | 'edited' | 'none';

/** Exceptions whose stacks are in memory at the same time. */
const perQuestion = 40;
/** Exceptions looked for at the same time: most of it is waiting for files. */
const together = 4;
/** Files that are kept during a pass. */
const maxFiles = 100;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;

/** What of the source service it takes to find them. */
export type ExceptionSourceLookup = Pick<SourceService, 'ports' | 'resolveOptions' | 'files'>;

export class ErrorFinder {
  constructor(
    private readonly engine: Pick<EngineService, 'call'>,
    private readonly source: ExceptionSourceLookup,
  ) {}

  /** Looks for each of `ids` and tells what it found; those that left memory meanwhile are left out. */
  async find(generation: number, ids: readonly number[], found: (id: number, finding: Finding) => Promise<void>): Promise<void> {
    if (ids.length === 0) return;
    // With the ladder, which is not loaded before there is something to look for.
    const pass = new Pass(this.source, await import('./exceptionPlaces'));
    for (let begin = 0; begin < ids.length; begin += perQuestion) {
      const sources = await this.engine.call('exceptionSources', { generation, ids: ids.slice(begin, begin + perQuestion) });
      const slices = new Slices(undefined, sliceMs);
      for (let first = 0; first < sources.length; first += together) {
        await Promise.all(sources.slice(first, first + together).map(async (one) => found(one.id, await pass.look(one))));
        await slices.maybePause();
      }
    }
  }
}

/** One pass over many errors, most of them in the same few files: each file is read once. */
class Pass {
  private readonly ports: SourceService['ports'];
  private readonly files = new Lru<string, Promise<FileOnDisk | undefined>>({ maxSize: maxFiles });

  constructor(
    private readonly source: ExceptionSourceLookup,
    private readonly places: typeof import('./exceptionPlaces'),
  ) {
    this.ports = places.withKeptTexts(source.ports);
  }

  async look(one: ExceptionSource): Promise<Finding> {
    const place = await this.places.findPlace(one, this.ports, this.source.resolveOptions());
    if (!place) return 'none';
    const { file } = place;
    // Problems opens them by itself.
    const { fence } = this.source.files;
    if (!(await fence.now(file)).inside) return 'none';
    const related: RelatedPlace[] = [];
    for (const each of place.related) if ((await fence.now(each.file)).inside) related.push(each);
    const onDisk = await this.read(file);
    const anchor = this.anchorIn(file, place.line, place.isCurrent, onDisk);
    if (anchor === 'edited' || anchor === 'none') return anchor;
    const { isMapped, isCurrent } = place;
    return { anchor, related, isMapped, isCurrent, savedAtMs: onDisk?.savedAtMs ?? 0 };
  }

  private read(file: string): Promise<FileOnDisk | undefined> {
    let read = this.files.get(file);
    if (!read) {
      read = readFromDisk(file, this.source.files.workspace);
      this.files.set(file, read);
    }
    return read;
  }

  /** What ran was read from disk; in an editor with unsaved changes its line may stand elsewhere. */
  private anchorIn(file: string, line: number, isCurrent: boolean, onDisk: FileOnDisk | undefined): Anchor | 'edited' | 'none' {
    const document = this.source.files.workspace.documents.get(file);
    if (document && (isCurrent || !document.isDirty)) return anchorAt(file, line, linesOf(document)) ?? 'none';
    const anchor = onDisk && anchorAt(file, line, onDisk.lines);
    if (!anchor) return 'none';
    return document ? (anchorAgain(anchor, linesOf(document)) ?? 'edited') : anchor;
  }
}
