/** The capture, as other extensions drive it. */

import { EventEmitter } from 'vscode';
import type { CaptureApi } from '../../api';
import type { App } from '../../app/app';
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
