// @ts-check
// A VS Code server on a free loopback port with fresh, temporary data, quiet settings and nothing that calls home.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startOwned, temporaryFolder } from './processes.mjs';
import { ensureServer } from './provision.mjs';

/** Settings for a window that shows what a test or a picture is about and nothing else. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'window.commandCenter': false,
  'remote.autoForwardPorts': false,
};

/** @type {Readonly<Record<string, string>>} Short names of the theme settings' values. */
export const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
  contrastLight: 'Default High Contrast Light',
};

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {string} dataFolder Logs are in `data/logs` under it, installed extensions in `ext`.
 * @property {(workspace: string, payload?: ReadonlyArray<readonly [string, string]>) => string} address The address of a window.
 *   Paths in the payload are absolute paths; they become `vscode-remote:` URIs where VS Code wants them.
 * @property {() => string} output What the server has printed so far.
 * @property {Promise<number>} exited
 * @property {() => Promise<void>} stop
 */

/**
 * Writes a settings.json; what a person has changed in a kept one stays.
 * @param {string} file
 * @param {Readonly<Record<string, unknown>>} settings
 */
export async function writeSettings(file, settings) {
  const existing = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => ({})); // none yet, or one with comments in it
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...quietSettings, ...existing, ...settings }, undefined, 2));
}

/**
 * Starts a server.
 * @param {{ settings?: Readonly<Record<string, unknown>>, env?: Readonly<Record<string, string>>, extensionsFolder?: string, port?: number,
 *   dataFolder?: string, log?: (line: string) => void }} [options] `dataFolder`: kept, not temporary.
 * @returns {Promise<RunningServer>}
 */
export async function startServer(options = {}) {
  const tools = await ensureServer(options.log);
  const temporary = options.dataFolder === undefined ? temporaryFolder('vscode') : undefined;
  const dataFolder = options.dataFolder ?? temporary?.path ?? '';
  for (const scope of ['User', 'Machine'])
    await writeSettings(join(dataFolder, 'data', scope, 'settings.json'), options.settings ?? {});
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, ...options.env };
  env.EXTENSIONS_GALLERY = JSON.stringify({ serviceUrl: '' }); // code-server's own switch: no marketplace, nothing calls out
  // A shell inside another VS Code exports these; they would make this server talk to that one.
  for (const name of Object.keys(env)) if (name.startsWith('VSCODE_') || name.startsWith('ELECTRON_')) delete env[name];
  const owned = startOwned(
    tools.node,
    [
      tools.serverMain,
      ...[
        '--host',
        '127.0.0.1',
        '--port',
        String(options.port ?? 0),
        '--without-connection-token',
        '--accept-server-license-terms',
      ],
      ...['--enable-smoke-test-driver', '--disable-telemetry', '--disable-experiments'],
      ...(options.settings?.['security.workspace.trust.enabled'] === true ? [] : ['--disable-workspace-trust']),
      ...['--server-data-dir', dataFolder, '--user-data-dir', join(dataFolder, 'data')],
      ...['--extensions-dir', options.extensionsFolder ?? join(dataFolder, 'ext')],
    ],
    { env },
  );
  let output = '';
  const port = await new Promise((resolve, reject) => {
    const listen = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-200_000);
      const found = /Extension host agent listening on (\d+)/.exec(output);
      if (found) resolve(Number(found[1]));
    };
    owned.child.stdout.on('data', listen);
    owned.child.stderr.on('data', listen);
    owned.exited.then(
      (code) => reject(new Error(`The VS Code server ended with ${code} before it listened:\n${output}`)),
      reject,
    );
  });
  const remote = `vscode-remote://127.0.0.1:${port}`;
  return {
    port,
    dataFolder,
    address: (workspace, payload = []) => {
      const entries = payload.map(([key, value]) => [key, value.startsWith('/') ? `${remote}${value}` : value]);
      const target = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
      const query = new URLSearchParams({ [target]: workspace, payload: JSON.stringify(entries) });
      return `http://127.0.0.1:${port}/?${query}`;
    },
    output: () => output,
    exited: owned.exited,
    stop: async () => {
      await owned.stop();
      temporary?.remove();
    },
  };
}
