// From the engine's places to lines of a document, through the source map of a real minified bundle: all its frames are on one line and its
// functions are called by one letter, so columns alone tell them apart.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PlaceFinder } from '../../../../src/app/code/placeFinder';
import { functionsOf, type LocatedPlace } from '../../../../src/code';
import { resolveAttributes } from '../../../../src/source';
import { InProcessEngine } from '../../../support/inProcessEngine';
import { diskWorkspace, withSourceMaps } from '../../source/support/workspace';

const shop = 'file:///home/dev/shop';
const files = {
  'src/cart.ts': `export function addToCart(count: number): number {
  if (count < 1) throw new Error('count of ' + count);
  return count;
}

export function removeFromCart(count: number): number {
  const left = 5 - count;
  if (left < 0) throw new RangeError('only five');
  return left;
}
`,
  'src/pay.ts': `export function charge(cents: number): number {
  if (cents > 100) throw new Error('declined');
  return cents;
}
`,
  'src/main.ts': `import { addToCart, removeFromCart } from './cart';
import { charge } from './pay';
Object.assign(globalThis, { shop: [() => addToCart(0), () => removeFromCart(9), () => charge(200), () => removeFromCart(7)] });
`,
};
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-places-'));
  mkdirSync(join(folder, 'src'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  await build({
    entryPoints: [join(folder, 'src/main.ts')],
    outfile: join(folder, 'dist/app.min.js'),
    bundle: true,
    minify: true,
    sourcemap: true,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stacks that the bundle really throws, as a service that runs it in a container records them. */
function stacks(): string[] {
  runInThisContext(readFileSync(join(folder, 'dist/app.min.js'), 'utf8'), '/srv/app/dist/app.min.js');
  const thrown: string[] = [];
  for (const run of (globalThis as unknown as { shop: (() => number)[] }).shop) {
    try {
      run();
    } catch (error) {
      thrown.push(String(error instanceof Error && error.stack));
    }
  }
  return thrown;
}

it('finds the functions of a minified bundle in the documents that they were written in', async () => {
  const engine = new InProcessEngine();
  const all = stacks();
  expect(new Set(all.map((stack) => /app\.min\.js:(\d+):/.exec(stack)?.[1]))).toEqual(new Set(['1']));
  await engine.open(
    all.map((stack, i) => ({
      traceId: String(i + 1),
      spanId: String(i + 1),
      error: true,
      events: [{ name: 'exception', attributes: { 'exception.stacktrace': stack } }],
    })),
  );
  const ports = withSourceMaps(diskWorkspace({ [shop]: folder }));
  let asked = 0;
  const finder = new PlaceFinder({
    resolveAttributes: (attributes) => {
      asked++;
      return resolveAttributes(attributes, ports, { pathMappings: {} });
    },
  });
  const lensesOf = async (name: string): Promise<string[]> => {
    const places = await engine.call('codeHints', {});
    const located: LocatedPlace[] = await finder.find(places, `${shop}/src/${name}`);
    const functions = functionsOf(located);
    const groups = functions.map((one) => one.places.map(({ place }) => place));
    const answer = await engine.call('codeStatistics', { generation: places.generation, groups });
    return functions.map((one, i) => `line ${one.places[0].line + 1} ${one.name}: ${answer?.calls[i]} calls`);
  };
  expect(await lensesOf('cart.ts')).toEqual(['line 2 : 1 calls', 'line 8 : 2 calls']);
  expect(await lensesOf('pay.ts')).toEqual(['line 2 : 1 calls']);
  // Each place was looked for once, whichever document asked.
  expect(asked).toBe(3);
  expect(await lensesOf('other.ts')).toEqual([]);
  expect(asked).toBe(3);
  ports.sourceMaps.dispose();
});

it('leaves others their turn while it looks for thousands of places', async () => {
  const engine = new InProcessEngine();
  await engine.open(
    Array.from({ length: 3000 }, (_, i) => ({
      traceId: '1',
      spanId: String(i + 1),
      attributes: { 'code.file.path': '/srv/app/dist/app.min.js', 'code.line.number': 1, 'code.column.number': i + 1 },
    })),
  );
  const ports = withSourceMaps(diskWorkspace({ [shop]: folder }));
  const finder = new PlaceFinder({ resolveAttributes: (each) => resolveAttributes(each, ports, { pathMappings: {} }) });
  const places = await engine.call('codePlaces', { baseName: 'cart.ts' });
  let turns = 0;
  let done = false;
  const count = (): void => {
    turns++;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  const begun = performance.now();
  const found = await finder.find(places, `${shop}/src/cart.ts`);
  done = true;
  expect(found.length).toBeGreaterThan(0);
  expect(turns).toBeGreaterThan((performance.now() - begun) / 100);
  ports.sourceMaps.dispose();
});
