/**
 * What stands around the caret in a query that is being typed: which part of it, what could follow there, and how much of that is typed. From the tokens
 * before the caret alone, so that what is wrong before or behind it does no harm.
 */

import { asComparison, asStructure } from './operators';
import { pipelineFunctions } from './pipelineParser';
import type { Field } from './query';
import { type Token, tokenize } from './tokens';

/** What could stand at the caret. */
export type Place =
  /** A field, or whatever else begins a part of an expression. */
  | { readonly is: 'field'; readonly in: Surrounding }
  /** An operator after a field, which is undefined behind brackets or a value. */
  | { readonly is: 'operator'; readonly field?: Field; readonly in: Surrounding }
  /** A value after an operator. */
  | { readonly is: 'value'; readonly field?: Field; readonly isPattern: boolean; readonly in: Surrounding }
  /** What goes on after a complete comparison. */
  | { readonly is: 'joint'; readonly in: Surrounding }
  /** A stage of a pipeline. */
  | { readonly is: 'stage'; readonly isFirst: boolean; readonly in: Surrounding }
  /** A set, after what joins sets. */
  | { readonly is: 'set'; readonly in: Surrounding }
  /** What joins a set with another, or a bar. */
  | { readonly is: 'relation'; readonly in: Surrounding }
  /** What compares the value of a set. */
  | { readonly is: 'comparison'; readonly in: Surrounding }
  /** A number, or a duration where the value of a set is one. */
  | { readonly is: 'number'; readonly in: Surrounding }
  /** A bar, after a stage that is no set. */
  | { readonly is: 'bar'; readonly in: Surrounding }
  | { readonly is: 'nothing'; readonly in: Surrounding };

/** What has to be closed: braces, brackets, a list of fields; `bare`: conditions without braces; `top`: nothing. */
export type Surrounding = 'braces' | 'group' | 'argument' | 'list' | 'bare' | 'pipeline' | 'top';

export interface CaretContext {
  readonly place: Place;
  /** What is typed of it already, up to the caret. */
  readonly typed: string;
  /** What a choice replaces: UTF-16 offsets. */
  readonly from: number;
  readonly to: number;
}

/** @param caret UTF-16 offset */
export function caretContext(text: string, caret: number): CaretContext {
  const tokens = dottedWords(tokenize(text.slice(0, caret)).slice(0, -1));
  const last = tokens.at(-1);
  const isTyped = last !== undefined && last.to === caret && isOpen(last);
  const before = new Walk(isTyped ? tokens.slice(0, -1) : tokens, isBare(tokens));
  if (!isTyped) return { place: before.place, typed: '', from: caret, to: caret };
  const end = tokenize(text).find(({ from, to }) => from <= caret && caret < to && from >= last.from)?.to ?? caret;
  return { place: before.place, typed: last.text, from: last.from, to: last.type === 'operator' ? caret : Math.max(caret, end) };
}

/** More of it could be typed. Brackets are complete. */
function isOpen({ type, text }: Token): boolean {
  return type !== 'operator' || /^[=!<>&|~]+$/.test(text);
}

/** `http.route`, without the dot that an attribute begins with, is a word and a field to the language; to a person it is one. */
function dottedWords(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last?.type !== 'word' || last.to !== token.from || token.text[0] !== '.') joined.push(token);
    else joined[joined.length - 1] = { ...last, text: last.text + token.text, to: token.to };
  }
  return joined;
}

function isBare(tokens: readonly Token[]): boolean {
  return !tokens.some(
    ({ type, text }, k) => text === '{' || (type === 'word' && pipelineFunctions.includes(text) && tokens[k + 1]?.text === '('),
  );
}

interface Frame {
  readonly in: Surrounding;
  place: Place;
  /** The left side of the comparison that is being typed. */
  field?: Field;
  isCompared: boolean;
  /** The last stage is the value of a set. */
  isScalar: boolean;
}

function isExpression(surrounding: Surrounding): boolean {
  return surrounding === 'braces' || surrounding === 'group' || surrounding === 'argument' || surrounding === 'bare';
}

/** Goes through the tokens, and knows what could follow each. */
class Walk {
  private readonly frames: Frame[];

  constructor(tokens: readonly Token[], bare: boolean) {
    this.frames = [opened(bare ? 'bare' : 'top')];
    for (const [k, token] of tokens.entries()) this.step(token, tokens[k - 1]);
  }

