/** Conditions on attributes, wherever they are: span, resource, events, links, scope. */

import type { AttributeValue } from '../model/attributeValue';
import type { SpanBatch } from '../model/batch';
import type { StringTable } from '../model/strings';
import { compareValue, findAttribute, operand, readValue, valueEquals, valueText } from '../model/values';
import { compareOrder, textTest } from './compare';
import type { SpanPredicate } from './predicate';
import type { ComparisonOperator, FieldScope, Literal } from './query';

/** Tests the attribute in a row of a batch's attribute columns. */
type ValueTest = (batch: SpanBatch, attribute: number) => boolean;

export function compileAttribute(
  scope: FieldScope,
  name: string,
  operator: ComparisonOperator,
  value: Literal,
  strings: StringTable,
): SpanPredicate {
  const key = strings.find(name);
  if (value.type === 'nil') {
    const wanted = operator !== '=';
    const exists = inScope(scope, key, () => true);
    return (batch, row) => exists(batch, row) === wanted;
  }
  const isService = name === 'service.name' && (scope === 'resource' || scope === 'any');
  if (isService && value.type === 'string') return ofService(operator, value, strings);
  if (key < 0) return () => false;
  return inScope(scope, key, valueTest(operator, value));
}

/** The service's name is a column already. */
function ofService(operator: ComparisonOperator, value: Literal, strings: StringTable): SpanPredicate {
  const test = textTest(operator, value);
  const known = new Map<number, boolean>();
  return (batch, row) => {
    const { service } = batch.resources[batch.resource[row]];
    if (service === 0) return false;
    let matches = known.get(service);
    if (matches === undefined) {
      matches = test(strings.get(service));
      known.set(service, matches);
    }
    return matches;
  };
}

function inScope(scope: FieldScope, key: number, test: ValueTest): SpanPredicate {
  switch (scope) {
    case 'span':
      return (batch, row) => inRange(batch, batch.attributeStart[row], batch.attributeEnd[row], key, test) === true;
    case 'resource':
      return (batch, row) => inResource(batch, row, key, test) === true;
    case 'event':
      return (batch, row) => inEvents(batch, row, key, test) === true;
    case 'link':
      return (batch, row) => inLinks(batch, row, key, test);
    case 'instrumentation':
      return (batch, row) => {
        const at = batch.scopes[batch.scope[row]];
        return at !== undefined && inRange(batch, at.attributeStart, at.attributeEnd, key, test) === true;
      };
    case 'any':
    case 'intrinsic':
      // The nearest place that has the key decides: a resource's attribute is hidden by the span's of the same key.
      return (batch, row) =>
        inRange(batch, batch.attributeStart[row], batch.attributeEnd[row], key, test) ??
        inResource(batch, row, key, test) ??
        inEvents(batch, row, key, test) ??
        false;
    default:
      return scope satisfies never;
  }
}

/** Undefined: the key is not there. */
function inRange(batch: SpanBatch, start: number, end: number, key: number, test: ValueTest): boolean | undefined {
  const at = findAttribute(batch, start, end, key);
  return at < 0 ? undefined : test(batch, at);
}

function inResource(batch: SpanBatch, row: number, key: number, test: ValueTest): boolean | undefined {
  const { attributeStart, attributeEnd } = batch.resources[batch.resource[row]];
  return inRange(batch, attributeStart, attributeEnd, key, test);
}

function inEvents(batch: SpanBatch, row: number, key: number, test: ValueTest): boolean | undefined {
  let found: boolean | undefined;
  for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
    const here = inRange(batch, batch.events.attributeStart[event], batch.events.attributeEnd[event], key, test);
    if (here === true) return true;
    found = found ?? here;
  }
  return found;
}

function inLinks(batch: SpanBatch, row: number, key: number, test: ValueTest): boolean {
  for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) {
    if (inRange(batch, batch.links.attributeStart[link], batch.links.attributeEnd[link], key, test) === true) return true;
  }
  return false;
}

function valueTest(operator: ComparisonOperator, value: Literal): ValueTest {
  const plain = plainOf(value);
  if (operator === '=~' || operator === '!~') {
    const test = textTest(operator, value);
    return (batch, at) => someElement(readValue(batch, at), (element) => test(valueText(element)));
  }
  const wanted = operand(plain);
  if (operator === '=')
    return (batch, at) => valueEquals(batch, at, wanted) || someElement(readValue(batch, at), (element) => alike(element, plain));
  if (operator === '!=')
    return (batch, at) =>
      !valueEquals(batch, at, wanted) && !someElement(readValue(batch, at), (element) => alike(element, plain));
  return (batch, at) => {
    const order = compareValue(batch, at, wanted);
    if (order !== undefined) return compareOrder(order, operator);
    return someElement(readValue(batch, at), (element) => compareOrder(orderOf(element, plain), operator));
  };
}

function plainOf(value: Literal): string | number | boolean {
  switch (value.type) {
    case 'duration':
      return value.valueNs;
    case 'nil':
      return '';
    case 'int':
      return Number(value.value);
    default:
      return value.value;
  }
}

function someElement(value: AttributeValue, test: (element: AttributeValue) => boolean): boolean {
  return Array.isArray(value) ? value.some(test) : test(value);
}

/** Equal as texts, where one of the two is a text. */
function alike(left: AttributeValue, right: string | number | boolean): boolean {
  if (typeof left === 'string' && typeof right === 'number') return left.trim() !== '' && Number(left) === right;
  if (typeof left === 'object' || left === undefined) return false;
  return String(left) === String(right);
}

function orderOf(left: AttributeValue, right: string | number | boolean): number {
  if (typeof right !== 'number') return Number.NaN;
  if (typeof left === 'string') return left.trim() === '' ? Number.NaN : Number(left) - right;
  return typeof left === 'number' || typeof left === 'bigint' ? Number(left) - right : Number.NaN;
}
