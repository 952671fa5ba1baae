// A file that was found, and what the function, the class and the module that are named say of it.
import { describe, expect, it } from 'vitest';
import { resolveAttributes } from '../../../src/source';
import { memoryPorts, root } from './support/memory';

type Files = Record<string, string>;

async function at(attributes: Record<string, unknown>, files: Files): Promise<string> {
  const [best] = (await resolveAttributes(attributes, memoryPorts(files), { pathMappings: {} })).candidates;
  return best ? `${best.file.slice(root.length + 1)}:${best.line + 1} ${best.confidence.toFixed(2)}` : '';
}

describe('a function without a line', () => {
  const files = {
    'src/Till.java': `package acme;

class Till {
    Till(int a) {
        put(a);
    }

    void put(int a) {
        put(a, 1);
    }

    void put(int a, int b) {
        count(a);
    }
}
`,
  };
  const path = { 'code.file.path': '/app/src/Till.java' };

  it('is one of its overloads, unless something tells, and a constructor where its class is named', async () => {
    expect(await at({ ...path, 'code.function.name': 'acme.Till.put' }, files)).toBe('src/Till.java:8 0.40');
    expect(await at({ ...path, 'code.function.name': 'acme.Till.put(int, int)' }, files)).toBe('src/Till.java:12 0.88');
    expect(await at({ ...path, 'code.function.name': 'acme.Till.<init>' }, files)).toBe('src/Till.java:4 0.88');
  });
});

describe('a line', () => {
  it('is of the crate that is named', async () => {
    const main = 'use a;\n\nfn main() {\n    serve();\n}\n';
    const files = {
      'crates/orders/Cargo.toml': '[package]\nname = "orders"\n',
      'crates/orders/src/main.rs': main,
      'crates/carts/Cargo.toml': '[package]\nname = "carts"\n',
      'crates/carts/src/main.rs': main,
    };
    const place = { 'code.file.path': 'src/main.rs', 'code.line.number': 4 };
    expect(await at({ ...place, 'code.namespace': 'carts' }, files)).toBe('crates/carts/src/main.rs:4 0.75');
    const { 'crates/orders/src/main.rs': only, 'crates/orders/Cargo.toml': manifest } = files;
    const one = { 'orders/src/main.rs': only, 'orders/Cargo.toml': manifest };
    const whole = { ...place, 'code.file.path': 'orders/src/main.rs' };
    expect(await at({ ...whole, 'code.namespace': 'orders' }, one)).toBe('orders/src/main.rs:4 0.95');
    expect(await at({ ...whole, 'code.namespace': 'ledger::jobs' }, one)).toBe('orders/src/main.rs:4 0.70');
  });

  it('is less likely where nothing that is named stands in the file', async () => {
    const files = { 'app/cart.py': 'class Cart:\n    def add(self):\n        pass\n' };
    const place = { 'code.file.path': '/srv/shop/app/cart.py', 'code.line.number': 3 };
    expect(await at({ ...place, 'code.function.name': 'app.cart.Cart.add' }, files)).toBe('app/cart.py:3 0.93');
    expect(await at({ ...place, 'code.function.name': 'app.cart.Ledger.balance' }, files)).toBe('app/cart.py:3 0.70');
  });
});
