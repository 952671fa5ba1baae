/**
 * Compiles an expression over one span into a test or a read of the span at a cursor. Strings are looked up and values are tested once each; what holds
 * for no string of the table is known to be never true before a span is looked at.
 *
 * Conditions on events that are joined by `&&` are about one event; the same goes for links. Elsewhere one event or link that fits is enough. As a value,
 * the first one that has it stands for all. Source: grafana/tempo, tempodb/encoding/vparquet5/block_traceql.go (collectors of events and links).
 */

import type { StringTable } from '../../model/strings';
import type { Field, SpanExpression } from '../query';
import { textFits } from './attributeTests';
import { constantOf } from './constants';
import { always, type Cursor, never, type Read, type Test } from './cursor';
import { fieldsOf, isOfEvent, isOfLink } from './fieldNeeds';
import { existsTest, fieldReader, fieldTest, missingTest } from './fieldTests';
import { calculate, compareStatics, negated, type Static } from './statics';
import { compileText } from './textSearch';
import { textTest } from './textTests';
import { numberOf } from './untyped';

type Compare = Extract<SpanExpression, { readonly type: 'compare' }>;

/** @param strings the table that all batches share; what is compiled knows the strings that are in it now */
export class ExpressionCompiler {
  constructor(private readonly strings: StringTable) {}

  /** Whether the expression is true of the span. */
  test(expression: SpanExpression): Test {
    switch (expression.type) {
      case 'static':
        return expression.value.type === 'bool' && expression.value.value ? always : never;
      case 'and':
        return this.allOf(expression.parts);
      case 'or':
        return someTest(expression.parts.map((part) => this.test(part)));
      case 'not':
        return this.not(expression.inner);
      case 'text':
        return this.text(expression.text);
      case 'compare':
      case 'field':
      case 'arithmetic':
      case 'minus':
        return this.allOf([expression]);
      default:
        return expression satisfies never;
    }
  }

  /** The value of the expression. */
  read(expression: SpanExpression): Read {
    return this.firstOf(expression, this.readAt(expression));
  }

  field(field: Field): Read {
    return this.read({ type: 'field', field });
  }

  private not(inner: SpanExpression): Test {
    if (inner.type === 'field') {
      const read = this.read(inner);
      // What is no truth value is neither true nor false.
      return (at) => {
        const value = read(at);
        return value?.type === 'bool' && !value.value;
      };
    }
    const test = this.test(inner);
    return test === always ? never : test === never ? always : (at) => !test(at);
  }

  private text(text: string): Test {
    const matches = compileText(text, this.strings);
    return ({ batch, row }) => matches(batch, row);
  }

  /** Conditions on events and on links hold of one of them, together. */
  private allOf(parts: readonly SpanExpression[]): Test {
    const plain: Test[] = [];
    const ofEvent: Test[] = [];
    const ofLink: Test[] = [];
    const ofBoth: Test[] = [];
    for (const part of parts) {
      if (part.type !== 'compare' && part.type !== 'field' && part.type !== 'arithmetic' && part.type !== 'minus') {
        plain.push(this.test(part));
        continue;
      }
      const fields = fieldsOf(part);
      const hasEvent = fields.some(isOfEvent);
      const hasLink = fields.some(isOfLink);
      const into = hasEvent && hasLink ? ofBoth : hasEvent ? ofEvent : hasLink ? ofLink : plain;
      into.push(this.testAt(part));
    }
    const below = ofBoth.length > 0 ? [someEvent(everyTest([...ofEvent, someLink(everyTest([...ofLink, ...ofBoth]))]))] : [];
    if (below.length === 0 && ofEvent.length > 0) below.push(someEvent(everyTest(ofEvent)));
    if (ofBoth.length === 0 && ofLink.length > 0) below.push(someLink(everyTest(ofLink)));
    return everyTest([...plain, ...below]);
  }

  /** Of the event and the link that the cursor is at. */
  private testAt(expression: SpanExpression): Test {
    if (expression.type === 'compare') return this.compare(expression);
    const read = this.readAt(expression);
    return (at) => {
      const value = read(at);
      return value?.type === 'bool' && value.value;
    };
  }

  private compare(expression: Compare): Test {
    const { operator, left, right } = expression;
    if (isNil(right)) return this.nil(left, operator === '=');
    if (isNil(left)) return this.nil(right, operator === '=');
    const onRight = constantOf(right);
    const onLeft = constantOf(left);
    if (operator === '=~' || operator === '!~') {
      const pattern = onRight.isConstant ? onRight.value : undefined;
      if (pattern?.type !== 'string') return never;
      if (left.type === 'field') return this.ofField(left.field, (field) => fieldTest(field, operator, pattern, this.strings));
      const text = textTest(operator, pattern.value);
      const read = this.readAt(left);
      return (at) => textFits(operator, text, read(at));
    }
    if (onLeft.isConstant && onRight.isConstant) return compareStatics(operator, onLeft.value, onRight.value) ? always : never;
    if (left.type === 'field' && onRight.isConstant) return this.withConstant(left.field, operator, onRight.value);
    if (right.type === 'field' && onLeft.isConstant) return this.withConstant(right.field, mirrored[operator], onLeft.value);
    const leftRead = this.readAt(left);
    const rightRead = this.readAt(right);
    return (at) => compareStatics(operator, leftRead(at), rightRead(at));
  }

