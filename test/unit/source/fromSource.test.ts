// Rungs 5 and 6 together: what is asked for, what agrees, how sure an answer is, what is said when there is none.
import { describe, expect, it } from 'vitest';
import {
  type CodeSymbol,
  resolveFrame,
  resolveSpan,
  type SourcePorts,
  type SpanSource,
  type StackFrame,
} from '../../../src/source';
import { needlesOf, readHints } from '../../../src/source/hints';
import { type Asked, hintsOf, memoryPorts, placeOf, root, shown } from './support/memory';
import { expectations, programs, recordOf } from './support/programs';
import { resolveHints } from './support/resolveHints';
import { memorySearch } from './support/search';

const options = { pathMappings: {} };

function span(parts: Partial<SpanSource> & { language?: string }): SpanSource {
  return {
    name: '',
    service: '',
    attributes: {},
    events: [],
    ...parts,
    resource: parts.language ? { 'telemetry.sdk.language': parts.language } : {},
  };
}

const java = {
  'src/main/java/com/acme/shop/Cart.java': `package com.acme.shop;

public class Cart extends Base {
    public Cart(int id) {}

    public void add(Item item) { add(item, 1); }

    public void add(Item item, int count) {}

    static class Line {
        double total() { return 1; }
    }
}
`,
  'src/main/java/com/acme/other/Cart.java': 'package com.acme.other;\n\npublic class Cart {\n    void add(Item item) {}\n}\n',
};

