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
const unit = {
  include: ['test/unit/**/*.test.ts'],
  testTimeout: 20_000,
  hookTimeout: 20_000,
  pool: 'forks',
  env: clouds,
} as const;
const real = { testTimeout: 90_000, hookTimeout: 180_000, fileParallelism: false, pool: 'forks' } as const;

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...unit } },
      { test: { name: 'backends', include: ['test/backends/**/*.test.ts'], ...real, env: clouds } },
      { test: { name: 'ui', include: ['test/ui/**/*.test.ts'], ...real } },
      { test: { name: 'installed', include: ['test/package/**/*.test.ts'], ...real } },
    ],
  },
});
