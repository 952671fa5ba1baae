// @ts-check
// Gets what the tests need besides the project's packages: a VS Code, a browser, and the sample shop. Each is there already the
// second time, and then no network is needed.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chooseVscode } from '../vscode/choose.mjs';
import { ensureChromium, ensureServer } from '../vscode/provision.mjs';

const vscode = await chooseVscode();
console.log(`VS Code for the extension suite: ${vscode.description}`);
// The UI tests look at the server's workbench even where the extension suite runs in a desktop one.
await ensureServer();
console.log(`Browser: ${ensureChromium()}`);

const sample = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sample', 'start.mjs');
if (existsSync(sample)) {
  const { prepare } = await import(pathToFileURL(sample).href);
  await prepare();
  console.log('Sample: installed and built');
}
