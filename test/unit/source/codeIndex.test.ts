// What ran in a document: grouped by function, exact percentiles, and only what the document's own places say.
import { describe, expect, it } from 'vitest';
import { CodeIndex, type CodePlace, type CodeRows, type LocatePlace } from '../../../src/core/source';
import { percentiles } from '../../../src/core/source/percentiles';

interface Call {
  file: string;
  fn?: string;
  line?: number;
  ns: number;
  error?: boolean;
  trace?: string;
  start?: number;
}

function rowsOf(calls: readonly Call[], revision = 1): CodeRows {
  const numbered = (texts: readonly string[]): [string[], Uint32Array] => {
    const all = [...new Set(texts)];
    return [all, Uint32Array.from(texts, (text) => all.indexOf(text))];
  };
  const [files, file] = numbered(calls.map((call) => call.file));
  const [functions, fn] = numbered(calls.map((call) => call.fn ?? ''));
  const [traces, trace] = numbered(calls.map((call) => call.trace ?? 't'));
  return {
    revision,
    files,
    functions,
    traces,
    file,
    function: fn,
    trace,
    line: Uint32Array.from(calls, (call) => call.line ?? 0),
    durationNs: Float64Array.from(calls, (call) => call.ns),
    error: Uint8Array.from(calls, (call) => (call.error ? 1 : 0)),
    startMs: Float64Array.from(calls, (call, i) => call.start ?? i),
  };
}

const cart = 'file:///home/dev/shop/src/cart.ts';
/** As `/app` were the workspace, and dist/x.js:n were src/x.ts:n+100. */
const locate: LocatePlace = async ({ file, line }) => {
  if (!file.startsWith('/app/')) return undefined;
  const isBuilt = file.endsWith('.js');
  const name = file.slice('/app/'.length).replace(/^dist\/(.*)\.js$/, 'src/$1.ts');
  return {
    file: `file:///home/dev/shop/${name}`,
    line: line - 1 + (isBuilt ? 100 : 0),
    ...(line === 0 ? { lineUnknown: true } : {}),
  };
};

async function statistics(calls: readonly Call[], document = cart, place = locate): Promise<unknown> {
  const index = new CodeIndex();
  index.update(rowsOf(calls));
  return (await index.statistics(document, place)).map(
    ({ name, line, calls: count, errors, p50Ns, p95Ns, lastTraceId }) =>
      `${name}@${line} ${count}/${errors} ${p50Ns} ${p95Ns} ${lastTraceId}`,
  );
}