describe('a function that a span names', () => {
  const place = (name: string, language = 'java', files: Record<string, string> = java): Promise<string> =>
    placeOf({ attributes: { 'code.function.name': name }, language }, files);

  it('is found by its class and package', async () => {
    expect(await place('com.acme.shop.Cart.add')).toBe('src/main/java/com/acme/shop/Cart.java:6');
    expect(await place('com.acme.other.Cart.add')).toBe('src/main/java/com/acme/other/Cart.java:4');
    expect(await place('com.acme.shop.Cart$Line.total')).toBe('src/main/java/com/acme/shop/Cart.java:11');
    expect(await place('com.acme.shop.Cart$$SpringCGLIB$$0.add')).toBe('src/main/java/com/acme/shop/Cart.java:6');
  });

  it('leads to its class where it is inherited, or a constructor that the class does not have', async () => {
    expect(await place('com.acme.shop.Cart.clear')).toBe('src/main/java/com/acme/shop/Cart.java:3');
    expect(await place('com.acme.shop.Cart.<init>')).toBe('src/main/java/com/acme/shop/Cart.java:4');
    expect(await place('com.acme.other.Cart.<init>')).toBe('src/main/java/com/acme/other/Cart.java:3');
  });

  it('is sure with class and package, less with the class alone, and a guess where several fit', async () => {
    const first = async (name: string): Promise<number> =>
      (await hintsOf({ attributes: { 'code.function.name': name }, language: 'java' }, java)).candidates[0].confidence;
    expect(await first('com.acme.other.Cart.add')).toBeGreaterThanOrEqual(0.9);
    expect(await first('com.acme.shop.Cart.<init>')).toBeGreaterThanOrEqual(0.9);
    expect(await first('com.acme.shop.Cart.add')).toBeLessThan(0.9);
    expect(await first('com.acme.shop.Cart.clear')).toBeLessThan(0.9);
    expect(await first('Cart.add')).toBeLessThan(0.5);
    expect(await first('com.acme.elsewhere.Cart.add')).toBeLessThan(0.5);
  });

  it('is looked for in the language of its service only', async () => {
    expect(await place('Cart.add', 'python')).toBe('');
    expect(await place('Line.total', '')).toBe('src/main/java/com/acme/shop/Cart.java:11');
  });

  it.each<[string, string, string, Record<string, string>]>([
    [
      'example.com/shop/internal/store.(*Store).Find',
      'go',
      'internal/store/store.go:3',
      {
        'internal/store/store.go': 'package store\n\nfunc (s *Store) Find(id int) error {\n}\n',
        'internal/cart/cart.go': 'package cart\n\nfunc (s *Store) Find(id int) error {\n}\n',
      },
    ],
    [
      'orders::store::find',
      'rust',
      'crates/orders/src/store.rs:1',
      { 'crates/orders/src/store.rs': 'pub fn find() {}\n', 'crates/carts/src/other.rs': 'pub fn find() {}\n' },
    ],
    [
      'shop.cart.Cart.add',
      'python',
      'shop/cart.py:2',
      {
        'shop/cart.py': 'class Cart:\n    def add(self):\n        pass\n',
        'shop/list.py': 'class List:\n    def add(self):\n        pass\n',
      },
    ],
    [
      'Shop::Cart#add',
      'ruby',
      'lib/cart.rb:3',
      { 'lib/cart.rb': 'module Shop\n  class Cart\n    def add(x)\n', 'lib/x.rb': 'class X\n  def add\n' },
    ],
    [
      'App\\Shop\\Cart::add',
      'php',
      'src/Cart.php:5',
      {
        'src/Cart.php': '<?php\nnamespace App\\Shop;\nclass Cart\n{\n    public function add($x) {}\n',
        'src/Old.php': '<?php\nnamespace App;\nclass Cart\n{\n    public function add($x) {}\n',
      },
    ],
    [
      'Acme.Shop.Cart.AddAsync',
      'dotnet',
      'Cart.cs:4',
      { 'Cart.cs': 'namespace Acme.Shop;\npublic class Cart\n{\n    public async Task<int> AddAsync(int x)\n    {\n' },
    ],
    ['Elixir.Shop.Cart.add/2', 'erlang', 'lib/cart.ex:2', { 'lib/cart.ex': 'defmodule Shop.Cart do\n  def add(a, b) do\n' }],
    [
      'CartService.add',
      'nodejs',
      'src/cart.ts:4',
      {
        'src/cart.ts':
          'export class CartService {\n  constructor(private a: A) {}\n\n  async add(item: Item): Promise<void> {\n  }\n}\n',
        'src/call.ts': 'cartService.add(x);\n',
      },
    ],
    ['com.acme.PricingKt.total', 'java', 'src/Pricing.kt:3', { 'src/Pricing.kt': 'package com.acme\n\nfun total(a: Int) = 1\n' }],
  ])('in the notation of its language: %s', async (name, language, expected, files) => {
    expect(await place(name, language, files)).toBe(expected);
  });

  it('is told by its module where the span is named after it', async () => {
    const files = { 'shop/pricing.py': 'def total(x):\n    pass\n', 'shop/stock.py': 'def total(x):\n    pass\n' };
    expect(await placeOf({ name: 'pricing.total', language: 'python' }, files)).toBe('shop/pricing.py:1');
    expect(await placeOf({ name: 'total', scope: 'shop.stock', language: 'python' }, files)).toBe('shop/stock.py:1');
  });

  it('comes from the providers of symbols as well, and from both more surely', async () => {
    const file = `${root}/src/cart.ts`;
    const symbol: CodeSymbol = { name: 'add', containers: ['Cart'], kind: 'method', file, line: 1, startLine: 1, endLine: 2 };
    const files = { 'src/cart.ts': 'class Cart {\n  add(x) {\n  }\n}\n' };
    const base = memoryPorts(files);
    const symbols: SourcePorts['symbols'] = { inWorkspace: async () => [symbol], inDocument: async () => undefined };
    const sure = async (ports: SourcePorts): Promise<number> =>
      (await resolveHints({ name: '', attributes: { 'code.function.name': 'Cart.add' } }, ports, options)).candidates[0]
        ?.confidence;
    const alone = await sure({ workspace: base.workspace, symbols });
    expect(alone).toBeGreaterThan(0.5);
    expect(await sure({ ...base, symbols })).toBeGreaterThan(alone);
  });
});

describe('a method of a remote service', () => {
  const files = {
    'cart/main.go': 'package main\n\nfunc (s *cart) AddItem(ctx context.Context) error {\n}\n',
    'cart/shop.pb.go':
      '// Code generated by protoc-gen-go. DO NOT EDIT.\npackage pb\n\nfunc (c *cartServiceClient) AddItem(ctx context.Context) error {\n}\n',
    'src/CartService.java':
      'class CartService extends CartServiceGrpc.CartServiceImplBase {\n    public void addItem(Request request) {\n    }\n}\n',
    'other/Basket.java': 'class Basket {\n    public void addItem(Item item) {\n    }\n}\n',
  };
  const rpc = { 'rpc.service': 'shop.CartService', 'rpc.method': 'AddItem' };

  it.each<[string, Asked, string]>([
    ['Go', { language: 'go', name: 'shop.CartService/AddItem', attributes: rpc }, 'cart/main.go:3'],
    ['Java', { language: 'java', name: 'shop.CartService/AddItem', attributes: rpc }, 'src/CartService.java:2'],
    ['the name alone', { language: 'java', name: 'grpc.shop.CartService/AddItem' }, 'src/CartService.java:2'],
    [
      'the path',
      { language: 'java', name: 'POST', attributes: { 'http.route': '/shop.CartService/AddItem' } },
      'src/CartService.java:2',
    ],
  ])('leads to what implements it, not to generated code: %s', async (_, asked, place) => {
    expect(await placeOf(asked, files)).toBe(place);
  });
});

