/**
 * The spans around the one that is asked about. What they lead to tells places apart that fit equally, and gives a line to a span that says
 * nothing: a query was made by the function that the span around it is of.
 */

import type { Context } from '../context/context';
import type { Relative, SourceCandidate, SpanFamily } from '../model/types';
import { type Call, callsIn } from '../outline/calls';
import { callbackAt, entryEnd, type FunctionText, functionAt, functionsNamed, madeAt } from '../outline/functions';

/** A function that an ancestor leads to. Lines from 0. */
export interface Caller {
  /** URI. */
  readonly file: string;
  /** Undefined for a callback. */
  readonly name: string | undefined;
  readonly start: number;
  /** The line after its last one. */
  readonly end: number;
  /** Of the ancestor's place. */
  readonly confidence: number;
  /** 1: the parent's. */
  readonly distance: number;
}

/** Finds the places of an ancestor, whose own family is given. */
export type AskRelative = (relative: Relative, family: Family) => Promise<readonly SourceCandidate[]>;

const none: SpanFamily = { ancestors: [], before: [], children: [] };
/** Ancestors that are looked for. */
const maxAsked = 5;
const maxCallers = 3;
/** As far up the span is looked for that a request came in by, or a message; the engine gives no more. */
const maxEntry = 8;
/** Parts of a request that stand between it and one of them: `tcp.connect` is below `tls.connect`. */
const maxParts = 4;
/** As OTLP numbers them. */
const server = 2;
const client = 3;
const producer = 4;
const consumer = 5;
/** An ancestor whose place is a guess says nothing. */
const least = 0.5;
const leastGuess = 0.3;
/** Lines of code around a place that is in no function. */
const around = 40;

export class Family {
  readonly ancestors: readonly Relative[];
  readonly before: readonly Relative[];
  readonly children: readonly Relative[];
  /** Which of equal spans it is, in the order of `before`, decided. */
  isTurnTelling = false;
  #callers: Promise<readonly Caller[]> | undefined;
  readonly #calls = new Map<Caller, Promise<readonly Call[]>>();
  #places: Promise<readonly SourceCandidate[]> | undefined;
  #parent: Family | undefined;

  /** @param ask undefined: nobody knows where ancestors are */
  constructor(
    private readonly service: string,
    private readonly context: Context,
    { ancestors, before, children }: SpanFamily = none,
    private readonly ask?: AskRelative,
  ) {
    this.ancestors = ancestors;
    this.before = before;
    this.children = children;
  }

  /** The functions that the nearest ancestors of the same service lead to, nearest first. */
  callers(): Promise<readonly Caller[]> {
    this.#callers ??= this.#findCallers();
    return this.#callers;
  }

  /** Where the request of the span around was made, if that is one of a client: what is below it is its library's work. */
  async request(): Promise<SourceCandidate | undefined> {
    const [relative] = this.ancestors;
    // Nobody is asked where no client is near.
    if (!this.ancestors.slice(0, maxParts).some(({ kind }) => kind === client || kind === producer)) return undefined;
    if (!relative || (relative.service !== this.service && this.service !== '')) return undefined;
    const [best] = await this.#parentPlaces();
    if (!best || best.confidence < least || best.lineUnknown || best.content !== undefined) return undefined;
    if (relative.kind === client || relative.kind === producer) return best;
    // `tcp.connect` below `tls.connect` below `GET`.
    const above = relative.kind === server || relative.kind === consumer ? undefined : await this.#above().request();
    return above && above.file === best.file && above.line === best.line ? best : undefined;
  }

  /** Where the nearest ancestor may be, if it is unsure which of a few. */
  async guesses(): Promise<readonly Caller[]> {
    let above: Family = this;
    for (let distance = 1; distance <= maxAsked; distance++) {
      const [relative] = above.ancestors;
      if (!relative || (relative.service !== this.service && this.service !== '')) break;
      const places = (await above.#parentPlaces()).filter((each) => each.confidence >= leastGuess && !each.lineUnknown);
      const likely = places.filter((each) => each.confidence >= places[0].confidence - 0.05).slice(0, maxCallers);
      if (likely.length)
        return (await Promise.all(likely.map((each) => this.#callerAt(each, distance)))).filter((each) => each !== undefined);
      above = above.#above();
    }
    return [];
  }

  /** Lines of a source file; undefined where it can't be read. */
  lines(file: string): Promise<readonly string[] | undefined> {
    return this.context.lines(file);
  }

  /** The calls that stand in a caller, in the order of the text. */
  calls(caller: Caller): Promise<readonly Call[]> {
    let calls = this.#calls.get(caller);
    if (!calls) {
      calls = this.#readCalls(caller);
      this.#calls.set(caller, calls);
    }
    return calls;
  }

  async #readCalls({ file, start, end }: Caller): Promise<readonly Call[]> {
    return callsIn((await this.context.lines(file)) ?? [], start, end, /\.(?:rb|rake|ru|erb|ex|exs|scala|groovy)$/.test(file));
  }

  async #findCallers(): Promise<readonly Caller[]> {
    const found: Caller[] = [];
    let above: Family = this;
    for (let distance = 1; distance <= maxEntry; distance++) {
      const [relative] = above.ancestors;
      if (!relative || (relative.service !== this.service && this.service !== '')) break;
      // However many middlewares stand between: what a request came in by called all of it.
      const isEntry = relative.kind === server || relative.kind === consumer;
      if ((distance > maxAsked || found.length >= maxCallers) && !isEntry) {
        above = above.#above();
        continue;
      }
      const [best] = await above.#parentPlaces();
      const caller = best && best.confidence >= least && !best.lineUnknown ? await this.#callerAt(best, distance) : undefined;
      if (caller && !found.some(({ file, start }) => file === caller.file && start === caller.start)) found.push(caller);
      if (isEntry && (found.length >= maxCallers || distance >= maxAsked)) break;
      above = above.#above();
    }
    return found;
  }

  async #callerAt({ file, line, confidence, content }: SourceCandidate, distance: number): Promise<Caller | undefined> {
    const lines = content === undefined ? await this.context.lines(file) : undefined;
    if (!lines) return undefined;
    const text = handedOver(lines, line) ?? callbackAt(lines, line) ?? functionAt(lines, line);
    const { start, end } = text ?? {
      start: line,
      end: madeAt(lines, line)?.end ?? Math.max(entryEnd(lines, line), Math.min(lines.length, line + around)),
    };
    return { file, name: text?.name, start, end, confidence, distance };
  }

  #parentPlaces(): Promise<readonly SourceCandidate[]> {
    const [relative] = this.ancestors;
    this.#places ??= relative && this.ask ? this.ask(relative, this.#above()) : Promise.resolve([]);
    return this.#places;
  }

  #above(): Family {
    const [parent, ...ancestors] = this.ancestors;
    this.#parent ??= new Family(parent?.service ?? '', this.context, { ancestors, before: [], children: [] }, this.ask);
    return this.#parent;
  }
}

/** `traced('orders.run', logged('orders.run', run))`: the function that is given beside the name. */
function handedOver(lines: readonly string[], line: number): FunctionText | undefined {
  for (const text of lines.slice(line, line + 2)) {
    const [, quoted, name] = /(["'`])[^"'`]{1,200}\1\s*,\s*([\p{L}_$][\w$]{1,80})\s*\)+[,;]?\s*$/u.exec(text.slice(0, 500)) ?? [];
    const [found] = quoted === undefined ? [] : functionsNamed(lines, name);
    if (found && (line < found.start || line >= found.end)) return found;
  }
  return undefined;
}
