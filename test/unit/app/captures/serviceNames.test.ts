// What a launched program is called, from its configuration and the manifests around it. The files are the test's.
import { beforeEach, expect, it, vi } from 'vitest';
import { type NamedLaunch, ServiceNames } from '../../../../src/app/captures/serviceNames';

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

it('by its configuration, where that says something; no file is read then', async () => {
  files = { 'file:///shop/package.json': '{"name":"shop"}' };
  expect(await nameOf({ name: 'Cart' })).toBe('Cart');
  expect(asked).toEqual([]);
});

it('by the manifest that is nearest to the program, else to where it runs, else to the folder', async () => {
  files = { 'file:///shop/package.json': '{"name":"shop"}', 'file:///shop/services/cart/package.json': '{"name":"cart"}' };
  expect(await nameOf({ configuration: { program: '/shop/services/cart/src/main.js' } })).toBe('cart');
  expect(await nameOf({ configuration: { program: 'services/cart/main.js' } })).toBe('cart');
  expect(await nameOf({ configuration: { program: '/elsewhere/main.js', cwd: '/shop/services/cart' } })).toBe('cart');
  expect(await nameOf({ configuration: { program: '/shop/tools/x.js' } })).toBe('shop');
  expect(await nameOf({})).toBe('shop');
  files = { 'file:///shop/package.json': '{"private":true}' };
  expect(await nameOf({})).toBe('Launch Program');
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
