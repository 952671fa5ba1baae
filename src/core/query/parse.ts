/**
 * From a query's text to its typed tree. What we can run are span sets (`{ … }`) joined by `&&` and `||`; anything else of TraceQL is refused
 * by its name. As in Tempo, `&&` and `||` bind equally and from the left, `!` only what follows it.
 * Source: grafana/tempo, pkg/traceql/expr.y ("Operators are listed with increasing precedence").
 */

import { SpanhopError } from '../../base/errors';
import { condition, everySpan, numberLiteral } from './build';
import { comparison, type Operand, QueryProblem } from './comparison';
import { attributeField, intrinsicField, parseLiteral } from './fields';
import { type ComparisonOperator, maxDepth, type Query, type SpanExpression, type SpansetExpression } from './query';
import { type Token, tokenize } from './tokens';

const MAX_LENGTH = 10_000;

/** What is wrong with a query and where (UTF-16 offsets), for an input that marks it. */
export interface QueryIssue {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/**
 * Reads a query. The braces may be left out around a single span set: `status = error`.
 * @throws SpanhopError `BadQuery`, its message with the position and what was expected
 */
export function parseQuery(text: string): Query {
  try {
    return { stages: [parse(text)] };
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    const { from, to, message } = issueOf(error, text);
    throw new SpanhopError('BadQuery', message, `at ${from} to ${to} of ${JSON.stringify(text.slice(0, 500))}`);
  }
}

/** What is wrong with a query; undefined when it can be run. */
export function checkQuery(text: string): QueryIssue | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return issueOf(error, text);
  }
}

function issueOf(problem: QueryProblem, text: string): QueryIssue {
  const from = Math.min(problem.from, text.length);
  // What the braces around a bare query would be taken for is nothing that was typed.
  const message =
    from >= text.length
      ? `The query is not complete: ${problem.message.replace(/, but (?:nothing follows|\S+ was found)\.$/, '.')}`
      : `The query cannot be run from character ${from + 1} on: ${problem.message}`;
  return { from, to: Math.min(Math.max(problem.to, from), text.length), message };
}