  private withConstant(field: Field, operator: Compare['operator'], value: Static): Test {
    if (value === undefined || value.type === 'list') return never;
    return this.ofField(field, (own) => fieldTest(own, operator, value, this.strings));
  }

  private nil(expression: SpanExpression, isMissing: boolean): Test {
    if (expression.type === 'field') {
      const { field } = expression;
      // A span without a parent has nothing of it.
      return this.ofField(field, (own) => (isMissing ? missingTest : existsTest)(own, this.strings), isMissing);
    }
    const read = this.readAt(expression);
    return (at) => (read(at) === undefined) === isMissing;
  }

  private readAt(expression: SpanExpression): Read {
    switch (expression.type) {
      case 'static': {
        const constant = constantOf(expression);
        return () => (constant.isConstant ? constant.value : undefined);
      }
      case 'field': {
        const { field } = expression;
        const { parent, ...own } = field;
        const read = fieldReader(own, this.strings);
        return parent ? (at) => ofParent(at, () => read(at), undefined) : read;
      }
      case 'arithmetic': {
        const constant = constantOf(expression);
        if (constant.isConstant) return () => constant.value;
        const left = this.readAt(expression.left);
        const right = this.readAt(expression.right);
        const { operator } = expression;
        return (at) => calculate(operator, numberOf(left(at), at), numberOf(right(at), at));
      }
      case 'minus': {
        const inner = this.readAt(expression.inner);
        return (at) => negated(numberOf(inner(at), at));
      }
      case 'compare': {
        const test = this.compare(expression);
        return (at) => ({ type: 'bool', value: test(at) });
      }
      case 'and':
      case 'or':
      case 'not':
      case 'text': {
        const test = this.test(expression);
        return (at) => ({ type: 'bool', value: test(at) });
      }
      default:
        return expression satisfies never;
    }
  }

  private firstOf(expression: SpanExpression, read: Read): Read {
    const fields = fieldsOf(expression);
    const withLinks = fields.some(isOfLink) ? firstLink(read) : read;
    return fields.some(isOfEvent) ? firstEvent(withLinks) : withLinks;
  }

  private ofField(field: Field, compile: (own: Field) => Test, withoutParent = false): Test {
    const { parent, ...own } = field;
    const test = compile(own);
    return parent ? (at) => ofParent(at, () => test(at), withoutParent) : test;
  }
}

const mirrored = { '=': '=', '!=': '!=', '>': '<', '>=': '<=', '<': '>', '<=': '>=' } as const;

function isNil(expression: SpanExpression): boolean {
  return expression.type === 'static' && expression.value.type === 'nil';
}

function everyTest(tests: readonly Test[]): Test {
  if (tests.includes(never)) return never;
  const needed = tests.filter((test) => test !== always);
  if (needed.length === 0) return always;
  if (needed.length === 1) return needed[0];
  if (needed.length === 2) {
    const [first, second] = needed;
    return (at) => first(at) && second(at);
  }
  return (at) => {
    for (const test of needed) if (!test(at)) return false;
    return true;
  };
}

function someTest(tests: readonly Test[]): Test {
  if (tests.includes(always)) return always;
  const needed = tests.filter((test) => test !== never);
  if (needed.length === 0) return never;
  if (needed.length === 1) return needed[0];
  return (at) => {
    for (const test of needed) if (test(at)) return true;
    return false;
  };
}

/** What a function says with the cursor at the parent of its span. */
function ofParent<T>(at: Cursor, ask: () => T, without: T): T {
  const { spans, structure, batch, row, span } = at;
  const parent = structure?.parent[span] ?? -1;
  if (!spans || parent < 0) return without;
  at.move(parent, spans);
  const answer = ask();
  at.batch = batch;
  at.row = row;
  at.span = span;
  return answer;
}

function someEvent(test: Test): Test {
  if (test === never) return never;
  return (at) => {
    const { batch, row, event: before } = at;
    const end = batch.eventEnd[row];
    let found = false;
    for (let event = batch.eventStart[row]; event < end && !found; event++) {
      at.event = event;
      found = test(at);
    }
    at.event = before;
    return found;
  };
}

function someLink(test: Test): Test {
  if (test === never) return never;
  return (at) => {
    const { batch, row, link: before } = at;
    const end = batch.linkEnd[row];
    let found = false;
    for (let link = batch.linkStart[row]; link < end && !found; link++) {
      at.link = link;
      found = test(at);
    }
    at.link = before;
    return found;
  };
}

function firstEvent(read: Read): Read {
  return (at) => {
    const { batch, row, event: before } = at;
    let value: Static;
    for (let event = batch.eventStart[row]; event < batch.eventEnd[row] && value === undefined; event++) {
      at.event = event;
      value = read(at);
    }
    at.event = before;
    return value;
  };
}

function firstLink(read: Read): Read {
  return (at) => {
    const { batch, row, link: before } = at;
    let value: Static;
    for (let link = batch.linkStart[row]; link < batch.linkEnd[row] && value === undefined; link++) {
      at.link = link;
      value = read(at);
    }
    at.link = before;
    return value;
  };
}
