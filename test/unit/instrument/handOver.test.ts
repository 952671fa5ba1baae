// Every span that ended arrives, however the program ends; and the program ends as it would by itself.

import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundle, client, folder, names, settings, start } from '../engine/support/captureWindow';
import { type ProgramOptions, run, writePreload } from './support/tracedPrograms';

let preload: string;
beforeAll(async () => {
  preload = await writePreload(bundle.folder);
});
const options = (port: number | undefined, more: Partial<ProgramOptions> = {}): ProgramOptions => ({
  preload,
  folder,
  port,
  ...more,
});

/** The spans that arrived, when there are so many. */
const arrived = (count: number): Promise<string[]> =>
  vi.waitFor(
    async () => {
      const found = await names();
      expect(found.length).toBeGreaterThanOrEqual(count);
      return found;
    },
    { timeout: 10_000, interval: 10 },
  );

describe('a span that ended arrives', () => {
  it.each([
    ['at a normal end', 'tracer.startSpan("a").end();', 0, null],
    ['when the program calls process.exit in the same tick', 'tracer.startSpan("a").end(); process.exit(3);', 3, null],
    ['when a handler of the exit ends it', 'process.on("exit", () => tracer.startSpan("a").end()); process.exit(4);', 4, null],
    ['when the first line throws', 'tracer.startSpan("a").end(); throw new Error("no");', 1, null],
    ['when a later turn throws', 'setTimeout(() => { tracer.startSpan("a").end(); null.x; }, 5);', 1, null],
    ['when a promise is rejected', 'tracer.startSpan("a").end(); Promise.reject(new Error("no"));', 1, null],
    ['when it kills itself', 'tracer.startSpan("a").end(); process.kill(process.pid, "SIGKILL");', null, 'SIGKILL'],
    ['when it aborts', 'tracer.startSpan("a").end(); process.abort();', null, 'SIGABRT'],
    ['when it ends by process.reallyExit', 'tracer.startSpan("a").end(); process.reallyExit(5);', 5, null],
    [
      'when it never comes to an end',
      'tracer.startSpan("a").end(); setTimeout(() => process.kill(process.pid, "SIGTERM")); for (let i = 0; i < 1e3; i++);',
      null,
      'SIGTERM',
    ],
    [
      'without its own handler of SIGINT',
      'tracer.startSpan("a").end(); process.kill(process.pid, "SIGINT"); setInterval(() => {}, 1e3);',
      null,
      'SIGINT',
    ],
    [
      'with its own handler of SIGTERM',
      'process.on("SIGTERM", () => { tracer.startSpan("a").end(); process.exit(7); }); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1e3);',
      7,
      null,
    ],
  ])('%s', async (_when, source, code, signal) => {
    const port = await start();
    const ended = await run(source, options(port)).ended;
    expect([ended.code, ended.signal]).toEqual([code, signal]);
    expect(await arrived(1)).toEqual(['a']);
  });

  it('in an ES module that throws', async () => {
    const port = await start();
    const ended = await run('tracer.startSpan("a").end(); await null; throw new Error("no");', options(port, { kind: 'mjs' }))
      .ended;
    expect(ended.code).toBe(1);
    expect(await arrived(1)).toEqual(['a']);
  });

  it('when the program stands still and is killed, as a debugger does it', async () => {
    const port = await start();
    const stands = run(
      'tracer.startSpan("a").end(); process._rawDebug("here"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
      options(port),
    );
    await stands.printed('here');
    expect(await arrived(1)).toEqual(['a']);
    stands.child.kill('SIGKILL');
    await stands.ended;
  });

  it('of worker threads, child processes and a cluster, when the main thread exits', async () => {
    const port = await start();
    const source = `
      const { Worker } = require('node:worker_threads');
      const { spawnSync } = require('node:child_process');
      const cluster = require('node:cluster');
      if (cluster.isWorker) { tracer.startSpan('member').end(); process.exit(); }
      tracer.startSpan('main').end();
      spawnSync(process.execPath, ['-e', 'tracer.startSpan("child").end(); process.exit()']);
      cluster.fork().on('exit', () => {
        const worker = new Worker("tracer.startSpan('worker').end(); require('node:worker_threads').parentPort.postMessage(1); for (;;);", { eval: true });
        worker.on('message', () => process.exit());
      });`;
    expect((await run(source, options(port)).ended).code).toBe(0);
    expect(await arrived(4)).toEqual(['child', 'main', 'member', 'worker']);
  });

  // As on Windows, where a socket is written to by Node alone. One that ends before it is connected hands over by a process of its own.
  it.each([
    ['in its first line', 'tracer.startSpan("a").end(); process.exit(3);', 3, null],
    ['by an exception', 'tracer.startSpan("a").end(); throw new Error("no");', 1, null],
    ['in a later turn', 'setTimeout(() => { tracer.startSpan("a").end(); process.exit(3); }, 50);', 3, null],
    [
      'by SIGKILL',
      'setTimeout(() => { tracer.startSpan("a").end(); process.kill(process.pid, "SIGKILL"); }, 50);',
      null,
      'SIGKILL',
    ],
    ['by itself', 'tracer.startSpan("a").end();', 0, null],
  ])('where no file descriptor can be written to, of a program that ends %s', async (_how, source, code, signal) => {
    const port = await start();
    const ended = await run(source, options(port, { env: { LINE: '{"direct":false}' } })).ended;
    expect([ended.code, ended.signal]).toEqual([code, signal]);
    expect(await arrived(1)).toEqual(['a']);
  });

  it('unless it is not sampled, also where it is recorded', async () => {
    const port = await start();
    const source = `
      const recorded = new provider.constructor({ sampler: { shouldSample: () => ({ decision: 1 }) }, spanProcessors: [processor] });
      recorded.getTracer('x').startSpan('b').end();
      tracer.startSpan('a').end();`;
    await run(source, options(port)).ended;
    expect(await arrived(1)).toEqual(['a']);
  });

  it('of a burst in one tick', async () => {
    const port = await start();
    const source =
      'for (let i = 0; i < 2e4; i++) tracer.startSpan("s" + i, { attributes: { text: "x".repeat(300) } }).end(); process.exit();';
    expect((await run(source, options(port)).ended).code).toBe(0);
    await vi.waitFor(async () => expect((await client.call('captureState', {})).counts.spans).toBeGreaterThanOrEqual(20_000), {
      timeout: 20_000,
      interval: 50,
    });
  });
});