function parse(text: string): SpansetExpression {
  if (text.length > MAX_LENGTH) throw new QueryProblem(MAX_LENGTH, MAX_LENGTH, `it is longer than ${MAX_LENGTH} characters.`);
  const bare = !/^\s*([({]|$|\/\/|\/\*)/.test(text);
  // Without braces, offsets are those of the text in them.
  if (!bare) return new Parser(tokenize(text)).whole();
  const open = '{ ';
  try {
    return new Parser(tokenize(`${open}${text} }`)).whole();
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    throw new QueryProblem(Math.max(0, error.from - open.length), Math.max(0, error.to - open.length), error.message);
  }
}

function join(type: 'both' | 'either', left: SpansetExpression, right: SpansetExpression): SpansetExpression {
  return { type, parts: left.type === type ? [...left.parts, right] : [left, right] };
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): SpansetExpression {
    const filter = this.traces();
    const token = this.peek();
    if (token.type !== 'end') throw this.expected('&&, || or the end');
    return filter;
  }

  private traces(): SpansetExpression {
    let left = this.spanSet();
    for (let type = this.joint(); type !== undefined; type = this.joint())
      left = join(type === 'and' ? 'both' : 'either', left, this.spanSet());
    return left;
  }

  private spanSet(): SpansetExpression {
    if (this.take('(')) {
      this.enter();
      const inner = this.traces();
      this.close(')');
      this.depth--;
      return inner;
    }
    if (!this.take('{')) throw this.expected('"{"');
    if (this.take('}')) return { type: 'spans', filter: everySpan };
    const filter = this.asFilter(this.expression());
    this.close('}');
    return { type: 'spans', filter };
  }

  private expression(): SpanExpression | Operand {
    let left = this.condition();
    for (let type = this.joint(); type !== undefined; type = this.joint()) {
      const first = this.asFilter(left);
      const next = this.asFilter(this.condition());
      left = { type, parts: first.type === type ? [...first.parts, next] : [first, next] };
    }
    return left;
  }

  private condition(): SpanExpression | Operand {
    const left = this.term();
    const token = this.peek();
    const operator = token.type === 'operator' ? asOperator(token.text) : undefined;
    if (token.type === 'operator' && operator === undefined) {
      throw new QueryProblem(token.from, token.to, `calculating with "${token.text}" is not supported.`);
    }
    if (operator === undefined) {
      if (token.type === 'punctuation' && token.text === '-')
        throw new QueryProblem(token.from, token.to, 'calculating with "-" is not supported.');
      return left;
    }
    this.at++;
    const right = this.term();
    if (left.type !== 'operand' || right.type !== 'operand') {
      throw new QueryProblem(token.from, token.to, `"${token.text}" compares a field with a value.`);
    }
    return comparison(left, operator, right);
  }

  private term(): SpanExpression | Operand {
    const token = this.peek();
    if (this.take('!')) {
      this.enter();
      const inner = this.asFilter(this.term());
      this.depth--;
      return { type: 'not', inner };
    }
    if (this.take('(')) {
      this.enter();
      const inner = this.expression();
      this.close(')');
      this.depth--;
      return inner;
    }
    const minus = this.take('-');
    return this.operand(minus ? token : undefined);
  }

  private operand(minus: Token | undefined): Operand {
    const token = this.peek();
    const from = minus?.from ?? token.from;
    if (token.type === 'static') {
      const value = parseLiteral(token.text);
      if (value === undefined) throw new QueryProblem(token.from, token.to, `${token.text} is no value.`);
      this.at++;
      if (!minus) return { type: 'operand', value, from, to: token.to };
      if (value.type === 'int' || value.type === 'float')
        return { type: 'operand', value: numberLiteral(-Number(value.value)), from, to: token.to };
      if (value.type === 'duration')
        return { type: 'operand', value: { type: 'duration', valueNs: -value.valueNs }, from, to: token.to };
    }
    if (minus) throw new QueryProblem(minus.from, minus.to, 'calculating with "-" is not supported.');
    if (token.type === 'intrinsic' || token.type === 'field') {
      const field = token.type === 'field' ? attributeField(token.text) : intrinsicField(token.text);
      if (!field) throw new QueryProblem(token.from, token.to, `the field ${token.text} is not supported.`);
      this.at++;
      return { type: 'operand', field, from, to: token.to };
    }
    if (token.type === 'unknown') throw this.unknownWord(token);
    throw this.expected(
      this.at > 0 && this.tokens[this.at - 1].type === 'operator'
        ? `a value after "${this.tokens[this.at - 1].text}"`
        : 'a field or a value',
    );
  }

  private unknownWord(token: Token): QueryProblem {
    if (/^["`]/.test(token.text)) return new QueryProblem(token.from, token.to, `the text ${token.text} has no closing quote.`);
    if (/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(token.text)) {
      const after = this.at > 0 && this.tokens[this.at - 1].type === 'operator';
      return new QueryProblem(
        token.from,
        token.to,
        after
          ? `${token.text} is no value. Texts are in quotes: "${token.text}".`
          : `${token.text} is no field. An attribute begins with a dot or a scope: .${token.text} or span.${token.text}.`,
      );
    }
    return new QueryProblem(token.from, token.to, `${token.text} has no meaning here.`);
  }

  /** A lone field is one that is true. */
  private asFilter(expression: SpanExpression | Operand): SpanExpression {
    if (expression.type !== 'operand') return expression;
    const { field, value, from, to } = expression;
    if (field && field.scope !== 'intrinsic') return condition(field, '=', { type: 'bool', value: true });
    if (value?.type === 'bool') return { type: 'static', value };
    throw new QueryProblem(from, to, 'a comparison is expected, as in status = error.');
  }

  private joint(): 'and' | 'or' | undefined {
    const { type } = this.peek();
    if (type !== 'and' && type !== 'or') return undefined;
    this.at++;
    return type;
  }

  private peek(): Token {
    return this.tokens[this.at];
  }

  private take(text: string): boolean {
    const token = this.peek();
    if (token.type !== 'punctuation' || token.text !== text) return false;
    this.at++;
    return true;
  }

  private close(text: string): void {
    if (this.take(text)) return;
    if (this.peek().type === 'unknown') throw this.unknownWord(this.peek());
    throw this.expected(`&&, || or "${text}"`);
  }

  private enter(): void {
    if (++this.depth > maxDepth)
      throw new QueryProblem(this.peek().from, this.peek().to, `brackets nest deeper than ${maxDepth}.`);
  }

  private expected(what: string): QueryProblem {
    const token = this.peek();
    if (token.type === 'unsupported') {
      const why = 'is not supported. Spans are found with conditions in braces, joined by && and ||.';
      return new QueryProblem(token.from, token.to, `${token.what ?? token.text} ${why}`);
    }
    const found = token.type === 'end' ? 'nothing follows' : `${token.text} was found`;
    return new QueryProblem(token.from, token.to, `${what} is expected, but ${found}.`);
  }
}

const operators: readonly ComparisonOperator[] = ['=', '!=', '>', '>=', '<', '<=', '=~', '!~'];

function asOperator(text: string): ComparisonOperator | undefined {
  return operators.find((operator) => operator === text);
}
