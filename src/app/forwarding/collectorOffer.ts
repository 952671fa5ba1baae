/**
 * The choice when a collector has the port that programs send to by themselves: programs that are launched here are captured here, and then that collector
 * gets nothing of them, unless it is forwarded. Offered once for a window, and not any more to who does not want it.
 */

import type { TransportOptions } from '../../backends/common/httpTransport';
import type { Transport } from '../../backends/common/transport';
import { type Disposable, Disposables } from '../../base/disposables';
import type { CaptureState } from '../../protocol/capture';
import type { CaptureService } from '../captures/captureService';
import type { Problems } from '../messages/problems';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import type { Settings } from '../settings/settings';

const OTLP_HTTP_PORT = 4318;
const answeredKey = 'capture.forwardOffer';

export interface CollectorOfferOptions {
  readonly capture: Pick<CaptureService, 'onDidChange'>;
  readonly settings: Pick<Settings, 'forwardTo' | 'update'>;
  readonly ui: Pick<UserInterface, 'showMessage'>;
  readonly memento: Memento;
  readonly connect: (options: TransportOptions) => Transport;
  readonly problems: Pick<Problems, 'guard'>;
  /** Of the collector, for tests. */
  readonly port?: number;
}

export class CollectorOffer implements Disposable {
  private readonly disposables = new Disposables();
  private readonly ending = new AbortController();
  private isOffered = false;

  constructor(private readonly own: CollectorOfferOptions) {
    this.disposables.add(own.capture.onDidChange((state) => void this.look(state)));
  }

  dispose(): void {
    this.ending.abort();
    this.disposables.dispose();
  }

  private async look({ running, registered }: CaptureState): Promise<void> {
    const { settings, memento, problems, port = OTLP_HTTP_PORT } = this.own;
    const held = registered.find((one) => one.port === port && one.holder === 'program' && one.left !== true);
    if (!running || !held || this.isOffered || settings.forwardTo !== '' || memento.get(answeredKey) === 'never') return;
    this.isOffered = true;
    await problems.guard(async () => {
      if (await this.takesTraces(port)) await this.offer(port, held.program);
    });
  }

  /** A request without spans is a success that changes nothing. Source: OTLP specification, "OTLP/HTTP Response"; what else has the port is left alone. */
  private async takesTraces(port: number): Promise<boolean> {
    try {
      const transport = this.own.connect({ timeoutMs: 2_000, maxBytes: 4_096, retries: 0 });
      const headers = { accept: 'application/x-protobuf', 'content-type': 'application/x-protobuf' };
      const url = `http://127.0.0.1:${port}/v1/traces`;
      const { status, headers: told } = await transport.request(
        { method: 'POST', url, headers, body: new Uint8Array(0) },
        this.ending.signal,
      );
      return status === 200 && told['content-type']?.includes('protobuf') === true;
    } catch {
      return false;
    }
  }

  private async offer(port: number, program: string | undefined): Promise<void> {
    const { ui, settings, memento } = this.own;
    const who = program === undefined ? 'A collector' : `A collector, ${program},`;
    const message = `${who} has port ${port}. Programs that are launched here are captured in this window, so it gets nothing of them. Forward to it what is captured, after redaction?`;
    const answer = await ui.showMessage('info', message, 'Forward to It', 'Do Not Ask Again');
    if (answer === 'Do Not Ask Again') await memento.update(answeredKey, 'never');
    if (answer === 'Forward to It') await settings.update('capture.forwardTo', `http://127.0.0.1:${port}`);
  }
}
