/**
 * Expressions over one span. Operators bind as in Tempo: `&&` and `||` equally and least, then comparisons, then sums, `!`, products, and `^`, which
 * goes from the right; `-x * y` is `-(x * y)`. Source: grafana/tempo, pkg/traceql/expr.y ("Operators are listed with increasing precedence").
 */

import { asArithmetic, asComparison, bindingOf } from './operators';
import { QueryProblem } from './problem';
import type { Literal, SpanExpression } from './query';
import type { TokenReader } from './tokenReader';

/** Stands where nothing could be read: a field, whose type nobody knows. */
const unread: SpanExpression = { type: 'field', field: { scope: 'any', name: '' } };

const JOINT = bindingOf('&&');
const COMPARISON = bindingOf('=');
const SUM = bindingOf('+');
const PRODUCT = bindingOf('*');

/** Where a part of an expression ends, and the next may be read. */
const stops = ['&&', '||', ')', '}', '|'];

/** Reads an expression up to what is none of it. */
export function readExpression(reader: TokenReader): SpanExpression {
  const first = readPart(reader);
  let left = first;
  for (;;) {
    const { text, type } = reader.peek();
    if (type !== 'operator' || (text !== '&&' && text !== '||')) return left;
    left = readChain(reader, left, text);
  }
}

/** All that follows with the same joint. */
function readChain(reader: TokenReader, left: SpanExpression, joint: '&&' | '||'): SpanExpression {
  const type = joint === '&&' ? 'and' : 'or';
  const parts = left.type === type ? [...left.parts] : [left];
  let { to } = left;
  while (reader.take(joint)) {
    const next = readPart(reader);
    if (next.type === type) parts.push(...next.parts);
    else parts.push(next);
    to = next.to;
  }
  return { type, parts, from: left.from, to };
}

function readPart(reader: TokenReader): SpanExpression {
  return reader.recovering(
    () => {
      const part = readBinary(reader, COMPARISON);
      const { type, text } = reader.peek();
      if (type === 'end' || (type === 'operator' && stops.includes(text))) return part;
      throw unexpected(reader);
    },
    unread,
    stops,
  );
}

/** What stands behind a part that is complete. */
function unexpected(reader: TokenReader): QueryProblem {
  const { from, to, text, type } = reader.peek();
  if (type === 'bad') return reader.expected('');
  if (type === 'operator' && /^(?:>>|<<|[!&]?~|[!&][<>]{1,2})$/.test(text))
    return new QueryProblem(from, to, `"${text}" relates sets of spans: it stands between braces, as in { … } ${text} { … }.`);
  if (text === '{') return new QueryProblem(from, to, 'the braces before have to be closed first.');
  if (text === ',') return new QueryProblem(from, to, 'there is one expression here, without commas.');
  return new QueryProblem(from, to, `an operator such as = or && is expected before ${text}.`);
}

function readBinary(reader: TokenReader, least: number): SpanExpression {
  let left = readUnary(reader);
  for (;;) {
    const token = reader.peek();
    const binds = token.type === 'operator' ? bindingOf(token.text) : 0;
    const comparison = asComparison(token.text);
    const arithmetic = asArithmetic(token.text);
    if (binds < least || binds <= JOINT || (!comparison && !arithmetic)) return left;
    reader.next();
    if (comparison === '=' && reader.is('='))
      throw new QueryProblem(token.from, reader.peek().to, 'equality is written with one =.');
    const isPower = arithmetic === '^';
    const right = isPower ? reader.nested(() => readBinary(reader, binds)) : readBinary(reader, binds + 1);
    const place = { from: left.from, to: right.to };
    if (comparison) left = { type: 'compare', operator: comparison, left, right, ...place };
    else if (arithmetic) left = { type: 'arithmetic', operator: arithmetic, left, right, ...place };
  }
}

function readUnary(reader: TokenReader): SpanExpression {
  const { from } = reader.peek();
  if (reader.take('!')) {
    const inner = reader.nested(() => readBinary(reader, PRODUCT));
    return { type: 'not', inner, from, to: inner.to };
  }
  if (reader.take('-')) {
    const inner = reader.nested(() => readBinary(reader, SUM + 1));
    const negative = inner.type === 'static' ? negated(inner.value) : undefined;
    if (negative) return { type: 'static', value: negative, from, to: inner.to };
    return { type: 'minus', inner, from, to: inner.to };
  }
  return readOperand(reader);
}

/** The same with the other sign; undefined of what has none. */
export function negated(value: Literal): Literal | undefined {
  switch (value.type) {
    case 'int':
      return { type: 'int', value: value.value === 0 ? 0 : -value.value };
    case 'float':
      return { type: 'float', value: -value.value };
    case 'duration':
      return { type: 'duration', valueNs: value.valueNs === 0 ? 0 : -value.valueNs };
    default:
      return undefined;
  }
}

function readOperand(reader: TokenReader): SpanExpression {
  const { from, to, field, value } = reader.peek();
  if (reader.take('(')) {
    const inner = reader.nested(() => readExpression(reader));
    const { to: end } = reader.expect(')', '&&, || or ")"');
    return { ...inner, from, to: end };
  }
  if (value) {
    reader.next();
    return { type: 'static', value, from, to };
  }
  if (field) {
    reader.next();
    return { type: 'field', field, from, to };
  }
  const before = reader.previous;
  const isAfterOperator = before?.type === 'operator' && asComparison(before.text) !== undefined;
  throw reader.expected(isAfterOperator ? `a value after "${before.text}"` : 'a field or a value');
}
