// @ts-check
// Steps of the set-up as a person sees them: a line when one begins, a sign of life while it lasts, and one sentence when it fails, with what to
// do. All that the tools printed goes to a file.

import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cacheRoot } from '../vscode/locations.mjs';

/** How often a step that lasts says so. */
const SIGN_MS = 15_000;
const logFile = join(cacheRoot, 'set-up.log');

/** A set-up that cannot go on: the message is a sentence for a person, with the next step. */
export class SetUpError extends Error {}

/**
 * The error of a step, whose tool's output is kept in a file that the sentence names.
 * @param {string} fact Without the full stop.
 * @param {string} advice A whole sentence.
 * @param {string} [output]
 */
export function failedStep(fact, advice, output = '') {
  const sentence = `${fact[0].toUpperCase()}${fact.slice(1)}. ${advice}`;
  try {
    mkdirSync(cacheRoot, { recursive: true });
    appendFileSync(logFile, `\n── ${new Date().toISOString()} ${sentence}\n${output}\n`);
    return new SetUpError(output === '' ? sentence : `${sentence} (All that was printed: ${relative('.', logFile)})`);
  } catch {
    return new SetUpError(sentence); // a disk that takes no log is what the sentence tells of
  }
}

/**
 * Waits for a program, collects what it prints, and says now and then that it still runs.
 * @param {string} what "Installing the project's packages"
 * @param {import('../vscode/processes.mjs').OwnedProcess} owned
 * @param {(line: string) => void} [log]
 * @returns {Promise<{ code: number, output: string }>} the last 200,000 characters of both streams
 */
export async function step(what, owned, log = console.log) {
  const started = performance.now();
  log(`${what} …`);
  let output = '';
  const listen = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-200_000);
  };
  owned.child.stdout.on('data', listen);
  owned.child.stderr.on('data', listen);
  const timer = setInterval(() => log(`${what}: ${elapsed(started)}, still at it …`), SIGN_MS);
  try {
    return { code: await owned.exited, output };
  } catch (error) {
    return { code: 127, output: String(error) };
  } finally {
    clearInterval(timer);
  }
}

/** @param {number} started of `performance.now()` */
function elapsed(started) {
  const seconds = Math.round((performance.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Runs a command's work. A set-up that failed is one sentence and exit code 1; anything else is a defect of ours and is told in full.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function told(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
