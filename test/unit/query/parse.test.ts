import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { everySpan } from '../../../src/core/query/build';
import { parseDuration } from '../../../src/core/query/durations';
import { findTextToStages } from '../../../src/core/query/findText';
import { checkQuery, parseQuery } from '../../../src/core/query/parse';
import { printQuery } from '../../../src/core/query/print';
import { processorTime } from '../../support/leastTime';
import { withoutPlaces } from '../../support/queryTrees';

const canonical = (text: string) => printQuery(parseQuery(text));

describe('parseQuery', () => {
  it.each([
    // One span.
    ['{}', '{ }'],
    ['{ true }', '{ }'],
    ['{status=error&&duration>200ms}', '{ status = error && duration > 200ms }'],
    ['status = error', '{ status = error }'],
    ['.retries', '{ .retries }'],
    ['{ 200ms < span:duration }', '{ 200ms < duration }'],
    ['{ duration > 1h30m }', '{ duration > 1.5h }'],
    ['{ duration > 2d && duration < 1w }', '{ duration > 48h && duration < 168h }'],
    ['{ trace:rootService = "a" && trace:rootName = "b" }', '{ rootServiceName = "a" && rootName = "b" }'],
    ['{ span:childCount > 5 && nestedSetParent = -1 }', '{ span:childCount > 5 && nestedSetParent = -1 }'],
    ['{ event:timeSinceStart > 2s || link:traceID = "a" }', '{ event:timeSinceStart > 2s || link:traceID = "a" }'],
    ['{ parent.span.a = parent.name }', '{ parent.span.a = parent.name }'],
    ['{ instrumentation:version =~ "v.+" && instrumentation.x }', '{ instrumentation:version =~ "v.+" && instrumentation.x }'],
    ['{ .n = -5 && .m = `raw "x"` }', '{ .n = -5 && .m = "raw \\"x\\"" }'],
    ['{ span."my key" != nil && nil = .b }', '{ span."my key" != nil && nil = .b }'],
    ['{ .a-b/c = 1 && ."7" = 2 }', '{ .a-b/c = 1 && ."7" = 2 }'],
    ['{ .a = 1 /* why */ } // end', '{ .a = 1 }'],
    ['{ .a = 1e3 && .b = .5 && .c = 2. }', '{ .a = 1000.0 && .b = 0.5 && .c = 2.0 }'],
    ['{ .a = maxInt || .a = minInt }', '{ .a = 9223372036854775807 || .a = minInt }'],
    ['{ .a = "\\u00e9\\xc3\\xa9\\303\\251\\U0001F600\\t" }', '{ .a = "ééé😀\\t" }'],
    // What binds how.
    ['{ .a = 1 || .b = 2 && .c = 3 }', '{ (.a = 1 || .b = 2) && .c = 3 }'],
    ['{ .a = 1 || (.b = 2 && .c = 3) }', '{ .a = 1 || (.b = 2 && .c = 3) }'],
    ['{ !.a && .b }', '{ !.a && .b }'],
    ['{ !(.a = 1) && .b = 2 }', '{ !(.a = 1) && .b = 2 }'],
    ['{ !.a = true }', '{ !.a = true }'],
    ['{ .a + 1 * 2 ^ 3 ^ 4 = 5 }', '{ .a + 1 * 2 ^ 3 ^ 4 = 5 }'],
    ['{ (.a + 1) * 2 = (2 ^ 3) ^ 4 }', '{ (.a + 1) * 2 = (2 ^ 3) ^ 4 }'],
    ['{ .a - .b - .c = .a - (.b - .c) }', '{ .a - .b - .c = .a - (.b - .c) }'],
    ['{ -.a * .b = -(.a * .b) }', '{ -(.a * .b) = -(.a * .b) }'],
    ['{ -.a + .b = 1 }', '{ -.a + .b = 1 }'],
    ['{ (-2) ^ .a = -2 ^ .a }', '{ (-2) ^ .a = -(2 ^ .a) }'],
    ['{ .a = .b = true }', '{ .a = .b = true }'],
    // Sets.
    ['({ .a = 1 } || { .b = 2 }) && { event:name = "x" }', '({ .a = 1 } || { .b = 2 }) && { event:name = "x" }'],
    ['{ .a } && { .b } >> { .c }', '{ .a } && { .b } >> { .c }'],
    ['{ .a } > ({ .b } > { .c }) > { .d }', '{ .a } > ({ .b } > { .c }) > { .d }'],
    ['{.a}!>>{.b}&<<{.c}~{.d}!~{.e}', '{ .a } !>> { .b } &<< { .c } ~ { .d } !~ { .e }'],
    // Pipelines.
    ['{ .a } | count() > 2 | { .b }', '{ .a } | count() > 2 | { .b }'],
    ['max(duration) >= 1s', 'max(duration) >= 1s'],
    ['{ } | 3 < count()', '{ } | count() > 3'],
    ['{ } | avg(span.size * 8) > 2 / 4 + 1.5 * 2', '{ } | avg(span.size * 8) > 3.0'],
    [
      '{ } | by(resource.service.name) | coalesce() | select(name, span.a)',
      '{ } | by(resource.service.name) | coalesce() | select(name, span.a)',
    ],
    ['({ .a } | count() > 1) >> ({ .b } | by(.c))', '({ .a } | count() > 1) >> ({ .b } | by(.c))'],
    ['({ .a } | count()) * 2 > ({ .b } | count()) - 1', '({ .a } | count()) * 2 > ({ .b } | count()) - 1'],
    ['(max(duration) - min(duration)) / 2 > 1s', '(max(duration) - min(duration)) / 2 > 1s'],
    ['({ .a } | count() > 1)', '{ .a } | count() > 1'],
    ['{ .a } with (most_recent = true)', '{ .a } with (most_recent = true)'],
  ])('%s is %s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
    expect(withoutPlaces(parseQuery(printed))).toEqual(withoutPlaces(parseQuery(text)));
  });

  it('says where each part stands', () => {
    const text = '{ .a = 1 } >> {status=error} | count() > 2';
    const placed: string[] = [];
    JSON.stringify(parseQuery(text), (_, node) => {
      if (typeof node?.from === 'number') placed.push(text.slice(node.from, node.to));
      return node;
    });
    expect(placed).toEqual([
      '{ .a = 1 } >> {status=error}',
      '{ .a = 1 }',
      '.a = 1',
      '.a',
      '1',
      '{status=error}',
      'status=error',
      'status',
      'error',
      'count() > 2',
      'count()',
      '2',
    ]);
  });

  it('reads a long chain, and refuses what is too long or nests too deep, without falling over it', () => {
    const chain = (part: string, joint: string, count: number) => Array(count).fill(part).join(joint);
    expect(checkQuery(`{ ${chain('.a', ' && ', 10_000)} }`)).toBeUndefined();
    expect(checkQuery(chain('{ }', '||', 10_000))).toBeUndefined();
    expect(checkQuery(chain('{ }', ' | ', 10_000))).toBeUndefined();
    expect(checkQuery(`{ ${'('.repeat(10_000)}.a${')'.repeat(10_000)} }`)?.message).toContain('brackets nest deeper than 200');
    expect(checkQuery(`${'('.repeat(10_000)}{ }${')'.repeat(10_000)}`)?.message).toContain('brackets nest deeper than 200');
    expect(checkQuery(`{ ${'!'.repeat(10_000)}.a }`)?.message).toContain('deeper than 200');
    expect(checkQuery(`{ ${chain('2', ' ^ ', 10_000)} = 1 }`)?.message).toContain('deeper than 200');
    expect(checkQuery(`{ ${chain('2', ' + ', 10_000)} = 1 }`)?.message).toContain('operators nest deeper than 200');
    expect(checkQuery(`{ ${chain('.a && .b', ' || ', 300)} }`)?.message).toContain('operators nest deeper than 200');
    expect(checkQuery(chain('{ }', ' >> ', 300))?.message).toContain('operators nest deeper than 200');
    expect(checkQuery(`{ ${chain('.a', ' && ', 20_000)} }`)?.message).toContain('longer than 100000 characters');
  });

  it('reads a text of mistakes in a time that grows with it', () => {
    for (const mistake of ['{ ', '( ', '"', '. ', '& ', '/* ', 'x ', '| ', '{ .a = ', '{ .a } | by(', '1.', '\\', '`"']) {
      const text = mistake.repeat(Math.floor(90_000 / mistake.length));
      expect(processorTime(() => expect(checkQuery(text)).toBeDefined())).toBeLessThan(2000);
    }
  });

  it('throws what is wrong, with the place', () => {
    expect(() => parseQuery('{ status = }')).toThrow(SpanhopError);
    expect(() => parseQuery('{ status = }')).toThrow(
      expect.objectContaining({ kind: 'BadQuery', message: checkQuery('{ status = }')?.message }),
    );
  });

  it('reads durations as Go writes them, and longer units', () => {
    expect(['1ns', '1.5us', '2µs', '200ms', '1.5s', '1h2m3s', '1d'].map(parseDuration)).toEqual([
      1, 1500, 2000, 2e8, 1.5e9, 3723e9, 8.64e13,
    ]);
    expect(['', '5', 's', '1x', '1 s', '1e3s'].map(parseDuration)).toEqual(Array(6).fill(undefined));
  });
});

