// @ts-check
// Installs a packaged extension as users do, into a fresh folder: VS Code unpacks and checks it.

import { startOwned, temporaryFolder } from './processes.mjs';
import { ensureServer } from './provision.mjs';

/**
 * @param {string} vsix
 * @returns {Promise<{ path: string, remove: () => void }>} The extensions folder, for `openWorkbench({ extension: 'none', extensionsFolder })`.
 */
export async function installPackage(vsix) {
  const { node, serverMain } = await ensureServer();
  const extensions = temporaryFolder('installed');
  const data = temporaryFolder('install-data');
  const owned = startOwned(node, [
    serverMain,
    ...['--install-extension', vsix, '--extensions-dir', extensions.path, '--server-data-dir', data.path],
    ...['--accept-server-license-terms', '--disable-telemetry'],
  ]);
  let output = '';
  const listen = (/** @type {Buffer} */ chunk) => {
    output += chunk;
  };
  owned.child.stdout.on('data', listen);
  owned.child.stderr.on('data', listen);
  const code = await owned.exited;
  data.remove();
  if (code !== 0 || !/successfully installed/.test(output))
    throw new Error(`The installation of ${vsix} ended with ${code}:\n${output}`);
  return extensions;
}
