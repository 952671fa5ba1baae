// Tests that run in plain Node: unit tests, tests against real servers (`backends`), and tests that hold a real VS Code window from
// outside (`ui`, and `installed` for the packaged extension). All but the first have few cores to share, so they run one file at a time.

import { defineConfig } from 'vitest/config';

/** Nobody's own credentials are looked for: those of the clouds are the tests'. */
const clouds = {
  AWS_ACCESS_KEY_ID: 'AKIDTEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
/** What starts processes or engines, and keeps a folder for them as long as its modules are loaded: each file has a process of its own. */
const alone = [
  ...['backends', 'build', 'capture', 'engine', 'instrument', 'sample', 'vscode'].map(
    (folder) => `test/unit/${folder}/**/*.test.ts`,
  ),
  // What measures time does so without what others left in memory.
  'test/unit/text/linear.test.ts',
  'test/unit/**/hostile*.test.ts',
];
const unit = {
  testTimeout: 20_000,
  hookTimeout: 20_000,
  pool: 'forks',
  env: clouds,
} as const;
const real = { testTimeout: 90_000, hookTimeout: 180_000, fileParallelism: false, pool: 'forks' } as const;

export default defineConfig({
  test: {
    projects: [
      // Starting a process and loading the same modules for each file takes three times as long as the tests.
      { test: { name: 'unit', ...unit, include: ['test/unit/**/*.test.ts'], exclude: alone, isolate: false } },
      { test: { name: 'alone', ...unit, include: alone } },
      { test: { name: 'backends', include: ['test/backends/**/*.test.ts'], ...real, env: clouds } },
      { test: { name: 'ui', include: ['test/ui/**/*.test.ts'], ...real } },
      { test: { name: 'installed', include: ['test/package/**/*.test.ts'], ...real } },
    ],
  },
});
