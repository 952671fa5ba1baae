import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { everySpan } from '../../../src/core/query/build';
import { parseDuration } from '../../../src/core/query/fields';
import { findTextToStages } from '../../../src/core/query/findText';
import { literalText } from '../../../src/core/query/literals';
import { checkQuery, parseQuery } from '../../../src/core/query/parse';
import { printQuery } from '../../../src/core/query/print';

const canonical = (text: string) => printQuery(parseQuery(text));

describe('parseQuery', () => {
  it.each([
    ['{}', '{ }'],
    ['{status=error&&duration>200ms}', '{ status = error && duration > 200ms }'],
    ['status = error', '{ status = error }'],
    ['{ .a = 1 || .b = 2 && .c = 3 }', '{ (.a = 1 || .b = 2) && .c = 3 }'],
    ['{ .a = 1 || (.b = 2 && .c = 3) }', '{ .a = 1 || (.b = 2 && .c = 3) }'],
    ['{ !(.a = 1) && .b = 2 }', '{ !(.a = 1) && .b = 2 }'],
    ['{ !.a && .b }', '{ !(.a = true) && .b = true }'],
    ['{ .n = -5 && .m = `raw "x"` }', '{ .n = -5 && .m = "raw \\"x\\"" }'],
    ['{ 200ms < span:duration }', '{ duration > 200ms }'],
    ['{ duration > 1h30m }', '{ duration > 1.5h }'],
    ['{ span."my key" != nil && resource.service.name =~ "a.*" }', '{ span."my key" != nil && resource.service.name =~ "a.*" }'],
    ['{ status = "error" && kind = "server" }', '{ status = error && kind = server }'],
    ['{ trace:rootService = "a" && trace:rootName = "b" }', '{ rootServiceName = "a" && rootName = "b" }'],
    ['({ .a = 1 } || { .b = 2 }) && { event:name = "x" }', '({ .a = 1 } || { .b = 2 }) && { event:name = "x" }'],
    ['{ true || false }', '{ true || false }'],
    ['{ .a = 1 /* why */ } // end', '{ .a = 1 }'],
  ])('%s is %s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
    expect(canonical(printed)).toBe(printed);
    expect(parseQuery(printed)).toEqual(parseQuery(text));
  });

  it.each([
    ['{ status = }', 11, 'a value after "=" is expected, but } was found.'],
    ['{ status error }', 2, 'a comparison is expected, as in status = error.'],
    ['{ foo = 1 }', 2, 'foo is no field. An attribute begins with a dot or a scope: .foo or span.foo.'],
    ['{ name = foo }', 9, 'foo is no value. Texts are in quotes: "foo".'],
    ['name = foo', 7, 'foo is no value. Texts are in quotes: "foo".'],
    ['{ name = "foo }', 9, 'the text "foo has no closing quote.'],
    ['{ .a = 1', 8, '&&, || or "}" is expected.'],
    ['{ .a = 1 }}', 10, '&&, || or the end is expected, but } was found.'],
    [
      '{ .a = 1 } >> { .b = 2 }',
      11,
      'the relation ">>" between span sets is not supported. Spans are found with conditions in braces, joined by && and ||.',
    ],
    [
      '{ .a = 1 } | count() > 2',
      11,
      'a pipeline ("|") is not supported. Spans are found with conditions in braces, joined by && and ||.',
    ],
    ['{ parent.a = 1 }', 2, 'the field parent.a is not supported.'],
    ['{ .a + 1 = 2 }', 5, 'calculating with "+" is not supported.'],
    ['{ .a = .b }', 7, 'comparing two fields is not supported.'],
    ['{ duration > 200 }', 13, 'duration is compared with a duration, such as 200ms or 1.5s.'],
    ['{ status = bad }', 11, 'bad is no value. Texts are in quotes: "bad".'],
    ['{ status = "bad" }', 11, 'status is error, ok or unset.'],
    ['{ .a =~ "(" }', 8, 'the regular expression cannot be read: missing closing ).'],
    ['', 0, '"{" is expected.'],
  ])('refuses %s', (text, from, message) => {
    const issue = checkQuery(text);
    expect(issue?.from).toBe(from);
    expect(issue?.message.replace(/^The query (?:is not complete|cannot be run from character \d+ on): /, '')).toBe(message);
    expect(() => parseQuery(text)).toThrow(SpanhopError);
    expect(() => parseQuery(text)).toThrow(expect.objectContaining({ kind: 'BadQuery', message: issue?.message }));
  });

  it('refuses what nests or is too long, and does not fall over it', () => {
    expect(checkQuery(`{ ${'('.repeat(4000)}.a${')'.repeat(4000)} }`)?.message).toContain('brackets nest deeper than 200');
    expect(checkQuery(`{ ${'.a = 1 || '.repeat(5000)}.b = 2 }`)?.message).toContain('longer than 10000 characters');
  });

  it('reads durations as Go writes them', () => {
    expect(['1ns', '1.5us', '2µs', '200ms', '1.5s', '1h2m3s'].map(parseDuration)).toEqual([1, 1500, 2000, 2e8, 1.5e9, 3723e9]);
    expect(['', '5', 's', '1x', '1 s'].map(parseDuration)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('writes any duration so that it is read again', () => {
    for (const valueNs of [0, 1, 999, 1000, 1001, 123_456, 438e6, 1_234_567_891, 5.4e12, 1e15 + 1]) {
      expect(parseDuration(literalText({ type: 'duration', valueNs }))).toBe(valueNs);
    }
  });
});

describe('findTextToStages', () => {
  const isText = (text: string) => findTextToStages(text).some((stage) => stage.type === 'spans' && stage.filter.type === 'text');

  it('takes comparisons for queries', () => {
    expect(
      ['status = error', 'duration > 200ms', '{ .a }', '.http.status_code = 500', 'http.status_code=500', '!(kind = server)'].map(
        isText,
      ),
    ).toEqual([false, false, false, false, false, false]);
  });

  it('takes all else for text', () => {
    expect(['checkout', 'GET /cart?id=5', 'a = b', 'SELECT * FROM a WHERE b = 5', 'x > y', '5 ms', '=>'].map(isText)).toEqual(
      Array(7).fill(true),
    );
    expect(findTextToStages('  ')).toEqual([{ type: 'spans', filter: everySpan }]);
    expect(findTextToStages(' two words ')).toEqual([{ type: 'spans', filter: { type: 'text', text: 'two words' } }]);
  });

  it('says what is wrong where a query was meant', () => {
    expect(() => findTextToStages('status = wat')).toThrow('wat is no value');
    expect(() => findTextToStages('{ status = error')).toThrow('is not complete');
  });

  it('finds the spans of each of several span sets', () => {
    expect(findTextToStages('{ .a = 1 } && { .b = 2 }')).toMatchObject([{ type: 'both' }]);
  });
});
