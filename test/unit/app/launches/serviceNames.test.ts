// What a launched program is called, from its configuration and the manifests around it. The files are the test's.
import { beforeEach, expect, it, vi } from 'vitest';
import { type NamedLaunch, ServiceNames } from '../../../../src/app/launches/serviceNames';

let files: Record<string, string>;
let asked: string[];
let readText: (uri: string) => Promise<string | undefined>;

beforeEach(() => {
  asked = [];
  files = {};
  readText = async (uri) => files[uri];
});

const nameOf = (more: Partial<NamedLaunch>): Promise<string> =>
  new ServiceNames({
    readText: (uri) => {
      asked.push(uri);
      return readText(uri);
    },
  }).nameOf({ type: 'node', name: 'Launch Program', folder: '/shop', configuration: {}, ...more });

const monorepo = {
  'file:///shop/package.json': '{"name":"monorepo"}',
  'file:///shop/services/cart/package.json': '{"name":"cart"}',
  'file:///shop/services/cart/dist/package.json': '{"type":"commonjs"}',
  'file:///shop/services/api/package.json': '{"name":"@shop/api"}',
  'file:///shop/node_modules/tsx/package.json': '{"name":"tsx"}',
  'file:///package.json': '{"name":"above"}',
};

it.each<[string, object]>([
  ['cart', { program: '/shop/services/cart/src/main.js' }],
  ['cart', { program: 'services/cart/main.js' }],
  ['cart', { program: '/shop/services/cart/dist/main.js', cwd: '/shop' }],
  ['cart', { runtimeExecutable: 'npm', runtimeArgs: ['start'], cwd: '/shop/services/cart' }],
  ['cart', { runtimeExecutable: 'npm', runtimeArgs: ['start'], cwd: 'services/cart/' }],
  ['cart', { runtimeExecutable: 'npx', runtimeArgs: ['tsx', 'src/main.ts'], cwd: '/shop/services/cart' }],
  ['cart', { runtimeExecutable: 'npx', runtimeArgs: ['tsx', '--watch', 'services/cart/src/main.ts'] }],
  ['cart', { program: '/shop/node_modules/tsx/dist/cli.mjs', args: ['src/main.ts'], cwd: '/shop/services/cart' }],
  ['cart', { program: '/elsewhere/main.js', cwd: '/shop/services/cart' }],
  ['@shop/api', { program: '/shop/services/cart/../api/main.js' }],
  ['monorepo', { program: '/shop/tools/x.js' }],
  ['monorepo', { program: '/elsewhere/main.js' }],
  ['monorepo', { cwd: '/', runtimeExecutable: 'npm' }],
  ['monorepo', {}],
])('%s, by the manifest that is nearest: %j', async (expected, configuration) => {
  files = monorepo;
  expect(await nameOf({ name: 'fastify', configuration: { ...configuration } })).toBe(expected);
});

it('by its configuration where no manifest has a name', async () => {
  files = { 'file:///shop/package.json': '{"private":true}', 'file:///package.json': '{"name":"above"}' };
  expect(await nameOf({ name: 'Cart' })).toBe('Cart');
  expect(asked.every((uri) => uri.startsWith('file:///shop/'))).toBe(true);
});

it('of a window without a folder, by what stands beside the program', async () => {
  files = monorepo;
  expect(await nameOf({ folder: undefined, configuration: { program: '/shop/services/cart/main.js' } })).toBe('cart');
  expect(await nameOf({ folder: undefined, configuration: { program: '/shop/services/cart/src/main.js' } })).toBe(
    'Launch Program',
  );
});

it('as other languages have it', async () => {
  files = {
    'file:///shop/go.mod': 'module example.com/orders/v2',
    'file:///shop/settings.gradle.kts': 'rootProject.name = "stock"',
  };
  expect(await nameOf({ type: 'go' })).toBe('orders');
  expect(await nameOf({ type: 'java' })).toBe('stock');
  expect(await nameOf({ type: 'java', configuration: { projectName: 'billing' } })).toBe('billing');
  expect(await nameOf({ type: 'coreclr', configuration: { program: 'C:\\src\\bin\\Debug\\net8.0\\Shop.Api.dll' } })).toBe(
    'Shop.Api',
  );
  expect(await nameOf({ type: 'strange' })).toBe('Launch Program');
});

it('not at all in a terminal, where anything may run', async () => {
  expect(await nameOf({ type: 'node-terminal', name: 'JavaScript Debug Terminal' })).toBe('');
  expect(await nameOf({ type: 'node-terminal', name: 'Cart', configuration: { command: 'npm start' } })).toBe('Cart');
});

it('by its configuration where a disk fails, and where it takes more than a second', async () => {
  readText = async () => {
    throw new Error('disk');
  };
  expect(await nameOf({})).toBe('Launch Program');
  vi.useFakeTimers();
  try {
    readText = () => new Promise(() => {});
    const waiting = nameOf({});
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toBe('Launch Program');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
