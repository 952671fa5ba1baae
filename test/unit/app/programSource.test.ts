// A program in plain Node that goes from the spans of a trace file to their lines: files of real programs, with the lines that a person would open.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import type { SourceCandidate } from '../../../src/source';
import { bundleEngine, type EngineBundle } from '../../support/engineBundle';
import { requestBytes } from '../../support/otlp';
import { carriedFolder, type Expectation, expectations, programs } from '../source/support/programs';
import { type Program, startProgram } from './support/program';

/** Of a list of expectations, the capture that they are of. */
const captureOf = ({ program, list }: Expectation): string =>
  join(carriedFolder, program, list.replace('expected', 'capture').replace('-events', '').replace('.json', '.otlp.json'));

/** Others are stacks that stand alone, events, log records. */
const isOfSpan = ({ spanId, stack, event, body }: Expectation): boolean =>
  spanId !== undefined && stack === undefined && event === undefined && body === undefined;

let bundle: EngineBundle;
const running: Program[] = [];

beforeAll(async () => {
  bundle = await bundleEngine();
});
afterAll(async () => {
  await Promise.all(running.map(({ app }) => app.close()));
  bundle?.remove();
});

function start(folders: readonly string[]): Program {
  const program = startProgram({
    workerPath: bundle.engine,
    captureDirectory: join(bundle.folder, `captures${running.length}`),
    folders,
  });
  running.push(program);
  return program;
}

/** Finds the trace in the file, opens it, and gives the best place of the span. */
async function placeIn({ app }: Program, file: string, traceId: string, spanId: string): Promise<SourceCandidate | undefined> {
  const uri = URI.file(file);
  const held = app.files.hold(uri);
  try {
    await app.files.content(uri);
    const key = await app.traces.locate(traceId);
    const { revision } = await app.engine.call('openTrace', key);
    return (await app.source.resolveFully({ ...key, revision, spanId })).result.candidates[0];
  } finally {
    held.dispose();
  }
}

const asked = new Map(
  programs(carriedFolder)
    .map((name): [string, readonly Expectation[]] => [name, expectations(name, carriedFolder).filter(isOfSpan)])
    .filter(([, expected]) => expected.length > 0),
);

it('has spans of six programs to ask about', () => {
  expect(asked.size).toBe(6);
});

describe.each([...asked])('the spans of %s', (name, expected) => {
  it('lead to their lines', async () => {
    const program = start([join(carriedFolder, name)]);
    for (const one of expected) {
      const { traceId = '', spanId = '', spanName, accept = [] } = one;
      const { file, line } = one.inTrace ?? one;
      const best = await placeIn(program, captureOf(one), traceId, spanId);
      const wanted = pathToFileURL(join(carriedFolder, name, file)).href;
      expect([spanName, decodeURIComponent(best?.file ?? '')]).toEqual([spanName, decodeURIComponent(wanted)]);
      expect([spanName, [line, ...accept]]).toEqual([spanName, expect.arrayContaining([(best?.line ?? -1) + 1])]);
    }
    expect(program.lines).toEqual([]);
  });
});

describe('the fence around the folders of a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spanhop-program-'));
  const [inside, outside] = [join(folder, 'inside'), join(folder, 'outside')];
  const trace = join(folder, 'a.otlp.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds: what a link leads to is not read, and is said to be outside', async () => {
    for (const each of [inside, outside]) mkdirSync(each);
    writeFileSync(join(outside, 'secret.ts'), 'export function pay() {}\n');
    writeFileSync(join(inside, 'own.ts'), 'export function buy() {}\n');
    symlinkSync(join(outside, 'secret.ts'), join(inside, 'linked.ts'));
    const at = (spanId: string, path: string) => ({
      traceId: '1',
      spanId,
      attributes: { 'code.file.path': path, 'code.line.number': 1 },
    });
    writeFileSync(
      trace,
      requestBytes([at('a', join(inside, 'own.ts')), at('b', join(inside, 'linked.ts')), at('c', join(outside, 'secret.ts'))]),
    );
    const program = start([inside]);
    const place = (spanId: string) => placeIn(program, trace, '1'.padStart(32, '0'), spanId.padStart(16, '0'));
    expect(await place('a')).toMatchObject({ line: 0, confidence: expect.any(Number) });
    expect(await place('a')).not.toHaveProperty('outsideWorkspace');
    expect(await place('b')).toMatchObject({ outsideWorkspace: true });
    expect(await place('c')).toBeUndefined();
    const { files } = program.app.source;
    expect(await files.readText(pathToFileURL(join(inside, 'linked.ts')).href, 1000)).toBeUndefined();
    expect(await files.readText(pathToFileURL(join(outside, 'secret.ts')).href, 1000)).toBeUndefined();
    expect(await files.readText(pathToFileURL(join(inside, 'own.ts')).href, 1000)).toContain('buy');
  });
});
