// Python programs as people start them, traced without a change: what arrives, which lines it names, and that the programs are as they are without us.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { pythonEnvironment } from '../../support/pythonEnvironment.mjs';
import { projectRoot } from '../../vscode/locations.mjs';
import { client, everything, start } from '../engine/support/captureWindow';

const programs = join(projectRoot, 'test', 'programs', 'python');
const hook = join(projectRoot, 'src', 'instrument', 'python');
const scratch = mkdtempSync(join(tmpdir(), 'spanhop-python-'));
let python = '';
let reason: string | undefined;
beforeAll(async () => {
  ({ python = '', reason } = await pythonEnvironment());
  if (reason !== undefined) console.log(`Skipped: ${reason}`);
}, 180_000);

const running = new Set<ReturnType<typeof spawn>>();
afterEach(async () => {
  for (const child of running) {
    const gone = new Promise((done) => child.on('close', done));
    child.kill('SIGKILL');
    await gone;
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A test that needs the environment. */
const traced = (name: string, test: () => Promise<void>): void => {
  it(name, async ({ skip }) => {
    if (reason !== undefined) return skip(reason);
    await test();
  });
};

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly tookMs: number;
}

interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

/** Starts Python as a launch does. @param port where spans are received */
function run(args: readonly string[], port: number | undefined, more: NodeJS.ProcessEnv = {}): Started {
  const { PATH, PYTHONPATH: _, ...rest } = process.env;
  const began = performance.now();
  const env: NodeJS.ProcessEnv = {
    ...rest,
    PATH: `${join(python, '..')}:${PATH}`,
    PYTHONDONTWRITEBYTECODE: '1',
    ...(port && {
      PYTHONPATH: hook,
      SPANHOP_STREAM: `127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'program',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    }),
    ...more,
  };
  const child = spawn(python, args, { cwd: programs, env });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      running.delete(child);
      done({ code, signal, output, tookMs: performance.now() - began });
    });
  });
  return { kill: (signal) => void child.kill(signal), ended };
}

interface Seen {
  readonly name: string;
  /** File and line that it names, or the text of the line. */
  readonly at: string | undefined;
  readonly inProgress: boolean;
}

/** The spans of all traces that arrived. */
async function arrived(): Promise<Seen[]> {
  const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 1000 });
  const seen: Seen[] = [];
  for (const { traceId } of traces) {
    const { bytes } = await client.call('exportTrace', { dataset: 'local', traceId, format: 'otlp-json' });
    seen.push(...spansOf(new TextDecoder().decode(bytes)));
  }
  return seen;
}

function spansOf(document: string): Seen[] {
  const { resourceSpans } = JSON.parse(document);
  return resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: OtlpSpan[] }[] }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, attributes = [], endTimeUnixNano }) => {
        const of = (key: string): string | undefined => {
          const value = attributes.find((each) => each.key === key)?.value;
          return value?.stringValue ?? value?.intValue?.toString();
        };
        return { name, at: lineOf(of('code.file.path'), of('code.line.number')), inProgress: !Number(endTimeUnixNano ?? 0) };
      }),
    ),
  );
}

interface OtlpSpan {
  readonly name: string;
  readonly attributes?: { key: string; value: { stringValue?: string; intValue?: string | number } }[];
  readonly endTimeUnixNano?: string;
}

/** What stands there. */
function lineOf(file: string | undefined, line: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  return readFileSync(file, 'utf8').split('\n')[Number(line) - 1].trim().replace(/^.*# /, '');
}

const waitFor = <T>(check: () => Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 30 });
const namesOf = (seen: readonly Seen[]): string[] => seen.map(({ name }) => name).sort();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

const answerOf = (url: string): Promise<unknown> =>
  waitFor(async () => {
    const response = await fetch(url);
    expect(response.status).toBe(200);
    return response.json();
  });

describe('services', () => {
  traced('of Flask and FastAPI are one trace, and each span names the line of the user’s that made it', async () => {
    const port = await start();
    const [shop, prices] = [await freePort(), await freePort()];
    const other = run(['-m', 'uvicorn', 'prices:app', '--port', String(prices), '--log-level', 'warning'], port, {
      PORT: String(prices),
    });
    const one = run(['-m', 'flask', '--app', 'shop', 'run', '--port', String(shop)], port, {
      PRICES: `http://127.0.0.1:${prices}`,
    });
    expect(await answerOf(`http://127.0.0.1:${prices}/far`)).toBe(42);
    expect(await answerOf(`http://127.0.0.1:${shop}/articles/tea`)).toEqual({ found: 0, price: 42 });
    one.kill('SIGTERM');
    other.kill('SIGTERM');
    await Promise.all([one.ended, other.ended]);
    const places = await waitFor(async () => {
      const seen = (await arrived()).map(({ name, at }) => `${name}: ${at}`);
      expect(seen).toContain('GET /articles/<name>: def article(name):');
      return seen;
    });
    expect(places).toEqual(
      expect.arrayContaining([
        'GET /prices/{article}: def price(article: str):',
        'GET /far: async def far():',
        'GET: asks the other service',
        'GET: asks itself',
        'select: asks the database',
      ]),
    );
    const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 100 });
    const whole = traces.find(({ rootName }) => rootName === 'GET /articles/<name>');
    expect(whole?.spanCount).toBeGreaterThanOrEqual(5);
  });
});

