import { describe, expect, it } from 'vitest';
import {
  type SpanBatch,
  VALUE_BIG_INT,
  VALUE_BOOL,
  VALUE_DOUBLE,
  VALUE_JSON_ANY,
  VALUE_JSON_STRING,
  VALUE_STRING,
} from '../../../src/core/model/batch';
import { BatchBuilder } from '../../../src/core/model/batchBuilder';
import { StringTable } from '../../../src/core/model/strings';
import { overlaps } from '../../../src/core/query/evaluation/evaluate';
import { parseQuery } from '../../../src/core/query/parse';
import { traceOverview } from '../../support/atOnce';
import { evaluatedBatch, spanNames } from '../../support/spanNames';
import { allRows, batchFromText, TEXT_START, TEXT_TRACE_ID } from '../../support/traceText';

const shop = batchFromText(`
  POST /checkout    storefront  0..1240     server error="payment refused" http.status_code=502
    GET /cart/{id}  cart        30..590     server host=web-1 user=Ann
      SELECT item   cart        40..62      client db.system=sqlite rows=3
    charge          payments    600..900    internal error exception@700 zip=01234
    send            payments    910..       producer link=2 event=queued@915
`);

describe('conditions', () => {
  it.each([
    ['{ }', ['POST /checkout', 'GET /cart/{id}', 'SELECT item', 'charge', 'send']],
    ['{ status = error }', ['POST /checkout', 'charge']],
    ['{ kind = client }', ['SELECT item']],
    ['{ name = "charge" }', ['charge']],
    ['{ name != "charge" && duration < 1s && duration > 0ns }', ['GET /cart/{id}', 'SELECT item']],
    ['{ name =~ ".*cart.*" }', ['GET /cart/{id}']],
    ['{ name =~ "cart" }', []],
    ['{ duration >= 560ms }', ['POST /checkout', 'GET /cart/{id}']],
    ['{ statusMessage = "payment refused" }', ['POST /checkout']],
    ['{ resource.service.name = "cart" }', ['GET /cart/{id}', 'SELECT item']],
    ['{ .service.name !~ "cart|payments" }', ['POST /checkout']],
    ['{ .rows > 2 && .rows <= 3 }', ['SELECT item']],
    ['{ .rows = 3 }', ['SELECT item']],
    ['{ .rows > 2.5 }', []],
    ['{ .http.status_code = "502" }', []],
    ['{ .http.status_code >= 500 }', ['POST /checkout']],
    ['{ .zip = 1234 }', ['charge']],
    ['{ .db.system != "mysql" }', ['SELECT item']],
    ['{ .db.system = nil && kind = server }', ['POST /checkout', 'GET /cart/{id}']],
    ['{ span.host.name != nil }', []],
    ['{ resource.host.name = "web-1" }', ['GET /cart/{id}']],
    ['{ event.exception.type = "Boom" }', ['charge']],
    ['{ event.exception.type =~ "B.+" }', ['charge']],
    ['{ .exception.type =~ "B.+" }', []],
    ['{ event:name = "queued" }', ['send']],
    ['{ event:timeSinceStart > 50ms }', ['charge']],
    ['{ link:spanID = "2" }', ['send']],
    ['{ span:id = "3" }', ['SELECT item']],
    ['{ rootName = "POST /checkout" && status = error }', ['POST /checkout', 'charge']],
    ['{ traceDuration > 2s }', []],
    ['{ !(kind = server) && !(status = error) }', ['SELECT item', 'send']],
    ['{ .nowhere = 1 || .user = "Ann" }', ['GET /cart/{id}']],
  ])('%s', (text, names) => {
    expect(spanNames(text, shop)).toEqual(names);
  });
});

describe('free text', () => {
  it.each([
    ['CHECKOUT', ['POST /checkout']],
    ['payments', ['charge', 'send']],
    ['refused', ['POST /checkout']],
    ['db.sys', ['SELECT item']],
    ['SQLite', ['SELECT item']],
    ['ann', ['GET /cart/{id}']],
    ['502', ['POST /checkout']],
    ['boom', ['charge']],
    ['queued', ['send']],
    ['00000003', ['SELECT item']],
    ['nothing of the kind', []],
  ])('%s', (text, names) => {
    expect(spanNames(text, shop)).toEqual(names);
  });
});