describe('a program whose editor', () => {
  const SOURCE = 'for (let i = 0; i < 2000; i++) tracer.startSpan("s", { attributes: { text: "x".repeat(300) } }).end();';
  let silent: Server;
  let silentPort = 0;
  beforeAll(async () => {
    // Lets everybody in, and reads nothing.
    silent = createServer({ pauseOnConnect: true });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    silentPort = typeof address === 'object' && address ? address.port : 0;
  });
  afterAll(() => {
    silent.close();
  });

  /** The quicker of two, for others may keep the machine busy. */
  async function quickest(source: string, port: number | undefined): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2; i++) {
      const { code, out, took } = await run(source, options(port)).ended;
      expect([code, out]).toEqual([0, '']);
      least = Math.min(least, took);
    }
    return least;
  }

  it('is not there ends as it would by itself', async () => {
    expect(await quickest(SOURCE, 1)).toBeLessThan((await quickest(SOURCE, undefined)) + 500);
  });

  it('hears nothing ends in a moment', async () => {
    const burst = SOURCE.replace('2000', '5e4');
    expect(await quickest(burst, silentPort)).toBeLessThan((await quickest(burst, undefined)) + 2_000);
  });

  it('ends in disorder hands over once more what was not read, to the next one on that port', async () => {
    const dying = createServer({ pauseOnConnect: true });
    const connected = new Promise<Socket>((done) => dying.on('connection', done));
    await new Promise<void>((done) => dying.listen(0, '127.0.0.1', done));
    const address = dying.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const program = run(
      'for (const name of "abcde") tracer.startSpan(name).end(); process.stdin.on("data", () => {}); console.log("made");',
      options(port),
    );
    await program.printed('made');
    (await connected).resetAndDestroy();
    await new Promise((done) => dying.close(done));
    await client.call('configure', settings);
    await client.call('openCaptures', { directory: folder });
    await client.call('startCapture', { wellKnownPort: false, port });
    expect(await arrived(5)).toEqual(['a', 'b', 'c', 'd', 'e']);
    program.child.stdin?.end();
    await program.ended;
  });

  it('is somebody else by now gets nothing', async () => {
    const dying = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => dying.listen(0, '127.0.0.1', done));
    const address = dying.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const program = run(
      'process.stdin.on("data", () => tracer.startSpan("secret").end()); tracer.startSpan("first").end(); console.log("made");',
      options(port),
    );
    await program.printed('made');
    program.child.stdin?.write('x');
    await new Promise((done) => dying.close(done));
    let said = '';
    const other = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        said += bytes.toString('latin1');
      });
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((done) => other.listen(port, '127.0.0.1', done));
    await vi.waitFor(() => expect(said).toContain('answer: yes'), { timeout: 10_000 });
    program.child.stdin?.end();
    expect((await program.ended).code).toBe(0);
    other.close();
    expect(said).not.toMatch(/secret|first/);
  });

  it('stops the capture goes on, and is heard again when it begins anew', async () => {
    const port = await start();
    const program = run(
      'process.stdin.on("data", (name) => tracer.startSpan(String(name)).end()); tracer.startSpan("before").end();',
      options(port),
    );
    await arrived(1);
    await client.call('stopCapture', {});
    program.child.stdin?.write('unheard');
    await client.call('startCapture', { wellKnownPort: false, port });
    await vi.waitFor(
      async () => {
        program.child.stdin?.write('after');
        expect(await names()).toContain('after');
      },
      { timeout: 10_000, interval: 50 },
    );
    program.child.stdin?.end();
    expect((await program.ended).code).toBe(0);
    expect(await names()).not.toContain('unheard');
  });
});
