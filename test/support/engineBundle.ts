/** The engine's worker (and what else runs in a process of its own), bundled once for a test file into a folder that goes with it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot as root } from '../vscode/locations.mjs';

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
    // As the extension is bundled: jsonc-parser's other form finds its parts at run time.
    mainFields: ['module', 'main'],
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
