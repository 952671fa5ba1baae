// Which files of variables are read for a launch, and what is said of those that are not. Real files behind the real fence.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { EnvFiles, type LaunchEnvFiles } from '../../../../src/app/launches/envFiles';
import { nodeWorkspace } from '../../../../src/app/workspace/nodeWorkspace';
import { WorkspaceFiles } from '../../../../src/app/workspace/workspaceFiles';

const root = mkdtempSync(join(tmpdir(), 'spanhop-env-'));
const folder = join(root, 'shop');
let files: WorkspaceFiles;
let env: EnvFiles;

beforeAll(() => {
  mkdirSync(join(folder, 'api'), { recursive: true });
  writeFileSync(join(folder, '.env'), 'OTEL_SERVICE_NAME=dot\n');
  writeFileSync(join(folder, 'a.env'), 'OTEL_SERVICE_NAME=a\nONLY=${OUTER}\n');
  writeFileSync(join(folder, 'b.env'), 'export OTEL_SERVICE_NAME="b"\n');
  writeFileSync(join(folder, 'api', '.env'), 'OTEL_SERVICE_NAME=api\n');
  writeFileSync(join(root, 'outside.env'), 'OTEL_SERVICE_NAME=outside\n');
  symlinkSync(join(root, 'outside.env'), join(folder, 'link.env'));
  symlinkSync('/dev/zero', join(folder, 'zero.env'));
  writeFileSync(join(folder, 'huge.env'), '');
  truncateSync(join(folder, 'huge.env'), 2 ** 30);
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.env')]);
  files = new WorkspaceFiles(nodeWorkspace([folder]));
  env = new EnvFiles(files, { OUTER: 'outer' });
});
afterAll(() => {
  files.dispose();
  rmSync(root, { recursive: true, force: true });
});

const read = async (more: Partial<LaunchEnvFiles> = {}) => {
  const all = await env.read({ named: [], folder, usual: undefined, cwd: undefined, args: [], ...more });
  return { ...all, debugger: Object.fromEntries(all.debugger), program: Object.fromEntries(all.program) };
};

it('takes those that are named, the last over the first, and what the program reads beside', async () => {
  expect(await read({ named: [join(folder, 'a.env'), 'b.env'] })).toEqual({
    debugger: { OTEL_SERVICE_NAME: 'b', ONLY: 'outer' },
    program: { OTEL_SERVICE_NAME: 'dot' },
    read: [join(folder, 'a.env'), join(folder, 'b.env'), join(folder, '.env')],
    warnings: [],
  });
});

it('takes the usual one where none is named, without a word where it is not there', async () => {
  expect((await read({ usual: '.env' })).debugger).toEqual({ OTEL_SERVICE_NAME: 'dot' });
  expect((await read({ usual: '.env', named: ['a.env'] })).debugger).toMatchObject({ OTEL_SERVICE_NAME: 'a' });
  expect(await read({ usual: 'none.env' })).toMatchObject({ debugger: {}, warnings: [] });
});

it('takes what the program reads from where it runs, and what Node is told to read', async () => {
  expect((await read({ cwd: join(folder, 'api') })).program).toEqual({ OTEL_SERVICE_NAME: 'api' });
  for (const args of [['--env-file=b.env'], ['--env-file', 'b.env', 'main.js'], ['--env-file-if-exists=b.env']])
    expect((await read({ args })).program).toEqual({ OTEL_SERVICE_NAME: 'b' });
  expect((await read({ args: ['--env-file'] })).warnings).toEqual([]);
});

const unread: readonly (readonly [string, RegExp])[] = [
  ['/dev/zero', /outside of the workspace/],
  ['../outside.env', /outside of the workspace/],
  ['link.env', /outside of the workspace/],
  ['zero.env', /outside of the workspace/],
  ['none.env', /not there/],
  ['huge.env', /over 256 kB/],
  ['api', /it is no file/],
  ...(process.platform === 'win32' ? [] : [['pipe.env', /it is no file/] as const]),
];

it.each(unread)('does not read %s, and says so', async (path, why) => {
  const { debugger: values, warnings } = await read({ named: [path] });
  expect(values).toEqual({});
  expect(warnings).toEqual([expect.stringMatching(why)]);
  expect(warnings[0]).toContain(path);
});

it('does not hold up a launch: what hangs is not waited for, and what fails is none', async () => {
  vi.useFakeTimers();
  try {
    const hanging = new EnvFiles({ readText: () => new Promise(() => {}), isInside: async () => true });
    const reading = hanging.read({ named: ['a.env'], folder, usual: undefined, cwd: undefined, args: [] });
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await reading).warnings).toEqual([expect.stringMatching(/in time/)]);
  } finally {
    vi.useRealTimers();
  }
  const failing = new EnvFiles({ readText: () => Promise.reject(new Error('no')), isInside: async () => true });
  expect((await failing.read({ named: ['a.env'], folder, usual: undefined, cwd: undefined, args: [] })).read).toEqual([]);
});

it('hands on nothing that is too long for a process, and says so', async () => {
  writeFileSync(
    join(folder, 'long.env'),
    `OTEL_RESOURCE_ATTRIBUTES=${'a=b,'.repeat(40_000)}\nOTHER=${'x'.repeat(50_000)}\nOTEL_SERVICE_NAME=long\n`,
  );
  const { program, warnings } = await read({ args: ['--env-file=long.env'] });
  expect(program).toEqual({ OTEL_SERVICE_NAME: 'long' });
  expect(warnings).toEqual(['OTEL_RESOURCE_ATTRIBUTES in long.env is over 8 kB, so it is not handed on and may be replaced.']);
  // What the debugger reads, it hands on itself.
  expect((await read({ named: ['long.env'] })).debugger).toHaveProperty('OTHER');
});

it('does not parse a document of megabytes that is open', async () => {
  const text = `OTEL_SERVICE_NAME=open\n${'x'.repeat(1 << 20)}`;
  const open = new EnvFiles({ readText: async () => text, isInside: async () => true });
  const { program, warnings } = await open.read({ named: ['a.env'], folder, usual: undefined, cwd: undefined, args: [] });
  expect(program.size).toBe(0);
  expect(warnings).toEqual([expect.stringContaining('a.env cannot be read')]);
});
