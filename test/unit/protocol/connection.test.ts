import { describe, expect, it } from 'vitest';
import { SpanhopError } from '../../../src/base/errors';
import { Connection, type Handlers, type Port } from '../../../src/protocol/rpc';

interface Methods {
  add(params: { a: number; b: number }): number;
  wait(params: Record<never, never>): string;
  fail(params: { kind: 'ours' | 'other' }): void;
  buffer(params: Record<never, never>): { bytes: ArrayBuffer };
  unsendable(params: Record<never, never>): unknown;
}
interface Events {
  said: { readonly text: string };
}
type Nothing = Record<never, never>;

/** Two ports that clone what they carry, as worker threads do. */
function ports(): { near: Port; far: Port } {
  const { port1, port2 } = new MessageChannel();
  const make = (port: MessagePort): Port => ({
    post: (message, transfer) => port.postMessage(message, transfer ? [...transfer] : []),
    listen(listener) {
      const on = (event: MessageEvent<unknown>): void => listener(event.data);
      port.addEventListener('message', on);
      port.start();
      return () => {
        port.removeEventListener('message', on);
        port.close();
      };
    },
  });
  return { near: make(port1), far: make(port2) };
}

function connected(handlers: Partial<Handlers<Methods>> = {}) {
  const { near, far } = ports();
  const heard: string[] = [];
  const unexpected: unknown[] = [];
  const server = new Connection<Nothing, Methods, Nothing, Events>(
    far,
    {
      add: ({ a, b }) => a + b,
      wait: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new SpanhopError('Cancelled', 'Stopped.'))),
        ),
      fail: ({ kind }) => {
        throw kind === 'ours' ? new SpanhopError('NotFound', 'There is none.', 'looked twice') : new TypeError('a defect');
      },
      buffer: (_, context) => {
        const bytes = new Uint8Array([1, 2, 3]).buffer;
        context.transfer(bytes);
        return { bytes };
      },
      unsendable: () => () => 1,
      ...handlers,
    },
    {},
    (error) => unexpected.push(error),
  );
  const client = new Connection<Methods, Nothing, Events>(near, {}, { said: ({ text }) => heard.push(text) });
  const close = (): void => {
    client.dispose();
    server.dispose();
  };
  return { client, server, heard, unexpected, close };
}

const kindOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof SpanhopError ? `${error.kind}: ${error.message}` : String(error)),
  );

