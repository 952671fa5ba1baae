// From the name of a function to its line, in what is particular of each language: one small program each.
import { describe, expect, it } from 'vitest';
import { isGenerated } from '../../../src/source/search/languages';
import { enclosing } from '../../../src/source/symbols/enclosing';
import { hintsOf, placeOf, shown } from './support/memory';

type Files = Record<string, string>;

const place = (name: string, language: string, files: Files): Promise<string> =>
  placeOf({ attributes: { 'code.function.name': name }, language }, files);
const sure = async (name: string, language: string, files: Files): Promise<number> =>
  (await hintsOf({ attributes: { 'code.function.name': name }, language }, files)).candidates[0]?.confidence ?? 0;

describe('a function of Kotlin', () => {
  const files: Files = {
    'src/money.kt': `package com.acme.shop

fun Price.rounded(): Price = this

fun <T : Comparable<T>> List<Pair<T, T>>.largest(): T? {
    return null
}

class Till {
    fun Price.intoTill() {}

    companion object Factory {
        fun open(): Till = Till()
    }
}
`,
    'src/Names.kt': `@file:JvmName("NameTools")
package com.acme.shop

fun initials(name: String) = name.take(1)
`,
    'src/Prices.sq': `selectAll:
SELECT * FROM prices;

insertOne {
}
`,
  };
  it.each([
    ['com.acme.shop.MoneyKt.rounded', 'src/money.kt:3'],
    ['com.acme.shop.Price.rounded', 'src/money.kt:3'],
    ['com.acme.shop.MoneyKt.largest', 'src/money.kt:5'],
    ['com.acme.shop.Till.intoTill', 'src/money.kt:10'],
    ['com.acme.shop.Till$Factory.open', 'src/money.kt:13'],
    ['com.acme.shop.NameTools.initials', 'src/Names.kt:4'],
    ['com.acme.shop.PricesQueries.selectAll', 'src/Prices.sq:1'],
  ])('%s', async (name, expected) => expect(await place(name, 'java', files)).toBe(expected));
});

