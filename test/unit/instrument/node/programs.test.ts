// Real Node programs with the preload as it is packaged: nothing of OpenTelemetry in them, its API alone, SDKs of their own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { instrumentNode } from '../../../../src/build/instrumentNode.mjs';
import { preparePrograms } from '../../../programs/node/prepare.mjs';
import { fakeRedis } from '../../../support/fakeRedis';
import { startReceiver } from '../../../support/otlpReceiver.mjs';
import { projectRoot } from '../../../vscode/locations.mjs';
import { client, everything, start } from '../../engine/support/captureWindow';

const programs = join(projectRoot, 'test', 'programs', 'node');
const dist = mkdtempSync(join(tmpdir(), 'spanhop-preload-'));
const preload = join(dist, 'instrument', 'node', 'preload.cjs');

beforeAll(async () => {
  await preparePrograms();
  const options = { absWorkingDir: projectRoot, bundle: true, logLevel: 'error' } as const;
  for (const each of await instrumentNode(options, dist)) await build(each);
});
afterAll(() => rmSync(dist, { recursive: true, force: true }));

interface Run {
  readonly args: readonly string[];
  /** Of the capture; without one, the program runs as it is. */
  readonly port?: number;
  readonly env?: Record<string, string>;
  /** Is called with what a service listens on; then it is ended. */
  readonly use?: (address: string) => Promise<void>;
}

