// Where the hints of lenses lead is kept: what a change has to do with is looked for again, and nothing else; the answers are those that are made anew.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HintAnswers } from '../../../../src/app/source/hintAnswers';
import type { CodeHint } from '../../../../src/protocol/code';
import { at } from '../support/memoryWorkspace';
import { SourceLookup, settled } from '../support/sourceLookup';

const hintOf = (name: string, attributes: Record<string, string>, ancestors: CodeHint['family']['ancestors'] = []): CodeHint => ({
  name,
  kind: 2,
  attributes,
  scope: '',
  service: 'shop',
  services: ['shop'],
  language: 'nodejs',
  family: { ancestors, before: [], children: [] },
});
const route = (path: string): CodeHint => hintOf(`GET ${path}`, { 'http.route': path, 'http.request.method': 'GET' });
const files = {
  'src/orders.ts': "import { list } from './handlers';\nrouter.get('/orders', list);\n",
  'src/handlers.ts': 'export function list(req, res) {\n  res.json(loadAll());\n}\n',
  'src/carts.ts': "router.get('/carts/:id', (req, res) => {\n  res.json({});\n});\n",
  'src/other.ts': 'export const nothing = 1;\n',
  'README.md': '# Shop\n',
};

describe('in a workspace', () => {
  let lookup: SourceLookup;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    lookup = new SourceLookup(files);
  });
  afterEach(() => {
    lookup.dispose();
    vi.useRealTimers();
  });

  const places = async (all: readonly CodeHint[], of = lookup): Promise<string[]> => {
    const resolve = await settled(of.source.hintResolver(all));
    const results = await settled(Promise.all(all.map((hint) => resolve(hint))));
    return results.map(({ candidates: [best] }) => (best ? `${best.file.slice(at('').length)}:${best.line + 1}` : 'none'));
  };

  it('reads nothing again for what still holds', async () => {
    const all = [route('/orders'), route('/carts/:id')];
    expect(await places(all)).toEqual(['src/handlers.ts:1', 'src/carts.ts:1']);
    lookup.workspace.read.splice(0);
    lookup.workspace.write('src/other.ts', 'export const nothing = 2;\n');
    await lookup.rest();
    expect(await places(all)).toEqual(['src/handlers.ts:1', 'src/carts.ts:1']);
    // The file that changed is read, for whether it has one of the texts now.
    expect(lookup.workspace.read.filter((uri) => uri !== at('src/other.ts'))).toEqual([]);
  });

  it('finds again what a file was read for, or has the text of now, or is named like', async () => {
    const all = [route('/orders'), route('/carts/:id')];
    await places(all);
    lookup.workspace.write('src/handlers.ts', '// moved\n\nexport function list(req, res) {\n  res.json(loadAll());\n}\n');
    await lookup.rest();
    expect(await places(all)).toEqual(['src/handlers.ts:3', 'src/carts.ts:1']);
    lookup.workspace.write('src/carts.ts', undefined);
    lookup.workspace.write('src/basket.ts', "\n\nrouter.get('/carts/:id', (req, res) => {});\n");
    await lookup.rest();
    expect(await places(all)).toEqual(['src/handlers.ts:3', 'src/basket.ts:3']);
  });

  it('finds again each of those that one reading of a file was for', async () => {
    lookup.workspace.write(
      'src/orders.ts',
      "import * as all from './handlers';\nrouter.get('/orders', all.list);\nrouter.get('/bills', all.show);\n",
    );
    const handlers = ['export function list(req, res) {', '}', 'export function show(req, res) {', '}', ''];
    lookup.workspace.write('src/handlers.ts', handlers.join('\n'));
    const all = [route('/orders'), route('/bills')];
    expect(await places(all)).toEqual(['src/handlers.ts:1', 'src/handlers.ts:3']);
    lookup.workspace.write('src/handlers.ts', ['//', ...handlers].join('\n'));
    await lookup.rest();
    expect(await places(all)).toEqual(['src/handlers.ts:2', 'src/handlers.ts:4']);
  });

  it('goes with what is typed, as often as it is', async () => {
    const all = [route('/carts/:id')];
    await places(all);
    for (const lines of [1, 2, 3]) {
      lookup.workspace.insert(at('src/carts.ts'), 0, '// typed\n');
      await lookup.rest();
      expect(await places(all)).toEqual([`src/carts.ts:${1 + lines}`]);
    }
    lookup.workspace.close(at('src/carts.ts'));
    await lookup.rest();
    expect(await places(all)).toEqual(['src/carts.ts:1']);
  });

  it('follows a span around it whose place was found for another one', async () => {
    const parent = { name: 'GET /orders', service: 'shop', kind: 2, attributes: route('/orders').attributes };
    const query = { 'db.query.text': 'SELECT * FROM orders', 'db.system.name': 'postgresql' };
    const all = [1, 2].map((n) => ({ ...hintOf('SELECT orders', { ...query, 'db.namespace': `shop${n}` }, [parent]), kind: 3 }));
    lookup.workspace.write('src/handlers.ts', 'export function list(req, res) {\n  db.query("SELECT * FROM orders");\n}\n');
    lookup.workspace.write('src/report.ts', 'export function report() {\n  db.query("SELECT * FROM orders");\n}\n');
    expect(await places(all)).toEqual(['src/handlers.ts:2', 'src/handlers.ts:2']);
    lookup.workspace.write('src/orders.ts', "import { report } from './report';\nrouter.get('/orders', report);\n");
    await lookup.rest();
    expect(await places(all)).toEqual(['src/report.ts:2', 'src/report.ts:2']);
  });

  it('says what is said by who knows nothing yet, whatever changed before', async () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const names = ['orders', 'carts', 'users', 'bills'];
    const all = names.map((name) => route(`/${name}`));
    const textOf = (): string => {
      const lines = Array.from({ length: random(4) }, () => '// a line');
      for (const name of names) {
        const to = random(3);
        if (to === 0) lines.push(`router.get('/${name}', (req, res) => {});`);
        if (to === 1) lines.push(`import { ${name} } from './h${random(3)}';`, `router.get('/${name}', ${name});`);
        if (to === 2 && random(2)) lines.push(`export function ${name}(req, res) {`, '}');
      }
      return `${lines.join('\n')}\n`;
    };
    const now: Record<string, string> = { ...files };
    for (let round = 0; round < 60; round++) {
      const name = `src/${['h0', 'h1', 'h2', 'routes', 'server'][random(5)]}.ts`;
      const isGone = random(5) === 0;
      if (isGone) delete now[name];
      else now[name] = textOf();
      lookup.workspace.write(name, isGone ? undefined : now[name]);
      if (random(3) === 0) continue;
      await lookup.rest();
      const fresh = new SourceLookup(now);
      const said = await places(all);
      expect([round, ...said]).toEqual([
        round,
        ...(await places(
          all.map((hint) => ({ ...hint })),
          fresh,
        )),
      ]);
      fresh.dispose();
    }
  });
});

