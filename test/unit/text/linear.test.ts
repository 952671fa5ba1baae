// Every exported function of the pure layers that takes one text, against texts that lead regular expressions and loops astray. Texts of traces, sources
// and servers have any length, and what looks at them runs where receiving and searching wait for it: four times the text may not
// cost much more than four times the time. Functions are found by their declarations; there is no list.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../support/leastTime';

const src = join(__dirname, '..', '..', '..', 'src');
const { include: layers } = parse(readFileSync(join(src, 'tsconfig.pure.json'), 'utf8')) as { include: string[] };
const KB = 1024;
/** Lengths, each looked at only where the one before took longer than FLOOR_MS: what is fast at 64 kB is no danger at 256. */
const LENGTHS = [4 * KB, 16 * KB, 64 * KB, 256 * KB];
const FLOOR_MS = 3;
/** Less is noise. */
const NOISE_MS = 60;
/** For 64 kB. */
const MOST_MS = 300;
/** Of four times the text; twice as much is noise. */
const MOST_GROWTH = 9;

/** Other arguments, for functions that cannot do without. */
const others: Readonly<Record<string, readonly unknown[]>> = {
  keyBefore: [4 * KB],
  shorten: [100],
  isGenerated: [undefined],
  definitionMatcher: ['typescript'],
  statedPackage: ['java'],
  readLiterals: ['typescript'],
  alike: ['shop'],
  lineSimilarity: ['const a = 1;'],
  lineAt: [100],
  joinUri: [['a']],
  relativeSegments: ['file:///a/b', true],
  resolveBeside: ['a/b.js'],
  resolveSource: [undefined, 'a/b.js'],
  replaceShell: [() => 'x'],
  resolveLocal: ['a/../b'],
  joinRemote: ['a/../b'],
  plainUri: [false],
};
/** They take no text of others, or need more than texts. */
const leftOut = new Set([
  'assembling',
  'overviewing',
  'standingOf',
  'mayAsk',
  'same',
  'rivalOf',
  'pinTo',
  'compileText',
  'compileIntrinsic',
]);
/** `parse.ts` gives them no query longer than it takes. */
const bounded = ['tokenize', 'attributeField', 'parseLiteral'];
const needContext = new Set([
  ...bounded,
  'findInFile',
  'findDefinitions',
  'addWorkingDirectory',
  'readJson',
  'driftOfLine',
  'sameFunction',
]);

const repeat = (part: string) => (length: number) => part.repeat(Math.ceil(length / part.length)).slice(0, length);
const texts: Readonly<Record<string, (length: number) => string>> = {
  letters: repeat('a'),
  accents: repeat('é'),
  'letters, then one odd': (length) => `${'a'.repeat(length - 1)}!`,
  digits: repeat('1'),
  hex: repeat('0af7651916cd43dd'),
  spaces: repeat(' '),
  'spaces between two words': (length) => `a${' '.repeat(length - 2)}b`,
  tabs: repeat('\t'),
  lines: repeat('\n'),
  'lines of a word': repeat('word\n'),
  words: repeat('word '),
  'words with numbers': repeat('word12 '),
  'é and space': repeat('éa é '),
  quotes: repeat('"'),
  'escaped quotes': repeat('\\"'),
  'one quote and escapes': (length) => `"${'\\"'.repeat(length / 2)}`,
  'single quotes': repeat("'a"),
  ticks: repeat('`a '),
  backslashes: repeat('\\'),
  'opening brackets': repeat('('),
  'opening braces': repeat('{'),
  'opening square brackets': repeat('['),
  'angles that open': repeat('<'),
  'angles that close': repeat('<a'),
  'nested angles': (length) => `${'a<'.repeat(length / 3)}${'>'.repeat(length / 3)}`,
  'angles and as': repeat('<a as b<c>'),
  'braces with dollars': repeat('${a'),
  pairs: repeat('{}'),
  dots: repeat('.'),
  'dotted names': repeat('a.b'),
  colons: repeat('a::'),
  slashes: repeat('/'),
  'path of dots': repeat('../'),
  'path of words': repeat('/abc-def'),
  'path with colons': repeat('/:id'),
  backslash: repeat('a\\b'),
  dollars: repeat('a$'),
  lambdas: repeat('lambda$'),
  'lambdas with numbers': repeat('lambda$a$1'),
  'numbered dollars': repeat('$1'),
  'access and numbers': repeat('access$1$a'),
  'state machines': repeat('<a>d__1'),
  closures: repeat('.func1'),
  'enhanced classes': repeat('$$SpringCGLIB$$0'),
  underscores: repeat('_a'),
  dashes: repeat('a-'),
  ats: repeat('at a ('),
  'frames of JavaScript': repeat('    at a (/b/c.js:1:2)\n'),
  'frames of Python': repeat('  File "a.py", line 1, in b\n'),
  'frames of Java': repeat('\tat a.b.C.d(E.java:1)\n'),
  'frames of Go': repeat('main.f(0x1)\n\t/a/b.go:1 +0x1\n'),
  'causes of Java': repeat('Caused by: a.b.C: d\n'),
  SQL: repeat('SELECT a FROM b WHERE c = 1 AND '),
  'comments of SQL': repeat('/* a '),
  'dashes of SQL': repeat('-- a'),
  lists: repeat('1, 2, '),
  'hashed comments': repeat('# a'),
  'comments that open': repeat('/*'),
  'URL escapes': repeat('%41%'),
  'source map comment': repeat('//# sourceMappingURL='),
  'ids of traces': repeat('traceId=0af7651916cd43dd8448eb211c80319c '),
  'key and equals': repeat('trace_id = '),
  'template holes': repeat('#{a} %s {b}'),
  'line continuations': repeat('RUN a \\\n'),
  surrogates: repeat('\ud83d'),
  emoji: repeat('\u{1f600}'),
  controls: repeat('\u202e\u0000'),
  TraceQL: repeat('{ .a = "b" } && '),
  'TraceQL in brackets': (length) => `{ ${'('.repeat(length - 2)}`,
  negations: (length) => `{ ${'!'.repeat(length - 2)}`,
  durations: repeat('1h30m'),
  JSON: repeat('{"a":[1,"b"],'),
};

