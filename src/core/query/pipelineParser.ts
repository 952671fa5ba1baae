/**
 * Pipelines: sets of spans, what joins them, and what is worked out of them. Sets and their values share brackets and operators, so both are read alike,
 * and what an operator may join is looked at when it has both sides. Source: grafana/tempo, pkg/traceql/expr.y. Beyond it, a pipeline in brackets may
 * stand wherever a set may.
 */

import { everySpan } from './build';
import { negated, readExpression } from './expressionParser';
import { asArithmetic, asComparison, asStructure, bindingOf, mirrored } from './operators';
import { QueryProblem } from './problem';
import type { ComparisonOperator, Field, Hint, Literal, Scalar, SpansetExpression, Stage } from './query';
import { foldNumbers } from './scalarNumbers';
import { metricFunctions, type TokenReader } from './tokenReader';

/** A set, a value of one, or a stage that is neither. */
type Part =
  | { readonly is: 'set'; readonly node: SpansetExpression }
  | { readonly is: 'scalar'; readonly node: Scalar }
  | { readonly is: 'stage'; readonly node: Stage };

type Aggregate = Extract<Scalar, { readonly type: 'aggregate' }>['function'];

const aggregates: readonly Aggregate[] = ['count', 'avg', 'min', 'max', 'sum'];

/** Functions that stand in pipelines, each followed by brackets. */
export const pipelineFunctions: readonly string[] = [...aggregates, 'by', 'select', 'coalesce'];

const unread: Part = { is: 'set', node: { type: 'spans', filter: everySpan } };

const POWER = bindingOf('^');
const JOINT = bindingOf('&&');

/** Reads all stages up to the end of the text, and the hints behind them. */
export function readQuery(reader: TokenReader): { stages: Stage[]; hints: Hint[] } {
  const parts = readParts(reader);
  const stages = parts.flatMap((part) => stagesOf(reader, part));
  const hints: Hint[] = [];
  while (reader.is('with')) hints.splice(0, hints.length, ...reader.recovering(() => readHints(reader), [], []));
  if (reader.peek().type !== 'end') reader.note(reader.expected('&&, ||, "|" or the end'));
  return { stages, hints };
}

/** A set of spans alone, without its braces. */
export function readBareSet(reader: TokenReader): { stages: Stage[]; hints: Hint[] } {
  const { from } = reader.peek();
  const filter = readExpression(reader);
  if (reader.peek().type !== 'end') reader.note(reader.expected('&&, || or the end'));
  return { stages: [{ type: 'spans', filter, from, to: filter.to }], hints: [] };
}

function readParts(reader: TokenReader): Part[] {
  const parts: Part[] = [];
  do parts.push(reader.recovering(() => readStage(reader, parts.length === 0), unread, ['|', ')']));
  while (reader.take('|'));
  return parts;
}

/** A value has to be compared with something where a stage is wanted. A pipeline in brackets that is a whole stage is its stages. */
function stagesOf(reader: TokenReader, { is, node }: Part): readonly Stage[] {
  if (is === 'set' && node.type === 'pipeline') return node.stages;
  if (is !== 'scalar') return [node];
  const { from = 0, to = 0 } = node;
  const example = hasAggregate(node)
    ? 'its value is compared with a number, as in count() > 2.'
    : 'a set of spans is expected, in braces.';
  reader.note(new QueryProblem(from, to, example));
  return [];
}

function hasAggregate(scalar: Scalar): boolean {
  if (scalar.type === 'arithmetic') return hasAggregate(scalar.left) || hasAggregate(scalar.right);
  return scalar.type !== 'static';
}

function readStage(reader: TokenReader, isFirst: boolean): Part {
  const { from, text } = reader.peek();
  if (reader.peek().type !== 'word') return readBinary(reader, JOINT);
  const place = (): { from: number; to: number } => ({ from, to: reader.expect(')').to });
  switch (text) {
    case 'by': {
      openCall(reader, 'by(resource.service.name)');
      return { is: 'stage', node: { type: 'by', expression: readExpression(reader), ...place() } };
    }
    case 'select': {
      openCall(reader, 'select(name, duration)');
      const fields = readList(reader, () => readField(reader));
      return { is: 'stage', node: { type: 'select', fields, ...place() } };
    }
    case 'coalesce': {
      const { to } = reader.peek();
      if (isFirst)
        throw new QueryProblem(from, to, 'there are no sets to coalesce yet: it stands behind a set of spans and a bar.');
      openCall(reader, 'coalesce()');
      return { is: 'stage', node: { type: 'coalesce', ...place() } };
    }
    default:
      return readBinary(reader, JOINT);
  }
}