async function run({ args, port, env, use }: Run): Promise<{ code: number | null; out: string; err: string }> {
  const preloaded = port === undefined ? {} : { NODE_OPTIONS: `--require ${preload}`, SPANHOP_STREAM: `127.0.0.1:${port}` };
  const child = spawn(process.execPath, args, {
    cwd: programs,
    env: { PATH: process.env.PATH, HOME: dist, OTEL_SERVICE_NAME: 'program', ...preloaded, ...env },
  });
  let out = '';
  let err = '';
  let using: Promise<void> | undefined;
  child.stderr.on('data', (text) => (err += text));
  child.stdout.on('data', (text) => {
    out += text;
    const address = /listening on (\S+)\n/.exec(out)?.[1];
    if (address !== undefined && use) using ??= use(address).finally(() => child.kill('SIGTERM'));
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  await using;
  return { code, out, err };
}

/** All spans that have come, as `scope name < name of the parent`, sorted, when there are so many. A span that is there twice is so here. */
async function seen(count: number): Promise<string[]> {
  return vi.waitFor(
    async () => {
      const { traces } = await client.call('findTraces', { dataset: 'local', query: everything, limit: 100 });
      const whole = await Promise.all(traces.map(({ traceId }) => client.call('traceData', { dataset: 'local', traceId })));
      const spans = whole.flatMap((each) => each.spans);
      expect(spans.length).toBeGreaterThanOrEqual(count);
      const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
      return spans
        .map(({ name, scope, parentSpanId }) => {
          const parent = parentSpanId === undefined ? '' : ` < ${names.get(parentSpanId)}`;
          return `${scope?.name.replace('@opentelemetry/instrumentation-', '')} ${name}${parent}`;
        })
        .sort();
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** What it prints first of all, on both outputs. */
const printed = ({ code, out, err }: Awaited<ReturnType<typeof run>>): unknown => ({
  code,
  out: out.replace(/\d{4,5}$|[0-9a-f]{16}/gm, '…'),
  err,
});

describe('a service without a word of tracing', () => {
  const shop = [
    'express request handler - /orders/:id < GET /orders/:id',
    'express request handler - /stock/:order < GET /stock/:order',
    'http GET /orders/:id',
    'http GET /stock/:order < GET',
    'ioredis get < request handler - /orders/:id',
    'undici GET < request handler - /orders/:id',
  ];
  const carts = [
    '@fastify/otel handler - /carts/:id < request',
    '@fastify/otel handler - /prices/:id < request',
    '@fastify/otel request < GET /carts/:id',
    '@fastify/otel request < GET /prices/:id',
    'http GET < handler - /carts/:id',
    'http GET /carts/:id',
    'http GET /prices/:id < GET',
  ];
  it.each([
    { what: 'Express, as ES modules', args: ['express/server.js'], path: '/orders/7', expected: shop },
    {
      what: 'Fastify, as TypeScript that tsx loads',
      args: ['--import', 'tsx', 'fastify/server.ts'],
      path: '/carts/7',
      expected: carts,
    },
    {
      what: 'Fastify, started by tsx',
      args: ['node_modules/tsx/dist/cli.mjs', 'fastify/server.ts'],
      path: '/carts/7',
      expected: carts,
    },
  ])('is traced, and prints what it always does: $what', async ({ args, path, expected }) => {
    const port = await start();
    const redis = await fakeRedis();
    const answers: string[] = [];
    const use = async (address: string): Promise<void> => {
      answers.push(await (await fetch(`${address}${path}`)).text());
      if (answers.length === 1) await seen(expected.length);
    };
    const env = { REDIS_PORT: String(redis.port) };
    const traced = await run({ args, port, env, use });
    const spans = await seen(expected.length);
    const plain = await run({ args, env, use });
    redis.close();
    expect(printed(traced)).toEqual(printed(plain));
    expect(answers[0].replace(/:\d+/g, '')).toBe(answers[1].replace(/:\d+/g, ''));
    expect(spans).toEqual([...expected].sort());
  });
});

describe('a program with the OpenTelemetry API', () => {
  const one = ['http GET < GET', 'http GET < ask', 'own ask'];

  it('alone has its spans recorded, among ours', async () => {
    const ended = await run({ args: ['own/request.cjs'], port: await start() });
    expect(ended).toEqual({ code: 0, out: '', err: '' });
    expect(await seen(3)).toEqual(one);
  });

  it.each(['sdk1', 'sdk2', 'sdk1+http', 'sdk2+http'])(
    'and an SDK of its own, %s, exports what it does without us, and that comes here, each span once',
    async (sdk) => {
      const args = ['own/request.cjs'];
      const ended = await run({ args, port: await start(), env: { SDK: sdk } });
      expect(printed(ended)).toEqual(printed(await run({ args, env: { SDK: sdk } })));
      expect(ended.out).toContain('exported ask');
      const expected = sdk.endsWith('http') ? one : ['own ask'];
      expect(await seen(expected.length)).toEqual(expected);
    },
  );

  const counted = async (): Promise<number> => (await client.call('captureState', {})).counts.spans;
  it.each(['sdk1+otlp', 'sdk2+otlp'])('and an SDK of its own, %s, that sends to the window does not send twice', async (sdk) => {
    const port = await start();
    const ended = await run({ args: ['own/request.cjs'], port, env: { SDK: sdk, SEND_TO: `localhost:${port}` } });
    expect(printed(ended)).toEqual({ code: 0, out: 'exported ask …\n', err: '' });
    expect(await seen(1)).toEqual(['own ask']);
    expect(await counted()).toBe(1);
  });

  it('and an SDK of its own that sends elsewhere goes on sending there', async () => {
    const other = await startReceiver();
    const sendTo = new URL(other.endpoint).host;
    const ended = await run({ args: ['own/request.cjs'], port: await start(), env: { SDK: 'sdk1+otlp', SEND_TO: sendTo } });
    expect(printed(ended)).toEqual({ code: 0, out: 'exported ask …\n', err: '' });
    expect(await seen(1)).toEqual(['own ask']);
    expect(other.bodies.length).toBeGreaterThan(0);
    await other.stop();
  });

  it('in a bundle, has a set-up of its own as well', async () => {
    const file = join(dist, 'bundle.cjs');
    await build({
      entryPoints: [join(programs, 'own', 'bundled.cjs')],
      bundle: true,
      minify: true,
      platform: 'node',
      outfile: file,
      logLevel: 'error',
    });
    const ended = await run({ args: [file], port: await start() });
    expect(printed(ended)).toEqual({ code: 0, out: 'exported ask …\n', err: '' });
    expect(await seen(1)).toEqual(['own ask']);
  });

  it('and a tracing of its own that is no SDK keeps that as it is, and is traced beside', async () => {
    const args = ['own/foreign.cjs'];
    const traced = await run({ args, port: await start() });
    expect(traced).toEqual(await run({ args }));
    expect(traced.out).toContain('below 1');
    expect(await seen(2)).toEqual(['http GET', 'http GET < GET']);
  });

  it('has the instrumentations off that its variables switch off, and everything with the SDK disabled', async () => {
    const port = await start();
    await run({ args: ['own/request.cjs'], port, env: { OTEL_SDK_DISABLED: 'true' } });
    await run({ args: ['own/request.cjs'], port, env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'undici,http' } });
    expect(await seen(1)).toEqual(['own ask']);
  });
});

describe('what only passes by', () => {
  it.each([
    { what: 'a worker thread, a child, an exit code', args: ['own/threads.cjs'] },
    {
      what: 'warnings wanted',
      args: ['--pending-deprecation', '--trace-warnings', '--eval', "require('https'); require('http')"],
    },
    { what: 'an error at the first line', args: ['--eval', 'throw new Error("no")'] },
    { what: 'nothing to do', args: ['--eval', '0'] },
  ])('is as it is without: $what', async ({ args }) => {
    const port = await start();
    expect(await run({ args, port })).toEqual(await run({ args }));
  });
});
