/**
 * What one resolution carries along: ports, options, and what was looked up already, so that a stack of a hundred frames asks for
 * each file once.
 */

import { Slices } from '../../base/slices';
import { inSlices, type Steps } from '../../base/steps';
import { Drifts } from '../drift/drifts';
import type { LocateResult } from '../model/located';
import type { Revision } from '../model/revision';
import type {
  PlaceVote,
  ResolveOptions,
  ResolveResult,
  SourcePorts,
  SourceRung,
  TextSearchAnswer,
  TriedStep,
} from '../model/types';
import { splitLines } from './splitLines';

/** Milliseconds of work between two turns of others. */
const sliceMs = 8;
const maxSourceBytes = 4 * 1024 * 1024;
const maxFindings = 50;

export class Context {
  readonly ports: SourcePorts;
  readonly options: ResolveOptions;
  readonly signal: AbortSignal | undefined;
  readonly tried: TriedStep[] = [];
  /** Lines of the commit that the span names. */
  readonly drifts: Drifts;
  /** Names of the service and the container that the places are of. */
  services: readonly string[];
  readonly located = new Map<string, Promise<LocateResult>>();
  readonly #found: Map<string, Promise<TextSearchAnswer>>;
  readonly #frames = new Set<string>();
  #isCut = false;
  readonly #foreign = new Set<string>();
  readonly #votes: PlaceVote[] = [];
  readonly #slices: Slices;
  readonly #texts: Map<string, Promise<string | undefined>>;
  readonly #lines: Map<string, Promise<readonly string[] | undefined>>;

  /** @param beside what was read for it is not read again */
  constructor(
    ports: SourcePorts,
    options: ResolveOptions,
    signal: AbortSignal | undefined,
    revisions: readonly Revision[] = [],
    beside?: Context,
  ) {
    this.#slices = beside ? beside.#slices : new Slices(signal, sliceMs);
    this.#found = beside ? beside.#found : new Map();
    this.#texts = beside ? beside.#texts : new Map();
    this.#lines = beside ? beside.#lines : new Map();
    this.drifts = new Drifts(ports, revisions, signal);
    this.ports = ports;
    this.options = options;
    this.services = options.services ?? [];
    this.signal = signal;
  }

  /**
   * For a question beside this one, whose notes are of no matter here: it has what was read in common with this.
   * @param ports the same ones, noting what is asked of them for the other question
   */
  beside(ports = this.ports): Context {
    return new Context(ports, this.options, this.signal, [], this);
  }

  /** Text of a source file; undefined where it can't be read or is too large to be source. */
  text(file: string): Promise<string | undefined> {
    return this.#after(this.#read(file));
  }

  #read(file: string): Promise<string | undefined> {
    const known = this.#texts.get(file);
    if (known) {
      this.#readBefore(file, known);
      return known;
    }
    const text = this.ports.workspace.readText(file, maxSourceBytes);
    this.#texts.set(file, text);
    return text;
  }

  #readBefore(file: string, answer: Promise<unknown>): void {
    const { askedBefore } = this.ports;
    if (askedBefore) answer.then(() => askedBefore.text(file)).catch(() => {});
  }

  /** Lines of a source file, split once. */
  lines(file: string): Promise<readonly string[] | undefined> {
    let lines = this.#lines.get(file);
    if (lines) this.#readBefore(file, lines);
    else {
      lines = this.#read(file).then((text) => (text === undefined ? undefined : splitLines(text)));
      this.#lines.set(file, lines);
    }
    return this.#after(lines);
  }

  /** Whoever looks through one file after the other lets others have a turn between two: this runs on the thread of all extensions. */
  #after<T>(answer: Promise<T>): Promise<T> {
    if (!this.#slices.due) return answer;
    // Who gave up in the pause does not wait for it any more, and nobody else may.
    answer.catch(() => {});
    return this.#slices.pause().then(() => answer);
  }

  /** Work on a whole file: others have their turn between its steps. */
  inSlices<T>(steps: Steps<T>): Promise<T> {
    return inSlices(steps, this.#slices);
  }

  /** Lines of the workspace's source that hold a text; undefined where nobody can look for it. */
  find(text: string): Promise<TextSearchAnswer> | undefined {
    let answer = this.#found.get(text);
    if (!answer && this.ports.search) {
      const reach = this.options.searchFurther ? 'further' : 'usual';
      answer = this.ports.search.find(text, this.signal, reach).then((found) => {
        this.#isCut ||= found.truncated;
        return found;
      });
      this.#found.set(text, answer);
    } else if (answer) {
      const { askedBefore } = this.ports;
      if (askedBefore) answer.then((found) => askedBefore.found(text, found)).catch(() => {});
    }
    return answer;
  }

  /** Whether a frame without a file may be looked up by its name: only so many different ones are. */
  mayLookUpFrame(name: string, limit: number): boolean {
    if (this.#frames.size < limit) this.#frames.add(name);
    return this.#frames.has(name);
  }

  /** What was come across besides candidates: a part of every `ResolveResult`. */
  get findings(): Pick<ResolveResult, 'foreign' | 'votes' | 'revision' | 'isCut'> {
    const isCut = this.#isCut ? { isCut: true } : {};
    return { foreign: [...this.#foreign], votes: this.#votes, revision: this.drifts.answer, ...isCut };
  }

  foreign(path: string): void {
    if (this.#foreign.size < maxFindings) this.#foreign.add(path);
  }

  vote(vote: PlaceVote): void {
    if (this.#votes.length < maxFindings) this.#votes.push(vote);
  }

  note(rung: SourceRung, what: string, outcome: string): void {
    if (this.tried.length < 50) this.tried.push({ rung, what, outcome });
  }
}