describe('findTextToStages', () => {
  const isText = (text: string) => findTextToStages(text).some((stage) => stage.type === 'spans' && stage.filter.type === 'text');

  it.each([
    'status = error',
    'duration > 200ms',
    '{ .a }',
    '.http.status_code = 500',
    'http.status_code=500',
    '!(kind = server)',
    '."a key" = 1',
    'parent.name = "x"',
    'span:childCount > 5',
    '.a && .b',
    'max(duration) > 1s',
    '({ .a } | count() > 2) && ({ .b })',
    '200ms < duration',
  ])('takes %s for a query', (text) => expect(isText(text)).toBe(false));

  it('takes all else for text', () => {
    for (const text of ['checkout', 'GET /cart?id=5', 'a = b', 'SELECT * FROM a WHERE b = 5', 'x > y', '5 ms', '=>', '.retries'])
      expect(isText(text), text).toBe(true);
    for (const text of ['http.route', 'true', '3 = 2', 'max(a, b)', 'a && b', '(status)', 'name', 'who is | was'])
      expect(isText(text), text).toBe(true);
    expect(findTextToStages('  ')).toEqual([{ type: 'spans', filter: everySpan }]);
    expect(findTextToStages(' two words ')).toEqual([{ type: 'spans', filter: { type: 'text', text: 'two words' } }]);
  });

  it('says what is wrong where a query was meant', () => {
    expect(() => findTextToStages('status = wat')).toThrow('wat is no value');
    expect(() => findTextToStages('{ status = error')).toThrow('is not complete');
  });

  it('looks for a log as it was pasted, however long, and refuses a query as long', () => {
    const log = 'a & b: /* "x" = '.repeat(10_000);
    expect(findTextToStages(log)).toEqual([{ type: 'spans', filter: { type: 'text', text: log.trim() } }]);
    expect(() => findTextToStages(`.a = 1${' && .a = 1'.repeat(10_000)}`)).toThrow('longer than');
  });

  it('finds the spans of each of several span sets', () => {
    expect(findTextToStages('{ .a = 1 } && { .b = 2 }')).toMatchObject([{ type: 'both' }]);
  });
});