describe('a program that has its own tracing', () => {
  traced('keeps its provider, its exporter and its options, and nothing comes twice', async () => {
    const port = await start();
    const { code, output } = await run(['own_tracing.py'], port).ended;
    expect({ code, lines: output.trim().split('\n') }).toEqual({
      code: 0,
      lines: ['own hook', 'own exporter: GET', 'own exporter: order', 'own provider: True'],
    });
    await waitFor(async () => expect(namesOf(await arrived())).toEqual(['GET', 'order']));
    expect((await client.call('captureState', {})).counts.spans).toBe(2);
  });

  traced('is joined under opentelemetry-instrument', async () => {
    const port = await start();
    const instrument = join(python, '..', 'opentelemetry-instrument');
    const { code, output } = await run([instrument, 'python', 'ends.py', 'SIGKILL'], port).ended;
    expect(output).toBe('');
    expect(code).toBe(null);
    await waitFor(async () => expect(namesOf(await arrived())).toEqual(['request', 'step']));
  });
});

describe('what ended arrives, and the program ends as it would by itself', () => {
  const ends: [string, number | null, NodeJS.Signals | null][] = [
    ['end', 0, null],
    ['sys.exit', 3, null],
    ['os._exit', 4, null],
    ['raise', 1, null],
    ['fork', 0, null],
    ['SIGTERM', null, 'SIGTERM'],
    ['SIGINT', null, 'SIGINT'],
    ['SIGKILL', null, 'SIGKILL'],
  ];
  for (const [how, code, signal] of ends) {
    traced(how, async () => {
      const port = await start();
      const ended = await run(['ends.py', how], port).ended;
      expect([ended.code, ended.signal]).toEqual([code, signal]);
      const names = how === 'fork' ? ['child', 'request', 'step'] : ['request', 'step'];
      await waitFor(async () => expect(namesOf(await arrived())).toEqual(names));
      const open = (await arrived()).filter(({ inProgress }) => inProgress).map(({ name }) => name);
      expect(open).toEqual(['os._exit', 'SIGTERM', 'SIGKILL'].includes(how) ? ['request'] : []);
    });
  }

  traced('when nobody receives any more, or nobody reads: in time, and without a word', async () => {
    const silent = createServer({ pauseOnConnect: true });
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const ports = [await freePort(), typeof address === 'object' && address ? address.port : 0];
    // Its own exporter would try again for eight seconds.
    const alone = await run(['own_tracing.py'], undefined, { OTEL_TRACES_EXPORTER: 'none', OTEL_SDK_DISABLED: 'true' }).ended;
    for (const port of ports) {
      const { code, tookMs, output } = await run(['own_tracing.py'], port).ended;
      expect([code, output.includes('own provider: True'), output.includes('Error')]).toEqual([0, true, false]);
      expect(tookMs - alone.tookMs).toBeLessThan(4_000);
    }
    silent.close();
  });
});

describe('the hook', () => {
  traced('is not to be seen in a program that needs none, whose own hooks run', async () => {
    const port = await start();
    const own = join(scratch, 'own');
    mkdirSync(own);
    writeFileSync(join(own, 'sitecustomize.py'), 'print("own sitecustomize")\n');
    const without = await run(['plain.py'], undefined, { PYTHONPATH: own }).ended;
    const withHook = await run(['plain.py'], port, { PYTHONPATH: `${hook}:${own}` }).ended;
    expect(withHook.output).toBe(without.output);
    expect(without.output).toContain(`own sitecustomize\npath []\nsitecustomize ${join(own, 'sitecustomize.py')}\nmodules []`);
  });

  traced('tells of errors in the program’s own hook as Python does', async () => {
    const port = await start();
    const broken = join(scratch, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'sitecustomize.py'), '1 / 0\n');
    const without = await run(['-c', 'print(1)'], undefined, { PYTHONPATH: broken }).ended;
    const withHook = await run(['-c', 'print(1)'], port, { PYTHONPATH: `${hook}:${broken}` }).ended;
    expect(withHook.output).toBe(without.output);
    expect(withHook.output).toContain('ZeroDivisionError');
  });

  traced('leaves programs of debugpy alone, and traces the one that is debugged', async () => {
    const port = await start();
    const listen = `127.0.0.1:${await freePort()}`;
    const { code } = await run(['-Xfrozen_modules=off', '-m', 'debugpy', '--listen', listen, 'ends.py', 'end'], port).ended;
    expect(code).toBe(0);
    await waitFor(async () => expect((await arrived()).map(({ name }) => name).sort()).toEqual(['request', 'step']));
  });

  traced('does nothing where the SDK is switched off, and instruments nothing that is switched off', async () => {
    const port = await start();
    expect((await run(['ends.py', 'end'], port, { OTEL_SDK_DISABLED: 'true' }).ended).code).toBe(0);
    const code = 'import sqlite3, requests; sqlite3.connect(":memory:").cursor().execute("select 1")';
    writeFileSync(join(scratch, 'off.py'), `${code}\n`);
    const off = { OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'requests, sqlite3' };
    expect((await run([join(scratch, 'off.py')], port, off).ended).output).toBe('');
    writeFileSync(join(scratch, 'on.py'), `${code}\n`);
    expect((await run([join(scratch, 'on.py')], port).ended).output).toBe('');
    await waitFor(async () => expect(namesOf(await arrived())).toEqual(['select']));
  });
});
