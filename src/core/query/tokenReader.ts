/** Reads tokens one after the other, and notes what is wrong: after a mistake reading goes on where the next part begins. */

import { QueryProblem } from './problem';
import { maxDepth } from './query';
import type { Token } from './tokens';

/** A person mends one thing after the other. */
const maxProblems = 50;

/** Functions that make metrics of spans. Source: Grafana Tempo documentation, "TraceQL metrics". */
export const metricFunctions: readonly string[] = [
  'rate',
  'count_over_time',
  'min_over_time',
  'max_over_time',
  'avg_over_time',
  'sum_over_time',
  'quantile_over_time',
  'histogram_over_time',
  'compare',
  'topk',
  'bottomk',
];

export class TokenReader {
  readonly problems: QueryProblem[] = [];
  private at = 0;
  private depth = 0;
  /** Brackets that are open. */
  private open = 0;
  private isClosed = false;

  constructor(private readonly tokens: readonly Token[]) {}

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)];
  }

  /** The token before. */
  get previous(): Token | undefined {
    return this.tokens[this.at - 1];
  }

  next(): Token {
    const token = this.peek();
    if (token.type === 'end') return token;
    this.at++;
    this.open += opening(token);
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.type === 'operator' || token.type === 'word') && token.text === text;
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** Takes what closes or separates; anything else is a mistake, told by what could stand here. */
  expect(text: string, what = `"${text}"`): Token {
    const token = this.peek();
    if (!this.take(text)) throw this.expected(what);
    return token;
  }

  note(problem: QueryProblem): void {
    // What follows from a mistake at the same place is none of its own.
    if (this.isClosed) return;
    this.isClosed = problem.isFinal;
    if (this.problems.length < maxProblems && !this.problems.some(({ from }) => from === problem.from))
      this.problems.push(problem);
  }

  /** Reads a part; after a mistake in it, goes to where `stops` says that another begins, at this level of brackets, and gives the substitute. */
  recovering<T>(read: () => T, substitute: T, stops: readonly string[]): T {
    const { depth, open } = this;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error;
      this.note(error);
      this.depth = depth;
      this.skip(error.isFinal ? [] : stops, open);
      return substitute;
    }
  }

  /** @param open brackets that are open where it is stopped */
  private skip(stops: readonly string[], open: number): void {
    for (; this.peek().type !== 'end'; this.next()) {
      const { type, text } = this.peek();
      if (type === 'operator' && this.open <= open && stops.includes(text)) return;
    }
  }

  /** Reads what is nested one level deeper. */
  nested<T>(read: () => T): T {
    if (++this.depth > maxDepth) {
      const { from, to } = this.peek();
      throw new QueryProblem(from, to, `brackets nest deeper than ${maxDepth}.`, true);
    }
    const result = read();
    this.depth--;
    return result;
  }

  /** A problem: what could stand here does not. */
  expected(what: string): QueryProblem {
    const token = this.peek();
    const { from, to, text, type } = token;
    if (type === 'bad') return new QueryProblem(from, to, token.problem ?? '');
    if (type === 'word') {
      const isCall = this.is('(', 1);
      if (isCall && metricFunctions.includes(text)) {
        return new QueryProblem(from, to, `${text}() makes a metric of spans; a search finds traces. Leave it out.`, true);
      }
      if (isCall) return new QueryProblem(from, to, `there is no function ${text}() here.`);
      if (/^a (?:field|value)/.test(what)) return new QueryProblem(from, to, wordProblem(text, this.previous));
    }
    return new QueryProblem(from, to, `${what} is expected, but ${type === 'end' ? 'nothing follows' : `${text} was found`}.`);
  }
}

function opening({ type, text }: Token): number {
  if (type !== 'operator') return 0;
  return text === '(' || text === '{' ? 1 : text === ')' || text === '}' ? -1 : 0;
}

/** Fields that have a scope, by the word that is written without one. */
const scopedNames: Readonly<Record<string, string>> = {
  childCount: 'span:childCount',
  id: 'span:id',
  traceID: 'trace:id',
  spanID: 'span:id',
  parentID: 'span:parentID',
  timeSinceStart: 'event:timeSinceStart',
  version: 'instrumentation:version',
  rootService: 'rootServiceName',
};

/** A word that is nothing of the language: an attribute without its dot, or a text without quotes. */
function wordProblem(text: string, before: Token | undefined): string {
  if (text === 'parent') return 'the parent has to be asked for a field, as in parent.name or parent.span.key.';
  if (before?.type === 'operator' && /^(?:[=<>]|!=|!~)/.test(before.text)) {
    return `${text} is no value. Texts are in quotes: "${text}".`;
  }
  if (Object.hasOwn(scopedNames, text)) return `${text} is no field. ${scopedNames[text]} is one.`;
  return `${text} is no field. An attribute begins with a dot or a scope: .${text} or span.${text}.`;
}
