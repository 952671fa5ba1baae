// Programs without a word of tracing, started as always, under the JavaScript debugger that VS Code brings along: their spans come, and those that an
// instrumentation made lead to the line that made the call.

import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { preparePrograms } from '../programs/node/prepare.mjs';
import { type FakeRedis, fakeRedis } from '../support/fakeRedis';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const programs = join(projectRoot, 'test', 'programs', 'node');
let window: Workbench;
let redis: FakeRedis;

beforeAll(async () => {
  await preparePrograms();
  redis = await fakeRedis();
  window = await openWorkbench({
    workspace: programs,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'spanhop.capture.debugSessions': 'always',
      'debug.openDebug': 'neverOpen',
      'debug.internalConsoleOptions': 'neverOpen',
    },
  });
  await window.command('spanhop.startCapture');
  await window.command('spanhop.traces.focus');
});

afterAll(async () => {
  await window?.close();
  redis?.close();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Where each span of a request's trace leads to, and how that was found: `file:line rung`, lines from 1, by the span's kind and name. */
async function placesOf(rootName: string): Promise<Record<string, string>> {
  const found = await window.host(async ({ api }, name) => {
    const { findTraces, getTrace, resolveSource } = await api();
    const summary = (await findTraces(undefined, { backend: 'local', limit: 100 })).find(
      (each: { rootName: string }) => each.rootName === name,
    );
    if (!summary) return [];
    const { spans } = await getTrace(summary.traceId, { backend: 'local' });
    return Promise.all(
      spans.map(async (span: { traceId: string; spanId: string; kind: string; name: string }) => {
        const [best] = await resolveSource(span.traceId, span.spanId);
        return { span: `${span.kind} ${span.name}`, path: best?.uri.fsPath, line: best?.line, rung: best?.rung };
      }),
    );
  }, rootName);
  return Object.fromEntries(
    found.map(({ span, path, line, rung }) => [
      span,
      path === undefined ? '' : `${relative(programs, path)}:${(line ?? 0) + 1} ${rung}`,
    ]),
  );
}

it.each([
  {
    name: 'Express, as ES modules',
    configuration: { program: 'express/server.js' },
    path: '/orders/7',
    root: 'GET /orders/:id',
    expected: {
      'server GET /orders/:id': 'express/server.js:7 attributes',
      'client get': 'express/server.js:18 attributes',
      'client GET': 'express/server.js:9 attributes',
      'server GET /stock/:order': 'express/server.js:13 attributes',
    },
  },
  {
    name: 'Fastify, as TypeScript that a loader reads',
    configuration: { program: 'fastify/server.ts', runtimeArgs: ['--import', 'tsx'] },
    path: '/carts/7',
    root: 'GET /carts/:id',
    expected: {
      'server GET /carts/:id': expect.stringMatching(/^fastify\/server\.ts:10 (?:attributes|literal)$/),
      'internal handler - /carts/:id': expect.stringMatching(/^fastify\/server\.ts:10 (?:attributes|literal)$/),
      'client GET': 'fastify/server.ts:18 attributes',
      'server GET /prices/:id': expect.stringMatching(/^fastify\/server\.ts:14 (?:attributes|literal)$/),
    },
  },
])('$name', async ({ name, configuration, path, root, expected }) => {
  const port = await freePort();
  const started = await window.host(
    async ({ vscode }, { folder, launch }) => {
      const [workspace] = vscode.workspace.workspaceFolders ?? [];
      return vscode.debug.startDebugging(workspace, { ...launch, program: `${folder}/${launch.program}` });
    },
    {
      folder: programs,
      launch: {
        type: 'node',
        request: 'launch',
        name,
        cwd: programs,
        env: { PORT: String(port), REDIS_PORT: String(redis.port) },
        ...configuration,
      },
    },
  );
  expect(started).toBe(true);
  await expect
    .poll(
      () =>
        fetch(`http://127.0.0.1:${port}${path}`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 30_000 },
    )
    .toBe(200);
  await expect.poll(() => placesOf(root), { timeout: 20_000 }).toMatchObject(expected);
  await window.screenshot(`node-${configuration.program.split('/')[0]}`);
  await window.command('workbench.action.debug.stop');
  await window.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
});
