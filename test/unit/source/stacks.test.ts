// Stack traces of eight languages: the samples of the formats and the traps of each.
import { describe, expect, it } from 'vitest';
import { languageOf, type ParsedStack, parseStack, type StackLanguage } from '../../../src/source';

/** A parsed stack as text: one line an exception, one an indented frame. `*` where the search begins, `L` library, `N` native. */
function show(stack: ParsedStack | undefined): string {
  if (!stack) return 'no frames';
  const lines: string[] = [stack.language];
  for (const { type, message, relation, frames, throwFrame } of stack.exceptions) {
    lines.push(`${relation ? `${relation} ` : ''}${type || '-'}: ${message.replaceAll('\n', '⏎')}`);
    for (const [index, frame] of frames.entries()) {
      const flags = `${index === throwFrame && throwFrame > 0 ? '*' : ''}${frame.isLibrary ? 'L' : ''}${frame.isNative ? 'N' : ''}`;
      const place =
        frame.path === undefined ? '-' : [frame.path, frame.line, frame.column].filter((part) => part !== undefined).join(':');
      lines.push(`  ${frame.functionName ?? '-'} @ ${place}${flags ? ` ${flags}` : ''}`);
    }
  }
  return lines.join('\n');
}

function parsed(text: string, hint?: StackLanguage): string {
  return show(parseStack(text, hint));
}

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

describe('Java and Kotlin', () => {
  it('reads modules, lambdas, nested classes, causes and suppressed ones', () => {
    const text = `Exception in thread "main" java.lang.IllegalStateException: bad item
\tat app//com.acme.T.a(T.java:4)
\tat com.acme.T.lambda$main$0(T.java:5)
\tat com.acme.Shop$Limits.check(Shop.kt:37)
\tat com.acme.Queue$$SpringCGLIB$$0.fulfil(<generated>)
\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)
\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
\tSuppressed: java.io.IOException: close
\t\tat com.acme.R.close(R.java:9)
\t\tCaused by: [CIRCULAR REFERENCE: java.lang.IllegalStateException: bad item]
\t\t... 10 more
Caused by: java.lang.NumberFormatException: For input string: "z"
\tat java.base/java.lang.Integer.parseInt(Integer.java:668)
\t... 10 more`;
    expect(parsed(text)).toBe(
      [
        'java',
        'java.lang.IllegalStateException: bad item',
        '  com.acme.T.a @ T.java:4',
        '  com.acme.T.lambda$main$0 @ T.java:5',
        '  com.acme.Shop$Limits.check @ Shop.kt:37',
        '  com.acme.Queue$$SpringCGLIB$$0.fulfil @ - N',
        '  java.lang.reflect.Method.invoke @ Method.java:569 L',
        '  jdk.internal.reflect.NativeMethodAccessorImpl.invoke0 @ - LN',
        'suppressed java.io.IOException: close',
        '  com.acme.R.close @ R.java:9',
        'cause java.lang.NumberFormatException: For input string: "z"',
        '  java.lang.Integer.parseInt @ Integer.java:668 L',
      ].join('\n'),
    );
  });

  it('reads code.stacktrace, which has no first line', () => {
    expect(parsed('\tat com.acme.Cart.add(Cart.java:3)\n\tat com.acme.App.main(App.java:1)')).toBe(
      'java\n-: \n  com.acme.Cart.add @ Cart.java:3\n  com.acme.App.main @ App.java:1',
    );
  });
});

