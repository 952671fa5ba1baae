import { describe, expect, test } from 'vitest';
import type { InstrumentedLaunch, Prepared } from '../../../../src/app/instrument/instrumentation';
import { NodeInstrumentation } from '../../../../src/app/instrument/node';

function prepare(given: {
  type?: string;
  sources?: string;
  windows?: boolean;
  configuration?: Record<string, unknown>;
  variables?: Record<string, string>;
}): Promise<Prepared | undefined> {
  const launch: InstrumentedLaunch = {
    type: given.type ?? 'node',
    name: 'shop',
    folder: '/work',
    configuration: given.configuration ?? {},
    get: (name) => given.variables?.[name],
    endpoint: 'http://127.0.0.1:4318',
    ports: [4318, 4317],
    sessionId: 'a-session',
    windows: given.windows ?? false,
  };
  return new NodeInstrumentation({ sources: given.sources ?? '/ext/dist/instrument' }).prepare(launch);
}

async function optionsOf(given: Parameters<typeof prepare>[0]): Promise<string | undefined> {
  return (await prepare(given))?.variables.find(({ name }) => name === 'NODE_OPTIONS')?.value;
}

describe('Node programs that are launched', () => {
  test('load the preload before their own options', async () => {
    expect(await optionsOf({ variables: { NODE_OPTIONS: '--import ./otel.mjs --max-old-space-size=512' } })).toBe(
      '--require /ext/dist/instrument/node/preload.cjs --import ./otel.mjs --max-old-space-size=512',
    );
  });

  test('are told where spans go', async () => {
    expect((await prepare({}))?.variables).toMatchObject([
      { name: 'SPANHOP_STREAM', value: '127.0.0.1:4318' },
      { name: 'SPANHOP_PORTS', value: '4318,4317' },
      { name: 'SPANHOP_SESSION', value: 'a-session' },
      { name: 'NODE_OPTIONS' },
    ]);
  });

  test('are stepped through as if nothing of ours were there', async () => {
    const ours = '/ext/dist/instrument/node/**';
    expect((await prepare({}))?.configuration).toEqual({ skipFiles: [ours] });
    const skipFiles = ['<node_internals>/**'];
    expect((await prepare({ configuration: { skipFiles } }))?.configuration).toEqual({ skipFiles: [...skipFiles, ours] });
  });

  test('load it once, however often their environment has it', async () => {
    const once = await optionsOf({});
    expect(await optionsOf({ variables: { NODE_OPTIONS: `${once} --no-warnings` } })).toBe(`${once} --no-warnings`);
  });

  test.each([
    { sources: '/ext with space/dist', windows: false, expected: '--require "/ext with space/dist/node/preload.cjs"' },
    { sources: '/q"uote\\/dist', windows: false, expected: '--require "/q\\"uote\\\\/dist/node/preload.cjs"' },
    { sources: 'C:\\Users\\Jo Do', windows: true, expected: '--require "C:/Users/Jo Do/node/preload.cjs"' },
  ])('find it at $sources', async ({ sources, windows, expected }) => {
    expect(await optionsOf({ sources, windows })).toBe(expected);
  });

  test('get it as an argument where js-debug leaves the variable out', async () => {
    const prepared = await prepare({ configuration: { attachSimplePort: 9229, runtimeArgs: ['--inspect-brk'] } });
    expect(prepared?.configuration).toMatchObject({
      runtimeArgs: ['--require', '/ext/dist/instrument/node/preload.cjs', '--inspect-brk'],
    });
    expect(prepared?.variables.map(({ name }) => name)).not.toContain('NODE_OPTIONS');
  });

  test.each([
    ['extensionHost', {}],
    ['pwa-extensionHost', {}],
  ])('of type %s are VS Code and stay as they are', async (type, configuration) => {
    expect(await prepare({ type, configuration })).toBeUndefined();
  });

  test('of Deno have its own tracing on, where nobody has said', async () => {
    const configuration = { runtimeExecutable: 'C:\\tools\\Deno.exe', attachSimplePort: 9229 };
    expect((await prepare({ configuration }))?.variables).toMatchObject([{ name: 'OTEL_DENO', value: 'true' }]);
    expect(await prepare({ configuration, variables: { OTEL_DENO: 'false' } })).toBeUndefined();
  });

  test.each([
    [{ type: 'bun' }, /Bun/],
    [{ configuration: { runtimeExecutable: '/home/me/.bun/bin/bun' } }, /Bun/],
    [{ configuration: { runtimeVersion: '16' } }, /Node 16/],
    [{ configuration: { attachSimplePort: 9229, runtimeExecutable: 'npm' } }, /attachSimplePort/],
  ])('that cannot load it are told of: %j', async (given, message) => {
    const prepared = await prepare(given);
    expect(prepared?.missing?.message).toMatch(message);
    expect(prepared?.variables).toEqual([]);
  });

  test.each(['npm', 'pnpm', '/repo/node_modules/.bin/tsx', 'nodemon'])('by %s have it as well', async (runtimeExecutable) => {
    expect(await optionsOf({ configuration: { runtimeExecutable } })).toContain('--require');
  });
});
