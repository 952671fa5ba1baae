// Stacks of Elixir and Erlang: as text, as terms, and where they lead.
import { describe, expect, it } from 'vitest';
import { parseStack, resolveSpan } from '../../../src/source';
import { memoryPorts, root } from './support/memory';

const text = `** (RuntimeError) no such cart
    (stdlib 5.2) timer.erl:235: :timer.tc/2
    (shop 0.1.0) lib/shop/cart.ex:4: Shop.Cart.add/2
    (shop 0.1.0) lib/shop/cart.ex:9: anonymous fn/1 in Shop.Cart.all/1
    lib/shop/boot.ex:1: (file)
`;
const terms =
  '[{shop_till,open,2,[{file,"/app/src/shop_till.erl"},{line,12}]},{\'Elixir.Shop.Cart\',\'fetch!\',1,[{file,"lib/shop/cart.ex"},{line,4}]}]';

describe('a stack of Elixir', () => {
  it('is read with its message, its places and its functions', () => {
    const stack = parseStack(text);
    expect(stack?.language).toBe('elixir');
    const [{ type, message, frames }] = stack?.exceptions ?? [];
    expect([type, message]).toEqual(['RuntimeError', 'no such cart']);
    expect(frames.map(({ path, line, functionName, isLibrary }) => [path, line, functionName, isLibrary])).toEqual([
      ['timer.erl', 235, 'timer.tc/2', true],
      ['lib/shop/cart.ex', 4, 'Shop.Cart.add/2', false],
      ['lib/shop/cart.ex', 9, 'anonymous fn/1 in Shop.Cart.all/1', false],
      ['lib/shop/boot.ex', 1, undefined, false],
    ]);
  });

  it('is read out of terms', () => {
    const [{ frames }] = parseStack(terms, 'elixir')?.exceptions ?? [];
    expect(frames.map(({ path, line, functionName }) => [path, line, functionName])).toEqual([
      ['/app/src/shop_till.erl', 12, 'shop_till.open/2'],
      ['lib/shop/cart.ex', 4, 'Shop.Cart.fetch!/1'],
    ]);
  });

  it('leads to the line that raised', async () => {
    const files = {
      'lib/shop/cart.ex':
        'defmodule Shop.Cart do\n  def add(cart, item) do\n    check(item)\n    raise "no such cart"\n  end\nend\n',
    };
    const span = {
      name: 'x',
      service: 'shop',
      attributes: {},
      resource: { 'telemetry.sdk.language': 'erlang' },
      events: [{ name: 'exception', attributes: { 'exception.stacktrace': text } }],
    };
    const [best] = (await resolveSpan(span, memoryPorts(files), { pathMappings: {} })).candidates;
    expect(best).toMatchObject({ file: `${root}/lib/shop/cart.ex`, line: 3 });
    expect(best.confidence).toBeGreaterThanOrEqual(0.9);
  });

  it('is read in time that grows with its length', () => {
    const before = performance.now();
    for (const line of [
      `${'('.repeat(4_000)}`,
      `(a) ${'b/'.repeat(2_000)}`,
      `{${'a,'.repeat(9_000)}{file,"`,
      `${'{a,b,1,[{file,"'.repeat(1_000)}`,
    ])
      parseStack(`** (A) b\n${line}`, 'elixir');
    expect(performance.now() - before).toBeLessThan(500);
  });
});
