/** The sample trace leads to its own files, and they tell of it alone: nothing of it is in the person's files, and nothing of theirs in it. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodeKnowledge } from '../../../../src/app/code/codeKnowledge';
import { ThrownLines } from '../../../../src/app/code/thrownLines';
import type { Workspace } from '../../../../src/app/ports/workspace';
import { noMemento, sampleFiles, sampleSettings, sampleWorkspace } from '../../../../src/app/sample/sampleWorkspace';
import { pathGit } from '../../../../src/app/source/git/pathGit';
import { SourceService } from '../../../../src/app/source/sourceService';
import { sampleFolder, sampleTrace } from '../../../../src/protocol/sample';
import { projectRoot } from '../../../vscode/locations.mjs';
import { at } from '../support/memoryWorkspace';
import { SourceLookup, settled } from '../support/sourceLookup';

const shipped = join(projectRoot, 'media', 'sample');
const shop = join(projectRoot, 'test', 'sample');
const read = (path: string): string => readFileSync(join(shop, path), 'utf8');
const payments = 'src/payments/paymentService.ts';
const sample = (path: string): string => `${sampleFolder}/${path}`;
const trace = { traceId: '6bcba564bd850c56982fc09c808ab14a', spanId: '01efdb8cd04a4aeb' };
/** From 0. */
const threw = read(payments)
  .split('\n')
  .findIndex((line) => line.includes('throw new GatewayTimeout'));
const own = 'file:file:///work/mine.otlp.json';
let lookup: SourceLookup;
let source: SourceService;
let code: CodeKnowledge;
let thrown: ThrownLines;

const virtualFiles: Workspace['virtualFiles'] = {
  stat: async (uri) => {
    const path = join(shipped, 'shop', uri.slice(sampleFolder.length));
    if (!uri.startsWith(sampleFolder) || !existsSync(path)) return undefined;
    return { kind: path.endsWith('s') || path.endsWith('map') ? 'file' : 'folder', isLink: false, size: 1, savedAtMs: 0 };
  },
  read: async (uri) => {
    const path = uri.slice(sampleFolder.length + 1);
    return sampleFiles.includes(path) ? readFileSync(join(shipped, 'shop', path)) : undefined;
  },
};
const open = (dataset: string): Promise<unknown> =>
  settled(
    lookup.engine.call('openFile', {
      dataset,
      name: 'checkout.otlp.json',
      bytes: new Uint8Array(readFileSync(join(shipped, 'checkout.otlp.json'))),
    }),
  );
const placeOf = async (dataset: string): Promise<string> => {
  const [best] = (await settled(source.resolve({ dataset, ...trace }))).result.candidates;
  return best ? `${best.file}:${best.line}` : '';
};
const functionsIn = async (uri: string): Promise<readonly string[]> =>
  (await settled(code.statistics(uri))).map(({ name, calls }) => `${name} ${calls}`);
const throwsIn = async (uri: string): Promise<readonly number[]> => (await settled(thrown.in(uri))).map(({ line }) => line);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  // The person works on the very same program.
  const files = sampleFiles.map((path) => [path, readFileSync(join(shipped, 'shop', path), 'utf8')]);
  lookup = new SourceLookup(Object.fromEntries(files));
  const shared = {
    engine: lookup.engine,
    problems: { record: () => ({ kind: 'BadData', message: '' }) as const },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, show: () => {} },
    git: pathGit,
  };
  source = new SourceService({
    ...shared,
    workspace: lookup.workspace,
    settings: { ...sampleSettings, pathMappings: () => ({}) },
    memento: noMemento,
    sample: () =>
      new SourceService({
        ...shared,
        workspace: sampleWorkspace({ documents: lookup.workspace.documents, virtualFiles }),
        settings: sampleSettings,
        memento: noMemento,
      }),
  });
  code = new CodeKnowledge(lookup.engine, source);
  thrown = new ThrownLines(lookup.engine, source, code.lines);
});
afterEach(() => {
  thrown.dispose();
  code.dispose();
  source.dispose();
  lookup.dispose();
  vi.useRealTimers();
});

describe('the sample trace', () => {
  it('leads to the line that threw in its own files, also where the person has the same ones', async () => {
    await open(`file:${sampleTrace}`);
    expect(await placeOf(`file:${sampleTrace}`)).toBe(`${sample(payments)}:${threw}`);
  });

  it('is counted in its own files, and in nobody else’s', async () => {
    await open(`file:${sampleTrace}`);
    expect(await functionsIn(sample(payments))).toContain('PaymentService.charge 1');
    expect(await throwsIn(sample(payments))).toEqual([threw]);
    for (const path of sampleFiles.filter((each) => each.endsWith('.ts'))) {
      expect(await functionsIn(at(path))).toEqual([]);
      expect(await throwsIn(at(path))).toEqual([]);
    }
  });

  it('answers what is asked of its functions by their numbers', async () => {
    await open(own);
    await open(`file:${sampleTrace}`);
    const runs = await settled(code.spans(sample(payments), 'PaymentService.charge', 0, 10));
    expect(runs.map(({ spanId }) => spanId)).toEqual([trace.spanId]);
    const { generation, functions } = await settled(code.functions(sample(payments)));
    const charge = functions.find(({ name }) => name === 'PaymentService.charge');
    const details = await settled(
      lookup.engine.call('codeDetails', { generation, places: charge?.places ?? [], keys: ['payment.currency'] }),
    );
    expect(details?.exceptions.map(({ type }) => type)).toEqual(['GatewayTimeout']);
  });

  it('is no error of the person’s programs', async () => {
    await open(`file:${sampleTrace}`);
    expect((await settled(lookup.engine.call('exceptions', {}))).ids).toEqual([]);
    await open(own);
    expect((await settled(lookup.engine.call('exceptions', {}))).ids.length).toBeGreaterThan(0);
  });
});

describe('the same trace as the person’s own', () => {
  it('leads to their files, and is counted there alone', async () => {
    await open(own);
    expect(await placeOf(own)).toBe(`${at(payments)}:${threw}`);
    expect(await functionsIn(at(payments))).toContain('PaymentService.charge 1');
    expect(await functionsIn(sample(payments))).toEqual([]);
    expect(await throwsIn(sample(payments))).toEqual([]);
  });
});

describe('the files that are shipped', () => {
  it('are those that are served, and as the program has them whose spans lead there', () => {
    const folder = join(shipped, 'shop');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = files.map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
    expect(paths.sort()).toEqual([...sampleFiles].sort());
    for (const path of paths.filter((each) => each.startsWith('src/')))
      expect(readFileSync(join(folder, path), 'utf8'), path).toBe(read(path));
  });

  it('hold every file that the spans name', () => {
    const text = readFileSync(join(shipped, 'checkout.otlp.json'), 'utf8');
    const named = [...text.matchAll(/\/srv\/shop\/((?:src|dist)\/[\w/]+\.[jt]s)/g)].map(([, path]) => path);
    expect([...new Set(named)].filter((path) => !sampleFiles.includes(path))).toEqual([]);
  });

  it('are small', () => {
    const bytes = sampleFiles.reduce((sum, path) => sum + readFileSync(join(shipped, 'shop', path)).length, 0);
    expect(bytes).toBeLessThan(60_000);
  });
});
