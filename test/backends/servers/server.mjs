// @ts-check
// What all real servers of the tests have in common: a place in the git-ignored cache, a free port, a start that ends when the server answers,
// and an end with whoever started it.

import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { outsideNpm } from '../../support/npm.mjs';
import { failedStep, SetUpError, step } from '../../support/steps.mjs';
import { cacheRoot } from '../../vscode/locations.mjs';
import { withLock } from '../../vscode/lock.mjs';
import { startOwned } from '../../vscode/processes.mjs';

/**
 * A server's program on this machine, or why there is none.
 * @typedef {{ path?: string, reason?: string }} Found
 *
 * A server that answers.
 * @typedef {object} Running
 * @property {string} url Base address of its API, without a slash at its end.
 * @property {string} otlp Base address of its OTLP receiver; where it has none of its own, of what it has instead.
 * @property {() => Promise<void>} stop
 */

/** The place of a server's program in the cache. @param {string} name */
export const cacheFolder = (name) => join(cacheRoot, name);

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/**
 * A step of getting a server; its tool's output is in the log of the set-up where it fails.
 * @param {string} what "Building Jaeger"
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: (line: string) => void }} [options]
 * @throws {SetUpError}
 */
export async function runTool(what, command, args, { cwd, env = outsideNpm(), log = console.log } = {}) {
  const { code, output } = await step(what, startOwned(command, args, { cwd, env }), log);
  if (code === 0) return output;
  const lines = output.trim().split('\n');
  const telling = lines.find((line) => /\b(?:error|fatal)\b/i.test(line)) ?? lines.at(-1);
  throw failedStep(`${what} ended with ${code}: ${telling}`, 'Tests against this server are skipped.', output);
}

/**
 * What `find` finds, after `make` where that is nothing. One process at a time; a set-up that cannot go on is a reason.
 * @param {string} name Of the folder in the cache.
 * @param {() => Found} find
 * @param {() => Promise<void>} make
 * @returns {Promise<Found>}
 */
export async function findOrMake(name, find, make) {
  if (find().path) return find();
  try {
    await withLock(join(cacheRoot, `${name}.lock`), async () => {
      if (!find().path) await make();
    });
    return find();
  } catch (error) {
    if (error instanceof SetUpError) return { reason: error.message };
    throw error;
  }
}

/**
 * Starts a program and resolves when an address of it answers with a status below 500.
 * @param {object} options
 * @param {string} options.what "Zipkin"
 * @param {string} options.command
 * @param {readonly string[]} options.args
 * @param {NodeJS.ProcessEnv} [options.env] Added to the environment.
 * @param {string} options.answers The address that is asked.
 * @param {number} [options.seconds] After which it counts as not starting.
 * @returns {Promise<{ stop: () => Promise<void> }>}
 */
export async function startServer({ what, command, args, env = {}, answers, seconds = 60 }) {
  const owned = startOwned(command, args, { env: { ...outsideNpm(), ...env } });
  let output = '';
  let ended = false;
  for (const stream of [owned.child.stdout, owned.child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-4000);
    });
  void owned.exited.then(
    () => (ended = true),
    () => (ended = true),
  );
  const until = Date.now() + seconds * 1000;
  for (;;) {
    if (ended) throw new Error(`${what} ended: ${output}`);
    const ok = await fetch(answers, { signal: AbortSignal.timeout(2000) }).then(
      (answer) => answer.status < 500,
      () => false,
    );
    if (ok) return { stop: owned.stop };
    if (Date.now() > until) {
      await owned.stop();
      throw new Error(`${what} does not answer at ${answers}: ${output}`);
    }
    await delay(100); // a server tells nobody that it is ready
  }
}
