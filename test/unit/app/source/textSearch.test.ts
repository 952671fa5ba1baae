import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ignore from 'ignore';
import { afterEach, describe, expect, it } from 'vitest';
import { Patience } from '../../../../src/app/source/symbols/patience';
import { exclusions } from '../../../../src/app/source/textSearch/exclusions';
import { GitIgnores } from '../../../../src/app/source/textSearch/gitIgnores';
import { HitCollector } from '../../../../src/app/source/textSearch/hitCollector';
import { answerOf, KeptAnswers } from '../../../../src/app/source/textSearch/keptAnswers';
import { NeedleScanner } from '../../../../src/app/source/textSearch/needleScanner';
import { RipgrepOutput } from '../../../../src/app/source/textSearch/ripgrepOutput';
import { findCommand } from '../../../support/findCommand.mjs';

describe('which texts a line holds', () => {
  const inLine = (needles: string[], line: string): Record<string, number> => {
    const found: Record<string, number> = {};
    new NeedleScanner(needles).scan(line, (needle, column) => {
      found[needles[needle]] = column;
    });
    return found;
  };

  it('finds each once, where it stands first, and others inside it', () => {
    expect(inLine(['checkout', 'heck', 'out(', 'absent'], 'checkout(checkout)')).toEqual({ checkout: 0, heck: 1, 'out(': 5 });
    expect(inLine(['/cart/:id', '/cart'], 'get("/cart/:id")')).toEqual({ '/cart/:id': 5, '/cart': 5 });
  });

  it('means letters and signs as they are', () => {
    expect(inLine(['Cart', 'a.b*', '{id}'], 'cart a.b* axbb {id} Car')).toEqual({ 'a.b*': 5, '{id}': 15 });
    expect(inLine(['größe', '日本語'], 'die größe von 日本語')).toEqual({ größe: 4, 日本語: 14 });
  });

  it('agrees with looking for each text by itself', () => {
    let seed = 5;
    const random = (count: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * count);
    };
    const text = (length: number): string => Array.from({ length }, () => 'abcé/:'[random(6)]).join('');
    const needles = [...new Set(Array.from({ length: 300 }, () => text(3 + random(6))))];
    const scanner = new NeedleScanner(needles);
    let hits = 0;
    for (let i = 0; i < 300; i++) {
      const line = text(random(80));
      const found = new Map<number, number>();
      scanner.scan(line, (needle, column) => {
        expect(found.has(needle)).toBe(false);
        found.set(needle, column);
      });
      const wrong = needles.filter((needle, index) => (found.get(index) ?? -1) !== line.indexOf(needle));
      expect(wrong, line).toEqual([]);
      hits += found.size;
    }
    expect(hits).toBeGreaterThan(1000);
  });
});

describe('hits within bounds', () => {
  it('keeps so many of one text, says that there are more, and looks for the others on', () => {
    const collector = new HitCollector(['order', 'charge']);
    for (let line = 0; line < 600; line++) collector.add('file:///a.ts', line, 'order()');
    expect(collector.narrow()).toEqual(['charge']);
    expect(collector.add('file:///b.ts', 0, 'order()')).toBe(false);
    expect(collector.add('file:///b.ts', 1, 'charge(order)')).toBe(true);
    const [order, charge] = collector.found.map(answerOf);
    expect([order.hits.length, order.truncated]).toEqual([500, true]);
    expect(charge).toEqual({ hits: [{ file: 'file:///b.ts', line: 1, column: 0, text: 'charge(order)' }], truncated: false });
  });

  it('keeps as many of each of two thousand texts, until all of them are too many', () => {
    const collector = new HitCollector(Array.from({ length: 2000 }, (_, i) => `text${1000 + i};`));
    for (let text = 0; text < 200; text++)
      for (let line = 0; line < 600; line++) collector.add('file:///a.ts', line, `text${1000 + text};`);
    const counts = collector.found.map(({ count }) => count);
    expect([counts[0], counts[99], counts[100], counts[199], counts[200]]).toEqual([500, 500, 50, 50, 0]);
    expect(collector.found.map(({ truncated }) => truncated).slice(99, 102)).toEqual([true, true, true]);
  });

  it('goes on where somebody wants more', () => {
    const collector = new HitCollector(['order'], 'further');
    for (let line = 0; line < 600; line++) collector.add('file:///a.ts', line, 'order()');
    expect([collector.found[0].count, collector.found[0].truncated]).toEqual([600, false]);
  });

  it('takes a line once that a second run comes to again', () => {
    const collector = new HitCollector(['charge']);
    collector.add('file:///a.ts', 3, 'charge()');
    expect(collector.add('file:///a.ts', 3, 'charge()')).toBe(true);
    expect(collector.found[0].count).toBe(1);
  });

  it('cuts a long line around the text', () => {
    const collector = new HitCollector(['charge']);
    collector.add('file:///a.ts', 0, `${'x'.repeat(2000)}charge${'y'.repeat(2000)}`);
    const [{ text, column }] = answerOf(collector.found[0]).hits;
    expect(text).toHaveLength(400);
    expect(text).toContain('charge');
    expect(column).toBe(2000);
  });
});