describe('the code index', () => {
  it('counts calls, errors, percentiles and the last trace by function', async () => {
    const calls: Call[] = Array.from({ length: 100 }, (_, i) => ({
      file: '/app/src/cart.ts',
      fn: 'Cart.add',
      line: 31,
      ns: 100 - i,
      trace: `t${i}`,
    }));
    calls[40] = { ...calls[40], error: true, start: 1000 };
    calls.push(
      { file: '/app/src/cart.ts', fn: 'Cart.remove', line: 50, ns: 7 },
      { file: '/app/src/cart.ts', line: 9, ns: 3 },
      { file: '/app/src/pay.ts', fn: 'pay', line: 1, ns: 1 },
    );
    expect(await statistics(calls)).toEqual(['@8 1/0 3 3 t', 'Cart.add@30 100/1 50 95 t40', 'Cart.remove@49 1/0 7 7 t']);
  });

  it('joins the lines of one function, and keeps lines without a function apart', async () => {
    const calls: Call[] = [
      { file: '/app/src/cart.ts', fn: 'add', line: 12, ns: 4 },
      { file: '/app/src/cart.ts', fn: 'add', line: 10, ns: 2 },
      { file: '/app/src/cart.ts', line: 10, ns: 1 },
      { file: '/app/src/cart.ts', line: 11, ns: 1 },
      { file: '/app/src/cart.ts', fn: 'lost', line: 0, ns: 8 },
    ];
    expect(await statistics(calls)).toEqual(['lost@-1 1/0 8 8 t', '@9 1/0 1 1 t', 'add@9 2/0 2 4 t', '@10 1/0 1 1 t']);
  });

  it('includes generated code that maps into the document, and no file that only has its name', async () => {
    const calls: Call[] = [
      { file: '/app/dist/cart.js', fn: 'add', line: 5, ns: 2 },
      { file: 'C:\\app\\src\\cart.ts', fn: 'add', line: 5, ns: 9 },
      { file: '/other/cart.ts', fn: 'add', line: 5, ns: 9 },
      { file: '/app/lib/cart.ts', fn: 'add', line: 5, ns: 9 },
    ];
    expect(await statistics(calls)).toEqual(['add@104 1/0 2 2 t']);
    // Documents of other languages don't ask where scripts map to.
    const asked: CodePlace[] = [];
    await statistics([...calls, { file: '/srv/cart.py', line: 1, ns: 1 }], 'file:///home/dev/shop/cart.py', async (place) => {
      asked.push(place);
      return undefined;
    });
    expect(asked.map(({ file }) => file)).toEqual(['/srv/cart.py']);
  });

  it('takes bad durations for none', async () => {
    const bad = [Number.NaN, -5, Number.POSITIVE_INFINITY].map((ns) => ({ file: '/app/src/cart.ts', fn: 'f', line: 1, ns }));
    expect(await statistics([...bad, { file: '/app/src/cart.ts', fn: 'f', line: 1, ns: 6 }])).toEqual(['f@0 4/0 0 6 t']);
    expect(await statistics([])).toEqual([]);
    expect(await new CodeIndex().statistics(cart, locate)).toEqual([]);
  });

  it('computes once for a revision, anew for the next, and keeps no failure', async () => {
    const index = new CodeIndex();
    let asked = 0;
    const counting: LocatePlace = async (place) => {
      if (++asked === 1) throw new Error('not now');
      return locate(place);
    };
    index.update(rowsOf([{ file: '/app/src/cart.ts', fn: 'f', line: 1, ns: 1 }]));
    await expect(index.statistics(cart, counting)).rejects.toThrow('not now');
    expect(await index.statistics(cart, counting)).toHaveLength(1);
    expect(await index.statistics(cart, counting)).toHaveLength(1);
    expect(asked).toBe(2);
    index.update(
      rowsOf(
        [
          { file: '/app/src/cart.ts', fn: 'f', line: 1, ns: 1 },
          { file: '/app/src/cart.ts', fn: 'g', line: 2, ns: 1 },
        ],
        2,
      ),
    );
    expect(index.revision).toBe(2);
    expect(await index.statistics(cart, counting)).toHaveLength(2);
  });

  it('groups many places as a plain list would', async () => {
    const calls: Call[] = [];
    for (let i = 0; i < 20_000; i++)
      calls.push({
        file: `/app/src/${i % 3 ? 'cart' : 'pay'}.ts`,
        fn: `f${i % 1700}`,
        line: (i % 1700) + 1,
        ns: (i * 7919) % 10_007,
        error: i % 50 === 0,
      });
    const index = new CodeIndex();
    index.update(rowsOf(calls));
    const entries = await index.statistics(cart, locate);
    const own = new Map<string, Call[]>();
    for (const call of calls.filter(({ file }) => file.endsWith('cart.ts')))
      own.set(call.fn ?? '', [...(own.get(call.fn ?? '') ?? []), call]);
    expect(entries).toHaveLength(own.size);
    for (const entry of entries) {
      const same = own.get(entry.name) ?? [];
      const sorted = same.map(({ ns }) => ns).sort((a, b) => a - b);
      expect(entry).toMatchObject({
        calls: same.length,
        errors: same.filter(({ error }) => error).length,
        p50Ns: sorted[Math.ceil(sorted.length * 0.5) - 1],
        p95Ns: sorted[Math.ceil(sorted.length * 0.95) - 1],
      });
    }
  });
});

describe('percentiles', () => {
  it('are those of the sorted list, at every size and shape', () => {
    let seed = 3;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    const shapes: Readonly<Record<string, (i: number, n: number) => number>> = {
      'wide range': () => Math.exp(random() * 40),
      'whole numbers': () => Math.floor(random() * 50),
      'all the same': () => 42,
      rising: (i) => i,
      falling: (i, n) => n - i,
      'zero and large': () => (random() < 0.5 ? 0 : 1e18),
      tiny: () => random() * 1e-300,
    };
    for (const [name, shape] of Object.entries(shapes)) {
      for (const n of [1, 2, 3, 47, 48, 49, 100, 1000, 20_000]) {
        const values = Float64Array.from({ length: n }, (_, i) => shape(i, n));
        const sorted = values.toSorted();
        const fractions = [0.01, 0.5, 0.95, 1];
        expect([name, n, ...percentiles(values, fractions)]).toEqual([
          name,
          n,
          ...fractions.map((f) => sorted[Math.max(0, Math.ceil(f * n) - 1)]),
        ]);
      }
    }
    expect(percentiles(new Float64Array(0), [0.5])).toEqual([0]);
  });
});
