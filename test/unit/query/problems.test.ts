// What is refused, where, and what is said: a rule of Tempo's for each line.
import { describe, expect, it } from 'vitest';
import { checkQuery } from '../../../src/core/query/parse';
import { problemsOf, settledProblems } from '../../../src/core/query/typing';

function refused(text: string): [number, string] | undefined {
  const issue = checkQuery(text);
  return issue && [issue.from, issue.message.replace(/^The query (?:is not complete|cannot be run from character \d+ on): /, '')];
}

describe('a query that cannot be read', () => {
  it.each([
    ['', 0, '"{" is expected.'],
    ['{ status = }', 11, 'a value after "=" is expected, but } was found.'],
    ['{ status error }', 9, 'an operator such as = or && is expected before error.'],
    ['{ foo = 1 }', 2, 'foo is no field. An attribute begins with a dot or a scope: .foo or span.foo.'],
    ['{ childCount = 1 }', 2, 'childCount is no field. span:childCount is one.'],
    ['{ trace:name = "a" }', 2, 'there is no field trace:name.'],
    ['{ parent }', 2, 'the parent has to be asked for a field, as in parent.name or parent.span.key.'],
    ['{ name = foo }', 9, 'foo is no value. Texts are in quotes: "foo".'],
    ['name = foo', 7, 'foo is no value. Texts are in quotes: "foo".'],
    ['{ name = "foo }', 9, 'the text "foo } has no closing quote.'],
    ['{ name =~ "\\d+" }', 10, '\\d is no escape: write \\\\d, or put the text in backquotes.'],
    ['{ ."foo = 1 }', 2, 'the key "foo = 1 } has no closing quote.'],
    ['{ ."a\\n" = 1 }', 2, '\\n is no escape: in a key, only \\" and \\\\ are.'],
    ['{ span. = 1 }', 2, 'the key of an attribute is expected after "span.".'],
    ['{ .5xx = 1 }', 2, '.5xx is no value. A key that begins with a digit is in quotes: ."5xx".'],
    ['{ .a = 5x }', 7, '5x is no value.'],
    ['{ .a = 300y }', 7, '300y is longer than 292 years, the longest duration.'],
    [
      '{ .a = 9223372036854775808 }',
      7,
      '9223372036854775808 is more than a whole number can be (9223372036854775807): write it with a point, 9223372036854775808.0.',
    ],
    ['{ .a = 1e999 }', 7, '1e999 is more than a number can be.'],
    ['{ .a = [1] }', 7, '[1] has no meaning here.'],
    ['{ .a == 1 }', 5, 'equality is written with one =.'],
    ['{ .a >> .b }', 5, '">>" relates sets of spans: it stands between braces, as in { … } >> { … }.'],
    ['{ .a = 1', 8, '&&, || or "}" is expected.'],
    ['{ (.a = 1 }', 10, '&&, || or ")" is expected, but } was found.'],
    ['{ .a = 1 }}', 10, '&&, ||, "|" or the end is expected, but } was found.'],
    ['{ .a = 1 } /* and', 11, 'the comment has no end: */ is missing.'],
    ['true', 0, '"{" is expected, but true was found.'],
  ])('%s', (text, from, message) => expect(refused(text)).toEqual([from, message]));
});

describe('a pipeline that cannot be read', () => {
  it.each([
    ['{ } = { }', 4, '"=" is nothing between sets of spans: they are joined with &&, ||, > or >> and the like.'],
    ['{ } > 10', 4, '">" needs numbers on both sides, as in { … } | count() > 2.'],
    ['{ } | count()', 6, 'its value is compared with a number, as in count() > 2.'],
    ['{ } | count = 1', 6, 'count is followed by brackets, as in count().'],
    ['{ } | count(name) = 1', 12, 'count() counts spans, and has nothing in its brackets.'],
    ['{ } | median(duration) = 1', 6, 'there is no function median() here.'],
    ['{ } | 3 > 2', 6, 'nothing of the spans is compared here: one side has an aggregate, as in count() > 2.'],
    ['{ } | count() > "3"', 16, 'the value of a set is a number or a duration, and "3" is neither.'],
    ['{ } | count() =~ 3', 14, '"=~" compares texts; the value of a set is a number.'],
    ['{ } | count() > 4 / 0', 16, 'nothing can be divided by 0.'],
    ['{ } | max(duration) > 10s * 2', 22, 'durations are not calculated with here: write the duration that is meant.'],
    [
      'count() > 3 && { }',
      12,
      '"&&" joins sets of spans: what is worked out of a set stands in brackets with it, as in ({ … } | count() > 3) && ({ … }).',
    ],
    ['coalesce() | { }', 0, 'there are no sets to coalesce yet: it stands behind a set of spans and a bar.'],
    ['{ } | select()', 13, 'a field is expected, but ) was found.'],
    ['{ } | by(.a) > 2', 13, '&&, ||, "|" or the end is expected, but > was found.'],
    ['{ } with (5 = 1)', 10, 'the name of a hint is expected, as in with (most_recent = true).'],
    ['{ } | rate() by (name)', 6, 'rate() makes a metric of spans; a search finds traces. Leave it out.'],
    ['({ } | count_over_time()) / 2', 7, 'count_over_time() makes a metric of spans; a search finds traces. Leave it out.'],
  ])('%s', (text, from, message) => expect(refused(text)).toEqual([from, message]));
});

