// Stack traces of JavaScript, Python, Ruby and PHP: the samples of the formats and the traps of each.
import { describe, expect, it } from 'vitest';
import { parseStack } from '../../../src/source';
import { parsed } from './support/stackText';

describe('JavaScript', () => {
  it('reads every form of V8', () => {
    const text = [
      'Error: bad item',
      'of two lines',
      '    at #v (/srv/app/a.js:1:94)',
      '    at Cart.add [as put] (/srv/app/a.js:1:42)',
      '    at new Cart (C:\\shop\\dist\\cart.js:7:3)',
      '    at async Object.<anonymous> (file:///srv/app/b.mjs:3:1)',
      '    at async Promise.all (index 0)',
      '    at JSON.parse (<anonymous>)',
      '    at Array.map (native)',
      '    at Module._compile (node:internal/modules/cjs/loader:1521:14)',
      '    at eval (eval at <anonymous> (/srv/app/a.js:3:143), <anonymous>:1:13)',
      '    at /srv/my (old) app/a.js:3:143',
      '    at run (/srv/app (copy)/a.js:9:2)',
      '    at async file:///srv/app/c.mjs:4:5',
      '    at /srv/app/node_modules/express/lib/router.js:1:2',
    ].join('\n');
    expect(parsed(text)).toBe(
      [
        'javascript',
        'Error: bad item⏎of two lines',
        '  #v @ /srv/app/a.js:1:94',
        '  Cart.add @ /srv/app/a.js:1:42',
        '  Cart @ C:\\shop\\dist\\cart.js:7:3',
        '  Object.<anonymous> @ file:///srv/app/b.mjs:3:1',
        '  Promise.all @ - LN',
        '  JSON.parse @ - LN',
        '  Array.map @ - LN',
        '  Module._compile @ node:internal/modules/cjs/loader:1521:14 LN',
        '  eval @ /srv/app/a.js:3:143',
        '  - @ /srv/my (old) app/a.js:3:143',
        '  run @ /srv/app (copy)/a.js:9:2',
        '  - @ file:///srv/app/c.mjs:4:5',
        '  - @ /srv/app/node_modules/express/lib/router.js:1:2 L',
      ].join('\n'),
    );
  });

  it('reads causes as Node prints them, and the frames of Firefox', () => {
    const text = 'Error: outer\n    at a (/x/a.js:1:2) {\n  [cause]: TypeError: inner\n      at b (/x/b.js:3:4)\n}';
    expect(parsed(text)).toBe('javascript\nError: outer\n  a @ /x/a.js:1:2\ncause TypeError: inner\n  b @ /x/b.js:3:4');
    expect(parsed('charge@http://localhost:5173/src/pricing.ts:12:9\n@http://localhost:5173/src/main.ts:3:1')).toBe(
      'javascript\n-: \n  charge @ http://localhost:5173/src/pricing.ts:12:9\n  - @ http://localhost:5173/src/main.ts:3:1',
    );
  });

  it('reads what Firefox says of asynchronous callers and of code from eval', () => {
    const text = [
      'render/<@http://localhost:5173/src/a.js?t=17:9:40',
      'async*show@http://localhost:5173/src/a.js:19:49',
      'promise callback*@http://localhost:5173/src/a.js:4:9',
      'EventListener.handleEvent*@http://localhost:5173/src/main.js:3:10',
      'run@http://localhost:5173/src/rules.js line 13 > eval:1:9',
      '@http://localhost:5173/src/rules.js line 5 > Function line 2 > eval:1:9',
      'map@[native code]',
      'a person wrote to me@http://localhost:5173/src/a.js:1:1',
    ].join('\n');
    expect(parsed(text)).toBe(
      [
        'javascript',
        '-: ',
        '  render @ http://localhost:5173/src/a.js?t=17:9:40',
        '  show @ http://localhost:5173/src/a.js:19:49',
        '  - @ http://localhost:5173/src/a.js:4:9',
        '  - @ http://localhost:5173/src/main.js:3:10',
        '  run @ http://localhost:5173/src/rules.js:13',
        '  - @ http://localhost:5173/src/rules.js:5',
      ].join('\n'),
    );
  });

  it('finds none in an AggregateError or in a message that speaks of places', () => {
    expect(parsed('AggregateError: All promises were rejected', 'javascript')).toBe('no frames');
    expect(parsed('Error: look at /srv/app/a.js:3:143\nat home')).toBe('no frames');
  });
});