describe('values in the input', () => {
  const bytes = new TextEncoder();

  function withValues(values: readonly (readonly [type: number, value: string | number])[]): SpanBatch {
    const blob = bytes.encode(values.map(([, value]) => (typeof value === 'string' ? value : '')).join(''));
    const builder = new BatchBuilder(new StringTable(), blob);
    builder.resources.push({ service: 0, attributeStart: 0, attributeEnd: 0 });
    builder.scopes.push({ name: 0, version: 0, attributeStart: 0, attributeEnd: 0 });
    let offset = 0;
    for (const [type, value] of values) {
      const row = builder.span();
      builder.name[row] = builder.strings.intern(`span ${row}`);
      const length = typeof value === 'string' ? bytes.encode(value).length : 0;
      builder.attribute(builder.strings.intern('key'), type, typeof value === 'string' ? offset : value, length);
      builder.attributeEnd[row] = builder.attributeCount;
      offset += length;
    }
    return builder.finish();
  }

  const batch = withValues([
    [VALUE_STRING, 'A Long Value With WORDS in it'],
    [VALUE_JSON_STRING, 'line\\nbreak \\"quoted\\" \\u00e9t\\u00e9'],
    [VALUE_BOOL, 1],
    [VALUE_DOUBLE, 2.5],
    [VALUE_BIG_INT, '9223372036854775807'],
    [VALUE_JSON_ANY, '{"arrayValue":{"values":[{"stringValue":"first"},{"stringValue":"second"}]}}'],
    [VALUE_STRING, 'Größe ÄÖÜ'],
  ]);

  it.each([
    ['words', ['span 0']],
    ['long value with words in it', ['span 0']],
    ['long value with words in it!', []],
    ['"quoted"', ['span 1']],
    ['nbreak', []],
    ['ÉTÉ', ['span 1']],
    ['true', ['span 2']],
    ['2.5', ['span 3']],
    ['922337203685477580', ['span 4']],
    ['second', ['span 5']],
    ['stringvalue', []],
    ['größe äöü', ['span 6']],
    ['{ .key = "second" }', ['span 5']],
    ['{ .key = true }', ['span 2']],
    ['{ .key = "line\\nbreak \\"quoted\\" été" }', ['span 1']],
    ['{ .key > 9000000000000000 }', ['span 4']],
    ['{ .key =~ "(?i)a long.*" }', ['span 0']],
  ])('%s', (text, names) => {
    expect(spanNames(text, batch)).toEqual(names);
  });
});

describe('traces', () => {
  const sources = [{ batch: shop, rows: allRows(shop) }];
  const facts = traceOverview(TEXT_TRACE_ID, sources);
  const matches = (text: string) => evaluatedBatch(text, shop) !== undefined;

  it('match when each span set has a span', () => {
    expect(matches('{ kind = client } && { status = error }')).toBe(true);
    expect(matches('{ kind = client && status = error }')).toBe(false);
    expect(matches('{ kind = consumer } || { status = error }')).toBe(true);
    expect(matches('{ kind = consumer } && { status = error }')).toBe(false);
  });

  it('are in a time range that they overlap', () => {
    const inRange = (from?: bigint, to?: bigint) =>
      overlaps({ ...parseQuery('{ }'), startUnixNano: from, endUnixNano: to }, facts);
    const end = TEXT_START + 1_240_000_000n;
    expect(inRange()).toBe(true);
    expect(inRange(end, end + 1n)).toBe(true);
    expect(inRange(end + 1n)).toBe(false);
    expect(inRange(undefined, TEXT_START - 1n)).toBe(false);
  });
});

it('no regular expression of a query holds the engine', () => {
  const batch = batchFromText(`
    ${'a'.repeat(20_000)}!  a  0..10
      aab  a  1..2
  `);
  const before = performance.now();
  for (const pattern of ['(a+)+b', '(a|aa)+b', '(a*)*b', '.*.*.*.*b']) {
    expect(spanNames(`{ name =~ "${pattern}" }`, batch)).toEqual(['aab']);
  }
  expect(performance.now() - before).toBeLessThan(5000);
});
