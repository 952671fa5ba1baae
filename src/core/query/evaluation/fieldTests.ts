/** A field compared with a value of the query: the comparisons that most queries are made of, without reading a value where that is possible. */

import type { StringTable } from '../../model/strings';
import type { ComparisonOperator, Field } from '../query';
import { attributeAt, attributeFinder } from './attributePlaces';
import { attributeTest, staticOfAttribute } from './attributeTests';
import { type Cursor, never, type Read, type Test } from './cursor';
import { type Intrinsic, intrinsic, readIntrinsic } from './intrinsics';
import { compareStatics, isNumeric, orderFits, type Single } from './statics';
import { memoTest } from './stringMemo';
import { textTest } from './textTests';

const SERVICE = 'service.name';

/** Of the span, event or link that the cursor is at. `never` where no span of this table can fulfil it. */
export function fieldTest(field: Field, operator: ComparisonOperator, wanted: Single, strings: StringTable): Test {
  if (field.scope === 'intrinsic') return intrinsicTest(field.name, operator, wanted, strings);
  const { scope, name } = field;
  const key = strings.find(name);
  if (name === SERVICE && wanted.type === 'string' && (scope === 'resource' || scope === 'any')) {
    const service = serviceTest(operator, wanted.value, strings);
    if (scope === 'resource' || key < 0) return service;
    const own = attributeFinder('span', key);
    const ofSpan = attributeTest(operator, wanted, textTest(operator, wanted.value), strings);
    return (at) => {
      const found = own(at);
      return found >= 0 ? ofSpan(at.batch, found, at.row) : service(at);
    };
  }
  if (key < 0) return never;
  const text = wanted.type === 'string' ? textTest(operator, wanted.value) : () => false;
  return attributeAt(scope, key, attributeTest(operator, wanted, text, strings));
}

/** Every resource has a name of its service, which may be empty: as in Tempo. It is a column. */
function serviceTest(operator: ComparisonOperator, wanted: string, strings: StringTable): Test {
  const index = serviceIndex;
  if (operator === '=' && wanted !== '') {
    const found = strings.find(wanted);
    return found < 0 ? never : (at) => index(at) === found;
  }
  const matches = memoTest(strings, textTest(operator, wanted));
  return (at) => matches(index(at));
}

function serviceIndex({ batch, row }: Cursor): number {
  return batch.resources[batch.resource[row]].service;
}

function intrinsicTest(name: string, operator: ComparisonOperator, wanted: Single, strings: StringTable): Test {
  const found = intrinsic(name);
  if (!found) return never;
  switch (found.type) {
    case 'string':
      return wanted.type === 'string' ? stringTest(found.index, operator, wanted.value, strings) : never;
    case 'number':
      return numberTest(found.number, operator, wanted);
    case 'word': {
      const fits = found.words.map((word) => compareStatics(operator, word, wanted));
      return (at) => fits[found.number(at)] === true;
    }
    case 'text':
      return wanted.type === 'string' ? madeTextTest(found, operator, wanted.value) : never;
    default:
      return found satisfies never;
  }
}

function stringTest(index: (at: Cursor) => number, operator: ComparisonOperator, wanted: string, strings: StringTable): Test {
  if (operator === '=') {
    const found = strings.find(wanted);
    return found < 0 ? never : (at) => index(at) === found;
  }
  const matches = memoTest(strings, textTest(operator, wanted));
  return (at) => matches(index(at));
}

/** Durations and counts compare with numbers of any type. What is not there (NaN) fulfils nothing. */
function numberTest(number: (at: Cursor) => number, operator: ComparisonOperator, wanted: Single): Test {
  if (!isNumeric(wanted)) return never;
  const limit = Number(wanted.value);
  return (at) => {
    const value = number(at);
    return !Number.isNaN(value) && orderFits(value === limit ? 0 : value - limit, operator);
  };
}

/** An id as a person may write it, in the digits that are compared. */
function madeTextTest(
  { text, normal }: Extract<Intrinsic, { readonly type: 'text' }>,
  operator: ComparisonOperator,
  wanted: string,
): Test {
  const matches = textTest(operator, normal?.(wanted) ?? wanted);
  return (at) => {
    const found = text(at);
    return found !== undefined && matches(found);
  };
}

/** Whether a field is there, with a value that queries know. */
export function existsTest(field: Field, strings: StringTable): Test {
  if (field.scope !== 'intrinsic' && !isService(field)) {
    const key = strings.find(field.name);
    return key < 0 ? never : attributeAt(field.scope, key, (batch, at) => staticOfAttribute(batch, at) !== undefined);
  }
  const read = fieldReader(field, strings);
  return (at) => read(at) !== undefined;
}

/** Whether an attribute is missing. One whose value no query knows (a map, bytes) is neither there nor missing, as in Tempo. */
export function missingTest(field: Field, strings: StringTable): Test {
  if (field.scope === 'intrinsic') {
    const read = fieldReader(field, strings);
    return (at) => read(at) === undefined;
  }
  if (isService(field)) return never;
  const find = attributeFinder(field.scope, strings.find(field.name));
  return (at) => find(at) < 0;
}

function isService({ scope, name }: Field): boolean {
  return name === SERVICE && (scope === 'resource' || scope === 'any');
}

export function fieldReader(field: Field, strings: StringTable): Read {
  if (field.scope === 'intrinsic') {
    const found = intrinsic(field.name);
    return found ? (at) => readIntrinsic(found, at) : () => undefined;
  }
  const find = attributeFinder(field.scope, strings.find(field.name));
  const read: Read = (at) => {
    const found = find(at);
    return found < 0 ? undefined : staticOfAttribute(at.batch, found);
  };
  if (!isService(field)) return read;
  return (at) => read(at) ?? { type: 'string', value: at.batch.strings.get(serviceIndex(at)) };
}
