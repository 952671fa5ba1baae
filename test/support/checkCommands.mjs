// @ts-check
// The README's two commands as somebody meets them who has just cloned the project: a copy of the tree without packages or tools, an empty
// npm cache, started through npm, under a Node that is not the one of the VS Code server. Each does its set-up alone, and leaves nothing
// in the temporary folder. Needs a network for packages; without one it is skipped with a word. Results as the extension suite's.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findJaeger } from '../backends/servers/jaegerServer.mjs';
import { projectRoot, resultsRoot, serverNodeVersion } from '../vscode/locations.mjs';
import { startOwned, temporaryFolder } from '../vscode/processes.mjs';
import { findCommand } from './findCommand.mjs';
import { npmInstall, outsideNpm } from './npm.mjs';

const major = (/** @type {string} */ version) => Number(version.replace(/^v/, '').split('.', 1)[0]);
/** Another Node, where the one that runs the tests is the server's. */
const otherNode = '22';
const setUpMinutes = 12;

const folder = temporaryFolder('commands');
/** @type {Array<{ title: string, state: 'passed' | 'failed' | 'skipped' }>} */
const results = [];

const env = outsideNpm();
for (const name of Object.keys(env)) if (/^npm_config_cache$/i.test(name) || name === 'SPANHOP_TEST_VSCODE') delete env[name];
env.npm_config_cache = join(folder.path, 'cache');
env.CI = 'true';
// From Node 22 on npm keeps code that it compiled in the temporary folder: that is npm's, and not looked at here.
env.NODE_DISABLE_COMPILE_CACHE = '1';
// Building it again would take minutes, and has nothing to do with npm.
const jaeger = findJaeger();
if (jaeger.path) env.JAEGER_BIN = jaeger.path;

if (!(await hasNetwork())) {
  for (const title of ['npm test', 'npm start']) results.push({ title, state: 'skipped' });
  console.log('Skipped: the packages cannot be reached, so nothing can be set up anew.');
} else {
  await useOtherNode();
  console.log(`Under Node ${execFileSync('node', ['--version'], { env, encoding: 'utf8' }).trim()}, in a new copy of the tree`);
  // Both at once: each waits for packages most of the time.
  await Promise.all([
    check('npm test', 'test -- set-up', /^2 passed, 0 failed, 0 skipped$/m, async () => {}),
    // What is printed then is the address; the window behind it has a test of its own.
    check('npm start', 'start -- --server --no-load', /^\s+http:\/\/127\.0\.0\.1:\d+\/\S+$/m, (owned) => {
      process.kill(-(owned.child.pid ?? 0), 'SIGINT');
    }),
  ]);
}
mkdirSync(resultsRoot, { recursive: true });
writeFileSync(join(resultsRoot, 'commands.json'), JSON.stringify(results));
folder.remove();
process.exit(results.some(({ state }) => state === 'failed') ? 1 : 0);

/**
 * Runs one command in a copy of its own until it said what it should, ends it, and looks at what it left behind.
 * @param {string} title
 * @param {string} command Arguments of npm.
 * @param {RegExp} wanted In the output.
 * @param {(owned: import('../vscode/processes.mjs').OwnedProcess) => unknown} end What a person does then.
 */
