// Damaged, cut, hostile and wrong input: what can be read is read, the rest is named, and nothing else is ever thrown.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { withCommas } from '../../../src/core/format/sink/damage';
import { layoutOf } from '../../../src/core/format/sniff';
import { decode, messages } from './spans';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(__dirname, '..', '..', 'fixtures', 'formats', name)));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const id = (n: number): string => n.toString(16).padStart(16, '0');
const spanJson = (n: number, more = ''): string =>
  `{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"${id(n)}","name":"span ${n}","startTimeUnixNano":"100","endTimeUnixNano":"200"${more}}`;
const request = (...spans: string[]): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`;

function refusal(input: string | Uint8Array): string {
  try {
    decode(input);
  } catch (error) {
    if (error instanceof SpanhopError && error.kind === 'BadData') return error.message;
    throw error;
  }
  throw new Error('Was read.');
}

describe('input that ends early', () => {
  it('JSON in the middle of a span', () => {
    const text = request(spanJson(1), spanJson(2), spanJson(3));
    const cut = text.indexOf('span 3');
    const result = decode(text.slice(0, cut));
    expect(result.spans.map(({ name }) => name)).toEqual(['span 1', 'span 2']);
    expect(messages(result)).toEqual([`input ends in the middle of a span at byte ${cut}; 2 spans before it were kept.`]);
  });

  it('protobuf in the middle of a span', () => {
    const result = decode(fixture('tickets.otlp.pb').subarray(0, 12_000));
    expect(result.spanCount).toBe(33);
    expect(messages(result)).toEqual(['input ends in the middle of a span at byte 12,000; 33 spans before it were kept.']);
  });

  it('before the first span', () => {
    expect(messages(decode('{"resourceSpans":[{"scopeSpans":[{"spans":['))).toEqual([
      'input ends in the middle of a span at byte 43; no span comes before it.',
    ]);
  });

  it('a length before a message that is longer than the file', () => {
    const whole = fixture('tickets.otlp.pb');
    const longer = whole.slice();
    longer[0] = 0x0f;
    const result = decode(longer);
    expect(result.spanCount).toBeGreaterThan(0);
    expect(result.defects.every(({ kind }) => kind === 'unreadable')).toBe(true);
    expect(result.defects.length).toBe(1);
  });
});

describe('JSON of another shape', () => {
  it('one item where a list should be is read as the only one', () => {
    const alone = `{"resourceSpans":{"resource":{},"scopeSpans":{"scope":{"name":"a"},"spans":${spanJson(1)}}}}`;
    for (const text of [alone, `{"scopeSpans":{"spans":${spanJson(1)}}}`]) {
      const result = decode(text);
      expect(result.spans.map(({ name }) => name)).toEqual(['span 1']);
      expect(messages(result)).toEqual([]);
    }
  });

  it.each([
    ['{"resourceSpans":"x"}', 17, 'has """ where a list should be'],
    ['{"resourceSpans":[5]}', 18, 'has "5" where an object should be'],
    ['{"resourceSpans":[{"scopeSpans":true}]}', 32, 'has "t" where a list should be'],
    ['{"resourceSpans":[{"scopeSpans":[[]]}]}', 33, 'has "[" where an object should be'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":1}]}]}', 42, 'has "1" where a list should be'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":["x"]}]}]}', 43, 'has """ where a span should be'],
    ['{"data":[{"traceID":"1","spans":5,"processes":{}}]}', 32, 'has "5" where a list should be'],
    ['{"data":[{"traceID":"1","spans":[5],"processes":{}}]}', 33, 'has "5" where a span should be'],
    ['[{"traceId":"1","id":"1"},5]', 26, 'has "5" where a span should be'],
  ])('says where %s is wrong', (text, at, reason) => {
    const [message, ...more] = messages(decode(text));
    expect(message).toContain(`at byte ${at}, which ${reason}, left out`);
    expect(more).toEqual([]);
  });

  it('null stands for nothing', () => {
    const [first] = request(spanJson(1)).split('[{"scope');
    for (const text of [`${first}null}`, '{"resourceSpans":[{"scopeSpans":null},{"scopeSpans":[{"spans":null}]}]}'])
      expect(messages(decode(text))).toEqual([]);
  });
});

describe('damage in the middle', () => {
  it('costs one span of JSON when the brackets are right', () => {
    const text = request(spanJson(1), spanJson(2).replace('"name":', '"name"!'), spanJson(3));
    const result = decode(text);
    expect(result.spans.map(({ name }) => name)).toEqual(['span 1', 'span 3']);
    expect(messages(result)).toEqual([
      `input is damaged: a span at byte ${text.indexOf('!')}, which has "!" where a colon should be, left out; 2 spans kept.`,
    ]);
  });

  it('ends reading where the brackets are wrong', () => {
    const result = decode(request(spanJson(1), spanJson(2).replace('"name"', '}]"name"'), spanJson(3)));
    expect(result.spans[0].name).toBe('span 1');
    expect(result.defects.length).toBeGreaterThan(0);
  });

  it('costs one line of JSON lines, which is named', () => {
    const lines = [
      request(spanJson(1)),
      request(spanJson(2)).slice(0, 80),
      '',
      request(spanJson(3)),
      'not JSON',
      request(spanJson(4)),
    ];
    const result = decode(`${lines.join('\n')}\n`);
    expect(result.format).toBe('otlp-jsonl');
    expect(result.spans.map(({ name }) => name)).toEqual(['span 1', 'span 3', 'span 4']);
    expect(messages(result)).toEqual([
      '2 lines of input are not readable (lines 2, 5): the first ends too early. The other lines were read; 3 spans kept.',
    ]);
  });

  it('costs one line of JSON lines that are longer than what is looked at first', () => {
    const long = (first: number): string =>
      request(
        ...Array.from({ length: 800 }, (_, i) => spanJson(first + i, ',"attributes":[{"key":"k","value":{"intValue":"1"}}]')),
      );
    const text = [long(1), long(1001).slice(0, 70_000), long(2001)].join('\n');
    const result = decode(text);
    expect(result.format).toBe('otlp-jsonl');
    expect(result.spans.at(-1)?.name).toBe('span 2800');
    expect(messages(result)).toEqual([
      `Line 2 of input is not readable: it ends too early. The other lines were read; ${withCommas(result.spanCount)} spans kept.`,
    ]);
  });

  it('takes one object with a newline behind it for what it is', () => {
    expect(decode(`${request(spanJson(1))}\n`).format).toBe('otlp-json');
    expect(decode(`${request(spanJson(1))}\n${request(spanJson(2))}`).format).toBe('otlp-jsonl');
  });

  it('costs one span of protobuf', () => {
    const bytes = fixture('tickets.otlp.pb').slice();
    // The length of an attribute of the third span.
    const text = new TextDecoder('latin1').decode(bytes);
    const at = text.indexOf('http.route', text.indexOf('http.route') + 1);
    bytes[at - 1] = 0x7f;
    const result = decode(bytes);
    expect(result.spanCount).toBe(51);
    expect(messages(result)[0]).toMatch(/^input is damaged: a span at byte [\d,]+, which .*, left out; 51 spans kept\.$/);
  });
});

describe('hostile input', () => {
  it('nests 100,000 levels deep', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const nested = `${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}`;
    const result = decode(request(spanJson(1, `,"unknown":${deep},"attributes":[{"key":"deep","value":${nested}}]`)));
    expect(result.spans[0].name).toBe('span 1');
    expect(JSON.stringify(result.spans[0].attributes.deep)).toContain('…');
  });

  it('nests without end', () => {
    for (const opening of [
      '[',
      '{"a":',
      '{"data":',
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[',
      '[[{"traceId":',
    ]) {
      let said: string[];
      try {
        said = messages(decode(opening.repeat(50_000)));
      } catch (error) {
        said = [error instanceof SpanhopError ? error.message : ''];
      }
      expect(said.join()).toMatch(/^input (?:ends in the middle|ends at byte|is a JSON|makes no sense)/);
    }
  });

  it('has keys that would be harmful to an object', () => {
    const attributes = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
      (key) => `{"key":"${key}","value":{"stringValue":"x"}}`,
    );
    const [span] = decode(request(spanJson(1, `,"__proto__":{"name":"y"},"attributes":[${attributes.join(',')}]`))).spans;
    expect(Object.keys(span.attributes)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    expect(span.name).toBe('span 1');
    expect({}).not.toHaveProperty('x');
  });

  it('has text that is no Unicode', () => {
    const lone = String.raw`,"attributes":[{"key":"lone","value":{"stringValue":"a\ud800b\udc00c\ud83d\ude00"}},{"key":"\ud83d","value":{"stringValue":"\q"}}]`;
    const [span] = decode(request(spanJson(1, lone))).spans;
    expect(span.attributes).toEqual({ lone: 'a\ufffdb\ufffdc😀', '\ufffd': 'q' });
    const bytes = utf8(request(spanJson(1)));
    bytes[bytes.indexOf(utf8('span 1')[0], 100)] = 0xff;
    expect(decode(bytes).spans.length).toBe(1);
  });

  it('has types other than those that the format says', () => {
    const wrong =
      '{"traceId":12,"spanId":{},"parentSpanId":null,"name":["x"],"kind":"SERVER","startTimeUnixNano":null,"endTimeUnixNano":{"a":1},"attributes":{"a":1},"events":"none","links":[1,null],"status":2}';
    const result = decode(request(wrong, spanJson(2)));
    expect(result.spans.map(({ name }) => name)).toEqual(['', 'span 2']);
    expect(messages(result)).toContain('input has 1 span without a valid trace id, kept under the id 0.');
  });

  it('keeps values over 64 KiB and says so', () => {
    const result = decode(request(spanJson(1, `,"attributes":[{"key":"big","value":{"stringValue":"${'x'.repeat(70_000)}"}}]`)));
    expect(String(result.spans[0].attributes.big).length).toBe(70_000);
    expect(result.defects).toEqual([
      { kind: 'valueTooLong', count: 1, message: '1 value longer than 64 KiB; kept as they are.', spanIds: [id(1)] },
    ]);
  });
});

describe('input that is no trace data', () => {
  const accepted =
    'Spanhop reads OTLP (JSON, JSON lines, protobuf, Collector files), what console exporters print, and the JSON of Jaeger, Zipkin, Tempo, AWS X-Ray, Azure, Google Cloud, Datadog, Elastic APM and others.';
  it.each([
    ['nothing', '', 'input is empty. There is nothing to show yet.'],
    ['white space', ' \n\n ', 'input holds only white space. There is nothing to show yet.'],
    [
      'a page',
      '<!doctype html><html>',
      `input is an HTML page, no trace data: perhaps a login page, or a wrong address. ${accepted}`,
    ],
    [
      'an object',
      '{"name":"x","settings":{"y":"1"}}',
      `input is a JSON object without spans (its keys: name, settings). ${accepted}`,
    ],
    ['a package', '{"name":"x","dependencies":{"y":"1"}}', "input is a package.json or a lock file of npm's, no trace data."],
    ['a list', '[{"a":1,"b":{"c":2}},{"d":3}]', `input is a JSON list without spans (its keys: a, b, d). ${accepted}`],
    ['text', 'trace 5 failed\nat noon', `input is text that begins with "trace 5 failed", no trace data. ${accepted}`],
    ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), `input is a PNG image, no trace data. ${accepted}`],
    ['an archive', new Uint8Array([0x1f, 0x8b, 8, 0, 0]), 'input is compressed with gzip. Unpack it, then open what is in it.'],
    ['noise', new Uint8Array([0, 255, 3, 7, 200, 1, 0, 9]), `input is binary data of an unknown kind. ${accepted}`],
  ])('%s', (_, input, message) => {
    expect(refusal(input)).toBe(message);
    expect(layoutOf(typeof input === 'string' ? utf8(input) : input)).toBeUndefined();
  });
});

describe('forms of JSON', () => {
  it.each([
    ['with a byte order mark', (text: string) => utf8(`\ufeff${text}`)],
    ['in UTF-16', (text: string) => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['pretty printed', (text: string) => utf8(JSON.stringify(JSON.parse(text), undefined, 2))],
    [
      'with tabs and carriage returns',
      (text: string) => utf8(JSON.stringify(JSON.parse(text), undefined, '\t').replaceAll('\n', '\r\n')),
    ],
    ['several objects in a row', (text: string) => utf8(`${text}${text}`)],
    ['a list of objects', (text: string) => utf8(`[${text},${text}]`)],
    ['answers of Jaeger in a row', (text: string) => utf8(`{"result":${text}}\n{"result":${text}}`)],
  ])('%s', (_, form) => {
    const { spans, defects } = decode(form(request(spanJson(1), spanJson(2))));
    expect(spans.length % 2).toBe(0);
    expect(spans[1].name).toBe('span 2');
    expect(defects).toEqual([]);
  });

  it('reads names in snake_case, enums by name, numbers for 64 bits, ids in capitals and in base64', () => {
    const text = `{"resource_spans":[{"instrumentation_library_spans":[{"instrumentation_library":{"name":"old"},"spans":[
      {"trace_id":"AQIDBAUGBwgJCgsMDQ4PEA==","span_id":"ABCDEF0123456789","parent_span_id":"AQIDBAUGBwg=","name":"n","kind":"SPAN_KIND_SERVER",
       "start_time_unix_nano":1795267300622257512,"end_time_unix_nano":"1795267300622257513","status":{"code":"STATUS_CODE_ERROR","message":"m"},
       "attributes":[{"value":{"int_value":9007199254740993},"key":"big"},{"key":"inf","value":{"double_value":"-Infinity"}},{"key":"none"}]}]}]}]}`;
    const [span] = decode(text).spans;
    expect(span).toMatchObject({
      traceId: '0102030405060708090a0b0c0d0e0f10',
      spanId: 'abcdef0123456789',
      parentSpanId: '0102030405060708',
      kind: 2,
      startNs: 1795267300622257512n,
      durationNs: 1,
      status: 2,
      statusMessage: 'm',
      attributes: { big: 9007199254740993n, inf: Number.NEGATIVE_INFINITY, none: undefined },
      scope: { name: 'old' },
    });
  });

  it('takes members in any order', () => {
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"events":[{"attributes":[{"key":"e","value":{"intValue":"1"}}],"name":"first","timeUnixNano":"5"}],"attributes":[{"key":"a","value":{"boolValue":true}}],"name":"n","endTimeUnixNano":"20","startTimeUnixNano":"10","spanId":"${id(1)}","traceId":"0102030405060708090a0b0c0d0e0f10"}],"scope":{"name":"late"}}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"later"}}]}}]}`;
    const [span] = decode(text).spans;
    expect(span).toMatchObject({ service: 'later', scope: { name: 'late' }, attributes: { a: true }, durationNs: 10 });
    expect(span.events).toEqual([{ name: 'first', timeNs: 5n, attributes: { e: 1 } }]);
  });

  it('counts logs and metrics beside spans', () => {
    const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]}]}]}\n{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m"}]}]}]}\n${request(spanJson(1))}\n`;
    const result = decode(text);
    expect(result.otherSignals).toEqual({ logs: 2, metrics: 1 });
    expect(result.spanCount).toBe(1);
    expect(result.defects).toEqual([]);
  });
});