describe('output of ripgrep', () => {
  const read = (text: string, pieces = 1): [string, number, string][] => {
    const lines: [string, number, string][] = [];
    const output = new RipgrepOutput((path, line, content) => lines.push([path, line, content]));
    const bytes = Buffer.from(text);
    const size = Math.ceil(bytes.length / pieces);
    for (let at = 0; at < bytes.length; at += size) output.add(bytes.subarray(at, at + size));
    return lines;
  };

  it('gives path, line from 0 and text, however it is cut into pieces', () => {
    const text = './src/a b.ts\x0012:  charge(a:b) // größe\r\nx/y.py\x001:\ufeffdef charge\n';
    const expected = [
      ['src/a b.ts', 11, '  charge(a:b) // größe'],
      ['x/y.py', 0, 'def charge'],
    ];
    for (const pieces of [1, 2, 7, text.length]) expect(read(text, pieces)).toEqual(expected);
  });

  it('leaves out what is no record', () => {
    expect(read('a.ts\x002:[Omitted long line with 3 matches]\nnonsense\nb.ts\x00x:y\n')).toEqual([]);
  });
});

describe('what is left out', () => {
  const rules = (settings: Record<string, unknown> = {}): ReturnType<typeof ignore> =>
    ignore({ ignorecase: false }).add([...exclusions(settings)]);

  it('packages, lock files, traces and binaries', () => {
    const left = rules();
    for (const path of [
      'a/node_modules/b/c.js',
      'x/yarn.lock',
      'trace.otlp.json',
      'web/CHANGELOG.md',
      'a.png',
      'go/vendor/github.com/x/y.go',
      'vendor/x.php',
    ])
      expect(left.ignores(path), path).toBe(true);
    for (const path of ['src/a.ts', 'app/vendor/vendorService.ts', 'package.json', 'openapi.yaml', 'src/lock.ts'])
      expect(left.ignores(path), path).toBe(false);
  });

  it('what the settings of files and search leave out, as VS Code means it', () => {
    const left = rules({ '**/*.{gen,out}.ts': true, legacy: true, '**/kept': false, '**/*.js': { when: '$(basename).ts' } });
    for (const path of ['a/b.gen.ts', 'b.out.ts', 'legacy/a.ts']) expect(left.ignores(path), path).toBe(true);
    for (const path of ['a/legacy/a.ts', 'a/kept/b.ts', 'a.js', 'b.ts']) expect(left.ignores(path), path).toBe(false);
  });
});

