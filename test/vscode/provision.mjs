// @ts-check
// Gets a real VS Code onto this machine, once: the VS Code server out of the npm package code-server with the Node it needs, its
// Debian packages, and Chromium. Everything goes into the git-ignored cache and is used again without network.
//
// code-server's postinstall compiles native modules (terminal, file watcher, Kerberos). All are Node-API modules, so headers of
// another Node major serve as well: where a headers folder lies beside the Node on the PATH it is used and nothing is downloaded.

import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { hasDebianPackage, installDebianPackages } from '../support/debian.mjs';
import { findCommand } from '../support/findCommand.mjs';
import { npmInstall, outsideNpm } from '../support/npm.mjs';
import { SetUpError } from '../support/steps.mjs';
import { cacheRoot, codeServerVersion, serverNodeVersion } from './locations.mjs';
import { withLock } from './lock.mjs';

const serverRoot = join(cacheRoot, 'server');
const stampFile = join(serverRoot, 'stamp.json');
const stamp = JSON.stringify({
  codeServer: codeServerVersion,
  node: serverNodeVersion,
  arch: `${process.platform}-${process.arch}`,
});

const who = "The tests' VS Code";
/** Commands that the build of the native modules needs, and the Debian packages that bring them. */
const buildCommands = { 'g++': 'g++', make: 'make', python3: 'python3', 'pkg-config': 'pkg-config' };
/** Programs of single tests. @type {Readonly<Record<string, string>>} */
const testPrograms = { git: 'git', ps: 'procps' };
const buildLibraries = ['libkrb5-dev', 'libx11-dev', 'libxkbfile-dev', 'libsecret-1-dev'];

/**
 * @typedef {object} ServerTools
 * @property {string} node The Node 24 that runs the server.
 * @property {string} serverMain The server's entry.
 */

/** @returns {ServerTools} */
const serverTools = () => ({
  node: join(serverRoot, 'node_modules', '.bin', 'node'),
  serverMain: join(serverRoot, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
});

const isInstalled = () =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8').trim() === stamp && existsSync(serverTools().serverMain);

/**
 * The VS Code server, installed if it is not there in the right version.
 * @param {(line: string) => void} [log]
 * @returns {Promise<ServerTools>}
 */
export async function ensureServer(log = console.log) {
  if (isInstalled()) return serverTools();
  mkdirSync(cacheRoot, { recursive: true });
  await withLock(join(cacheRoot, 'server.lock'), async () => {
    if (!isInstalled()) await installServer(log);
  });
  return serverTools();
}

/** @param {(line: string) => void} log */
async function installServer(log) {
  log(`Installing the VS Code server (code-server ${codeServerVersion}, Node ${serverNodeVersion}): some minutes, once.`);
  await ensureBuildPackages(log);
  // Into a folder of its own first: an interrupted installation never looks like a finished one.
  const partial = `${serverRoot}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const install = (/** @type {string} */ what, /** @type {Readonly<Record<string, string>>} */ dependencies) => {
    // npm 11 wants to be told which packages may run scripts. argon2 (passwords of code-server's own entry) is not needed.
    const allowScripts = { [`node@${serverNodeVersion}`]: true, [`code-server@${codeServerVersion}`]: true, argon2: false };
    writeFileSync(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies, allowScripts }, undefined, 2));
    // Their scripts are what is wanted, also where a person's npmrc forbids those of others.
    return npmInstall({ what, folder: partial, args: ['install', '--no-package-lock', '--ignore-scripts=false'], env, log });
  };
  const env = outsideNpm();
  env.PATH = `${join(partial, 'node_modules', '.bin')}:${env.PATH}`;
  env.npm_config_nodedir ??= await headersFolder(log);
  // Node 24 first: code-server's postinstall refuses to run under another one.
  await install(`Node ${serverNodeVersion} for the VS Code server`, { node: serverNodeVersion });
  await install('the VS Code server, whose native modules are compiled', {
    node: serverNodeVersion,
    'code-server': codeServerVersion,
  });
  writeFileSync(join(partial, 'stamp.json'), stamp);
  rmSync(serverRoot, { recursive: true, force: true });
  renameSync(partial, serverRoot);
  log('The VS Code server is installed.');
}

/**
 * Where Node's headers are: beside the Node that runs this, or, where they cannot be downloaded, Debian's. Those of another major serve as well
 * (see above). Undefined: the build downloads its own.
 * @param {(line: string) => void} log
 */
async function headersFolder(log) {
  const hasHeaders = (/** @type {string} */ folder) => existsSync(join(folder, 'include', 'node', 'node_api.h'));
  const beside = dirname(dirname(realpathSync(process.execPath)));
  if (hasHeaders(beside)) return beside;
  if (hasHeaders('/usr')) return '/usr';
  const canDownload = await fetch('https://nodejs.org/dist/index.json', {
    method: 'HEAD',
    signal: AbortSignal.timeout(5000),
  }).then(
    (answer) => answer.ok,
    () => false,
  );
  if (canDownload || !findCommand('apt-get')) return undefined;
  await installDebianPackages(who, ['libnode-dev'], log);
  return hasHeaders('/usr') ? '/usr' : undefined;
}

/**
 * The browser that shows the server's workbench: `CHROMIUM_PATH`, one on the PATH, Playwright's own, or Debian's package.
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} Its executable.
 */
export async function ensureChromium(log = console.log) {
  const found = findChromium();
  if (found !== undefined) return found;
  await installDebianPackages(who, ['chromium', 'fonts-dejavu-core'], log);
  const installed = findChromium();
  if (installed === undefined)
    throw new SetUpError('No Chromium was found. Install one, or set CHROMIUM_PATH to its executable.');
  return installed;
}

/**
 * Programs that single tests need, by the Debian package that brings each; where one cannot be had, its tests are skipped.
 * @param {(line: string) => void} [log]
 * @returns {Promise<readonly string[]>} What is missing.
 */
export async function ensureTestPrograms(log = console.log) {
  const missing = () => Object.keys(testPrograms).filter((name) => !findCommand(name));
  if (missing().length > 0)
    await installDebianPackages(
      who,
      missing().map((name) => testPrograms[name]),
      log,
    ).catch((error) => {
      if (!(error instanceof SetUpError)) throw error;
    });
  return missing();
}

/** @returns {string | undefined} */
function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return given;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const path = findCommand(name);
    if (path !== undefined) return path;
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  if (existsSync(mac)) return mac;
  const bundled = chromium.executablePath();
  return existsSync(bundled) ? bundled : undefined;
}

/** @param {(line: string) => void} log */
async function ensureBuildPackages(log) {
  const missing = Object.entries(buildCommands).flatMap(([command, name]) => (findCommand(command) ? [] : [name]));
  if (findCommand('dpkg-query')) missing.push(...buildLibraries.filter((name) => !hasDebianPackage(name)));
  if (missing.length > 0) await installDebianPackages(who, missing, log);
}
