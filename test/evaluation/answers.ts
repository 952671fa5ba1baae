/** What the application answers about a set: the same code that runs in the editor, over the repository's folder on disk. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { URI } from 'vscode-uri';
import type { SourceCandidate } from '../../src/source';
import type { EngineBundle } from '../support/engineBundle';
import { startProgram } from '../unit/app/support/program';
import { type AskedSet, idsOf, otlpOf } from './question';

export interface Answer {
  readonly id: string;
  /** Best first. */
  readonly candidates: readonly SourceCandidate[];
  readonly tried: readonly string[];
  readonly tookMs: number;
}

/** A line above which the editor says what ran there. */
export interface Lens {
  readonly file: string;
  /** From 0. */
  readonly line: number;
  /** Of the spans that it counts, their ids in the set. */
  readonly ids: readonly string[];
}

export interface Answers {
  readonly spans: readonly Answer[];
  readonly lenses: readonly Lens[];
  /** Until the first document's lenses were there. */
  readonly firstLensMs: number;
  /** What the program told its user. */
  readonly told: readonly string[];
}

export async function ask(set: AskedSet, folder: string, bundle: EngineBundle): Promise<Answers> {
  const work = mkdtempSync(join(tmpdir(), 'spanhop-evaluation-'));
  const program = startProgram({ workerPath: bundle.engine, captureDirectory: join(work, 'captures'), folders: [folder] });
  const { app } = program;
  try {
    const uri = URI.file(join(work, 'asked.otlp.json'));
    writeFileSync(uri.fsPath, JSON.stringify(otlpOf(set)));
    app.files.hold(uri);
    await app.files.content(uri);
    const ids = idsOf(set);
    const spans: Answer[] = [];
    for (const { id, expect } of set.spans) {
      if (!expect) continue;
      const { traceId = '', spanId = '' } = ids.get(id) ?? {};
      const key = await app.traces.locate(traceId);
      const { revision } = await app.engine.call('openTrace', key);
      const begun = performance.now();
      const { result } = await app.source.resolve({ ...key, revision, spanId });
      const tookMs = performance.now() - begun;
      const tried = result.tried.map(({ rung, what, outcome }) => `${rung} ${what}: ${outcome}`);
      spans.push({ id, candidates: result.candidates, tried, tookMs });
    }
    const begun = performance.now();
    let firstLensMs = 0;
    const idOf = new Map([...ids].map(([id, { spanId }]) => [spanId, id]));
    const files = new Set([
      ...spans.flatMap(({ candidates }) => candidates.slice(0, 3).map(({ file }) => file)),
      ...set.spans.flatMap(({ expect }) => (expect ? [pathToFileURL(join(folder, expect.file)).href] : [])),
    ]);
    const lenses: Lens[] = [];
    for (const file of files) {
      for (const { name, line } of await app.code.statistics(file)) {
        const runs = await app.code.spans(file, name, line, 200);
        lenses.push({ file, line, ids: runs.flatMap(({ spanId }) => idOf.get(spanId) ?? []) });
      }
      firstLensMs ||= performance.now() - begun;
    }
    return { spans, lenses, firstLensMs, told: program.lines };
  } finally {
    await app.close();
    rmSync(work, { recursive: true, force: true });
  }
}
