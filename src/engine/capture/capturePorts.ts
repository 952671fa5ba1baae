/**
 * The ports that a capture listens on: of each protocol one of its own, which programs that are launched here are told, and, if asked for, its
 * registered one, where another window or a collector may be.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import { Listener } from '../../capture/listen/listener';
import type { CaptureProtocol } from '../../capture/listen/protocol';
import type { TellRefusal } from '../../capture/listen/refusal';
import type { SpanStreams } from '../../capture/stream/spanStreams';
import type { PortHolder } from '../../protocol/capture';
import type { Emit } from '../store/notifier';
import { holderOf } from './portHolder';

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

export interface PortsOwner {
  readonly emit: Emit;
  readonly tell: TellRefusal;
  /** The streams of spans over all ports; they end with these. */
  readonly streams: SpanStreams;
  /** Does what opens or closes ports, nothing of the kind beside it. */
  inTurn(work: () => Promise<void>): Promise<void>;
  /** A registered port was taken over, or is another's now. */
  changed(): void;
}

/**
 * Ports of windows: below those that systems give away, so that they are mostly free. In a remote window VS Code tells of every port that opens as
 * of a running application, but for those that `remote.portsAttributes` in package.json names: these, and the registered one.
 */
const OWN_PORTS = { first: 24_318, last: 24_817 } as const;
const OWN_ATTEMPTS = 20;

/** How often a registered port that somebody else has is tried again, milliseconds. */
const TRY_AGAIN_MS = 2_000;

export class CapturePorts {
  private readonly listener: Listener;
  private readonly ports: OpenPort[] = [];
  /** Whose the registered ports are that could not be opened. */
  private readonly others = new Map<number, PortHolder>();
  private trying: NodeJS.Timeout | undefined;
  private isTrying = false;

  constructor(
    private readonly protocols: readonly ProtocolPort[],
    private readonly owner: PortsOwner,
    private readonly tryAgainMs = TRY_AGAIN_MS,
  ) {
    this.listener = new Listener(owner.tell, { streams: (socket) => owner.streams.take(socket) });
  }

  get open(): readonly OpenPort[] {
    return this.ports;
  }

  /** Who has the registered port of the first protocol, where it was asked for and is somebody else's. */
  get registeredHolder(): PortHolder | undefined {
    return this.others.get(this.protocols[0]?.registered);
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

  /** Opens the registered ports that are free and not open yet; those of others as soon as they are free. */
  async openRegistered(): Promise<void> {
    for (const one of this.protocols) {
      const { protocol, registered } = one;
      if (this.ports.some((open) => open.protocol === protocol && open.isRegistered)) continue;
      if (await this.tryRegistered(one)) continue;
      const holder = await holderOf(registered);
      this.others.set(registered, holder);
      const whose = holder === 'window' ? 'another window, which captures' : 'another program';
      const message = `Port ${registered} belongs to ${whose}; it is taken over when it becomes free. Programs that are launched here are captured all the same.`;
      this.owner.emit('log', { level: 'info', message });
    }
    if (this.others.size > 0) this.waitForOthers();
  }

  /** Closes all of them. Requests that are under way get `graceMs` to end. */
  async close(graceMs?: number): Promise<void> {
    clearInterval(this.trying);
    this.trying = undefined;
    this.others.clear();
    this.ports.splice(0);
    await Promise.all([this.listener.close(graceMs), this.owner.streams.stop(graceMs)]);
  }

  private async listen(protocol: CaptureProtocol, wished: number): Promise<number> {
    if (wished === 0) return this.listenInRange(protocol);
    try {
      return await this.listener.listen(protocol, wished);
    } catch (error) {
      const message = `Port ${wished} is taken (${toErrorData(error).message}); another one is used.`;
      this.owner.emit('log', { level: 'warn', message });
      return this.listenInRange(protocol);
    }
  }

  /** A port of the range for which VS Code says nothing; any other where some of those are taken, which it then may tell of. */
  private async listenInRange(protocol: CaptureProtocol): Promise<number> {
    const { first, last } = OWN_PORTS;
    for (let attempt = 0; attempt < OWN_ATTEMPTS; attempt++) {
      const port = first + Math.floor(Math.random() * (last - first + 1));
      try {
        return await this.listener.listen(protocol, port);
      } catch {
        // Another window's, or another program's.
      }
    }
    return this.listener.listen(protocol, 0);
  }

  private async tryRegistered({ protocol, registered }: ProtocolPort): Promise<boolean> {
    try {
      await this.listener.listen(protocol, registered);
    } catch {
      return false;
    }
    this.ports.push({ protocol, port: registered, isRegistered: true });
    // Where programs resolve "localhost" to ::1 first. A machine without IPv6 is no matter.
    await this.listener.listen(protocol, registered, '::1').catch(() => {});
    return true;
  }

  private waitForOthers(): void {
    if (this.trying !== undefined) return;
    this.trying = setInterval(() => {
      if (this.isTrying) return;
      this.isTrying = true;
      void this.owner
        .inTurn(() => this.takeOver())
        .then(() => this.askAgain())
        .finally(() => {
          this.isTrying = false;
        });
    }, this.tryAgainMs);
    this.trying.unref();
  }

  /** Another program may have taken the port before us. Asked of windows alone: a program's log is not to fill. */
  private async askAgain(): Promise<void> {
    for (const [port, before] of this.others) {
      if (before !== 'window') continue;
      const holder = await holderOf(port);
      if (holder === before || this.others.get(port) !== before) continue;
      this.others.set(port, holder);
      this.owner.changed();
    }
  }

  private async takeOver(): Promise<void> {
    // Stopped over the wait for its turn.
    if (this.trying === undefined) return;
    for (const one of this.protocols) {
      if (!this.others.has(one.registered) || !(await this.tryRegistered(one))) continue;
      this.others.delete(one.registered);
      this.owner.emit('log', { level: 'info', message: `Port ${one.registered} became free: this window listens there now.` });
      this.owner.changed();
    }
    if (this.others.size > 0) return;
    clearInterval(this.trying);
    this.trying = undefined;
  }
}