describe('what Git ignores', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!findCommand('git'))('is what Git itself says', async () => {
    const root = mkdtempSync(join(tmpdir(), 'spanhop-ignores-'));
    folders.push(root);
    const files: Readonly<Record<string, string>> = {
      '.gitignore': '*.log\n/dist\nbuild/\n!keep.log\n**/gen/*.ts\n',
      'a/.gitignore': '!special.log\nlocal.ts\n',
      'a/b/.gitignore': '*\n!own.ts\n',
      '.git/info/exclude': 'private/\n',
    };
    const paths = [
      'x.log',
      'keep.log',
      'dist/a.ts',
      'a/dist/a.ts',
      'build/a.ts',
      'a/build/keep.log',
      'a/special.log',
      'a/other.log',
      'a/local.ts',
      'local.ts',
      'a/c/local.ts',
      'a/b/own.ts',
      'a/b/other.ts',
      'a/gen/x.ts',
      'a/gen/y/x.ts',
      'private/a.ts',
      'a/private/b.ts',
      'a/x.ts',
    ];
    execFileSync('git', ['init', '-q'], { cwd: root });
    for (const [path, text] of [...Object.entries(files), ...paths.map((each) => [each, ''] as const)]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { readFile, stat } = await import('node:fs/promises');
    const disk = {
      readText: (path: string) => readFile(path, 'utf8').catch(() => undefined),
      exists: (path: string) =>
        stat(path).then(
          () => true,
          () => false,
        ),
    };
    const git = (path: string): boolean => {
      try {
        execFileSync('git', ['check-ignore', '-q', '--no-index', path], { cwd: root });
        return true;
      } catch {
        return false;
      }
    };
    const whole = await GitIgnores.of(root, disk);
    expect(whole.useParents).toBe(false);
    for (const path of paths) expect(await whole.ignores(path), path).toBe(git(path));
    // A folder inside of the repository: its rules count, unless they leave out the folder itself.
    const part = await GitIgnores.of(join(root, 'a'), disk);
    expect(part.useParents).toBe(true);
    expect(await part.ignores('other.log')).toBe(true);
    expect(await part.ignores('x.ts')).toBe(false);
    const ignored = await GitIgnores.of(join(root, 'dist'), disk);
    expect(ignored.useParents).toBe(false);
    expect(await ignored.ignores('a.ts')).toBe(false);
  });
});

describe('kept answers', () => {
  const collect = (needles: string[], lines: readonly (readonly [string, number, string])[]): HitCollector => {
    const collector = new HitCollector(needles);
    for (const [file, line, text] of lines) collector.add(file, line, text);
    return collector;
  };

  it('follow a file that changed, and no other', () => {
    const kept = new KeptAnswers();
    kept.add(
      collect(
        ['charge', 'refund'],
        [
          ['file:///b.ts', 1, 'charge'],
          ['file:///a.ts', 2, 'charge refund'],
        ],
      ),
    );
    expect(kept.get('charge')?.hits.map(({ file }) => file)).toEqual(['file:///a.ts', 'file:///b.ts']);
    kept.replace(['file:///a.ts'], collect(['charge', 'refund'], [['file:///a.ts', 5, 'refund']]));
    expect(kept.get('charge')?.hits.map(({ file }) => file)).toEqual(['file:///b.ts']);
    expect(kept.get('refund')?.hits.map(({ line }) => line)).toEqual([5]);
  });

  it('know the files below a folder that went', () => {
    const kept = new KeptAnswers();
    kept.add(
      collect(
        ['charge'],
        [
          ['file:///a/b.ts', 1, 'charge'],
          ['file:///ab/c.ts', 2, 'charge'],
        ],
      ),
    );
    expect(kept.filesBelow(['file:///a'])).toEqual(['file:///a/b.ts']);
  });

  it('are bounded', () => {
    const kept = new KeptAnswers();
    for (let part = 0; part < 6; part++)
      kept.add(new HitCollector(Array.from({ length: 2000 }, (_, i) => `needle${part * 2000 + i}`)));
    expect(kept.size).toBe(10_000);
    expect(kept.has('needle1999')).toBe(false);
    expect(kept.has('needle2000')).toBe(true);
  });
});

describe('waiting for who is slow', () => {
  it('waits once, asks nobody meanwhile, and tells when the answer came', async () => {
    let late = 0;
    let answer = (_: string): void => {};
    const patience = new Patience(20, () => late++);
    const slow = new Promise<string>((resolve) => {
      answer = resolve;
    });
    expect(await patience.wait(() => slow)).toBeUndefined();
    let asked = false;
    const ask = async (): Promise<string> => {
      asked = true;
      return 'quick';
    };
    expect(await patience.wait(ask)).toBeUndefined();
    expect(asked).toBe(false);
    answer('at last');
    await slow;
    await new Promise((resolve) => setImmediate(resolve));
    expect(late).toBe(1);
    expect(await patience.wait(ask)).toBe('quick');
    patience.dispose();
  });

  it('gives up with its signal', async () => {
    const controller = new AbortController();
    const patience = new Patience(10_000, () => {});
    const waiting = patience.wait(() => new Promise<string>(() => {}), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'Cancelled' });
    patience.dispose();
  });
});
