#!/usr/bin/env node
// @ts-check
// Kills the engine under load as often as it is told, and counts what of the acknowledged spans is there afterwards
// (test/unit/engine/kill.test.ts):
//
//   npm run test:durability -- [--times 100] [--seed 1]

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const option = (/** @type {string} */ name, /** @type {string} */ fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
};

const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', 'test/unit/engine/kill.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SPANHOP_KILLS: option('--times', '100'), SPANHOP_KILL_SEED: option('--seed', '1') },
  },
);
process.exit(status ?? 1);