describe('what is kept', () => {
  const made = async (file: string, texts: readonly string[] = []) => {
    const now = new Map<string, string>();
    const answers = new HintAnswers<object, number>(async (uri) => now.get(uri));
    const hint = {};
    await answers.make(hint, async (into) => {
      into.file(file);
      for (const text of texts) into.text(text);
      return 1;
    });
    return { answers, hint, now };
  };
  const touch = (uri: string, isMoved = false) => ({ uri, isMoved });

  it('is not what a file was read for that changed meanwhile', async () => {
    const answers = new HintAnswers<object, number>(async () => undefined);
    const hint = {};
    let goOn = (): void => {};
    const work = answers.make(hint, async (into) => {
      into.file('file:///w/a.ts');
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      return 1;
    });
    answers.touched(touch('file:///w/a.ts'), true);
    goOn();
    await work;
    expect(await answers.of(hint)).toBeUndefined();
  });

  it('is not what was made while all was forgotten, and not what failed', async () => {
    const answers = new HintAnswers<object, number>(async () => undefined);
    const hint = {};
    const work = answers.make(hint, async () => 1);
    answers.clear();
    await work;
    expect(await answers.of(hint)).toBeUndefined();
    await expect(answers.make(hint, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await answers.of(hint)).toBeUndefined();
  });

  it('is doubted for a file once, and again when that changed once more', async () => {
    const { answers, hint, now } = await made('file:///w/a.ts', ['/orders']);
    now.set('file:///w/b.ts', 'nothing');
    expect(answers.touched(touch('file:///w/b.ts'), true)).toBe(true);
    expect(await answers.of(hint)).toBeDefined();
    now.set('file:///w/b.ts', "get('/orders')");
    expect(await answers.of(hint)).toBeDefined();
    answers.touched(touch('file:///w/b.ts'), true);
    expect(await answers.of(hint)).toBeUndefined();
  });

  it('holds where a file that changed cannot be read', async () => {
    const answers = new HintAnswers<object, number>(() => Promise.reject(new Error('gone')));
    const hint = {};
    await answers.make(hint, async (into) => {
      into.text('/orders');
      return 1;
    });
    answers.touched(touch('file:///w/b.ts'), true);
    expect(await answers.of(hint)).toBeDefined();
  });

  it('is as of a change that is too long ago to be known', async () => {
    const { answers, hint } = await made('file:///w/a.ts');
    for (let i = 0; i < 60; i++) answers.touched(touch(`file:///w/x${i}.ts`), true);
    expect(await answers.of(hint)).toBeDefined();
    for (let i = 0; i < 70; i++) answers.touched(touch(`file:///w/y${i}.ts`), true);
    expect(await answers.of(hint)).toBeUndefined();
  });

  it('tells of a file that none was made of that nothing is another', async () => {
    const { answers } = await made('file:///w/a.ts');
    expect(answers.touched(touch('file:///w/b.ts', true), true)).toBe(false);
    expect(answers.touched(touch('file:///w/A.ts'), false)).toBe(true);
  });
});
