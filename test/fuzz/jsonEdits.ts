/** Changes of JSON that know its structure: numbers at the ends of ranges, other types, members missing, doubled, renamed, moved. */

import type { Edit } from './edits';
import type { Random } from './random';

type Kind = 'number' | 'string' | 'word' | 'object' | 'list';

interface Value {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** Where the element begins: at the key of a member, else at the value. */
  readonly start: number;
  /** A string that holds a number. */
  readonly isQuotedNumber: boolean;
}

/** Where the values and keys of a text are. */
export interface JsonMap {
  readonly values: readonly Value[];
  readonly numbers: readonly Value[];
  readonly keys: readonly { readonly from: number; readonly to: number }[];
}

const encoder = new TextEncoder();
const texts = (...all: string[]): readonly Uint8Array[] => all.map((text) => encoder.encode(text));

const extremes = texts(
  ...['0', '-0', '-1', '1', '1.5', '-1.5', '1e400', '-1e400', '1e300', '1e-400', '127', '128', '255', '256', '65535', '65536'],
  ...['2147483647', '2147483648', '-2147483649', '4294967295', '4294967296', '9007199254740991', '9007199254740993'],
  ...['9223372036854775', '9223372036854776', '9223372036854775807', '9223372036854775808', '-9223372036854775809'],
  ...['18446744073709551', '18446744073709551615', '18446744073709551616', '99999999999999999999', '1E19', '0x10', '00012'],
  ...['9'.repeat(40), `0.${'0'.repeat(40)}1`, `1${'0'.repeat(310)}`, '-', '+1', '1e', 'NaN', 'Infinity', '"NaN"', '"-Infinity"'],
  ...[
    '"Infinity"',
    '""',
    '" 12 "',
    '"1e400"',
    '"-5"',
    '"18446744073709551616"',
    '"0x1F"',
    'true',
    'null',
    '{}',
    '[]',
    '{"low":1,"high":2}',
  ],
);
const others = texts(
  ...['null', 'true', 'false', '0', '""', '[]', '{}', '"x"', '[[]]', '[null]', '{"a":1}', '[{}]', '{"values":[{}]}', '"\\ud800"'],
  ...[
    '{"stringValue":"x"}',
    '{"intValue":"12345678901234567890"}',
    '{"kvlistValue":{"values":[{"key":"__proto__","value":{}}]}}',
  ],
  ...['{"doubleValue":"-Infinity"}', '{"bytesValue":"!!!"}', '{"arrayValue":{"values":[{"intValue":1},{}]}}', '[[[[[[[[]]]]]]]]'],
  `${'{"arrayValue":{"values":['.repeat(40)}{}${']}}'.repeat(40)}`,
);
const strings = texts(
  ...[
    '"\\u0000"',
    '"\\ud83d"',
    '"\\udc00\\ud800"',
    '"\\q\\u12"',
    '"é\u{1f600}"',
    '"\ufeffx"',
    '"../../admin"',
    '"__proto__"',
    '"\\""',
  ],
  ...[
    '"0"',
    '"00000000000000000000000000000000"',
    '"ffffffffffffffffffffffffffffffff"',
    '"AAAAAAAAAAAAAAAAAAAAAA=="',
    '"AAAAAAAAAAA="',
  ],
  ...[
    '"F"',
    '"0123456789abcdef"',
    '"SPAN_KIND_CLIENT"',
    '"STATUS_CODE_ERROR"',
    '"CLIENT"',
    '"CHILD_OF"',
    '"true"',
    '"binary"',
    '"int64"',
  ],
  ...[
    '"error"',
    '"service.name"',
    '"PARTIAL"',
    `"${'a'.repeat(200)}"`,
    '"\\"name\\": {\\"a\\":1}"',
    '"\t\u0001"',
    '"a\\\\"',
    '"',
  ],
);
const names = texts(
  ...[
    'traceId',
    'spanId',
    'parentSpanId',
    'name',
    'kind',
    'startTimeUnixNano',
    'endTimeUnixNano',
    'attributes',
    'events',
    'links',
  ],
  ...[
    'status',
    'flags',
    'code',
    'message',
    'version',
    'key',
    'value',
    'droppedAttributesCount',
    'droppedEventsCount',
    'resourceSpans',
  ],
  ...[
    'scopeSpans',
    'spans',
    'resource',
    'scope',
    'schemaUrl',
    'batches',
    'trace',
    'result',
    'data',
    'processes',
    'process',
    'processID',
  ],
  ...[
    'traceID',
    'spanID',
    'operationName',
    'references',
    'duration',
    'startTime',
    'tags',
    'logs',
    'warnings',
    'errors',
    'timestamp',
  ],
  ...[
    'fields',
    'serviceName',
    'id',
    'parentId',
    'localEndpoint',
    'remoteEndpoint',
    'annotations',
    'shared',
    'debug',
    'port',
    'ipv4',
  ],
  ...['stringValue', 'intValue', 'doubleValue', 'boolValue', 'bytesValue', 'arrayValue', 'kvlistValue', 'type', 'resourceLogs'],
  ...['scopeLogs', 'logRecords', 'timeUnixNano', 'severityNumber', 'body', '__proto__', '', 'n\\u0061me'],
).map((name) => encoder.encode(`"${new TextDecoder().decode(name)}"`));
const structure = texts('{', '}', '[', ']', ',', ':', '"', '\n', ' ', '\\', '}{', '],[', '},{', '\n{}\n', '/**/', '\u001e');

