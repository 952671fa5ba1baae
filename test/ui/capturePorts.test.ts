// Two windows and one port 4318, and one 4317: whose they are is said where the port stands, and they go over to the other when the first one is closed,
// in the middle of what a program sends by gRPC: each span that was acknowledged is in one of them. And VS Code, which in
// a remote window tells of every port that opens, says nothing of ours.

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SideBarView } from '../support/sideBar';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const later = { timeout: 60_000 };
const settings = { 'remote.autoForwardPorts': true, 'remote.autoForwardPortsSource': 'process' };
let first: Workbench;
let second: Workbench;

beforeAll(async () => {
  first = await openWorkbench({ settings });
  second = await openWorkbench({ settings });
});
afterAll(async () => {
  await first?.close();
  await second?.close();
});

const start = (window: Workbench): Promise<number> =>
  window.host(async ({ api }) => (await (await api()).capture.start()).httpPort);
const item = (window: Workbench) => window.page.locator('.statusbar-item', { hasText: /\d+.* · [\d,]+ spans?/ });

it('says that 4318 is another window’s, and takes it over when that one ends', async () => {
  const firstPort = await start(first);
  await expect.poll(async () => (await item(first).innerText()).trim(), later).toBe('4318 · 0 spans');
  const port = await start(second);
  await second.command('spanhop.traces.focus');
  await expect.poll(async () => (await item(second).innerText()).trim(), later).toBe(`${port} (not 4318) · 0 spans`);
  const captures = new SideBarView(second, 'Captures');
  await expect
    .poll(async () => (await captures.message.allInnerTexts()).join(), later)
    .toContain(
      `Ports 4318 and 4317 belong to another window, which captures; this window takes them over when that ends. Until then programs that are not launched here reach it with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${port}.`,
    );
  await second.screenshot('capture-other-window');

  // Servers of another extension, opened after ours, are told of; ours are not. One that comes close behind another is not told of: so there are several.
  const others: number[] = [];
  const toldOf = async (): Promise<boolean> => {
    const port = await first.host(async ({ require, memory }) => {
      memory.servers ??= [];
      for (;;) {
        const server = require('node:http').createServer();
        const port = 5_001 + Math.floor(Math.random() * 4_000);
        const isOpen = await new Promise((done) =>
          server.on('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)),
        );
        if (!isOpen) continue;
        memory.servers.push(server);
        return port;
      }
    });
    others.push(port);
    await first.page
      .waitForFunction(() => document.querySelector('.notification-toast') !== null, undefined, { timeout: 8_000 })
      .catch(() => {});
    const told = await first.notifications();
    return others.some((each) => told.includes(`running on port ${each} `));
  };
  await expect.poll(toldOf, later).toBe(true);
  for (const ours of [4318, 4317, firstPort]) expect(await first.notifications()).not.toContain(`${ours}`);

  // A program with default settings, which goes on while the window closes. Its exporter does not send again what was refused; what was acknowledged counts.
  const exporter = new OTLPTraceExporter({ url: 'http://localhost:4317' });
  let acknowledged = 0;
  const counting: SpanExporter = {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code === 0) acknowledged += spans.length;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(counting, { scheduledDelayMillis: 50 })] });
  const tracer = provider.getTracer('program');
  const sending = setInterval(() => {
    for (let i = 0; i < 20; i++) tracer.startSpan('work').end();
  }, 50);
  const countIn = (window: Workbench): Promise<number> => window.host(async ({ api }) => (await api()).capture.counts.spans);
  await expect.poll(() => countIn(first), later).toBeGreaterThan(100);
  const inFirst = await first.host(async ({ api }) => {
    const { capture } = await api();
    await capture.stop();
    return capture.counts.spans;
  });
  await expect.poll(() => countIn(second), later).toBeGreaterThan(100);
  clearInterval(sending);
  await provider.shutdown();
  await expect.poll(async () => inFirst + (await countIn(second)), later).toBe(acknowledged);

  await expect.poll(async () => (await item(second).innerText()).trim(), later).toMatch(/^4318 · /);
  await captures.message.waitFor({ state: 'hidden' });
});