describe('a function of C#', () => {
  const files: Files = {
    'Cart.cs': `\ufeffnamespace Acme.Shop;

public class Cart
{
#if DEBUG
    public void Check() {}
#elif TRACE
#pragma warning disable CS0168
    public void Trace() {}
#endif
    public int Sum
    {
#nullable disable
        get
        {
            return 1;
        }
    }
}
`,
    'Old.cs': `namespace Acme.Old
{
public class Till
{
    public void Open() {}
}
}
`,
  };
  it.each([
    ['Acme.Shop.Cart.Check', 'Cart.cs:6'],
    ['Acme.Shop.Cart.Trace', 'Cart.cs:9'],
    ['Acme.Old.Till.Open', 'Old.cs:5'],
  ])('%s', async (name, expected) => {
    expect(await place(name, 'dotnet', files)).toBe(expected);
    expect(await sure(name, 'dotnet', files)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('a function of Ruby', () => {
  const files: Files = {
    'lib/billing/run.rb': `class Billing::Run
  def call
    sql = <<~SQL
SELECT 1
    SQL
  end

  def ready?
  end
end
`,
    'lib/orders.rb': `module Orders
  class Orders
    def call
    end

    class << self
      def open
      end
    end
  end

  Line = Struct.new(:sku) do
    def call
    end
  end
end
`,
    'lib/run.rb': 'class Run\n  def call\n  end\nend\n',
  };
  it.each([
    ['Billing::Run#call', 'lib/billing/run.rb:2'],
    ['Billing::Run#ready?', 'lib/billing/run.rb:8'],
    ['Orders::Orders#call', 'lib/orders.rb:3'],
    ['Orders::Orders.open', 'lib/orders.rb:7'],
    ['Orders::Line#call', 'lib/orders.rb:13'],
    ['Run#call', 'lib/run.rb:2'],
  ])('%s', async (name, expected) => expect(await place(name, 'ruby', files)).toBe(expected));
});

describe('a function of Python', () => {
  const files: Files = {
    'app/main.py': `from typing import overload

@overload
def create_order(a: int) -> int: ...
@overload
def create_order(a: str) -> str: ...
def create_order(a):
    return a

class Cart:
    QUERY = """
SELECT *
FROM cart
"""

# what it costs
    @property
    def total(self):
        return 1

    @total.setter
    def total(self, value):
        pass
`,
    'accounts/views.py': 'class LoginView:\n    def get(self):\n        pass\n\n    def load(self):\n        pass\n',
  };
  it.each([
    ['main.create_order', 'app/main.py:7'],
    ['app.main.create_order', 'app/main.py:7'],
    ['app.main.Cart.total', 'app/main.py:18'],
    ['accounts.views.LoginView.load', 'accounts/views.py:5'],
  ])('%s', async (name, expected) => expect(await place(name, 'python', files)).toBe(expected));

  it('is not the class of a package that is called alike', async () => {
    expect(await sure('accounts.views.LoginView.load', 'python', files)).toBeGreaterThan(0.75);
    expect(await sure('framework.contrib.auth.views.LoginView.load', 'python', files)).toBeLessThan(0.5);
  });
});

describe('a function of PHP', () => {
  const files: Files = {
    'src/Logs.php': `<?php
namespace Acme\\Shop;

trait Logs
{
    protected abstract function name(): string;

    public function write(string $text): void
    {
    }
}
`,
    'src/Cart.php': `<?php
namespace Acme\\Shop;

#[Entity]
class Cart
{
    use Logs;

    public function add()
    {
        return array_map(function ($x) {
            return $x;
        }, []);
    }
}
`,
  };
  it.each([
    ['Acme\\Shop\\Logs::write', 'src/Logs.php:8'],
    ['{closure:Acme\\Shop\\Cart::add():11}', 'src/Cart.php:9'],
    ['Acme\\Shop\\Cart::Acme\\Shop\\{closure}', 'src/Cart.php:5'],
  ])('%s', async (name, expected) => expect(await place(name, 'php', files)).toBe(expected));
});

describe('a function of Go', () => {
  const files: Files = {
    'go.mod': 'module example.com/acme/shop/v2\n\ngo 1.22\n',
    'internal/pool/pool.go': `package pool

type Pool[T any] struct{}

func (p *Pool[T]) Get(id int) T {
	var t T
	return t
}

func Map[K comparable, V any](m map[K]V) []V { return nil }
`,
    'server/cart_grpc.go': 'package server\n\nfunc (s *cartServer) AddItem(ctx context.Context) error {\n\treturn nil\n}\n',
  };
  it.each([
    ['example.com/acme/shop/v2/internal/pool.(*Pool[...]).Get', 'internal/pool/pool.go:5'],
    ['example.com/acme/shop/v2/internal/pool.Map[...].func1', 'internal/pool/pool.go:10'],
  ])('%s', async (name, expected) => {
    expect(await place(name, 'go', files)).toBe(expected);
    // Of a closure the function around it is known, and not its line.
    const told = await sure(name, 'go', files);
    expect(/func1$/.test(name) ? told === 0.7 : told >= 0.9).toBe(true);
  });

  it('is not one of a module that is called alike', async () => {
    expect(await sure('github.com/others/internal/pool.(*Pool[...]).Get', 'go', files)).toBeLessThan(0.5);
  });

  it('may be written by hand in a file that is named like a generated one', async () => {
    const rpc = { name: 'shop.CartService/AddItem', language: 'go' };
    expect(await hintsOf(rpc, files).then(shown)).toEqual([expect.stringContaining('server/cart_grpc.go:3')]);
  });
});

describe('a function of Rust', () => {
  const files: Files = {
    'crates/orders-api/Cargo.toml': '[package]\nname = "orders"\n\n[[bin]]\nname = "orders-server"\n',
    'crates/orders-api/src/store.rs': `pub struct Store<T> { inner: T }

impl<T> Store<T> {
    pub fn find(&self) {}
}

impl<T> crate::Load
    for Store<T>
where
    T: Clone,
{
    fn load(&self) {}
}

pub trait Load {
    fn load(&self);
}
`,
    'crates/carts/Cargo.toml': '[package]\nname = "carts"\n',
    'crates/carts/src/store.rs': 'pub struct Store;\n\nimpl Store {\n    pub fn find(&self) {}\n}\n',
  };
  it.each([
    ['orders::store::Store<T>::find', 'crates/orders-api/src/store.rs:4'],
    ['<orders::store::Store<T> as orders::Load>::load', 'crates/orders-api/src/store.rs:12'],
    ['orders::store::<impl orders::store::Store<T>>::find', 'crates/orders-api/src/store.rs:4'],
    ['orders_server::store::Store::find::{{closure}}', 'crates/orders-api/src/store.rs:4'],
    ['carts::store::Store::find', 'crates/carts/src/store.rs:4'],
    ['orders::store::load', 'crates/orders-api/src/store.rs:12'],
  ])('%s', async (name, expected) => expect(await place(name, 'rust', files)).toBe(expected));

  it('is not one of another crate', async () => {
    expect(await sure('carts::store::Store::find', 'rust', files)).toBeGreaterThanOrEqual(0.9);
    expect(await sure('ledger::store::Store::find', 'rust', files)).toBeLessThan(0.5);
  });
});

describe('a function of Scala and of Elixir', () => {
  const files: Files = {
    'src/Cart.scala': `package com.acme
package shop

object Cart {
  private[shop] def add(item: Item)(implicit ec: Context): Unit = {
    items.foreach { i => check(i) }
  }
}

def topLevel(): Unit = ()
`,
    'lib/cart.ex': `defmodule Shop.Cart do
  @doc """
  Adds.
  """
  def add(cart, item), do: add(cart, item, 1)

  def add(cart, item, count) do
    Enum.map(cart, fn x -> x end)
  end

  def fetch!(id), do: id
end
`,
  };
  it.each([
    ['com.acme.shop.Cart$.add', 'java', 'src/Cart.scala:5'],
    ['com.acme.shop.Cart$.$anonfun$add$1', 'java', 'src/Cart.scala:5'],
    ['com.acme.shop.Cart$package$.topLevel', 'java', 'src/Cart.scala:10'],
    ['Shop.Cart.add/2', 'elixir', 'lib/cart.ex:5'],
    ['Shop.Cart.fetch!/1', 'elixir', 'lib/cart.ex:11'],
  ])('%s', async (name, language, expected) => expect(await place(name, language, files)).toBe(expected));
});

describe('what a program wrote', () => {
  it.each([
    ['a.go', '// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a\n', true],
    ['cart_grpc.go', 'package cart\n\n// AddItem answers the call.\nfunc AddItem() {}\n', false],
    ['x_pb2.py', '# Generated by the protocol buffer compiler.  DO NOT EDIT!\n', true],
    ['A.java', 'package a;\n\n@javax.annotation.processing.Generated("x")\nclass A {}\n', true],
    ['a.cs', '//------\n// <auto-generated>\n//------\n', true],
    ['report.ts', "import x from 'x';\n\n/** The report is generated by a job. */\n", false],
    ['keys.sql', '-- ids are made here\nSELECT 1;\n', false],
    ['client.ts', '/* eslint-disable */\n/**\n * This file was automatically generated.\n */\n', true],
  ])('is told by its header: %s', (name, text, expected) => expect(isGenerated(name, text)).toBe(expected));

  it('is told by its name where nobody read it', () => {
    expect(isGenerated('cart.pb.go', undefined)).toBe(true);
    expect(isGenerated('cart_grpc.go', undefined)).toBe(false);
  });
});

it('looks past texts that stand further left than the class that they are in', () => {
  const around = (language: Parameters<typeof enclosing>[2], text: string): string => {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('HERE'));
    return enclosing(lines, at, language).containers.join(' ');
  };
  expect(around('javascript', 'class Cart {\n  q = `\nSELECT 1\n`;\n  HERE() {')).toBe('Cart');
  expect(around('php', 'class Cart {\n  function a() {\n    $q = <<<SQL\nSELECT 1\nSQL;\n  }\n  function HERE() {')).toBe('Cart');
  expect(around('ruby', 'class A::Cart\n  def a\nend\n\n  def HERE')).toBe('A Cart');
  expect(around('csharp', 'class Cart\n{\n#region x\n    void HERE() {')).toBe('Cart');
  expect(around('python', 'class Cart:\n# said\n    def HERE():')).toBe('Cart');
});