describe('a query that could never hold', () => {
  it.each([
    ['{ status }', 2, 'a comparison is expected, as in status = error.'],
    ['{ .a && 5 }', 8, 'a comparison is expected, as in status = error.'],
    ['{ status = "error" }', 11, 'status is error, ok or unset, without quotes.'],
    ['{ kind = ok }', 9, 'kind is server, client, producer, consumer, internal or unspecified.'],
    ['{ duration > "fast" }', 13, 'duration is compared with a duration, such as 200ms or 1.5s.'],
    ['{ 5 = name }', 2, 'name is compared with a text in quotes: "5".'],
    ['{ span:childCount = "5" }', 20, 'span:childCount is compared with a number, without quotes.'],
    ['{ status > ok }', 2, '">" compares numbers, durations and texts; for a status, use = or !=.'],
    ['{ .a < true }', 7, '"<" compares numbers, durations and texts; for a condition, use = or !=.'],
    ['{ .a =~ "(" }', 8, 'the regular expression cannot be read: missing closing ).'],
    ['{ .a =~ .b }', 8, '"=~" is followed by a regular expression in quotes.'],
    ['{ duration =~ "1s" }', 2, '"=~" matches texts, and this is none: use = or !=.'],
    ['{ name + 1 = 2 }', 2, '"+" calculates with numbers and durations.'],
    ['{ -name = 2 }', 3, 'only numbers and durations have a sign.'],
    ['{ !name = "a" }', 3, '"!" negates a condition, which stands in brackets: !(name = "a").'],
    ['{ .a > nil }', 7, 'nil stands beside = or != only, as in .key != nil.'],
    ['{ nil }', 2, 'nil stands beside = or != only, as in .key != nil.'],
    ['{ span:name = nil }', 2, 'name is there in every span, and never nil: leave the condition out.'],
    ['{ } | max(name) = 1', 10, 'max() is of a number or a duration, as in max(duration).'],
    ['{ } | max(5) = 1', 10, 'max() is of a field of the spans, as in max(duration).'],
    ['{ } | by("a")', 9, 'by() groups by a field of the spans, as in by(resource.service.name).'],
  ])('%s', (text, from, message) => expect(refused(text)).toEqual([from, message]));

  it.each([
    '{ name != nil }',
    '{ nil != nil }',
    '{ .a = nil || nil = span.b }',
    '{ parent.resource.service.name = nil }',
    '{ duration > 200 && 1 < 1h && .a <= 1.5 }',
    '{ "a" < .b && name > "m" }',
    '{ instrumentation:name = 5 }',
    '{ } | max(.a) < 1s',
  ])('%s could', (text) => expect(refused(text)).toBeUndefined());
});

describe('a query that is being typed', () => {
  const wrong = (text: string) => problemsOf(text).map(({ from, to }) => text.slice(from, to));
  const settled = (text: string) => {
    const caret = text.indexOf('§');
    const whole = text.replace('§', '');
    return settledProblems(whole, caret).map(({ from, to }) => whole.slice(from, to));
  };

  it('is told of all that is wrong', () => {
    expect(wrong('{ foo = 1 && status = "error" && .a } >> { name = 5 || kind > } | max(name) > 2 | by(1)')).toEqual([
      'foo',
      '"error"',
      '5',
      '}',
      'name',
      '1',
    ]);
    expect(wrong('{ (foo || bar) && .a = "x" }')).toEqual(['foo', 'bar']);
    expect(wrong('{ .a = 1 }')).toEqual([]);
  });

  it('is not called wrong where it is not finished', () => {
    expect(
      ['{ §', '{ sta§', '{ status §', '{ status = §', '{ status = wat§', '{ .a = 1 } | co§', '{ 5 §', '{ foo§ && .a }'].flatMap(
        settled,
      ),
    ).toEqual([]);
    expect(settled('{ status = wat && §')).toEqual(['wat']);
    expect(settled('{ foo } | count() > §')).toEqual(['foo']);
  });
});
