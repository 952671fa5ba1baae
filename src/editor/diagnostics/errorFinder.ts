/** Finds the lines of exceptions, a few at a time, with pauses for the other extensions that share the thread. */

import { Uri } from 'vscode';
import type { EngineService } from '../../app/engine/engineService';
import type { RelatedPlace } from '../../app/exceptions/exceptionPlaces';
import { type Anchor, anchorAgain, anchorAt } from '../../app/exceptions/lineAnchors';
import type { ExceptionSource } from '../../protocol/exceptions';
import type { SourceService } from '../source/sourceService';
import { type FileOnDisk, linesOf, openDocument, readFromDisk } from './fileLines';

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

export class ErrorFinder {
  constructor(
    private readonly engine: EngineService,
    private readonly source: SourceService,
  ) {}

  /** Looks for each of `ids` and tells what it found; those that left memory meanwhile are left out. */
  async find(generation: number, ids: readonly number[], found: (id: number, finding: Finding) => Promise<void>): Promise<void> {
    if (ids.length === 0) return;
    // With the ladder, which is not loaded before there is something to look for.
    const pass = new Pass(this.source, await import('../../app/exceptions/exceptionPlaces'));
    for (let begin = 0; begin < ids.length; begin += perQuestion) {
      const sources = await this.engine.call('exceptionSources', { generation, ids: ids.slice(begin, begin + perQuestion) });
      let since = performance.now();
      for (let first = 0; first < sources.length; first += together) {
        await Promise.all(sources.slice(first, first + together).map(async (one) => found(one.id, await pass.look(one))));
        if (performance.now() - since < sliceMs) continue;
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
    }
  }
}

/** One pass over many errors, most of them in the same few files: each file is read once. */
class Pass {
  private readonly ports: SourceService['ports'];
  private readonly files = new Map<string, Promise<FileOnDisk | undefined>>();

  constructor(
    private readonly source: SourceService,
    private readonly places: typeof import('../../app/exceptions/exceptionPlaces'),
  ) {
    this.ports = places.withKeptTexts(source.ports);
  }

  async look(one: ExceptionSource): Promise<Finding> {
    const place = await this.places.findPlace(one, this.ports, this.source.resolveOptions());
    if (!place) return 'none';
    // One spelling for each file, the one that documents have.
    const uri = Uri.parse(place.file);
    const file = uri.toString();
    // Problems opens them by itself.
    const { gate } = this.source;
    if (!(await gate.isInside(uri))) return 'none';
    const related: RelatedPlace[] = [];
    for (const each of place.related) {
      const other = Uri.parse(each.file);
      if (await gate.isInside(other)) related.push({ ...each, file: other.toString() });
    }
    const onDisk = await this.read(file);
    const anchor = anchorIn(file, place.line, place.isCurrent, onDisk);
    if (anchor === 'edited' || anchor === 'none') return anchor;
    const { isMapped, isCurrent } = place;
    return { anchor, related, isMapped, isCurrent, savedAtMs: onDisk?.savedAtMs ?? 0 };
  }

  private read(file: string): Promise<FileOnDisk | undefined> {
    let read = this.files.get(file);
    if (!read) {
      if (this.files.size >= maxFiles) this.files.clear();
      read = readFromDisk(file);
      this.files.set(file, read);
    }
    return read;
  }
}

/** What ran was read from disk; in an editor with unsaved changes its line may stand elsewhere. */
function anchorIn(file: string, line: number, isCurrent: boolean, onDisk: FileOnDisk | undefined): Anchor | 'edited' | 'none' {
  const document = openDocument(file);
  if (document && (isCurrent || !document.isDirty)) return anchorAt(file, line, linesOf(document)) ?? 'none';
  const anchor = onDisk && anchorAt(file, line, onDisk.lines);
  if (!anchor) return 'none';
  return document ? (anchorAgain(anchor, linesOf(document)) ?? 'edited') : anchor;
}
