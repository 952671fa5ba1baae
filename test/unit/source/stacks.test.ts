// Stack traces of compiled languages, and what holds for all eight: the samples of the formats and the traps of each.
import { describe, expect, it } from 'vitest';
import { languageOf, parseStack } from '../../../src/source';
import { parsed } from './support/stackText';

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
  it('gives the frame as it stands in the text', () => {
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
      expect(frame?.raw).toContain(place);
      for (const line of frame?.raw.split('\n') ?? []) expect(text).toContain(line);
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