describe('what a span says in several ways', () => {
  const files = {
    'src/server.ts': `import { show } from './show';
app.get('/orders/:id', async function showOrder(req, res) {
  const rows = await db.query('SELECT id FROM orders WHERE id = ?');
});
`,
    'src/pricing.ts': `export class Pricing {
  total(order: Order): number {
    return tracer.startActiveSpan('Pricing.total', (span) => 1);
  }
}
`,
  };

  it('is surer where it leads to one function, and that is one answer', async () => {
    const asked = {
      name: 'request handler',
      attributes: { 'router.name': 'showOrder', 'http.route': '/orders/:id', 'http.request.method': 'GET' },
    };
    const { candidates } = await hintsOf(asked, files);
    expect(candidates.map(({ line }) => line)).toEqual([1]);
    expect(candidates[0].confidence).toBeGreaterThan(0.8);
    expect(candidates[0].confidence).toBeLessThan(0.9);
    expect(candidates[0].reason).toContain('http.route');
    expect(shown(await hintsOf({ name: 'Pricing.total' }, files))).toEqual(['src/pricing.ts:2 0.86']);
  });

  it('goes by what it works on before a helper that is named like it', async () => {
    const asked = { name: 'sqlite.all', attributes: { 'db.query.text': 'SELECT id FROM orders WHERE id = ?' } };
    const helper = { ...files, 'src/db.ts': "export const all = (sql) => traced('sqlite.all', () => run(sql));\n" };
    expect(await placeOf(asked, helper)).toBe('src/server.ts:3');
  });

  it('answers where the stack is of libraries only, and not where an earlier rung does', async () => {
    const ports = memoryPorts(files);
    const asked = (): readonly string[] => (ports.search as ReturnType<typeof memorySearch>).asked;
    const failed = span({
      name: 'GET /orders/:id',
      attributes: { 'http.route': '/orders/:id', 'http.request.method': 'GET' },
      events: [
        { name: 'exception', attributes: { 'exception.stacktrace': 'Error: x\n    at a (/app/node_modules/knex/b.js:1:2)' } },
      ],
    });
    expect((await resolveSpan(failed, ports, options)).candidates[0]).toMatchObject({ line: 1, rung: 'literal' });
    const before = asked().length;
    const stated = span({
      name: 'GET /orders/:id',
      attributes: { 'code.file.path': '/app/src/server.ts', 'code.line.number': 3 },
    });
    expect((await resolveSpan(stated, ports, options)).candidates[0]).toMatchObject({ line: 2 });
    expect(asked().length).toBe(before);
  });

  it('finds the line of a function in a file that was named without one', async () => {
    const stated = span({ attributes: { 'code.file.path': 'src/pricing.ts', 'code.function.name': 'Pricing.total' } });
    const [best] = (await resolveSpan(stated, memoryPorts(files), options)).candidates;
    expect(best).toMatchObject({ line: 1, rung: 'symbol' });
    expect(best.lineUnknown).toBeUndefined();
  });

  it('finds frames that name no file, by class and namespace', async () => {
    const ports = memoryPorts({ 'Cart.cs': 'namespace Acme.Shop;\npublic class Cart\n{\n    public int Add(int x)\n    {\n' });
    const frame = (functionName: string): StackFrame => ({
      raw: functionName,
      functionName,
      isLibrary: false,
      isNative: true,
    });
    expect(
      (await resolveFrame(frame('Acme.Shop.Cart.<Add>d__3.MoveNext'), 'dotnet', ports, options)).candidates[0],
    ).toMatchObject({ line: 3, rung: 'symbol' });
    expect((await resolveFrame(frame('Other.Cart.Add'), 'dotnet', ports, options)).candidates).toEqual([]);
  });
});

