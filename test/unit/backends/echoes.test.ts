import { expect, it } from 'vitest';
import { hideEchoes } from '../../../src/backends/common/echoes';

function hidden(text: string, proof: Readonly<Record<string, string>>): string {
  const body = new TextEncoder().encode(text);
  hideEchoes(body, proof);
  return new TextDecoder().decode(body);
}

it.each([
  [
    'bad token "abc-DEF-123456" (abc-DEF-123456)',
    { authorization: 'Bearer abc-DEF-123456' },
    'bad token "**************" (**************)',
  ],
  ['{"msg":"no key a\\/b\\/c\\"d+efgh"}', { 'x-key': 'a/b/c"d+efgh' }, `{"msg":"no key ${'*'.repeat(15)}"}`],
  ['{"msg":"no key a/b/c\\"d+efgh"}', { 'x-key': 'a/b/c"d+efgh' }, '{"msg":"no key *************"}'],
  ['user me, password correct horse', { authorization: `Basic ${btoa('me:correct horse')}` }, 'user me, password *************'],
  [`got ${btoa('me:correct horse')}`, { authorization: `Basic ${btoa('me:correct horse')}` }, `got ${'*'.repeat(24)}`],
  ['the team is not known: team-a', { 'x-team': 'team-a' }, 'the team is not known: team-a'],
  ['expired: 20261129T220000Z', { 'x-amz-date': '20261129T220000Z' }, 'expired: 20261129T220000Z'],
])('what a server repeats of a credential is hidden: %s', (text, proof, expected) => {
  expect(hidden(text, proof)).toBe(expected);
});
