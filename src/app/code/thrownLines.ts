/**
 * Lines that threw, by document. The engine numbers the distinct stacks of all spans; each is looked for in the workspace once: the frame that
 * threw or, where that is a library's, the first that is here.
 */

import { type Disposable, Disposables } from '../../base/disposables';
import { OneAtATime } from '../../base/limit';
import { Slices } from '../../base/slices';
import type { LocatedPlace } from '../../code';
import type { CodeThrow } from '../../protocol/code';
import { isSampleFile } from '../../protocol/sample';
import type { EngineService } from '../engine/engineService';
import type { SourceService } from '../source/sourceService';
import type { DocumentLines } from './documentLines';

/** A line that threw, and what it threw. */
export interface ThrownLine {
  /** From 0. */
  readonly line: number;
  readonly generation: number;
  readonly throws: readonly number[];
}

interface Found {
  readonly file: string;
  readonly line: number;
}

/** Milliseconds of work between two pauses. */
const sliceMs = 8;
/** What is less sure (a file of the same name somewhere) is marked nowhere. */
const leastConfidence = 0.5;

export class ThrownLines implements Disposable {
  private readonly disposables = new Disposables();
  private known: { readonly generation: number; readonly next: number } | undefined;
  private all: CodeThrow[] = [];
  private found: (Found | undefined)[] = [];
  private readonly turns = new OneAtATime();
  private sample: ThrownLines | undefined;

  constructor(
    private readonly engine: Pick<EngineService, 'call' | 'started'>,
    private readonly source: Pick<SourceService, 'thrownAt' | 'onDidInvalidate' | 'of'>,
    private readonly lines: DocumentLines,
    private readonly isSample = false,
  ) {
    this.disposables.add(
      source.onDidInvalidate(() => {
        this.found = [];
      }),
    );
  }

  /** Lines of a document that threw, from the top. Spans of some may have left memory. */
  async in(file: string): Promise<readonly ThrownLine[]> {
    if (!this.engine.started) return [];
    if (isSampleFile(file) && !this.isSample) {
      this.sample ??= this.disposables.own(new ThrownLines(this.engine, this.source.of(file), this.lines, true));
      return this.sample.in(file);
    }
    await this.turns.run(() => this.update());
    const generation = this.known?.generation ?? -1;
    const here = this.found.flatMap((one, number) => (one?.file === file ? [{ number, line: one.line }] : []));
    // Throws are numbered from 0 as places are; below zero they do not meet.
    const places = here.map(({ number, line }): LocatedPlace => ({ place: -1 - number, name: '', line }));
    const byLine = new Map<number, number[]>();
    for (const { place, line } of this.lines.follow(file, generation, places)) {
      if (line < 0) continue;
      const known = byLine.get(line);
      if (known) known.push(-1 - place);
      else byLine.set(line, [-1 - place]);
    }
    return [...byLine].map(([line, throws]) => ({ line, generation, throws })).sort((a, b) => a.line - b.line);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async update(): Promise<void> {
    const answer = await this.engine.call('codeThrows', { sample: this.isSample, known: this.known });
    if (answer.generation !== this.known?.generation) {
      this.all = [];
      this.found = [];
    }
    this.known = { generation: answer.generation, next: answer.next };
    this.all.push(...answer.throws);
    const slices = new Slices(undefined, sliceMs);
    const { found } = this;
    for (let at = found.length; at < this.all.length; at++) {
      const best = await this.source.thrownAt(this.all[at].stack, this.all[at].language);
      found[at] = best && best.confidence >= leastConfidence ? { file: best.file, line: best.line } : undefined;
      // Files changed meanwhile: what was found may be wrong, and is looked for again.
      if (found !== this.found) return this.update();
      await slices.maybePause();
    }
  }
}
