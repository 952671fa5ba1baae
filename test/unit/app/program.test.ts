// Another surface over the application: a program in plain Node, which finds, lists and opens the traces of a file. There is no `vscode` here.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { URI } from 'vscode-uri';
import { TraceFiles } from '../../../src/app/files/traceFiles';
import { toQuery } from '../../../src/app/queries/queries';
import type { Disposable } from '../../../src/base/disposables';
import { bundleEngine, type EngineBundle } from '../../support/engineBundle';
import { type Program, startProgram } from './support/program';

interface Expected {
  readonly spans: number;
  readonly traces: readonly {
    readonly traceId: string;
    readonly name: string;
    readonly spans: number;
    readonly errors: number;
  }[];
}

const sample = resolve(__dirname, '../../fixtures/sample');
const expected: Expected = JSON.parse(readFileSync(join(sample, 'expected.json'), 'utf8'));
const uri = URI.file(join(sample, 'shop.otlp.json'));
const failed = expected.traces.filter(({ errors }) => errors > 0);

let bundle: EngineBundle;
let program: Program;
let hold: Disposable;

beforeAll(async () => {
  bundle = await bundleEngine();
  program = startProgram({ workerPath: bundle.engine, captureDirectory: join(bundle.folder, 'captures') });
  hold = program.app.files.hold(uri);
});

afterAll(async () => {
  hold?.dispose();
  await program?.app.close();
  bundle?.remove();
});

describe('a program without a window', () => {
  it('lists the traces of a file', async () => {
    const steps: string[] = [];
    const content = await program.app.files.content(uri, { onProgress: ({ step }) => steps.push(step) });
    expect(content).toMatchObject({ format: 'otlp-json', spanCount: expected.spans });
    expect(new Set(content.traces.map(({ traceId }) => traceId))).toEqual(new Set(expected.traces.map(({ traceId }) => traceId)));
  });

  it('finds those with an error', async () => {
    const query = await toQuery('{ status = error }');
    const found = await program.app.traces.find({ query, backend: TraceFiles.datasetOf(uri), limit: 100 });
    expect(new Set(found.traces.map(({ traceId }) => traceId))).toEqual(new Set(failed.map(({ traceId }) => traceId)));
    expect(found.more).toBe(false);
  });

  it('opens one, wherever it is', async () => {
    const [{ traceId, spans, name }] = failed;
    const key = await program.app.traces.locate(traceId.toUpperCase());
    expect(key).toEqual({ dataset: TraceFiles.datasetOf(uri), traceId });
    const { overview, spans: all } = await program.app.engine.call('traceData', key);
    expect([overview.rootName, all.length]).toEqual([name, spans]);
    const snapshot = await program.app.engine.call('openTrace', key);
    expect(snapshot.count).toBe(spans);
  });

  it('says what is wrong in a sentence', async () => {
    const folder = URI.file(sample);
    const held = program.app.files.hold(folder);
    await expect(program.app.files.content(folder)).rejects.toMatchObject({
      kind: 'BadData',
      message: 'sample is a folder. Open a trace file in it.',
    });
    held.dispose();
    await expect(program.app.traces.locate('ffffffffffffffffffffffffffffffff')).rejects.toMatchObject({ kind: 'NotFound' });
  });

  it('has nothing of the file left when it lets go of it', async () => {
    const [{ traceId }] = failed;
    hold.dispose();
    await expect.poll(() => program.app.traces.areKnown([traceId])).toEqual([false]);
    await expect(program.app.traces.locate(traceId)).rejects.toMatchObject({ kind: 'NotFound' });
  });
});