export function mapJson(bytes: Uint8Array): JsonMap {
  const values: Value[] = [];
  const keys: { from: number; to: number }[] = [];
  let at = 0;
  const space = (): void => {
    while (at < bytes.length && bytes[at] <= 32) at++;
  };
  const string = (): void => {
    at++;
    while (at < bytes.length && bytes[at] !== 34) at += bytes[at] === 92 ? 2 : 1;
    at++;
  };
  const value = (start: number): void => {
    const from = at;
    const first = bytes[at];
    let kind: Kind = 'word';
    if (first === 34) {
      kind = 'string';
      string();
    } else if (first === 123 || first === 91) {
      kind = first === 123 ? 'object' : 'list';
      at++;
      for (space(); at < bytes.length && bytes[at] !== 125 && bytes[at] !== 93; space()) {
        if (bytes[at] === 44) {
          at++;
          continue;
        }
        const element = at;
        if (kind === 'object') {
          string();
          keys.push({ from: element, to: at });
          while (at < bytes.length && bytes[at] !== 58) at++;
          at++;
          space();
        }
        value(element);
      }
      at++;
    } else {
      if (first === 45 || (first >= 48 && first <= 57)) kind = 'number';
      do at++;
      while (at < bytes.length && bytes[at] > 44 && bytes[at] !== 93 && bytes[at] !== 125);
    }
    const isQuotedNumber = kind === 'string' && /^"-?\d+"$/.test(new TextDecoder().decode(bytes.subarray(from, at)));
    values.push({ kind, from, to: at, start, isQuotedNumber });
  };
  for (space(); at < bytes.length; space()) value(at);
  return { values, numbers: values.filter((each) => each.kind === 'number' || each.isQuotedNumber), keys };
}

const NOTHING = new Uint8Array(0);
const COMMA = Uint8Array.of(44);

export function jsonEdit(bytes: Uint8Array, map: JsonMap, random: Random): Edit {
  const value = random.of(map.values);
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2: {
      if (map.numbers.length === 0) break;
      const { from, to } = random.of(map.numbers);
      return { from, to, bytes: random.of(extremes) };
    }
    case 3:
      return { from: value.from, to: value.to, bytes: random.of(others) };
    case 4:
      return { from: value.from, to: value.to, bytes: random.of(value.kind === 'string' ? strings : others) };
    case 5:
      // A lost element; the commas around it stay.
      return { from: value.start, to: value.to, bytes: NOTHING };
    case 6: {
      const twice = new Uint8Array((value.to - value.start) * 2 + 1);
      twice.set(bytes.subarray(value.start, value.to));
      twice.set(COMMA, value.to - value.start);
      twice.set(bytes.subarray(value.start, value.to), value.to - value.start + 1);
      return { from: value.start, to: value.to, bytes: twice };
    }
    case 7: {
      if (map.keys.length === 0) break;
      const { from, to } = random.of(map.keys);
      return { from, to, bytes: random.of(names) };
    }
    case 8: {
      const other = random.of(map.values);
      return { from: value.from, to: value.to, bytes: bytes.subarray(other.from, other.to) };
    }
    default:
  }
  const at = random.below(bytes.length + 1);
  return { from: at, to: Math.min(bytes.length, at + random.below(2)), bytes: random.of(structure) };
}
