/**
 * Where the places that spans name are in the workspace, each looked for once. A first look at a large trace has thousands of them, with
 * source maps to follow: it is cut, so that other extensions have their turn in between.
 */

import { Lru } from '../../base/lru';
import { Slices } from '../../base/slices';
import { isMangled, type LocatedPlace } from '../../code';
import type { CodePlaces } from '../../protocol/code';
import type { SourceService } from '../source/sourceService';

interface Found {
  readonly file: string;
  readonly name: string;
  readonly line: number;
}

/** Places looked for at the same time: most of it is waiting for files. */
const together = 8;
/** Milliseconds of work between two pauses. */
const sliceMs = 8;
const maxKept = 50_000;
/** What is less sure than this (a line of minified code without a column, one of many files of the same name) is no place for a lens. */
const leastConfidence = 0.5;

export class PlaceFinder {
  private readonly known = new Lru<string, Promise<Found | undefined>>({ maxSize: maxKept });

  constructor(private readonly source: Pick<SourceService, 'resolveAttributes'>) {}

  /** Those of the places that are in a document. */
  async find(places: CodePlaces, document: string): Promise<LocatedPlace[]> {
    const inside: LocatedPlace[] = [];
    const slices = new Slices(undefined, sliceMs);
    for (let begin = 0; begin < places.place.length; begin += together) {
      const some = Array.from(places.place.subarray(begin, begin + together), (place, i) => ({
        place,
        found: this.foundAt(places, begin + i),
      }));
      for (const { place, found } of some) {
        const here = await found;
        if (here?.file === document) inside.push({ place, name: here.name, line: here.line });
      }
      await slices.maybePause();
    }
    return inside;
  }

  /** Files, or where they are looked for, have changed. */
  forget(): void {
    this.known.clear();
  }

  private foundAt(places: CodePlaces, at: number): Promise<Found | undefined> {
    const file = places.files[places.file[at]];
    const name = places.functions[places.functionName[at]];
    return this.locate(file, name, places.line[at], places.column[at]);
  }

  /** One place as spans name it; line and column from 1, 0 where unknown. */
  locate(file: string, name: string, line: number, column: number): Promise<Found | undefined> {
    const key = `${file}\n${name}\n${line}:${column}`;
    const known = this.known.get(key);
    if (known) return known;
    const work = this.look(file, name, line, column);
    this.known.set(key, work);
    return work;
  }

  private async look(file: string, functionName: string, line: number, column: number): Promise<Found | undefined> {
    const { candidates } = await this.source.resolveAttributes({
      'code.file.path': file,
      ...(functionName === '' ? {} : { 'code.function.name': functionName }),
      ...(line === 0 ? {} : { 'code.line.number': line }),
      ...(column === 0 ? {} : { 'code.column.number': column }),
    });
    const [best] = candidates;
    if (!best || best.confidence < leastConfidence) return undefined;
    return {
      file: best.file,
      name: best.generated && isMangled(functionName) ? '' : functionName,
      line: best.lineUnknown ? -1 : best.line,
    };
  }
}
