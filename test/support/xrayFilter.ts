/**
 * X-Ray's filter expressions, as far as their guide tells, over segments: what a server of ours finds by.
 * Source: AWS X-Ray developer guide, "Using filter expressions".
 */

/** A segment document. */
export type Segment = Readonly<Record<string, unknown>>;

type Test = (trace: readonly Segment[]) => boolean;
type Value = string | number | boolean;

const booleans = ['ok', 'error', 'throttle', 'fault', 'partial'];
const numbers = ['duration', 'responsetime', 'http.status'];
const strings = ['http.url', 'http.method', 'http.useragent', 'http.clientip', 'user', 'name'];
const operators = ['=', '!=', '<', '<=', '>', '>=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'];

/** Throws where the expression is none. */
export function parseFilter(text: string): Test {
  const tokens = text.match(/"[^"\\]*"|!=|<=|>=|[=<>!(){},]|-?\d+(?:\.\d+)?(?![\w.])|[A-Za-z_][\w.]*|\S/g) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const is = (token: string): boolean => (tokens[at]?.toUpperCase() === token ? at++ >= 0 : false);
  const need = (token: string): void => {
    if (!is(token)) throw new Error(`Expected ${token} at ${at} of ${text}`);
  };

  const either = (): Test => {
    const parts = [both()];
    while (is('OR')) parts.push(both());
    return (trace) => parts.some((part) => part(trace));
  };
  const both = (): Test => {
    const parts = [unary()];
    while (is('AND') || ![undefined, ')', '}', 'OR', 'or'].includes(tokens[at])) parts.push(unary());
    return (trace) => parts.every((part) => part(trace));
  };
  const unary = (): Test => {
    if (is('!')) {
      const inner = unary();
      return (trace) => !inner(trace);
    }
    if (is('(')) {
      const inner = either();
      need(')');
      return inner;
    }
    const word = next();
    if (word === 'service') return ofService();
    if (word.startsWith('annotation.')) return ofKeyword((trace) => annotations(trace, word.slice(11)), undefined);
    if (booleans.includes(word)) return ofKeyword((trace) => [flag(trace, word)], 'boolean');
    if (numbers.includes(word)) return ofKeyword((trace) => number(trace, word), 'number');
    if (strings.includes(word)) return ofKeyword((trace) => string(trace, word), 'string');
    throw new Error(`Unknown keyword ${word} in ${text}`);
  };
  const ofService = (): Test => {
    need('(');
    const name = tokens[at] === ')' ? undefined : next().slice(1, -1);
    need(')');
    const inner = is('{') ? either() : () => true;
    if (tokens[at] === '}') at++;
    return (trace) => trace.some((segment) => (name === undefined || segment.name === name) && inner([segment]));
  };
  const ofKeyword = (values: (trace: readonly Segment[]) => readonly Value[], type: string | undefined): Test => {
    const operator = operators.find((one) => one === tokens[at]?.toUpperCase());
    if (operator === undefined) return (trace) => values(trace).some((value) => value !== false);
    at++;
    const token = next();
    const wanted = token.startsWith('"')
      ? token.slice(1, -1)
      : token === 'true'
        ? true
        : token === 'false'
          ? false
          : Number(token);
    if (Number.isNaN(wanted) || (type !== undefined && typeof wanted !== type))
      throw new Error(`Not a value: ${token} in ${text}`);
    return (trace) => values(trace).some((value) => typeof value === typeof wanted && compare(value, operator, wanted));
  };

  const test = either();
  if (at < tokens.length) throw new Error(`Unexpected ${tokens[at]} in ${text}`);
  return test;
}

function compare(value: Value, operator: string, wanted: Value): boolean {
  switch (operator) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '<':
      return value < wanted;
    case '<=':
      return value <= wanted;
    case '>':
      return value > wanted;
    case '>=':
      return value >= wanted;
    case 'CONTAINS':
      return String(value).includes(String(wanted));
    case 'BEGINSWITH':
      return String(value).startsWith(String(wanted));
    default:
      return String(value).endsWith(String(wanted));
  }
}

function at(segment: Segment | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (typeof inner === 'object' && inner ? Reflect.get(inner, key) : undefined), segment);
}

/** Keywords outside of `service()` are of the request that began the trace. */
const root = (trace: readonly Segment[]): Segment | undefined =>
  trace.find(({ parent_id }) => parent_id === undefined) ?? trace[0];

export function annotations(trace: readonly Segment[], key: string): Value[] {
  return trace.flatMap((segment) => {
    const value = at(segment, `annotations.${key}`);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [value] : [];
  });
}

function flag(trace: readonly Segment[], word: string): boolean {
  const segment = root(trace);
  if (word === 'partial') return trace.some(({ in_progress }) => in_progress === true);
  if (word === 'ok') return !['error', 'fault'].some((one) => at(segment, one) === true);
  return at(segment, word) === true;
}

export function seconds(trace: readonly Segment[]): { readonly start: number; readonly end: number } {
  const starts = trace.map(({ start_time }) => Number(start_time));
  return { start: Math.min(...starts), end: Math.max(...trace.map(({ end_time }) => Number(end_time ?? 0)), ...starts) };
}

function number(trace: readonly Segment[], word: string): number[] {
  if (word === 'http.status') return [Number(at(root(trace), 'http.response.status'))].filter(Number.isFinite);
  const { start, end } = seconds(trace);
  return [Math.round((end - start) * 1000) / 1000];
}

const members: Readonly<Record<string, string>> = {
  'http.url': 'http.request.url',
  'http.method': 'http.request.method',
  'http.useragent': 'http.request.user_agent',
  'http.clientip': 'http.request.client_ip',
  name: 'name',
};

function string(trace: readonly Segment[], word: string): string[] {
  const values = word === 'user' ? trace.map(({ user }) => user) : [at(root(trace), members[word])];
  return values.filter((value) => typeof value === 'string');
}