describe('a look through the source', () => {
  it('asks for nothing but the needles of the span, and for few of them', async () => {
    for (const program of programs()) {
      for (const expected of expectations(program)) {
        if (expected.spanId === undefined || expected.event !== undefined || expected.body !== undefined) continue;
        const record = recordOf(expected);
        const search = memorySearch({});
        const workspace = memoryPorts({}).workspace;
        await resolveHints(
          { name: record.name, attributes: record.attributes, scope: record.scope?.name },
          { workspace, search },
          options,
        );
        const needles = needlesOf(readHints(record));
        expect(needles.length).toBeLessThanOrEqual(28);
        for (const needle of needles) expect(needle).toMatch(/^[^\r\n]{3,200}$/);
        for (const asked of search.asked) expect(needles).toContain(asked);
      }
    }
  });

  it('asks for no more where the first answers come', async () => {
    const attributes = {
      'code.function.name': 'com.acme.shop.Cart.add',
      'http.route': '/orders/{id}/lines/{line}',
      'db.query.text': 'SELECT a, b FROM orders o JOIN lines l ON l.o = o.id WHERE o.id = ? AND l.n = 7 ORDER BY l.n',
      'messaging.destination.name': 'orders.placed',
      'db.collection.name': 'orders',
    };
    const ports = memoryPorts({
      ...java,
      'a.ts': "app.get('/orders/:id/lines/:line', x); q('SELECT a, b FROM orders o JOIN lines l'); send('orders.placed')\n",
    });
    await resolveHints({ name: 'process order 17', attributes }, ports, options);
    const needles = needlesOf(readHints({ name: 'process order 17', attributes }));
    for (const asked of (ports.search as ReturnType<typeof memorySearch>).asked) expect(needles).toContain(asked);
  });

  it('says what was tried with what, and why it was not', async () => {
    const tried = async (ports: SourcePorts, searchSource = true): Promise<readonly string[]> =>
      (
        await resolveHints({ name: 'Cart.drop', attributes: { 'http.route': '/carts/{id}' } }, ports, {
          pathMappings: {},
          searchSource,
        })
      ).tried.flatMap(({ rung, what, outcome }) => (rung === 'attributes' ? [] : `${rung} ${what}: ${outcome}`));
    const ports = memoryPorts({ 'src/a.ts': 'const x = 1;\n' });
    expect(await tried(ports)).toEqual([
      'symbol span name Cart.drop: no definition of drop in Cart',
      'literal http.route /carts/{id}: stands in no string of the source',
      'literal span name Cart.drop: stands in no string of the source',
    ]);
    expect(await tried(ports, false)).toEqual(['symbol the source: looking through the source is switched off']);
    expect(await tried({ workspace: ports.workspace })).toEqual(['symbol the source: the source cannot be looked through here']);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const { workspace, search } = memoryPorts(java);
    const ports: SourcePorts = {
      workspace,
      search: {
        find: (text) => {
          controller.abort();
          return search ? search.find(text) : Promise.reject(new Error('none'));
        },
      },
    };
    const work = resolveHints({ name: 'Cart.add', attributes: {} }, ports, options, controller.signal);
    await expect(work).rejects.toMatchObject({ kind: 'Cancelled' });
  });

  it('takes about a millisecond for a span, however often its texts stand in the source', async () => {
    const files: Record<string, string> = { ...java };
    for (let i = 0; i < 500; i++)
      files[`src/f${i}.ts`] = Array.from({ length: 20 }, (_, j) => `log('add', "/orders/" + add(${j}), 'FROM orders');`).join(
        '\n',
      );
    const ports = memoryPorts(files);
    const hints = {
      name: 'Cart.add',
      attributes: {
        'http.route': '/orders/{id}',
        'db.query.text': 'SELECT id FROM orders WHERE id = ?',
        'http.request.method': 'GET',
      },
    };
    // The least time of the processor of some runs: others on the machine make a run longer, never shorter.
    const best = async (work: () => Promise<unknown>): Promise<number> => {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 30; i++) {
        const before = process.cpuUsage();
        await work();
        const { user, system } = process.cpuUsage(before);
        least = Math.min(least, (user + system) / 1000);
      }
      return least;
    };
    const often = await best(() => resolveHints(hints, ports, options));
    console.log(`a span whose needles stand in 10,000 lines each: ${often.toFixed(1)} ms`);
    expect(often).toBeLessThan(50);
    const few = memoryPorts(java);
    const small = { name: 'Cart.add', language: 'java', attributes: { 'code.function.name': 'com.acme.shop.Cart.add' } };
    const usual = await best(() => resolveHints(small, few, options));
    console.log(`a span with a few hits: ${usual.toFixed(2)} ms`);
    expect(usual).toBeLessThan(3);
  });
});
