/** The engine's worker (and what else runs in a process of its own), bundled once for a test file into a folder that goes with it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(__dirname, '..', '..');

export interface EngineBundle {
  /** For `EngineClient`'s `workerPath`. */
  readonly engine: string;
  /** CommonJS with `EngineClient`, for child processes. */
  readonly client: string;
  readonly folder: string;
  remove(): void;
}

export async function bundleEngine(): Promise<EngineBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'spanhop-test-'));
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    absWorkingDir: root,
    entryPoints: { engine: 'src/engine/worker.ts', client: 'src/engine/client.ts' },
    outdir: folder,
    outExtension: { '.js': '.cjs' },
  });
  // The package looks for it beside itself.
  copyFileSync(join(root, 'node_modules/source-map/lib/mappings.wasm'), join(folder, 'mappings.wasm'));
  return {
    engine: join(folder, 'engine.cjs'),
    client: join(folder, 'client.cjs'),
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
