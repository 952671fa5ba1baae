/** The capture, as other extensions drive it. */

import { EventEmitter } from 'vscode';
import type { Capture, CaptureApi } from '../../api';
import type { App } from '../../app/app';
import { captureTitle } from '../../app/captures/captureText';
import type { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';

export function captureApi({ capture }: Pick<App, 'capture'>, disposables: Disposables): CaptureApi {
  const received = disposables.own(new EventEmitter<{ spans: number; traceIds: string[] }>());
  disposables.add(capture.onDidReceive(({ spans, traceIds }) => received.fire({ spans, traceIds: [...traceIds] })));
  return {
    get running() {
      return capture.state.running;
    },
    get httpPort() {
      return capture.state.httpPort;
    },
    get grpcPort() {
      // Each port takes either.
      return capture.state.httpPort;
    },
    get ports() {
      const { httpPort, registered } = capture.state;
      const here = registered.filter(({ holder }) => holder === 'here').map(({ port }) => port);
      const all: [number, boolean][] = [...(httpPort === undefined ? [] : [httpPort]), ...here].map((port) => [
        port,
        port !== httpPort,
      ]);
      return all.map(([port, wellKnown]) => ({ protocol: 'any' as const, port, wellKnown }));
    },
    async start() {
      const { httpPort } = await capture.start();
      if (httpPort === undefined) throw new SpanhopError('Unreachable', 'The receiver has no port. Look at the log of Spanhop.');
      return { httpPort, grpcPort: httpPort };
    },
    stop: () => capture.stop(),
    clear: () => capture.clear(),
    get counts() {
      const { spans, traces, rejected } = capture.state.counts;
      return { spans, traces, rejected };
    },
    onDidReceiveSpans: received.event,
  };
}

/** @param sessionName of a session that this window knows of */
export async function captureList({ capture }: Pick<App, 'capture'>, sessionName: (id: string) => string): Promise<Capture[]> {
  const list = [...(await capture.list())].sort((a, b) => Number(b.live) - Number(a.live) || b.startedAt - a.startedAt);
  return list.map((one) => ({
    id: one.id,
    name: captureTitle({ ...one, live: false }, Date.now(), sessionName),
    startMs: one.startedAt,
    ...(one.endedAt === undefined ? {} : { endMs: one.endedAt }),
    ...(one.program === undefined ? {} : { program: one.program }),
    ...(one.commit === undefined ? {} : { commit: one.commit, changes: one.changes ?? false }),
    spans: one.spans,
    traces: one.traces,
    errors: one.errors,
    running: one.live,
    ...(one.pinned ? { pinned: true } : {}),
  }));
}
