// kill -9 of the extension host in mid-capture, under load: after the window is back, every span that was acknowledged is there.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from '../support/otlp';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const SPANS_A_REQUEST = 20;
const SENDERS = 4;

let workbench: Workbench;

beforeAll(async () => {
  workbench = await openWorkbench({ settings: { 'spanhop.capture.wellKnownPort': false } });
});

afterAll(() => workbench?.close());

it('loses nothing that it acknowledged', async () => {
  const { port, pid } = await workbench.host(async ({ api }) => {
    const { httpPort } = await (await api()).capture.start();
    return { port: httpPort, pid: process.pid };
  });
  const acknowledged: string[] = [];
  let dead = false;
  let wake = (): void => {};
  const enough = new Promise<void>((resolve) => {
    wake = resolve;
  });

  const sender = async (number: number): Promise<void> => {
    for (let sequence = 0; !dead; sequence++) {
      const traceId = `${number + 1}${String(sequence).padStart(31, '0')}`;
      const spans = Array.from({ length: SPANS_A_REQUEST }, (_, index) => ({
        traceId,
        spanId: `${number + 1}${sequence.toString(16).padStart(8, '0')}${(index + 1).toString(16).padStart(4, '0')}`,
        parent: index === 0 ? undefined : `${number + 1}${sequence.toString(16).padStart(8, '0')}0001`,
      }));
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request(spans)),
        });
        if (answer.status !== 200) continue;
        await answer.arrayBuffer();
      } catch {
        // The receiver is gone: what was under way has not been acknowledged.
        return;
      }
      acknowledged.push(traceId);
      if (acknowledged.length === 300) wake();
    }
  };
  const senders = Array.from({ length: SENDERS }, (_, number) => sender(number));
  await enough;
  process.kill(pid, 'SIGKILL');
  await Promise.all(senders);
  dead = true;
  expect(acknowledged.length).toBeGreaterThanOrEqual(300);

  await workbench.reload();
  const found = await workbench.host(
    async ({ api }, traceIds) => {
      const spanhop = await api();
      const missing: string[] = [];
      let spans = 0;
      // The newest capture is read back when somebody asks.
      await spanhop.findTraces(undefined, { backend: 'local', limit: 10 });
      for (const traceId of traceIds) {
        const trace = await spanhop.getTrace(traceId, { backend: 'local' }).catch(() => undefined);
        if (trace === undefined) missing.push(traceId);
        else spans += new Set(trace.spans.map(({ spanId }: { spanId: string }) => spanId)).size;
      }
      return { missing, spans, pid: process.pid };
    },
    acknowledged,
    { timeoutMs: 80_000 },
  );
  expect(found.pid).not.toBe(pid);
  expect(found.missing).toEqual([]);
  expect(found.spans).toBe(acknowledged.length * SPANS_A_REQUEST);
  console.log(`${acknowledged.length} requests acknowledged before the kill, ${found.spans} spans found after it`);
});
