/** From text to a tree, with all that is wrong: for whoever runs a query, and for whoever is still typing one. */

import { pipelineFunctions, readBareSet, readQuery } from './pipelineParser';
import { type QueryIssue, QueryProblem } from './problem';
import { type Hint, maxDepth, type SpanExpression, type Stage } from './query';
import { metricFunctions, TokenReader } from './tokenReader';
import { type Token, tokenize } from './tokens';
import { type RegExpProblem, validate } from './validate';

/** UTF-16 units. A query is written by a person, or for one. */
export const maxQueryLength = 100_000;

export interface ReadQuery {
  readonly stages: readonly Stage[];
  readonly hints: readonly Hint[];
  /** In the order of the text. The stages are of use only where this is empty. */
  readonly issues: readonly QueryIssue[];
}

export function readText(text: string, regExpProblem: RegExpProblem): ReadQuery {
  if (text.length > maxQueryLength) {
    const message = `The query is longer than ${maxQueryLength} characters: ask for less, or in several queries.`;
    return { stages: [], hints: [], issues: [{ from: maxQueryLength, to: text.length, message }] };
  }
  const tokens = tokenize(text);
  const reader = new TokenReader(tokens);
  const isBare = isBareSet(tokens);
  const { stages, hints } = reader.recovering(
    () => (isBare ? readBareSet(reader) : readQuery(reader)),
    { stages: [], hints: [] },
    [],
  );
  const deep = deepest(stages);
  if (deep) reader.note(deep);
  else validate(stages, (problem) => reader.note(problem), regExpProblem);
  const problems = [...reader.problems].sort((a, b) => a.from - b.from);
  return { stages, hints, issues: problems.map((problem) => issueOf(problem, text)) };
}

/** Conditions without their braces: `status = error`. */
function isBareSet(tokens: readonly Token[]): boolean {
  let asks = false;
  for (const [k, { type, text }] of tokens.entries()) {
    if (type === 'operator' && text === '{') return false;
    const isCall = type === 'word' && tokens[k + 1]?.text === '(';
    if (isCall && (pipelineFunctions.includes(text) || metricFunctions.includes(text))) return false;
    asks ||= type === 'field' || type === 'word';
  }
  return asks;
}

function issueOf({ from, to, message }: QueryProblem, text: string): QueryIssue {
  const begin = Math.min(from, text.length);
  const sentence =
    begin >= text.length
      ? `The query is not complete: ${message.replace(/, but nothing follows\.$/, '.')}`
      : `The query cannot be run from character ${begin + 1} on: ${message}`;
  return { from: begin, to: Math.min(Math.max(to, begin), text.length), message: sentence };
}

type Node = Stage | SpanExpression | Extract<Stage, { readonly type: 'scalarFilter' }>['left'];

/** The tree is walked by recursion everywhere, so it may not be deep, as a chain of different operators is. */
function deepest(stages: readonly Stage[]): QueryProblem | undefined {
  const open: (readonly [Node, number])[] = stages.map((stage) => [stage, 1]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (depth > maxDepth) {
      const { from = 0, to = 0 } = node;
      return new QueryProblem(from, to, `operators nest deeper than ${maxDepth}: ask in several queries.`);
    }
    for (const inner of innerOf(node)) open.push([inner, depth + 1]);
  }
  return undefined;
}

function innerOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'spans':
      return [node.filter];
    case 'and':
    case 'or':
    case 'both':
    case 'either':
      return node.parts;
    case 'structure':
    case 'compare':
    case 'arithmetic':
    case 'scalarFilter':
      return [node.left, node.right];
    case 'pipeline':
      return node.stages;
    case 'scalarPipeline':
      return [...node.stages, node.aggregate];
    case 'not':
    case 'minus':
      return [node.inner];
    case 'by':
      return [node.expression];
    case 'aggregate':
      return node.expression ? [node.expression] : [];
    case 'select':
    case 'coalesce':
    case 'static':
    case 'field':
    case 'text':
      return [];
    default:
      return node satisfies never;
  }
}