describe('Connection', () => {
  it('answers calls, many at a time', async () => {
    const { client, close } = connected();
    const answers = await Promise.all([1, 2, 3].map((b) => client.call('add', { a: 10, b })));
    expect(answers).toEqual([11, 12, 13]);
    close();
  });

  it('carries errors as data, with kind and detail, and tells of unexpected ones', async () => {
    const { client, unexpected, close } = connected();
    const error = await client.call('fail', { kind: 'ours' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SpanhopError);
    expect(error).toMatchObject({ kind: 'NotFound', name: 'NotFound', message: 'There is none.', detail: 'looked twice' });
    expect(unexpected).toHaveLength(0);
    expect(await kindOf(client.call('fail', { kind: 'other' }))).toBe('BadData: a defect');
    expect(unexpected).toHaveLength(1);
    close();
  });

  it('cancels at the far side', async () => {
    const { client, close } = connected();
    const controller = new AbortController();
    const waiting = kindOf(client.call('wait', {}, { signal: controller.signal }));
    controller.abort();
    expect(await waiting).toBe('Cancelled: Cancelled.');
    expect(await kindOf(client.call('wait', {}, { signal: AbortSignal.abort() }))).toBe('Cancelled: Cancelled.');
    close();
  });

  it('gives up after its time-out, and lets the far side know', async () => {
    let stopped: () => void = () => {};
    const aborted = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const { client, close } = connected({
      wait: (_, { signal }) => new Promise(() => signal.addEventListener('abort', stopped)),
    });
    expect(await kindOf(client.call('wait', {}, { timeoutMs: 20 }))).toBe('Timeout: No answer to "wait" within 0.02 s.');
    await aborted;
    close();
  });

  it('moves buffers', async () => {
    const { client, close } = connected();
    const { bytes } = await client.call('buffer', {});
    expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3]);
    close();
  });

  it('rejects when a message cannot be sent, on either side', async () => {
    const { client, close } = connected();
    const noNumber: unknown = () => 1;
    const params = { a: 1, b: 2, more: noNumber };
    expect(await kindOf(client.call('add', params))).toMatch(/could not be cloned/);
    expect(await kindOf(client.call('unsendable', {}))).toMatch(/could not be cloned/);
    expect(await client.call('add', { a: 1, b: 2 })).toBe(3);
    close();
  });

  it('settles its caller when nothing can be sent any more: at once, by its signal and by its time-out', async () => {
    const broken: Port = { post: () => Promise.reject(new Error('The port is broken.')), listen: () => () => {} };
    const client = new Connection<Methods, Nothing>(broken, {});
    expect(await kindOf(client.call('add', { a: 1, b: 2 }))).toBe('BadData: The port is broken.');
    let sent = 0;
    const breaking: Port = {
      post: () => {
        if (sent++ > 0) throw new Error('The port is broken.');
      },
      listen: () => () => {},
    };
    const controller = new AbortController();
    const waiting = kindOf(new Connection<Methods, Nothing>(breaking, {}).call('wait', {}, { signal: controller.signal }));
    controller.abort();
    expect(await waiting).toBe('Cancelled: Cancelled.');
    sent = 0;
    const late = new Connection<Methods, Nothing>(breaking, {}).call('wait', {}, { timeoutMs: 1 });
    expect(await kindOf(late)).toMatch(/^Timeout: /);
  });

  it('tells the caller where an answer cannot be sent, whenever the port finds out', async () => {
    const { near, far } = ports();
    const slow: Port = {
      listen: far.listen,
      post: async (message) => {
        await Promise.resolve();
        far.post(message);
      },
    };
    const server = new Connection<Nothing, Pick<Methods, 'unsendable'>>(slow, { unsendable: () => () => 1 });
    const client = new Connection<Methods, Nothing>(near, {});
    expect(await kindOf(client.call('unsendable', {}))).toMatch(/could not be cloned/);
    client.dispose();
    server.dispose();
  });

  it('reports progress until the answer', async () => {
    const { client, close } = connected({
      add: ({ a, b }, { progress }) => {
        progress({ step: 'adding', done: 1, total: 2, unit: 'spans' });
        return a + b;
      },
    });
    const steps: string[] = [];
    await client.call('add', { a: 1, b: 1 }, { onProgress: ({ step, done }) => steps.push(`${step} ${done}`) });
    expect(steps).toEqual(['adding 1']);
    close();
  });

  it('delivers events and survives foreign messages', async () => {
    const { near, far } = ports();
    const heard: string[] = [];
    const client = new Connection<Methods, Nothing, Events>(near, {}, { said: ({ text }) => heard.push(text) });
    far.post('not ours');
    far.post(null);
    far.post({ type: 'event', name: 'unknown', event: 1 });
    const server = new Connection<Nothing, Pick<Methods, 'add'>, Nothing, Events>(far, { add: ({ a, b }) => a + b });
    server.emit('said', { text: 'hello' });
    await client.call('add', { a: 1, b: 1 });
    expect(heard).toEqual(['hello']);
    client.dispose();
    server.dispose();
  });

  it('has no method that its surface lacks, nor those of objects', async () => {
    const { near, far } = ports();
    const server = new Connection<Nothing, Nothing>(far, {});
    const client = new Connection<{ toString(params: Nothing): string }, Nothing>(near, {});
    expect(await kindOf(client.call('toString', {}))).toBe('NotFound: There is no method "toString".');
    client.dispose();
    server.dispose();
  });

  it('rejects what is under way when it is disposed, with the reason that is given', async () => {
    const { client, server } = connected();
    const first = kindOf(client.call('wait', {}));
    const second = kindOf(client.call('wait', {}));
    client.dispose(new SpanhopError('Unreachable', 'The engine stopped.'));
    expect(await Promise.all([first, second])).toEqual(['Unreachable: The engine stopped.', 'Unreachable: The engine stopped.']);
    expect(await kindOf(client.call('add', { a: 1, b: 1 }))).toBe('Cancelled: The connection is closed.');
    server.dispose();
  });
});
