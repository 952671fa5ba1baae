/** Finds the lines of exceptions, a few at a time, with pauses for the other extensions that share the thread. */

import { Uri } from 'vscode';
import type { ExceptionSource } from '../../protocol/exceptions';
import type { EngineService } from '../services/engine';
import type { SourceService } from '../source/sourceService';
import { type Anchor, anchorAgain, anchorAt } from './anchors';
import { linesOf, linesOnDisk, openDocument } from './fileLines';
import { findPlace, type RelatedPlace, withKeptTexts } from './places';

/** A line that an error stands at. */
export interface FoundPlace {
  readonly anchor: Anchor;
  readonly related: readonly RelatedPlace[];
  readonly isMapped: boolean;
  readonly isCurrent: boolean;
}

/** `edited`: it was thrown at a line that is another now, in an editor with unsaved changes. `none`: nowhere in the workspace. */
export type Finding = FoundPlace | 'edited' | 'none';

/** Exceptions whose stacks are in memory at the same time. */
const together = 20;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;

export class ErrorFinder {
  constructor(
    private readonly engine: EngineService,
    private readonly source: SourceService,
  ) {}

  /** Looks for each of `ids` and tells what it found; those that left memory meanwhile are left out. */
  async find(generation: number, ids: readonly number[], found: (id: number, finding: Finding) => Promise<void>): Promise<void> {
    const ports = withKeptTexts(this.source.ports);
    let since = performance.now();
    for (let begin = 0; begin < ids.length; begin += together) {
      const sources = await this.engine.call('exceptionSources', { generation, ids: ids.slice(begin, begin + together) });
      since = performance.now();
      for (const one of sources) {
        await found(one.id, await this.look(one, ports));
        if (performance.now() - since < sliceMs) continue;
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
    }
  }

  private async look(one: ExceptionSource, ports: SourceService['ports']): Promise<Finding> {
    const place = await findPlace(one, ports, this.source.resolveOptions());
    if (!place) return 'none';
    // One spelling for each file, the one that documents have.
    const file = Uri.parse(place.file).toString();
    const related = place.related.map((each) => ({ ...each, file: Uri.parse(each.file).toString() }));
    const found = await anchorIn(file, place.line, place.isCurrent);
    if (found === 'edited' || found === 'none') return found;
    return { anchor: found, related, isMapped: place.isMapped, isCurrent: place.isCurrent };
  }
}

/** What ran was read from disk; in an editor with unsaved changes its line may stand elsewhere. */
async function anchorIn(file: string, line: number, isCurrent: boolean): Promise<Anchor | 'edited' | 'none'> {
  const document = openDocument(file);
  if (document && (isCurrent || !document.isDirty)) return anchorAt(file, line, linesOf(document)) ?? 'none';
  const onDisk = await linesOnDisk(file);
  const anchor = onDisk && anchorAt(file, line, onDisk);
  if (!anchor) return 'none';
  const shown = openDocument(file);
  return shown ? (anchorAgain(anchor, linesOf(shown)) ?? 'edited') : anchor;
}
