/**
 * A query's tokens, found with Grafana's TraceQL grammar. Only its tokens and the names of unsupported parts are taken from the tree and not its
 * nesting: there `!` and `-` reach to the end of the expression and `&&` binds tighter than `||`, in Tempo both do otherwise.
 */

import { parser } from '@grafana/lezer-traceql';

export type TokenType =
  | 'field'
  | 'intrinsic'
  | 'static'
  | 'operator'
  | 'and'
  | 'or'
  | 'punctuation'
  | 'unsupported'
  | 'unknown'
  | 'end';

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  /** UTF-16 offsets in the query. */
  readonly from: number;
  readonly to: number;
  /** What an unsupported token is, in words. */
  readonly what?: string;
}

const typeOfNode: Readonly<Record<string, TokenType>> = {
  AttributeField: 'field',
  IntrinsicField: 'intrinsic',
  Static: 'static',
  Duration: 'static',
  Integer: 'static',
  Float: 'static',
  String: 'static',
  FieldOp: 'operator',
  ComparisonOp: 'operator',
  And: 'and',
  Or: 'or',
};

const unsupportedNodes: Readonly<Record<string, string>> = {
  Pipe: 'a pipeline ("|")',
  Gt: 'the relation ">" between span sets',
  Lt: 'the relation "<" between span sets',
  Desc: 'the relation ">>" between span sets',
  Anc: 'the relation "<<" between span sets',
  ExperimentalOp: 'a relation between span sets',
  UnionStructuralOp: 'a relation between span sets',
  ScalarFilter: 'an aggregate',
  Aggregate: 'an aggregate',
  GroupOperation: 'grouping ("by")',
  SelectOperation: '"select"',
  CoalesceOperation: '"coalesce"',
  MetricsOperation: 'a metric',
  MetricsOperationBasic: 'a metric',
  MetricsOperationHistogram: 'a metric',
  MetricsOperationQuantile: 'a metric',
  MetricsOperationCompare: 'a metric',
  MetricsOverTime: 'a metric',
  MetricsExpression: 'a metric',
  WithHint: 'a hint ("with")',
  TemplateVariable: 'a variable',
};

const PUNCTUATION = '{}()!-~';

/** All tokens, in order, with an `end` at last. Text that is none is `unknown`. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  parser.parse(maskEscapes(text)).iterate({
    enter(node) {
      const type = typeOfNode[node.name];
      const what = unsupportedNodes[node.name];
      if (node.name === 'LineComment' || node.name === 'BlockComment') {
        pushGap(text, at, node.from, tokens);
        at = node.to;
        return false;
      }
      if (type === undefined && what === undefined) return true;
      if (node.from < at || node.from === node.to) return false;
      pushGap(text, at, node.from, tokens);
      tokens.push({ type: type ?? 'unsupported', text: text.slice(node.from, node.to), from: node.from, to: node.to, what });
      at = node.to;
      return false;
    },
  });
  pushGap(text, at, text.length, tokens);
  tokens.push({ type: 'end', text: '', from: text.length, to: text.length });
  return joinDurations(tokens);
}

/** The grammar knows few escapes in strings. They are hidden from it; every token's text is taken from the query itself. */
function maskEscapes(text: string): string {
  return text.replace(/\/\/.*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:[^"\\]|\\[\s\S])*"/g, (part) =>
    part[0] === '"' ? part.replace(/\\[\s\S]/g, 'xx') : part,
  );
}

/** What stands between the nodes: brackets, and what the grammar does not know. */
function pushGap(text: string, from: number, to: number, tokens: Token[]): void {
  let at = from;
  while (at < to) {
    const one = text[at];
    if (/\s/.test(one)) {
      at++;
      continue;
    }
    let end = at + 1;
    const type = one === '~' ? 'unsupported' : PUNCTUATION.includes(one) ? 'punctuation' : 'unknown';
    if (type === 'unknown') while (end < to && !/\s/.test(text[end]) && !PUNCTUATION.includes(text[end])) end++;
    const what = one === '~' ? 'the relation "~" between span sets' : undefined;
    tokens.push({ type, text: text.slice(at, end), from: at, to: end, what });
    at = end;
  }
}

/** The grammar reads Go's `1h30m` as two durations. */
function joinDurations(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (last && token.type === 'static' && last.type === 'static' && last.to === token.from && /^[\d.]/.test(last.text)) {
      joined[joined.length - 1] = { ...last, text: last.text + token.text, to: token.to };
    } else joined.push(token);
  }
  return joined;
}