interface Subject {
  readonly name: string;
  readonly run: (text: string) => unknown;
}

async function subjects(): Promise<Subject[]> {
  const found: Subject[] = [];
  const files = layers.flatMap((layer) =>
    readdirSync(join(src, layer), { recursive: true, encoding: 'utf8' }).map((file) => join(layer, file)),
  );
  for (const file of files.sort()) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const source = readFileSync(join(src, file), 'utf8');
    for (const [, name] of source.matchAll(/^export function (\w+)\(\w+: string[,)]/gm)) {
      if (leftOut.has(name) || needContext.has(name)) continue;
      const module: Record<string, unknown> = await import(pathToFileURL(join(src, file)).href);
      const call = module[name];
      if (typeof call !== 'function') throw new Error(`${name} of ${file} is not there`);
      found.push({ name: `${name} of ${file}`, run: (text) => call(text, ...(others[name] ?? [])) });
    }
  }
  return found;
}

function timed(run: (text: string) => unknown, text: string): number {
  return processorTime(() => {
    try {
      run(text);
    } catch {
      // What refuses a text does so soon, too.
    }
  });
}

/** What may be taken, after a quarter of the text took so long (0: nothing is known of it). */
function mostFor(length: number, quarter: number): number {
  return Math.max(NOISE_MS, Math.min(quarter === 0 ? MOST_MS : quarter * MOST_GROWTH, MOST_MS * Math.max(1, length / (64 * KB))));
}

/**
 * What is wrong with the time that it takes; undefined when nothing is. Noise is told from truth by doing it again, the quarter in turn with the whole:
 * what begins beside this one makes all of it longer from then on.
 */
function slowness(run: (text: string) => unknown, make: (length: number) => string): string | undefined {
  let before = 0;
  for (const length of LENGTHS) {
    const text = make(length);
    let ms = timed(run, text);
    let most = mostFor(length, before);
    if (ms > most) {
      let quarter = Number.POSITIVE_INFINITY;
      const short = make(length / 4);
      for (let i = 0; i < 12 && ms > most; i++) {
        quarter = Math.min(quarter, timed(run, short));
        ms = Math.min(ms, timed(run, text));
      }
      most = Math.max(most, before === 0 ? 0 : mostFor(length, Math.max(quarter, FLOOR_MS / 4)));
    }
    if (ms > most) return `${length / KB} kB: ${ms.toFixed(0)} ms, a quarter of it: ${before.toFixed(1)} ms`;
    if (length >= 64 * KB && ms < FLOOR_MS) return undefined;
    before = Math.max(ms, FLOOR_MS / 4);
  }
  return undefined;
}

const all = await subjects();

describe('texts of any kind take a time that grows with their length', () => {
  it.each(all)('$name', { timeout: 60_000 }, ({ run }) => {
    const slow: string[] = [];
    for (const [name, make] of Object.entries(texts)) {
      const what = slowness(run, make);
      if (what !== undefined) slow.push(`${name}: ${what}`);
    }
    expect(slow.join('\n')).toBe('');
  });
});
