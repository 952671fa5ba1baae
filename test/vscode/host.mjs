// @ts-check
// The other end of the bridge extension: runs functions in the extension host of the VS Code that was started with its port.

import { createServer } from 'node:net';

const encode = (/** @type {unknown} */ message) =>
  JSON.stringify(message, (_key, value) => (typeof value === 'bigint' ? { $bigint: String(value) } : value));
const decode = (/** @type {string} */ text) =>
  JSON.parse(text, (_key, value) =>
    value !== null && typeof value === 'object' && typeof value.$bigint === 'string' ? BigInt(value.$bigint) : value,
  );

/**
 * What a function in the host gets as its first argument.
 * @typedef {object} HostContext
 * @property {typeof import('vscode')} vscode
 * @property {Record<string, any>} memory Kept between calls, until the extension host restarts.
 * @property {NodeJS.Require} require
 * @property {import('vscode').Extension<any> | undefined} extension Spanhop.
 * @property {() => Promise<any>} api Activates Spanhop and gives its exported API.
 */

/**
 * @typedef {object} HostBridge
 * @property {number} port
 * @property {(timeoutMs: number) => Promise<void>} connected Resolves when an extension host is connected.
 * @property {<A, R>(call: (context: HostContext, argument: A) => R, argument?: A, options?: { timeoutMs?: number }) => Promise<Awaited<R>>} run
 *   Runs a function there and gives its result. The function travels as text: it sees its arguments only; argument and result
 *   travel as JSON (with bigints).
 * @property {() => void} close
 */

/** @returns {Promise<HostBridge>} */
export async function openBridge() {
  /** @type {import('node:net').Socket | undefined} */
  let socket;
  /** @type {Set<() => void>} */
  const waiting = new Set();
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: Error) => void }>} */
  const calls = new Map();
  let lastId = 0;

  const server = createServer((connection) => {
    socket = connection; // the newest wins: after a reload the old host may still be closing
    let rest = '';
    connection.setEncoding('utf8');
    connection.on('error', () => {});
    connection.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) settle(decode(line));
    });
    connection.on('close', () => {
      if (socket !== connection) return;
      socket = undefined;
      for (const call of calls.values()) call.reject(new Error('The extension host went away during the call.'));
      calls.clear();
    });
    for (const wake of waiting) wake();
    waiting.clear();
  });

  /** @param {{ id: number, value?: unknown, error?: { message: string, stack?: string } }} answer */
  function settle(answer) {
    const call = calls.get(answer.id);
    calls.delete(answer.id);
    if (call === undefined) return;
    if (answer.error === undefined) return call.resolve(answer.value);
    const error = new Error(`in the extension host: ${answer.error.message}`);
    if (answer.error.stack) error.stack = `${error.message}\n${answer.error.stack}`;
    call.reject(error);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bridge has no port.');

  /** @type {HostBridge['connected']} */
  const connected = (timeoutMs) =>
    new Promise((resolve, reject) => {
      if (socket !== undefined) return resolve();
      const timer = setTimeout(() => reject(new Error(`No extension host connected within ${timeoutMs} ms.`)), timeoutMs);
      waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });

  return {
    port: address.port,
    connected,
    run,
    close: () => {
      socket?.destroy();
      server.close();
    },
  };

  /**
   * @template A, R
   * @param {(context: HostContext, argument: A) => R} call
   * @param {A} [argument]
   * @param {{ timeoutMs?: number }} [options]
   * @returns {Promise<Awaited<R>>}
   */
  async function run(call, argument, options = {}) {
    const timeoutMs = options.timeoutMs ?? 60_000;
    await connected(timeoutMs);
    const id = ++lastId;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        calls.delete(id);
        reject(new Error(`The extension host did not answer within ${timeoutMs} ms: ${String(call).slice(0, 200)}`));
      }, timeoutMs);
      calls.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value);
        },
        reject: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      });
      socket?.write(`${encode({ id, source: String(call), argument })}\n`);
    });
  }
}