function openCall(reader: TokenReader, example: string): void {
  const { from, to, text } = reader.next();
  if (!reader.take('(')) throw new QueryProblem(from, to, `${text} is followed by brackets, as in ${example}.`);
}

function readList<T>(reader: TokenReader, read: () => T): T[] {
  const items: T[] = [];
  do items.push(read());
  while (reader.take(','));
  return items;
}

function readField(reader: TokenReader): Field {
  const { field } = reader.peek();
  if (!field) throw reader.expected('a field');
  reader.next();
  return field;
}

function readBinary(reader: TokenReader, least: number): Part {
  let left = readOperand(reader);
  for (;;) {
    const token = reader.peek();
    const binds = token.type === 'operator' ? bindingOf(token.text) : 0;
    if (binds === 0 || binds < least) return left;
    if (binds === JOINT) left = readChain(reader, left);
    else {
      reader.next();
      if (token.text === '=' && reader.is('='))
        throw new QueryProblem(token.from, reader.peek().to, 'equality is written with one =.');
      const right = binds === POWER ? reader.nested(() => readBinary(reader, binds)) : readBinary(reader, binds + 1);
      left = combined(left, token, right);
    }
  }
}

/** All that follows with the same joint. */
function readChain(reader: TokenReader, first: Part): Part {
  const joint = reader.peek();
  const type = joint.text === '&&' ? 'both' : 'either';
  const left = joinable(first, joint);
  const parts = left.type === type ? [...left.parts] : [left];
  let { to } = left;
  while (reader.take(joint.text)) {
    const next = joinable(readBinary(reader, JOINT + 1), joint);
    if (next.type === type) parts.push(...next.parts);
    else parts.push(next);
    to = next.to;
  }
  return { is: 'set', node: { type, parts, from: left.from, to } };
}

