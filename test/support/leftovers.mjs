// @ts-check
// Finds processes that a test run started and did not end, by a mark in their environment. They are ended, and reported.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const graceMs = 3000;

/**
 * Gives the command lines of the processes that are still there after a moment's grace, and kills them. Linux only; nothing elsewhere.
 * @param {string} mark The value of SPANHOP_TEST_RUN.
 * @returns {Promise<string[]>}
 */
export async function findLeftovers(mark) {
  const until = Date.now() + graceMs;
  let found = running(mark);
  while (found.length > 0 && Date.now() < until) {
    await delay(100);
    found = running(mark);
  }
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
  return found.map(({ pid, command }) => `${pid} ${command}`);
}

/** @param {string} mark */
function running(mark) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!(pid > 0) || pid === process.pid) return [];
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`SPANHOP_TEST_RUN=${mark}`)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return command === '' ? [] : [{ pid, command: command.slice(0, 160) }]; // an empty one has ended and waits to be reaped
    } catch {
      return []; // ended, or somebody else's
    }
  });
}
