// @ts-check
// Gets a real VS Code onto this machine, once: the VS Code server out of the npm package code-server with the Node it needs, its
// Debian packages, and Chromium. Everything goes into the git-ignored cache and is used again without network.
//
// code-server's postinstall compiles native modules (terminal, file watcher, Kerberos). All are Node-API modules, so headers of
// another Node major serve as well: where a headers folder lies beside the Node on the PATH it is used and nothing is downloaded.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { cacheRoot, codeServerVersion, serverNodeVersion } from './locations.mjs';
import { withLock } from './lock.mjs';
import { startOwned } from './processes.mjs';

const serverRoot = join(cacheRoot, 'server');
const stampFile = join(serverRoot, 'stamp.json');
const stamp = JSON.stringify({
  codeServer: codeServerVersion,
  node: serverNodeVersion,
  arch: `${process.platform}-${process.arch}`,
});

/** Commands that the build of the native modules needs, and the Debian packages that bring them. */
const buildCommands = { 'g++': 'g++', make: 'make', python3: 'python3', 'pkg-config': 'pkg-config' };
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
  log(`Installing the VS Code server (code-server ${codeServerVersion}, Node ${serverNodeVersion}): about two minutes, once.`);
  ensureBuildPackages(log);
  // Into a folder of its own first: an interrupted installation never looks like a finished one.
  const partial = `${serverRoot}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const declare = (/** @type {Readonly<Record<string, string>>} */ dependencies) => {
    // npm 11 wants to be told which packages may run scripts. argon2 (passwords of code-server's own entry) is not needed.
    const allowScripts = { [`node@${serverNodeVersion}`]: true, [`code-server@${codeServerVersion}`]: true, argon2: false };
    writeFileSync(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies, allowScripts }, undefined, 2));
  };
  const bin = join(partial, 'node_modules', '.bin');
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const headers = dirname(dirname(process.execPath));
  if (!env.npm_config_nodedir && existsSync(join(headers, 'include', 'node', 'node_api.h'))) env.npm_config_nodedir = headers;
  // Node 24 first: code-server's postinstall refuses to run under another one.
  declare({ node: serverNodeVersion });
  await npm(['install', '--no-package-lock'], partial, env);
  declare({ node: serverNodeVersion, 'code-server': codeServerVersion });
  await npm(['install', '--no-package-lock'], partial, env);
  writeFileSync(join(partial, 'stamp.json'), stamp);
  rmSync(serverRoot, { recursive: true, force: true });
  renameSync(partial, serverRoot);
  log('The VS Code server is installed.');
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function npm(args, cwd, env) {
  // Settings of an enclosing `npm run` would redirect this installation.
  for (const name of Object.keys(env))
    if (/^npm_(lifecycle|package|config_(local_)?prefix|command|execpath)/.test(name)) delete env[name];
  const owned = startOwned('npm', [...args, '--no-audit', '--no-fund', '--no-progress'], { cwd, env });
  let output = '';
  const listen = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-20_000);
  };
  owned.child.stdout.on('data', listen);
  owned.child.stderr.on('data', listen);
  const code = await owned.exited;
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${output}`);
}

/**
 * The browser that shows the server's workbench: `CHROMIUM_PATH`, one on the PATH, Playwright's own, or Debian's package.
 * @param {(line: string) => void} [log]
 * @returns {string} Its executable.
 */
export function ensureChromium(log = console.log) {
  const found = findChromium();
  if (found !== undefined) return found;
  installDebianPackages(['chromium', 'fonts-dejavu-core'], log);
  const installed = findChromium();
  if (installed === undefined) throw new Error('No Chromium was found. Install one, or set CHROMIUM_PATH to its executable.');
  return installed;
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

/**
 * @param {string} name
 * @returns {string | undefined} The full path of a command on the PATH.
 */
export function findCommand(name) {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path) && statSync(path).isFile()) return path;
  }
  return undefined;
}

/** @param {(line: string) => void} log */
function ensureBuildPackages(log) {
  const missing = Object.entries(buildCommands).flatMap(([command, name]) => (findCommand(command) ? [] : [name]));
  if (findCommand('dpkg-query')) missing.push(...buildLibraries.filter((name) => !hasDebianPackage(name)));
  if (missing.length > 0) installDebianPackages(missing, log);
}

/** @param {string} name */
function hasDebianPackage(name) {
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholder
    return execFileSync('dpkg-query', ['-W', '-f=${Status}', name], { stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'ok installed',
    );
  } catch {
    return false;
  }
}

/**
 * @param {readonly string[]} names
 * @param {(line: string) => void} log
 */
function installDebianPackages(names, log) {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || !findCommand('apt-get')) {
    throw new Error(
      `The tests' VS Code needs these packages of your system: ${names.join(', ')}. On Debian or Ubuntu: sudo ${command}`,
    );
  }
  log(`Installing Debian packages: ${names.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' });
  execFileSync('/bin/sh', ['-c', `${command} >/dev/null`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
