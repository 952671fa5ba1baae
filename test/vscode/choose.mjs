// @ts-check
// Which VS Code the extension suite runs in: one that was given, a desktop one that can be had and shown, or the VS Code server.

import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { findCommand } from '../support/findCommand.mjs';
import { cacheRoot, codeServerVersion, projectRoot } from './locations.mjs';
import { ensureChromium, ensureServer } from './provision.mjs';

/**
 * @typedef {object} ChosenVscode
 * @property {'desktop' | 'server'} kind
 * @property {string} executable For `runTests({ vscodeExecutablePath })`.
 * @property {string} description
 * @property {readonly string[]} launchArgs
 * @property {Readonly<Record<string, string>>} env
 */

/**
 * Finds one; installs the server where there is no other.
 * `VSCODE_PATH` names an executable; `SPANHOP_TEST_VSCODE=server` skips the search for a desktop.
 * @param {(line: string) => void} [log]
 * @returns {Promise<ChosenVscode>}
 */
export async function chooseVscode(log = console.log) {
  const given = process.env.VSCODE_PATH;
  const desktop = given || (process.env.SPANHOP_TEST_VSCODE === 'server' ? undefined : await findDesktop(log));
  if (desktop) {
    const port = await freePort();
    return {
      kind: 'desktop',
      executable: desktop,
      description: desktop,
      launchArgs: [`--remote-debugging-port=${port}`, '--disable-telemetry'],
      env: { SPANHOP_TEST_DEVTOOLS: `http://127.0.0.1:${port}` },
    };
  }
  await ensureServer(log);
  await ensureChromium(log);
  return {
    kind: 'server',
    executable: join(projectRoot, 'test', 'vscode', 'launcher.mjs'),
    description: `the server of code-server ${codeServerVersion}, in Chromium`,
    launchArgs: [],
    env: {},
  };
}

/** A desktop program needs a display; where there is none the network need not be asked. */
export function hasDisplay() {
  return (
    process.platform === 'darwin' || process.platform === 'win32' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  );
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>}
 */
async function findDesktop(log) {
  if (!hasDisplay()) return undefined;
  const cached = existsSync(cacheRoot) && readdirSync(cacheRoot).some((name) => name.startsWith('vscode-'));
  if (!cached && !(await canDownload())) {
    log('No desktop VS Code can be downloaded here; the VS Code server takes its place.');
    return undefined;
  }
  try {
    // Offline, test-electron falls back to what it has in its cache.
    return await downloadAndUnzipVSCode({ version: 'stable', cachePath: cacheRoot, timeout: 30_000 });
  } catch (error) {
    log(`The download of a desktop VS Code ended with: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** Asks for three seconds: a machine behind a closed network must not hang here. */
async function canDownload() {
  try {
    const answer = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(3000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * The program behind the `code` command on the PATH. The command itself starts that in the background and ends, so that nobody could
 * end it again.
 * @returns {string | undefined}
 */
export function findInstalledVscode() {
  for (const name of ['code', 'codium', 'code-insiders']) {
    const command = findCommand(name);
    if (command === undefined) continue;
    const bin = dirname(realpathSync(command));
    const candidates = [join(bin, '..', name), join(bin, '..', '..', '..', 'MacOS', 'Electron')];
    return candidates.find((path) => existsSync(path) && statSync(path).isFile()) ?? command;
  }
  return undefined;
}

/** A loopback port that is free now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
