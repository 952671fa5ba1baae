import { describe, expect, it } from 'vitest';
import { mapLines } from '../../../../src/source/drift/lineDiff';
import { driftOfLine } from '../../../../src/source/drift/lineDrift';
import { splitLines } from '../../../../src/source/outline/textLines';

/** Numbers that come in the same order each time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A line that knows where it came from: its number in the first text, or undefined for a new one. */
interface Traced {
  readonly text: string;
  readonly origin?: number;
}

function program(functions: number): string[] {
  return Array.from({ length: functions }, (_, i) => [
    `export function work${i}(input: number): number {`,
    `  const value${i} = input * ${i + 2};`,
    `  if (value${i} > ${i}) {`,
    `    record('over ${i}', value${i});`,
    '    return 0;',
    '  }',
    `  return value${i} + base${i};`,
    '}',
    '',
  ]).flat();
}

function edit(lines: readonly string[], edits: number, next: (below: number) => number): Traced[] {
  const traced: Traced[] = lines.map((text, origin) => ({ text, origin }));
  for (let i = 0; i < edits; i++) {
    const at = next(traced.length);
    const kind = next(3);
    if (kind === 0) traced.splice(at, 0, ...Array.from({ length: 1 + next(4) }, (_, n) => ({ text: `  inserted(${i}, ${n});` })));
    else if (kind === 1) traced.splice(at, 1 + next(3));
    else traced[at] = { text: `  rewritten(${i});` };
  }
  return traced;
}

describe('the map of lines between two texts', () => {
  it('pairs every line that stayed, and no other, after random edits', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const before = program(3 + next(30));
      const edited = edit(before, next(25), next);
      const { toAfter, toBefore } = mapLines(
        before,
        edited.map(({ text }) => text),
      );
      const truth = new Map(edited.flatMap(({ origin }, now) => (origin === undefined ? [] : [[origin, now] as const])));
      for (const [line, text] of before.entries()) {
        const now = toAfter[line];
        if (now >= 0) {
          expect(edited[now].text).toBe(text);
          expect(toBefore[now]).toBe(line);
        }
        // Braces, blank lines and `return 0` stand everywhere, and any of them will do.
        if (/\d/.test(text) && !/return 0/.test(text)) expect([seed, line, now]).toEqual([seed, line, truth.get(line) ?? -1]);
      }
      const paired = [...toAfter].filter((now) => now >= 0);
      expect(paired).toEqual([...paired].sort((a, b) => a - b));
    }
  });

  it('leads from a line to itself, or says that it is gone or changed, after random moves of functions', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = random(seed);
      const blocks = Array.from({ length: 12 }, (_, i) => program(i + 1).slice(i * 9));
      const before = blocks.flat();
      const order = [...blocks];
      for (let i = 0; i < 3; i++) order.splice(next(order.length), 0, ...order.splice(next(order.length), 1));
      const after = order.flat();
      const map = mapLines(before, after);
      for (const [line, text] of before.entries()) {
        if (text.trim().length < 2) continue;
        const { line: now, kind } = driftOfLine('a.ts', map, line);
        expect([seed, line, after[now]]).toEqual([seed, line, text]);
        const block = Math.floor(line / 9);
        const place = order.indexOf(blocks[block]) * 9 + (line % 9);
        expect([seed, line, now, kind]).toEqual([seed, line, place, place === line ? 'same' : 'moved']);
      }
    }
  });

  it('takes milliseconds for 20,000 lines, also where half of them were rewritten', () => {
    const before = program(2223).slice(0, 20_000);
    const inserted = [...before.slice(0, 3000), 'one();', ...before.slice(3000, 15_000), ...before.slice(15_010)];
    const rewritten = before.map((line, i) => (i % 2 ? line : `${line} // ${i}`));
    const shuffled = [...before].sort((a, b) => ((a.length * 7919) % 101) - ((b.length * 7919) % 101));
    const same = before.map(() => 'x();');
    const others = before.map((_, i) => (i % 3 ? 'x();' : 'y();'));
    const timeOf = (a: readonly string[], b: readonly string[]): number => {
      mapLines(a, b);
      const start = performance.now();
      driftOfLine('a.ts', mapLines(a, b), 10_001);
      return performance.now() - start;
    };
    // A bound against what grows with the square, which would take minutes.
    const times = [timeOf(before, inserted), timeOf(before, rewritten), timeOf(before, shuffled), timeOf(same, others)];
    for (const ms of times) expect(ms).toBeLessThan(1500);
  });

  it('has no line that is not there', () => {
    expect([...mapLines([], ['a']).toBefore]).toEqual([-1]);
    expect([...mapLines(['a'], []).toAfter]).toEqual([-1]);
    expect(driftOfLine('a.ts', mapLines(['a'], []), 0)).toMatchObject({ kind: 'gone', line: 0 });
    expect(splitLines('')).toEqual([]);
    expect(splitLines('\uFEFFa\r\nb\rc\n')).toEqual(['a', 'b', 'c']);
  });
});