  get place(): Place {
    return this.top.place;
  }

  private get top(): Frame {
    return this.frames[this.frames.length - 1];
  }

  private step(token: Token, before: Token | undefined): void {
    const frame = this.top;
    if (token.type === 'operator' && (token.text === ')' || token.text === '}')) this.close();
    else if (token.type === 'operator' && (token.text === '(' || token.text === '{')) this.open(token.text, before);
    else if (isExpression(frame.in)) inExpression(frame, token);
    else if (frame.in === 'list') frame.place = { is: token.field ? 'joint' : 'field', in: 'list' };
    else inPipeline(frame, token);
  }

  private open(bracket: string, before: Token | undefined): void {
    const { top } = this;
    if (bracket === '{') this.frames.push(opened('braces'));
    else if (isExpression(top.in)) this.frames.push(opened('group'));
    else if (before?.type !== 'word') this.frames.push(opened('pipeline'));
    else
      this.frames.push(
        opened(before.text === 'select' ? 'list' : 'argument', before.text === 'count' || before.text === 'coalesce'),
      );
  }

  private close(): void {
    const closed = this.frames.length > 1 ? this.frames.pop() : undefined;
    const { top } = this;
    if (!closed) return;
    if (isExpression(top.in)) {
      top.isCompared ||= closed.isCompared;
      top.place = top.isCompared ? { is: 'joint', in: top.in } : { is: 'operator', in: top.in };
    } else if (closed.in === 'braces' || (closed.in === 'pipeline' && !closed.isScalar))
      top.place = { is: 'relation', in: top.in };
    else if (closed.in === 'pipeline' || top.isScalar) top.place = { is: 'comparison', in: top.in };
    else top.place = { is: 'bar', in: top.in };
    if (closed.in === 'pipeline') top.isScalar = closed.isScalar;
  }
}

function opened(surrounding: Surrounding, isEmpty = false): Frame {
  const first: Place = isEmpty
    ? { is: 'nothing', in: surrounding }
    : surrounding === 'top' || surrounding === 'pipeline'
      ? { is: 'stage', isFirst: true, in: surrounding }
      : { is: 'field', in: surrounding };
  return { in: surrounding, place: first, isCompared: false, isScalar: false };
}

function inExpression(frame: Frame, { type, text, field }: Token): void {
  const surrounding = frame.in;
  if (type === 'operator') {
    const comparison = asComparison(text);
    if (text === '&&' || text === '||') {
      frame.isCompared = false;
      frame.field = undefined;
      frame.place = { is: 'field', in: surrounding };
    } else if (frame.place.is === 'nothing') {
      // Words to look for may be followed by anything.
      return;
    } else if (comparison) {
      frame.isCompared = true;
      frame.place = { is: 'value', field: frame.field, isPattern: comparison.endsWith('~'), in: surrounding };
    } else frame.place = { is: 'field', in: surrounding };
    return;
  }
  if (frame.isCompared) frame.place = { is: 'joint', in: surrounding };
  else if (field) {
    frame.field = field;
    frame.place = { is: 'operator', field, in: surrounding };
  } else if (type === 'value') frame.place = { is: 'operator', in: surrounding };
  else if (type === 'word' && text.includes('.')) {
    // As it would be read in a search: an attribute whose dot is missing.
    frame.field = { scope: 'any', name: text };
    frame.place = { is: 'operator', field: frame.field, in: surrounding };
  } else frame.place = { is: 'nothing', in: surrounding };
}

function inPipeline(frame: Frame, { type, text }: Token): void {
  const surrounding = frame.in;
  if (type === 'word') {
    frame.isScalar = pipelineFunctions.includes(text) && !['by', 'select', 'coalesce'].includes(text);
    frame.place = { is: 'nothing', in: surrounding };
  } else if (text === '|') {
    frame.isScalar = false;
    frame.place = { is: 'stage', isFirst: false, in: surrounding };
  } else if (type === 'operator') {
    if (frame.place.is === 'comparison' || (frame.isScalar && !asStructure(text)))
      frame.place = { is: 'number', in: surrounding };
    else frame.place = { is: 'set', in: surrounding };
    if (frame.place.is === 'number') frame.isScalar = false;
  } else frame.place = { is: type === 'value' ? 'bar' : 'nothing', in: surrounding };
}
