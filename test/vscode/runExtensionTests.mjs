// @ts-check
// Runs test/extension in a real extension host, through `@vscode/test-electron`: in a desktop VS Code if there is one and a display,
// otherwise in the VS Code server behind the launcher. `node test/vscode/runExtensionTests.mjs [text that titles must contain]`.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { buildTests } from '../../src/build/buildTests.mjs';
import { chooseVscode } from './choose.mjs';
import { projectRoot, resultsRoot } from './locations.mjs';
import { temporaryFolder } from './processes.mjs';

/**
 * @typedef {object} TestResult
 * @property {string} title
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {number} durationMs
 * @property {string} [error]
 */

/**
 * Builds and runs the suite. Gives the results of all tests; a run that ended before it could report is one failed test.
 * @param {{ workspace?: string, settings?: Readonly<Record<string, unknown>>, grep?: string, log?: (line: string) => void }} [options]
 * @returns {Promise<TestResult[]>}
 */
export async function runExtensionTests(options = {}) {
  const log = options.log ?? console.log;
  const { runner } = await buildTests();
  const vscode = await chooseVscode(log);
  log(`VS Code: ${vscode.description}`);
  const resultsFile = join(resultsRoot, 'extension.json');
  mkdirSync(resultsRoot, { recursive: true });
  rmSync(resultsFile, { force: true });
  const terminal = createServer((socket) => {
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (text) => process.stdout.write(String(text)));
  });
  await new Promise((resolve) => terminal.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = terminal.address();
  const workspace = options.workspace ?? temporaryFolder('workspace').path;
  const profile = temporaryFolder('profile');
  /** @type {string | undefined} */
  let failure;
  try {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: runner,
      launchArgs: [
        workspace,
        ...[`--user-data-dir=${join(profile.path, 'data')}`, `--extensions-dir=${join(profile.path, 'extensions')}`],
        ...vscode.launchArgs,
      ],
      extensionTestsEnv: {
        ...vscode.env,
        SPANHOP_TEST_TERMINAL: String(address !== null && typeof address === 'object' ? address.port : 0),
        SPANHOP_TEST_RESULTS: resultsFile,
        SPANHOP_TEST_SETTINGS: JSON.stringify(options.settings ?? {}),
        ...(options.grep ? { SPANHOP_TEST_GREP: options.grep } : {}),
      },
    });
  } catch (error) {
    // Failing tests end here as well; only a run without results is a failure of its own.
    if (!(error instanceof TestRunFailedError)) throw error;
    failure = error.message;
  } finally {
    terminal.close();
    profile.remove();
  }
  const results = readResults(resultsFile);
  if (failure !== undefined && !results.some(({ state }) => state === 'failed')) {
    results.push({ title: 'the extension suite', state: 'failed', durationMs: 0, error: `The run ended early: ${failure}` });
    console.log(`✗ The run ended early: ${failure}`);
  }
  writeFileSync(resultsFile, JSON.stringify(results));
  return results;
}

/**
 * @param {string} path
 * @returns {TestResult[]}
 */
function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await runExtensionTests({ grep: process.argv[2] });
  const count = (/** @type {string} */ state) => results.filter((each) => each.state === state).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  process.exit(count('failed') > 0 || results.length === 0 ? 1 : 0);
}