interface Placed {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A set, where one is joined. */
function joinable({ is, node }: Part, { from, to, text }: Placed): SpansetExpression {
  if (is === 'set') return node;
  const advice = 'what is worked out of a set stands in brackets with it, as in ({ … } | count() > 3)';
  throw new QueryProblem(from, to, `"${text}" joins sets of spans: ${advice} ${text} ({ … }).`);
}

function combined(left: Part, operator: Placed, right: Part): Part {
  const { from, to, text } = operator;
  const place = { from: left.node.from, to: right.node.to };
  const structure = asStructure(text);
  if (left.is === 'scalar' && right.is === 'scalar') {
    const comparison = asComparison(text);
    if (comparison)
      return { is: 'stage', node: { type: 'scalarFilter', ...filterOf(left.node, comparison, right.node, operator), ...place } };
    const arithmetic = asArithmetic(text);
    if (!arithmetic) throw new QueryProblem(from, to, `"${text}" does not calculate with numbers.`);
    if (left.node.type === 'static' && right.node.type === 'static') {
      const folded = foldNumbers(arithmetic, left.node.value, right.node.value);
      if (typeof folded === 'string') throw new QueryProblem(place.from ?? from, place.to ?? to, folded);
      return { is: 'scalar', node: { type: 'static', value: folded, ...place } };
    }
    return { is: 'scalar', node: { type: 'arithmetic', operator: arithmetic, left: left.node, right: right.node, ...place } };
  }
  if (left.is === 'stage' || right.is === 'stage') {
    throw new QueryProblem(from, to, `"${text}" cannot stand here: what was compared already goes on with | or the end.`);
  }
  if (left.is === 'set' && right.is === 'set') {
    if (structure)
      return { is: 'set', node: { type: 'structure', operator: structure, left: left.node, right: right.node, ...place } };
    throw new QueryProblem(
      from,
      to,
      `"${text}" is nothing between sets of spans: they are joined with &&, ||, > or >> and the like.`,
    );
  }
  throw new QueryProblem(
    from,
    to,
    `"${text}" needs numbers on both sides, as in { … } | count() ${asComparison(text) ? text : '>'} 2.`,
  );
}

/** The value that is a number stands on the right, as Tempo has it. */
function filterOf(
  left: Scalar,
  operator: ComparisonOperator,
  right: Scalar,
  { from, to, text }: Placed,
): { left: Scalar; operator: ComparisonOperator; right: Scalar } {
  const turned = mirrored(operator);
  if (!turned) throw new QueryProblem(from, to, `"${text}" compares texts; the value of a set is a number.`);
  if (!hasAggregate(left) && !hasAggregate(right)) {
    throw new QueryProblem(
      left.from ?? from,
      right.to ?? to,
      'nothing of the spans is compared here: one side has an aggregate, as in count() > 2.',
    );
  }
  return left.type === 'static' ? { left: right, operator: turned, right: left } : { left, operator, right };
}

function readOperand(reader: TokenReader): Part {
  const token = reader.peek();
  const { from, text } = token;
  if (reader.is('{')) return { is: 'set', node: readSet(reader) };
  if (reader.take('(')) return reader.nested(() => readBracketed(reader, from));
  if (reader.take('-')) {
    const { value: positive } = reader.peek();
    const value = positive && negated(positive);
    if (!value) throw reader.expected('a number');
    return { is: 'scalar', node: { type: 'static', value, from, to: reader.next().to } };
  }
  const aggregate = token.type === 'word' ? aggregates.find((each) => each === text) : undefined;
  if (aggregate) return { is: 'scalar', node: readAggregate(reader, aggregate) };
  if (token.value)
    return { is: 'scalar', node: { type: 'static', value: numberOf(reader, token.value), from, to: reader.next().to } };
  if (token.type === 'word' && pipelineFunctions.includes(text)) {
    throw new QueryProblem(from, token.to, `${text}() stands alone between bars, as in { … } | ${text}(…).`);
  }
  throw reader.expected(metricFunctions.includes(text) ? 'a set of spans' : '"{"');
}

function numberOf(reader: TokenReader, value: Literal): Literal {
  if (value.type === 'int' || value.type === 'float' || value.type === 'duration') return value;
  const { from, to, text } = reader.peek();
  if (!/^(?:[=<>]|!=)/.test(reader.previous?.text ?? '')) throw reader.expected('"{"');
  throw new QueryProblem(from, to, `the value of a set is a number or a duration, and ${text} is neither.`);
}

function readSet(reader: TokenReader): SpansetExpression {
  const { from } = reader.next();
  const { to } = reader.peek();
  if (reader.take('}')) return { type: 'spans', filter: everySpan, from, to };
  const filter = reader.nested(() => readExpression(reader));
  return { type: 'spans', filter, from, to: reader.expect('}', '&&, || or "}"').to };
}

function readAggregate(reader: TokenReader, name: Aggregate): Scalar {
  const { from } = reader.peek();
  openCall(reader, name === 'count' ? 'count()' : `${name}(duration)`);
  if (name === 'count') {
    const { from: at, to } = reader.peek();
    if (!reader.take(')')) throw new QueryProblem(at, to, 'count() counts spans, and has nothing in its brackets.');
    return { type: 'aggregate', function: name, from, to };
  }
  const expression = readExpression(reader);
  return { type: 'aggregate', function: name, expression, from, to: reader.expect(')').to };
}

/** What stands in brackets: a set, a number, or a pipeline of several stages, which is a number where its last is one. */
function readBracketed(reader: TokenReader, from: number): Part {
  const parts = readParts(reader);
  const { to } = reader.expect(')', parts.length > 1 ? '"|" or ")"' : '&&, ||, "|" or ")"');
  const [only, second] = parts;
  const last = parts[parts.length - 1];
  if (second === undefined && only.is !== 'stage') {
    return only.is === 'set'
      ? { is: 'set', node: { ...only.node, from, to } }
      : { is: 'scalar', node: { ...only.node, from, to } };
  }
  if (last.is === 'scalar' && last.node.type === 'aggregate') {
    const stages = parts.slice(0, -1).flatMap((part) => stagesOf(reader, part));
    return { is: 'scalar', node: { type: 'scalarPipeline', stages, aggregate: last.node, from, to } };
  }
  const stages = parts.flatMap((part) => stagesOf(reader, part));
  return { is: 'set', node: { type: 'pipeline', stages, from, to } };
}

function readHints(reader: TokenReader): Hint[] {
  openCall(reader, 'with (most_recent = true)');
  const hints = readList(reader, () => {
    const name = reader.next();
    if (name.type !== 'word')
      throw new QueryProblem(name.from, name.to, 'the name of a hint is expected, as in with (most_recent = true).');
    reader.expect('=');
    const { value } = reader.peek();
    if (!value || value.type === 'nil') throw reader.expected('a value');
    reader.next();
    return { name: name.text, value };
  });
  reader.expect(')');
  return hints;
}