describe('Python', () => {
  it('takes the last block as the exception and the last frame as the place', () => {
    const text = `Traceback (most recent call last):
  File "/app/t.py", line 5, in add
    int(x)
    ^^^^^^
ValueError: invalid literal for int() with base 10: 'z'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/t.py", line 11, in <module>
    main()
  File "/app/.venv/lib/python3.11/site-packages/flask/app.py", line 8, in run
  File "/app/t.py", line 2, in main
  [Previous line repeated 3 more times]
shop.errors.BadItem: bad item: File "x", line 3
second line`;
    expect(parsed(text)).toBe(
      [
        'python',
        'shop.errors.BadItem: bad item: File "x", line 3',
        '  main @ /app/t.py:2',
        '  run @ /app/.venv/lib/python3.11/site-packages/flask/app.py:8 L',
        '  - @ /app/t.py:11',
        "cause ValueError: invalid literal for int() with base 10: 'z'",
        '  add @ /app/t.py:5',
      ].join('\n'),
    );
  });

  it('reads groups and frozen modules', () => {
    const text = `  + Exception Group Traceback (most recent call last):
  |   File "/app/g.py", line 9, in <module>
  |     raise ExceptionGroup("two", errors)
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "<frozen importlib._bootstrap>", line 3, in f
    |   File "/app/g.py", line 4, in one
    | ValueError: 1
    +---------------- 2 ----------------
    | TypeError: 2
    +------------------------------------`;
    expect(parsed(text)).toBe(
      'python\nExceptionGroup: two (2 sub-exceptions)\n  - @ /app/g.py:9\nmember ValueError: 1\n  one @ /app/g.py:4\n  f @ - LN',
    );
  });
});

describe('Ruby', () => {
  it('reads messages with quoted source, blocks, causes, and both kinds of quotes', () => {
    const text = `/app/lib/worker.rb:27:in \`work': undefined method \`sku' for nil:NilClass (NoMethodError)

      puts "label: #{order.lines.first.sku}"
                                      ^^^^
\tfrom /app/lib/worker.rb:16:in \`block (2 levels) in initialize'
\tfrom <internal:kernel>:187:in \`loop'
C:/app/cart.rb:3:in 'Cart#integer': invalid value (ArgumentError)
\tfrom /usr/lib/ruby/vendor_ruby/sqlite3/database.rb:147:in 'new'`;
    expect(parsed(text)).toBe(
      [
        'ruby',
        'NoMethodError: undefined method `sku\' for nil:NilClass⏎⏎puts "label: #{order.lines.first.sku}"⏎^^^^',
        '  work @ /app/lib/worker.rb:27',
        '  initialize @ /app/lib/worker.rb:16',
        '  loop @ - LN',
        'cause ArgumentError: invalid value',
        '  Cart#integer @ C:/app/cart.rb:3',
        '  new @ /usr/lib/ruby/vendor_ruby/sqlite3/database.rb:147 L',
      ].join('\n'),
    );
  });
});

describe('PHP', () => {
  it("reads the SDK's form", () => {
    const text =
      'App.Exception.CartException: bad item\n\tat App.Cart.add(Cart.php:42)\n\tat {main}(index.php:7)\nCaused by: ValueError: z\n\tat App.Cart.parse(Cart.php:12)\n\t... 1 more';
    expect(parsed(text)).toBe(
      'php\nApp.Exception.CartException: bad item\n  App.Cart.add @ Cart.php:42\n  - @ index.php:7\ncause ValueError: z\n  App.Cart.parse @ Cart.php:12',
    );
  });

  it('reads the class of a closure, before and since 8.4', () => {
    const text = [
      'E: m',
      '\tat App.Cart.Cart.App.Cart.{closure}(Cart.php:26)',
      '\tat App.Cart.Cart.{closure:App.Cart.Cart::add():24}(Cart.php:27)',
      '\tat Cart.{closure}(Cart.php:28)',
      '\tat App.{closure}(helpers.php:3)',
      '\tat {closure:/srv/public/index.php:3}(index.php:3)',
    ].join('\n');
    const classes = parseStack(text, 'php')?.exceptions[0].frames.map(({ className, line }) => `${className} ${line}`);
    expect(classes).toEqual(['App.Cart.Cart 26', 'App.Cart.Cart 27', 'Cart 28', 'App 3', 'undefined 3']);
  });

  it("reads PHP's own, where the cause comes first", () => {
    const text = `PHP Fatal error:  Uncaught ValueError: z in /app/src/Cart.php:12
Stack trace:
#0 /app/src/Cart.php(42): App\\Cart->parse('z')
#1 [internal function]: array_map(Object(Closure))
#2 {main}

Next App\\CartException: bad item in /app/src/Cart.php:44
Stack trace:
#0 /app/index.php(7): App\\Cart->add('z')
#1 {main}
  thrown in /app/src/Cart.php on line 44`;
    expect(parsed(text)).toBe(
      [
        'php',
        'App\\CartException: bad item',
        '  - @ /app/src/Cart.php:44',
        '  App\\Cart->add @ /app/index.php:7',
        'cause ValueError: z',
        '  - @ /app/src/Cart.php:12',
        '  App\\Cart->parse @ /app/src/Cart.php:42',
        '  array_map @ - LN',
      ].join('\n'),
    );
  });
});
