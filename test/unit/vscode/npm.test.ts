import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { npmInstall, outsideNpm, reasonOf } from '../../support/npm.mjs';
import { SetUpError, step } from '../../support/steps.mjs';
import { startOwned, temporaryFolder } from '../../vscode/processes.mjs';

describe('the environment of an npm within `npm test`', () => {
  it('does not say what the outer npm is, or was asked for', () => {
    const env = outsideNpm({
      npm_config_user_agent: 'npm/11.19.1 node/v20.20.2 linux x64',
      npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js',
      npm_lifecycle_event: 'test',
      npm_package_json: '/project/package.json',
      npm_config_local_prefix: '/project',
      npm_config_prefix: '/usr',
      npm_config_global: 'true',
      npm_config_omit: 'dev',
      npm_config_dry_run: 'true',
      NPM_CONFIG_PRODUCTION: 'true',
      NODE_ENV: 'production',
      INIT_CWD: '/project',
      NODE: '/usr/bin/node',
      PATH: [
        '/project/node_modules/.bin',
        '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin',
        '/usr/bin',
      ].join(delimiter),
    });
    expect(env).toEqual({ PATH: '/usr/bin' });
  });

  it('keeps what a person has set', () => {
    const own = {
      npm_config_registry: 'https://packages.example.com/',
      NPM_CONFIG_CAFILE: '/etc/ssl/company.pem',
      npm_config_https_proxy: 'http://proxy.example.com:3128',
      npm_config_cache: '/cache',
      npm_config_userconfig: '/home/a/.npmrc',
      npm_config_nodedir: '/usr',
      HTTPS_PROXY: 'http://proxy.example.com:3128',
      NODE_EXTRA_CA_CERTS: '/etc/ssl/company.pem',
      NODE_OPTIONS: '--use-openssl-ca',
      PATH: ['/home/a/tools/node_modules/.bin', '/usr/bin'].join(delimiter),
    };
    expect(outsideNpm(own)).toEqual(own);
  });
});

describe('an installation that fails', () => {
  const folder = temporaryFolder('npm');
  afterEach(() => rmSync(join(folder.path, 'bin'), { recursive: true, force: true }));

  function failing(output: string): { PATH: string } {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\ncat <<'END' >&2\n${output}\nEND\nexit 1\n`);
    chmodSync(join(bin, 'npm'), 0o755);
    return { PATH: `${bin}${delimiter}${process.env.PATH}` };
  }

  it('says one sentence and what to do', async () => {
    const env = failing(
      'npm error code ENOTFOUND\nnpm error network request to https://packages.example.com/x failed\nnpm error network This is a problem',
    );
    const failed = npmInstall({ what: 'the packages', folder: folder.path, args: ['ci'], env, log: () => {} });
    await expect(failed).rejects.toThrow(SetUpError);
    await expect(failed).rejects.toThrow(
      /^The packages could not be installed: npm says "network request to \S+ failed"\. Check the network and `npm config get registry`, then run the command again\. \(All that was printed: .*set-up\.log\)$/,
    );
  });

  it('finds the reason among what npm prints around it', () => {
    expect(
      reasonOf('npm error code EACCES\nnpm error syscall mkdir\nnpm error path /x\nnpm error Your cache folder is not writable'),
    ).toBe('Your cache folder is not writable');
    expect(reasonOf('Segmentation fault')).toBe('Segmentation fault');
  });
});

it('shows that a long step goes on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  try {
    const said: string[] = [];
    const owned = startOwned('/bin/sh', ['-c', 'echo done']);
    const ended = step('Building', owned, (line) => said.push(line));
    vi.advanceTimersByTime(15_000);
    vi.advanceTimersByTime(60_000);
    expect(await ended).toMatchObject({ code: 0, output: 'done\n' });
    expect(said.slice(0, 2)).toEqual(['Building …', 'Building: 15 s, still at it …']);
    expect(said.at(-1)).toBe('Building: 1 min 15 s, still at it …');
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(6);
  } finally {
    vi.useRealTimers();
  }
});