describe('Go', () => {
  it('joins the two lines of a frame, looks below the panic, and bears being cut', () => {
    const text = `goroutine 18 [running]:
go.opentelemetry.io/otel/sdk/trace.recordStackTrace(...)
\t/home/u/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.38.0/trace/span.go:517 +0x58
main.main.recovering.func1.1()
\t/src/shop/main.go:68 +0x14c
panic({0xd33b80?, 0x2a07295a06a8?})
\t/usr/local/go/src/runtime/panic.go:860 +0x13a
main.(*Cart).Add(0xc000012345, {0x1, 0x2})
\t/src/shop/cart.go:42 +0x1b
created by main.main in goroutine 1
\t/src/shop/main.go:11 +0x25
main.cut(0x`;
    expect(parsed(text)).toBe(
      [
        'go',
        '-: ',
        '  go.opentelemetry.io/otel/sdk/trace.recordStackTrace @ /home/u/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.38.0/trace/span.go:517 L',
        '  main.main.recovering.func1.1 @ /src/shop/main.go:68',
        '  panic @ /usr/local/go/src/runtime/panic.go:860 L',
        '  main.(*Cart).Add @ /src/shop/cart.go:42 *',
        '  main.main @ /src/shop/main.go:11',
      ].join('\n'),
    );
  });

  it('reads a crash on the terminal, the first goroutine only, and -trimpath', () => {
    const text = `panic: order 2 can't be charged

goroutine 1 [running]:
main.charge(...)
\texample.com/orders/pricing.go:12
main.main()
\tC:/work/orders/main.go:4 +0x1d

goroutine 2 [select, 3 minutes]:
other.thing()
\t/x/y.go:1 +0x1
exit status 2`;
    expect(parsed(text)).toBe(
      "go\npanic: order 2 can't be charged\n  main.charge @ example.com/orders/pricing.go:12\n  main.main @ C:/work/orders/main.go:4",
    );
  });
});

