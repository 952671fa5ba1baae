// Function names in the notations of languages, compilers and runtimes, taken apart.
import { describe, expect, it } from 'vitest';
import { looksLikeFunction, parseFunctionName } from '../../../src/source/names/functionName';

/** `packages | containers | last`, then C(onstructor), A(nonymous), G(enerated). */
function show(name: string): string {
  const { last, containers, packages, isConstructor, isAnonymous, isGenerated } = parseFunctionName(name);
  const flags = `${isConstructor ? 'C' : ''}${isAnonymous ? 'A' : ''}${isGenerated ? 'G' : ''}`;
  return `${packages.join('.')} | ${containers.join('.')} | ${last}${flags ? ` ${flags}` : ''}`;
}

const table: readonly (readonly [string, string])[] = [
  // Go
  ['pkg.(*Type).Method', 'pkg | Type | Method'],
  ['pkg.Type.Method-fm', 'pkg | Type | Method'],
  ['github.com/my/repo/pkg.foo.func5', 'github.com.my.repo.pkg |  | foo AG'],
  ['example.com/orders/internal/store.(*Store).Find', 'example.com.orders.internal.store | Store | Find'],
  ['example.com/shop/shop/cart.(*Cart).Add', 'example.com.shop.shop.cart | Cart | Add'],
  ['example.com/shop/shop.run.shop.charge.func1', 'example.com.shop.shop.run.shop |  | charge AG'],
  ['example.com/shop/shop.shop.charge.func1', 'example.com.shop.shop |  | charge AG'],
  ['gopkg.in/yaml%2ev3.Unmarshal', 'gopkg.in.yaml.v3 |  | Unmarshal'],
  ['main.Map[...].func1', 'main |  | Map AG'],
  ['main.main.recovering.func1', 'main |  | recovering AG'],
  ['main.run.func2.1', 'main |  | run AG'],
  ['pkg.(*Pool[go.shape.int]).Get', 'pkg | Pool | Get'],
  // JVM
  ['com.acme.Cart.add', 'com.acme | Cart | add'],
  ['com.acme.Cart$Line.add', 'com.acme | Cart.Line | add'],
  ['com.mycompany.Main$$Lambda/0x00007f12.run', 'com.mycompany |  | Main AG'],
  ['com.acme.Queue.lambda$fulfil$0', 'com.acme | Queue | fulfil AG'],
  ['com.acme.Queue.lambda$new$1', 'com.acme |  | Queue CAG'],
  ['FulfilmentQueue$$SpringCGLIB$$0.fulfil', ' | FulfilmentQueue | fulfil G'],
  ['com.acme.CartService$$EnhancerBySpringCGLIB$$ab12cd.add', 'com.acme | CartService | add G'],
  ['com.acme.Cart.<init>', 'com.acme |  | Cart C'],
  ['com.acme.Tone$Companion.of', 'com.acme | Tone | of'],
  ['com.acme.Tone$play$1.invokeSuspend', 'com.acme | Tone | play AG'],
  ['com.acme.Shop$1.run', 'com.acme | Shop | run AG'],
  ['com.acme.PricingKt.total$default', 'com.acme | PricingKt | total G'],
  ['public void com.acme.Cart.add(com.acme.Item,int)', 'com.acme | Cart | add'],
  ['com.acme.Cart.add-0d7_KjU', 'com.acme | Cart | add G'],
  ['com.acme.Cart$.$anonfun$add$1$adapted', 'com.acme | Cart | add AG'],
  ['com.acme.Cart$package$.total', 'com.acme |  | total G'],
  // JavaScript
  ['Cart.add', ' | Cart | add'],
  ['Cart.<anonymous>', ' |  | Cart A'],
  ['Object.<anonymous>', ' |  |  A'],
  ['new Cart', ' |  | Cart C'],
  ['async fetchOrder', ' |  | fetchOrder'],
  ['Cart.add [as checkout]', ' | Cart | add G'],
  ['Cart.#total', ' | Cart | total'],
  ['Acme.Module.Orders.Services.OrderService.Create', 'Acme.Module.Orders.Services | OrderService | Create'],
  ['Module.load', ' |  | load'],
  ['Cart.default.add', ' | Cart | add'],
  ['Object.get total [as total]', ' |  | total G'],
  ['exports.handler', ' |  | handler'],
  // Python
  ['shop.cart.Cart.add', 'shop.cart | Cart | add'],
  ['Cart.add.<locals>.inner', ' | Cart | inner'],
  ['shop.cart.Cart.__init__', 'shop.cart |  | Cart C'],
  ['<module>', ' |  |  A'],
  ['<lambda>', ' |  |  A'],
  // Ruby
  ['Shop::Cart#add', 'Shop | Cart | add'],
  ['Cart.find', ' | Cart | find'],
  ['block in Cart#add', ' | Cart | add'],
  ['block (2 levels) in Shop::Cart#add', 'Shop | Cart | add'],
  ['Cart#initialize', ' |  | Cart C'],
  ['<class:Cart>', ' |  | Cart AG'],
  // Rust
  ['orders::store::find', 'orders.store |  | find'],
  ['orders::store::find::{{closure}}', 'orders.store |  | find A'],
  ['orders::store::find::{closure#0}', 'orders.store |  | find A'],
  ['orders::store::find::h0123456789abcdef', 'orders.store |  | find G'],
  ['<orders::Store as orders::Find>::find', 'orders | Store | find'],
  ['orders::Store::new', 'orders | Store | new'],
  ['orders::store::<impl orders::model::Store<T>>::find', 'orders.model | Store | find'],
  ['<impl core::fmt::Display for orders::Store>::fmt', 'orders | Store | fmt'],
  // PHP
  ['GuzzleHttp\\Client::transfer', 'GuzzleHttp | Client | transfer'],
  ['App\\Cart->add', 'App | Cart | add'],
  ['{closure:App\\Cart::add():12}', 'App | Cart | add A'],
  ['App\\Cart::__construct', 'App |  | Cart C'],
  ['App\\Cart::App\\{closure}', ' | App | Cart A'],
  ['App\\Http\\OrderController@store', 'App.Http | OrderController | store'],
  // .NET
  ['Ns.Type`1.Method[T](String a)', 'Ns | Type | Method'],
  ['Ns.Type+Nested.Go()', 'Ns | Type.Nested | Go'],
  ['Ns.Type..ctor(Int32 a)', 'Ns |  | Type C'],
  ['Ns.Orders.<Labels>c__Iterator1.MoveNext()', 'Ns | Orders | Labels G'],
  ['Ns.Orders.<Authorise>d__3.MoveNext()', 'Ns | Orders | Authorise G'],
  ['Ns.Orders.<>c__DisplayClass1_0.<Run>b__0()', 'Ns | Orders | Run AG'],
  ['Ns.Orders.<Authorise>c__AnonStorey1.<>m__0()', 'Ns | Orders | Authorise AG'],
  ['Ns.Program.<Main>g__Inner|0_0(String x)', 'Ns | Program | Inner G'],
  ['Program.<>c.<<Main>$>b__0_1', ' | Program | Main AG'],
  // Others
  ['anonymous fn/1 in Shop.Cart.add/2', 'Shop | Cart | add A'],
  ['Elixir.Shop.Cart."-add/2-fun-0-"/3', 'Shop | Cart | add AG'],
  ['shop.views:create', 'shop.views |  | create'],
  ['Elixir.Shop.Cart.add/2', 'Shop | Cart | add'],
  ['shop::Cart::add(int, std::vector<int>)', 'shop | Cart | add'],
  ['shop.OrderService/GetOrder', 'shop | OrderService | GetOrder'],
];

describe('a function name', () => {
  it.each(table)('%s', (name, expected) => {
    expect(show(name)).toBe(expected);
  });

  it('is bounded, and never fails', () => {
    for (const name of [
      '',
      '.',
      '::',
      '<',
      '>>>',
      '(((',
      '$'.repeat(10_000),
      `${'<a'.repeat(5_000)}`,
      `${'{'.repeat(9_999)}`,
      '\0\n',
      '#',
    ])
      expect(parseFunctionName(name).last.length).toBeLessThanOrEqual(500);
  });

  it('is told from what else spans are called', () => {
    for (const name of [
      'quote',
      'Cart.add',
      'pricing.Total',
      'Shop::Cart#add',
      'orders::store::find',
      'App\\Cart::add',
      'CartController#show',
    ])
      expect(looksLikeFunction(name), name).toBe(true);
    for (const name of ['GET', 'GET /orders', 'process order', 'orders publish', '', '42', 'request handler - /x', 'SELECT', 'a'])
      expect(looksLikeFunction(name), name).toBe(false);
  });
});
