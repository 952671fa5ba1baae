#!/usr/bin/env node
// @ts-check
// `npm start`: a VS Code with Spanhop under development, opened on the sample shop, with capture on and customers in the shop. On a
// fresh clone it first installs and builds what is missing. Ctrl+C ends everything.

import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ensurePackages } from './support/setUp.mjs';
import { failedStep, SetUpError, told } from './support/steps.mjs';
import { cacheRoot, projectRoot } from './vscode/locations.mjs';
import { endWithNpm, ownTemporaryFolder } from './vscode/processes.mjs';

const usage = `npm start -- [options]
  --server         the VS Code server and an address for your browser, even where a desktop VS Code is installed
  --port N         the server's port (any that is free)
  --workspace DIR  another folder than the sample shop (nothing is started there)
  --data DIR       where the server keeps its data (.vscode-test/start)
  --no-load        without customers in the shop`;

const values = commandLine();
if (values.help) {
  console.log(usage);
  process.exit(0);
}

endWithNpm();
ownTemporaryFolder('start');
await told(async () => {
  // The server itself would say nothing, and go on without listening.
  if (await listens(Number(values.port)))
    throw new SetUpError(
      `Port ${values.port} belongs to another program. Name another one, or none: then any is taken that is free.`,
    );
  await ensurePackages(projectRoot);
});
// These need the packages, so they cannot be imported before.
const { buildAll } = await import('../src/build/build.mjs');
const { findInstalledVscode, freePort, hasDisplay } = await import('./vscode/choose.mjs');
const { startOwned } = await import('./vscode/processes.mjs');
const { startServer, writeSettings } = await import('./vscode/server.mjs');
const { ensureServer } = await import('./vscode/provision.mjs');
/** @type {typeof import('./sample/start.mjs')} */
const sample = await import('./sample/start.mjs');

const workspace = values.workspace ?? join(projectRoot, 'test', 'sample');
const runsShop = values.workspace === undefined && !values['no-load'];
await buildAll({ quiet: true });
if (values.workspace === undefined) await told(() => sample.prepare());

/** Of this run: the view is opened once in it, not with each reload of the window. */
const startId = randomUUID();
// The shop must know where to send: a free port for this run, beside the well-known one that may be somebody else's.
const capturePort = await freePort();
const settings = { 'spanhop.capture.port': capturePort };
/** @type {Array<() => Promise<void>>} */
const endings = [];
let over = false;
const ended = new Promise((resolve) => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, resolve);
}).then(() => {
  over = true;
});

const code = values.server || !hasDisplay() ? undefined : findInstalledVscode();
const window = code === undefined ? openServer() : openDesktop(code);
await Promise.race([ended, window.then(({ gone }) => Promise.race([gone, runsShop ? runShop() : gone]))]);
over = true;
for (const end of endings.reverse()) await end();
process.exit();

function commandLine() {
  try {
    const { values } = parseArgs({
      options: {
        server: { type: 'boolean' },
        port: { type: 'string', default: '0' },
        workspace: { type: 'string' },
        data: { type: 'string' },
        'no-load': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (!/^\d+$/.test(values.port) || Number(values.port) > 65535) throw new Error('--port takes a number from 0 to 65535.');
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(1);
  }
}

/**
 * The server; the window is opened by whoever follows the address.
 * @returns {Promise<{ gone: Promise<unknown> }>}
 */
async function openServer() {
  // Kept from one start to the next: captures, credentials and changed settings are there again.
  const dataFolder = values.data ?? join(cacheRoot, 'start');
  const server = await told(async () => {
    await ensureServer();
    addOpener(join(dataFolder, 'ext'));
    return await startServer({ settings, env: { SPANHOP_START: startId }, dataFolder, port: Number(values.port) }).catch(
      (error) => {
        throw failedStep(
          'the VS Code server did not start',
          `Run the command again; if that does not help, remove ${relative('.', join(cacheRoot, 'server'))}, and it is installed anew.`,
          String(error),
        );
      },
    );
  });
  endings.push(server.stop);
  const address = server.address(workspace, [['extensionDevelopmentPath', projectRoot]]);
  console.log(`\nVS Code with Spanhop is running. Open this address in a browser on this machine:\n\n  ${address}\n`);
  const gone = server.exited.then((code) => {
    if (over) return;
    console.error(`The VS Code server ended with ${code}. Run the command again.`);
    process.exitCode = 1;
  });
  return { gone };
}

/**
 * A desktop VS Code of its own: with its own data, so that it is no window of one that is running already, and ends with this script.
 * @param {string} command
 * @returns {Promise<{ gone: Promise<unknown> }>}
 */
async function openDesktop(command) {
  const data = join(cacheRoot, 'start-desktop');
  await writeSettings(join(data, 'User', 'settings.json'), settings);
  addOpener(join(data, 'extensions'));
  const options = [
    ...['--new-window', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${data}`,
    `--extensions-dir=${join(data, 'extensions')}`,
    `--extensionDevelopmentPath=${projectRoot}`,
  ];
  const owned = startOwned(command, [...options, workspace], { env: { ...process.env, SPANHOP_START: startId } });
  owned.child.stdout.resume();
  owned.child.stderr.resume();
  endings.push(owned.stop);
  console.log('VS Code with Spanhop is opening. Closing its window, or Ctrl+C, ends everything.');
  return { gone: owned.exited };
}

/** Puts the extension that opens the Spanhop view where the window's installed extensions are: a window develops one only, ours. */
function addOpener(/** @type {string} */ extensions) {
  const name = 'spanhop-test.opener-0.0.1';
  cpSync(join(projectRoot, 'test', 'vscode', 'opener'), join(extensions, name), { recursive: true });
  // VS Code keeps lists of what is installed, and of what to remove; one of an earlier start may not know the opener. Without them it looks.
  const isListed = (/** @type {string} */ list) => existsSync(list) && readFileSync(list, 'utf8').includes(name);
  const [installed, removed] = [join(extensions, 'extensions.json'), join(extensions, '.obsolete')];
  if (!isListed(installed)) rmSync(installed, { force: true });
  if (isListed(removed)) rmSync(removed);
}

/** Starts the shop as soon as the window's capture listens, and lets it run. */
async function runShop() {
  console.log(`Capture will listen on port ${capturePort} when the window is open; then customers come to the shop.`);
  while (!over && !(await listens(capturePort))) await delay(250); // another process's port: nothing tells us
  if (over) return;
  const shop = await startShop();
  if (shop === undefined) return await ended; // the window is still worth having
  endings.push(shop.stop);
  console.log('The shop is open. Its traces are in the Spanhop view. Ctrl+C ends everything.');
  const code = await shop.ended;
  if (!over) console.error(`The shop ended with ${code}. The window stays; run the command again for more traces.`);
  await ended;
}

/** A slow machine may need a second try. */
async function startShop() {
  for (let tries = 0; tries < 3; tries++) {
    try {
      return await sample.start({ endpoint: `http://127.0.0.1:${capturePort}`, load: true });
    } catch (error) {
      console.error(`The shop did not start: ${error instanceof Error ? error.message : error}`);
    }
  }
  return undefined;
}

/** @param {number} port */
function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
