// Runs one service as a process of its own: listens, talks to the launcher, and hands over its last spans at its end.
import type { Express } from 'express';
import { setAddresses } from './addresses';
import { close, listen } from './listen';
import { deliver, type Message, useBroker } from './queue';
import { stopTelemetry } from './telemetry';

export type FromService = { kind: 'listening'; url?: string } | { kind: 'ready' } | { kind: 'publish'; message: Message };
export type ToService =
  | { kind: 'addresses'; addresses: Record<string, string> }
  | { kind: 'deliver'; message: Message }
  | { kind: 'stop' };

/** `finish` is called before the end, for work that is still waiting. A fixed port comes from e.g. CART_PORT. */
export async function runService(service: string, app?: Express, finish?: () => Promise<void>): Promise<void> {
  const tell = (message: FromService) => process.send?.(message);
  const port = Number(process.env[`${service.toUpperCase()}_PORT`] ?? 0);
  const listening = app && (await listen(app, port));

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    if (listening) await close(listening.server);
    await finish?.();
    await stopTelemetry();
    process.exit(0);
  }

  useBroker((message) => tell({ kind: 'publish', message }));
  process.on('message', (message: ToService) => {
    if (message.kind === 'addresses') {
      setAddresses(message.addresses);
      tell({ kind: 'ready' });
    } else if (message.kind === 'deliver') deliver(message.message);
    else void stop();
  });
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => {
    // Ctrl+C reaches every process of a terminal at once; the launcher says when it is this one's turn.
  });
  tell({ kind: 'listening', url: listening?.url });
}