describe('.NET', () => {
  it('gives the inner frames to the inner exception', () => {
    const text = `System.InvalidOperationException: bad item
 ---> System.FormatException: Input string was not in a correct format.
   at System.Int32.Parse(String s)
   at Shop.Cart.Parse(String x) in C:\\src\\Shop\\Cart.cs:line 12
   --- End of inner exception stack trace ---
   at Shop.Cart.Add(String x) in /src/Shop/Cart.cs:line 42
--- End of stack trace from previous location ---
   at Program.<Main>$(String[] args) in /Blog.Core/Blog.Core.Api/Program.cs:line 26`;
    expect(parsed(text)).toBe(
      [
        'dotnet',
        'System.InvalidOperationException: bad item',
        '  Shop.Cart.Add @ /src/Shop/Cart.cs:42',
        '  Program.<Main>$ @ /Blog.Core/Blog.Core.Api/Program.cs:26',
        'cause System.FormatException: Input string was not in a correct format.',
        '  System.Int32.Parse @ - LN',
        '  Shop.Cart.Parse @ C:\\src\\Shop\\Cart.cs:12',
      ].join('\n'),
    );
  });

  it('reads other languages than English, and generics', () => {
    expect(parsed('System.Exception: Fehler\n   bei Shop.Cart`1.Add[T](T x, List`1 y) in C:\\src\\Cart.cs:Zeile 42.')).toBe(
      'dotnet\nSystem.Exception: Fehler\n  Shop.Cart`1.Add[T] @ C:\\src\\Cart.cs:42',
    );
    expect(parsed('System.Exception: x\n   à Shop.Cart.Add(String x) dans /src/Cart.cs:ligne 7')).toBe(
      'dotnet\nSystem.Exception: x\n  Shop.Cart.Add @ /src/Cart.cs:7',
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

describe('Rust', () => {
  it('looks below the machinery of a panic', () => {
    const text = `   0: {closure#0}
             at ./src/telemetry.rs:26:55
   1: std::panicking::panic_handler::{closure#0}
             at /rustc/5980/library/std/src/panicking.rs:698:13
   2: __rustc::rust_begin_unwind
             at /rustc/5980/library/std/src/panicking.rs:689:5
   3: core::panicking::panic_bounds_check
             at /rustc/5980/library/core/src/panicking.rs:271:5
   4: first_line
             at ./src/worker.rs:58:9
   5: std::panicking::try
             at /rustc/5980/library/std/src/panicking.rs:500:5`;
    expect(parsed(text)).toBe(
      [
        'rust',
        '-: ',
        '  {closure#0} @ ./src/telemetry.rs:26:55',
        '  std::panicking::panic_handler::{closure#0} @ /rustc/5980/library/std/src/panicking.rs:698:13 L',
        '  __rustc::rust_begin_unwind @ /rustc/5980/library/std/src/panicking.rs:689:5 L',
        '  core::panicking::panic_bounds_check @ /rustc/5980/library/core/src/panicking.rs:271:5 L',
        '  first_line @ ./src/worker.rs:58:9 *',
        '  std::panicking::try @ /rustc/5980/library/std/src/panicking.rs:500:5 L',
      ].join('\n'),
    );
  });

  it('reads the place of a panic', () => {
    expect(parsed("thread 'main' (27664) panicked at src/r.rs:3:96:\nindex out of bounds")).toBe(
      'rust\n-: \n  - @ src/r.rs:3:96',
    );
  });
});

describe('all of them', () => {
  it('gives ranges of the frame and of its place in the text', () => {
    const samples: Readonly<Record<string, string>> = {
      'Error: x\r\n    at f (/a/b.js:1:2)\r\n    at c (/d.js:3:4)': '/a/b.js:1:2',
      'Traceback (most recent call last):\n  File "/a.py", line 5, in add\nValueError: x': '"/a.py", line 5',
      'x\n\tat a.b.C.d(C.java:4)': 'C.java:4',
      'goroutine 1 [running]:\nmain.f()\n\t/a/b.go:42 +0x1b': '/a/b.go:42',
      'X: y\n   at A.B(C d) in C:\\e.cs:line 4': 'C:\\e.cs:line 4',
      "/a.rb:4:in 'f': m (E)": '/a.rb:4',
      'E: m in /a.php:3\n#0 /b.php(7): f()': '/a.php:3',
      '   0: f\n             at ./a.rs:2:24': './a.rs:2:24',
    };
    for (const [text, place] of Object.entries(samples)) {
      const frame = parseStack(text)?.exceptions[0].frames[0];
      expect(frame && text.slice(frame.linkStart, frame.linkEnd)).toBe(place);
      expect(frame && text.slice(frame.start, frame.end)).toContain(place);
    }
  });

  it('knows the language by the hint, and without it', () => {
    expect(['nodejs', 'webjs', 'dotnet', 'cpp', undefined, 3].map(languageOf)).toEqual([
      'javascript',
      'javascript',
      'dotnet',
      undefined,
      undefined,
      undefined,
    ]);
    // A hint that finds nothing is no reason to find nothing.
    expect(parseStack("/a.rb:4:in `f'", 'java')?.language).toBe('ruby');
    expect(parseStack('x\n\tat App.Cart.add(Cart.php:42)', 'php')?.language).toBe('php');
  });

  const nasty: Readonly<Record<string, string>> = {
    'one line of parentheses': '('.repeat(1_000_000),
    'one line of blanks': `    at ${' '.repeat(1_000_000)}`,
    'colons and digits': `    at ${'a:1'.repeat(330_000)}`,
    frames: '    at f (/srv/app/a.js:1:2)\n'.repeat(36_000),
    'almost frames': '    at f (/srv/app/a.js:1:2\n'.repeat(36_000),
    'Python headers': '  File "a", line \n'.repeat(55_000),
    'nested evals': `    at ${'eval (eval at '.repeat(70_000)}`,
    'Java causes': 'Caused by: a.B: c\n'.repeat(55_000),
    arrows: `X: y\n${' ---> '.repeat(160_000)}`,
    'arrows by line': ' ---> System.X: y\n'.repeat(55_000),
    'quotes of Ruby': 'a:1:in `'.repeat(120_000),
    'many short lines': '\n'.repeat(1_000_000),
    'numbers of Rust': '   0: a\n'.repeat(120_000),
    'at signs': '@'.repeat(1_000_000),
    'medium lines': `${'at a.b('.repeat(500)}\n`.repeat(280),
    'medium lines of digits': `${'1:'.repeat(2000)}\n`.repeat(250),
    'medium lines of words': `   at ${'a '.repeat(2000)}\n`.repeat(250),
    'medium lines of angle brackets': `${'<a '.repeat(1300)}\n`.repeat(250),
  };

  for (const [name, text] of Object.entries(nasty)) {
    it(`reads a megabyte of ${name} in time that grows with its length`, () => {
      const time = (part: string): number => {
        const start = performance.now();
        parseStack(part);
        return performance.now() - start;
      };
      time(text.slice(0, 100_000));
      const whole = time(text);
      // A quadratic pattern takes minutes for a megabyte; the limit is wide for slow machines.
      expect(whole).toBeLessThan(10_000);
    });
  }
});
