/**
 * The ports that a capture listens on: of each protocol one of its own, which programs that are launched here are told, and, if asked for, its
 * registered one, where another window or a collector may be.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import { Listener, type TellRefusal } from '../../capture/listen/listener';
import type { CaptureProtocol } from '../../capture/listen/protocol';
import type { Emit } from '../store/notifier';

/** A protocol, and the port that is registered for it. */
export interface ProtocolPort {
  readonly protocol: CaptureProtocol;
  readonly registered: number;
}

export interface OpenPort {
  readonly protocol: CaptureProtocol;
  readonly port: number;
  readonly isRegistered: boolean;
}

export class CapturePorts {
  private readonly listener: Listener;
  private readonly ports: OpenPort[] = [];

  constructor(
    private readonly protocols: readonly ProtocolPort[],
    private readonly emit: Emit,
    tell: TellRefusal,
  ) {
    this.listener = new Listener(tell);
  }

  get open(): readonly OpenPort[] {
    return this.ports;
  }

  /** What requests that are being received have in memory. */
  get openBytes(): number {
    return this.listener.openBytes;
  }

  /**
   * Opens a port of its own for each protocol.
   * @param wished for the first of them; another one where it is taken. 0: any
   * @throws SpanhopError `Unreachable`; none is open then
   */
  async openOwn(wished: number): Promise<void> {
    try {
      for (const [i, { protocol }] of this.protocols.entries()) {
        const port = await this.listen(protocol, i === 0 ? wished : 0);
        this.ports.push({ protocol, port, isRegistered: false });
      }
    } catch (error) {
      await this.close(0);
      throw new SpanhopError('Unreachable', `No port could be opened on 127.0.0.1: ${toErrorData(error).message}.`);
    }
  }

  /** Opens the registered ports that are free and not open yet. */
  async openRegistered(): Promise<void> {
    for (const { protocol, registered } of this.protocols) {
      if (this.ports.some((one) => one.protocol === protocol && one.isRegistered)) continue;
      try {
        await this.listener.listen(protocol, registered);
        this.ports.push({ protocol, port: registered, isRegistered: true });
        // Where programs resolve "localhost" to ::1 first. A machine without IPv6 is no matter.
        await this.listener.listen(protocol, registered, '::1').catch(() => {});
      } catch {
        const message = `Port ${registered} is in use, perhaps by another window; programs that are launched here are captured all the same.`;
        this.emit('log', { level: 'info', message });
      }
    }
  }

  /** Closes all of them. Requests that are under way get `graceMs` to end. */
  async close(graceMs?: number): Promise<void> {
    this.ports.splice(0);
    await this.listener.close(graceMs);
  }

  private async listen(protocol: CaptureProtocol, wished: number): Promise<number> {
    if (wished === 0) return this.listener.listen(protocol, 0);
    try {
      return await this.listener.listen(protocol, wished);
    } catch (error) {
      const message = `Port ${wished} is taken (${toErrorData(error).message}); another one is used.`;
      this.emit('log', { level: 'warn', message });
      return this.listener.listen(protocol, 0);
    }
  }
}
