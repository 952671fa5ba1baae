/**
 * Lines of the commit that a span names, as lines of today. One is made for each resolution; what was worked out of a text at a commit is
 * kept as long as that text is, so that the next question for the same file compares nothing again.
 *
 * Git is asked only for spans that name a revision. What could not be found out is kept in words, for "Why this line?".
 */

import { throwIfAborted } from '../../base/errors';
import { Lru } from '../../base/lru';
import type { HistoryProblem, TextAtRevision } from '../model/history';
import type { Revision } from '../model/revision';
import type { Drift, RevisionAnswer, SourcePorts } from '../model/types';
import { splitLines } from '../outline/textLines';
import { uriSegments } from '../uri/uri';
import { labelOf, noteOf, type Since } from './driftText';
import { type LineMap, mapLines } from './lineDiff';
import { driftOfLine, type LineDrift } from './lineDrift';

export interface DriftedLine {
  /** From 0, today. */
  readonly line: number;
  readonly drift: Drift;
  /** The line has no counterpart today. */
  readonly lineGone: boolean;
  /** The file as it was, to judge the line by. */
  readonly linesThen: readonly string[];
}

/** Files of today that had another path at the revision. */
export interface RenamedFile {
  /** URI of the path then. */
  readonly from: string;
  /** URI of today. */
  readonly to: string;
}

interface Worked {
  readonly now: string;
  readonly map: LineMap;
  readonly lines: Map<number, LineDrift>;
}

const maxLinesKept = 1000;
/** By the text at a commit, which the history port gives again and again as the same object. */
const worked = new WeakMap<TextAtRevision, Worked>();

export class Drifts {
  private readonly renames = new Map<string, Promise<readonly RenamedFile[]>>();
  private outcome: RevisionAnswer | undefined;

  constructor(
    private readonly ports: SourcePorts,
    private readonly revisions: readonly Revision[],
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Whether the span names a revision, and there is somebody to ask. */
  get named(): boolean {
    return this.revisions.length > 0 && this.ports.history !== undefined;
  }

  /** What came of the revision; undefined where none is named or nothing had to be asked. */
  get answer(): RevisionAnswer | undefined {
    return this.outcome;
  }

  /** `line` from 0, as the traced program has it. Undefined where the commit or the file at it is not known. */
  async of(file: string, line: number, text: string | undefined): Promise<DriftedLine | undefined> {
    if (text === undefined) return undefined;
    const found = await this.ask((history, { refs }) => history.textAt(file, refs, this.signal));
    if (!found) return undefined;
    const { revision, answer } = found;
    // That one file could be compared counts for more than that another could not, or that a path was no old name.
    this.outcome = { name: revision.name, kind: revision.kind, from: revision.from };
    const work = workOf(answer, text);
    if (line >= work.map.before.length) return undefined;
    let drifted = work.lines.get(line);
    if (!drifted) {
      drifted = driftOfLine(file, work.map, line);
      work.lines.set(line, drifted);
    }
    const renamedFrom = answer.renamedFrom === undefined ? undefined : uriSegments(answer.renamedFrom).at(-1);
    const since: Since = { revision, commit: answer.commit, renamedFrom };
    const { kind } = drifted;
    const drift: Drift = {
      commit: answer.commit,
      lineThen: line,
      kind,
      note: noteOf(drifted, line, since),
      label: labelOf(kind, line, drifted.line, since),
    };
    return { line: drifted.line, drift, lineGone: drifted.lineGone === true, linesThen: work.map.before };
  }

  /** The files of today that had this file name, and another path, at the revision. */
  renamed(baseName: string): Promise<readonly RenamedFile[]> {
    let answer = this.renames.get(baseName);
    if (!answer) {
      answer = this.ask((history, { refs }) => history.renamedSince(baseName, refs, this.signal)).then(
        (found) => found?.answer.files ?? [],
      );
      this.renames.set(baseName, answer);
    }
    return answer;
  }

  /** Asks with one revision after the other, until one is a commit that is here. */
  private async ask<T extends object>(
    question: (history: NonNullable<SourcePorts['history']>, revision: Revision) => Promise<T | HistoryProblem>,
  ): Promise<{ readonly revision: Revision; readonly answer: T } | undefined> {
    const { history } = this.ports;
    if (!history || !this.revisions.length) return undefined;
    for (const revision of this.revisions) {
      throwIfAborted(this.signal);
      const answer = await question(history, revision);
      if (!isProblem(answer)) {
        return { revision, answer };
      }
      this.note(revision, answer);
      // Another name does not help where there is no Git, or the file is not in the commit.
      if (answer.missing === undefined) return undefined;
    }
    return undefined;
  }

  /** The first thing that went wrong is about the surest revision; an answer that was had before stays. */
  private note({ name, kind, from }: Revision, { problem, missing }: HistoryProblem): void {
    this.outcome ??= { name, kind, from, problem, ...(missing === undefined ? {} : { missing: name }) };
  }
}

function workOf(then: TextAtRevision, now: string): Worked {
  const known = worked.get(then);
  if (known?.now === now) return known;
  const work: Worked = { now, map: mapLines(splitLines(then.text), splitLines(now)), lines: new Lru({ maxSize: maxLinesKept }) };
  worked.set(then, work);
  return work;
}

function isProblem(answer: object): answer is HistoryProblem {
  return 'problem' in answer;
}
