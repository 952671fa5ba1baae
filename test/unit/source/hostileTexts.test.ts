// Texts of ten thousand characters that an expression could look at in very many ways: none of them holds the thread.
import { describe, expect, it } from 'vitest';
import { basesOf, importsOf } from '../../../src/source/callees/bindings';
import { settingKeys } from '../../../src/source/calls/settings';
import { isSql } from '../../../src/source/model/statementText';
import { headerAt } from '../../../src/source/outline/headers';
import { spent } from './support/hostile';

const long = (text: string, length = 10_000): string => text.repeat(Math.ceil(length / text.length)).slice(0, length);

describe('a text that can be read in many ways is read in one', () => {
  it.each<[string, () => unknown]>([
    ['comments before SQL', () => isSql(long('/**/'))],
    ['comments that are not closed', () => isSql(long('/* '))],
    ['lines of comments', () => isSql(long('--\n'))],
    ['blank lines among imports', () => importsOf(long('\n').split('\n'))],
    ['white space among imports', () => importsOf([long(' '), `import${long(' ')}`, `import a${long(' ')}"`])],
    ['names among imports', () => importsOf(Array.from({ length: 300 }, () => `import { ${long('a, ', 590)}`))],
    ['white space behind a mixin', () => basesOf(Array.from({ length: 200 }, () => `  include A${long(' ', 580)}.`))],
    ['colons behind parameters', () => headerAt([`Foo::Foo(int a) ${long(':', 900)}`], 0)],
    ['arrows behind parameters', () => headerAt([`foo(a) ${long(':->', 900)}`], 0)],
    ['constraints behind parameters', () => headerAt([`foo(a) ${long('where throws ', 900)}`], 0)],
    ['white space behind a class', () => headerAt([`class${long(' ', 990)}`], 0)],
    ['functions in a line', () => headerAt([`${long('func () ', 600)}${long(' ', 390)}x`], 0)],
    ['white space behind a setting', () => settingKeys([`a: b${long(' ', 900)}c`], 0, 'c', 'settings.yml')],
  ])('%s', (_, read) => {
    read();
    expect(spent(read)).toBeLessThan(60);
  });
});

it('knows a function by what stands between its parameters and its body', () => {
  const name = (line: string): string | undefined => headerAt([line], 0)?.name;
  expect(name('Foo::Foo(int a) : b(a), std::c<d::e>(a) {')).toBe('Foo');
  expect(name('int count() const noexcept {')).toBe('count');
  expect(name('public Order find(long id) throws NotFound {')).toBe('find');
  expect(name('fn find(id: u64) -> Option<Order> {')).toBe('find');
  expect(name('add(a: number): Promise<Map<string, number>> {')).toBe('add');
  expect(name('T Find<T>(long id) where T : class => _all[id];')).toBe('Find');
  expect(name('std::cout(a) : b;')).toBeUndefined();
});