async function check(title, command, wanted, end) {
  const started = performance.now();
  const clone = join(folder.path, title.replace(' ', '-'));
  const temporary = join(folder.path, `${title.replace(' ', '-')}-tmp`);
  mkdirSync(temporary);
  copyTree(clone);
  const owned = startOwned('npm', command.split(' '), { cwd: clone, env: { ...env, TMPDIR: temporary } });
  let output = '';
  /** @type {() => void} */
  let seen = () => {};
  const wasSeen = new Promise((resolve) => {
    seen = () => resolve(true);
  });
  const listen = (/** @type {Buffer} */ chunk) => {
    output += chunk;
    process.stdout.write(String(chunk).replace(/^(?=.)/gm, `  ${title}: `));
    if (wanted.test(output)) seen();
  };
  owned.child.stdout.on('data', listen);
  owned.child.stderr.on('data', listen);
  const ended = owned.exited.then((code) => ({ code }));
  const late = delay(setUpMinutes * 60_000, { late: true }, { ref: false });
  const first = await Promise.race([wasSeen, ended, late]);
  if (first === true) await end(owned);
  const last = await Promise.race([ended, delay(60_000, { late: true }, { ref: false })]);
  await owned.stop();
  /** @type {string[]} */
  const problems = [];
  if (!wanted.test(output)) problems.push(`it did not print ${wanted}`);
  if ('late' in last) problems.push('it did not end');
  else if (title === 'npm test' && last.code !== 0) problems.push(`it ended with ${last.code}`);
  if (/^\s+at .*[:(]\d+:\d+\)?$/m.test(output)) problems.push('it printed a stack trace');
  const warnings = output.split('\n').filter((line) => /\bwarn(?:ing)?\b/i.test(line));
  if (warnings.length > 0) problems.push(`it printed warnings: ${warnings.join(' | ')}`);
  const left = await leftIn(temporary);
  if (left.length > 0) problems.push(`it left in the temporary folder: ${left.join(', ')}`);
  for (const problem of problems) console.log(`✗ ${title}: ${problem}`);
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${title} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  results.push({ title, state: problems.length === 0 ? 'passed' : 'failed' });
  rmSync(clone, { recursive: true, force: true });
}

/** What git tracks or would; without git, all but what is never committed. @param {string} target */
function copyTree(target) {
  const files = findCommand('git') && existsSync(join(projectRoot, '.git')) ? trackedFiles() : allFiles();
  for (const file of files) {
    const from = join(projectRoot, file);
    if (!existsSync(from)) continue; // deleted, and not committed yet
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(from, join(target, file));
  }
}

function trackedFiles() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 << 20 })
    .split('\0')
    .filter(Boolean);
}

function allFiles() {
  const left = ['.git', ...readFileSync(join(projectRoot, '.gitignore'), 'utf8').split('\n')].map((line) =>
    line.trim().replace(/\/$/, ''),
  );
  const isLeft = (/** @type {string} */ path) => left.some((name) => name !== '' && (path === name || path.endsWith(`/${name}`)));
  /** @type {string[]} */
  const found = [];
  const walk = (/** @type {string} */ under) => {
    for (const entry of readdirSync(join(projectRoot, under), { withFileTypes: true })) {
      const path = under === '' ? entry.name : `${under}/${entry.name}`;
      if (isLeft(path)) continue;
      if (entry.isDirectory()) walk(path);
      else found.push(path);
    }
  };
  walk('');
  return found;
}

/** What is in a folder after whatever is being removed has been. @param {string} path */
async function leftIn(path) {
  for (let tries = 0; tries < 50 && readdirSync(path).length > 0; tries++) await delay(100); // nothing tells when a shell of theirs is done
  return readdirSync(path);
}

async function hasNetwork() {
  const owned = startOwned(
    'npm',
    ['view', `node@${serverNodeVersion}`, 'version', '--fetch-retries=0', '--fetch-timeout=15000'],
    { env },
  );
  owned.child.stdout.resume();
  owned.child.stderr.resume();
  return (await owned.exited) === 0;
}

/** Puts a Node of another major before all others, where this one is of the server's. */
async function useOtherNode() {
  if (major(process.version) !== major(serverNodeVersion)) return;
  const place = join(folder.path, 'node');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{"private":true}');
  await npmInstall({
    what: `Node ${otherNode}`,
    folder: place,
    args: ['install', `node@${otherNode}`, '--ignore-scripts=false'],
    env,
  });
  env.PATH = `${join(place, 'node_modules', '.bin')}:${env.PATH}`;
}
