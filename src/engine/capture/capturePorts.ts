/**
 * The ports that a capture listens on: one of its own, which programs that are launched here are told, and the registered ones that are asked for,
 * where another window or a collector may be. Every port takes every protocol.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import { type Foreign, isWildcard } from '../../capture/listen/admission';
import { Listener } from '../../capture/listen/listener';
import type { CaptureProtocol } from '../../capture/listen/protocol';
import type { TellRefusal } from '../../capture/listen/refusal';
import type { SpanStreams } from '../../capture/stream/spanStreams';
import type { ListeningPort, RegisteredPort } from '../../protocol/capture';
import type { Emit } from '../store/notifier';
import { holderOf, isHeld } from './portHolder';

export interface PortsOwner {
  readonly emit: Emit;
  readonly tell: TellRefusal;
  /** The streams of spans over all ports; they end with these. */
  readonly streams: SpanStreams;
  /** Does what opens or closes ports, nothing of the kind beside it. */
  inTurn(work: () => Promise<void>): Promise<void>;
  /** Whether a registered port stays with the program for which it is meant, although that may not have it just now. */
  leaves(port: number): boolean;
  /** A registered port was taken over, or is another's now. */
  changed(): void;
}

/**
 * Ports of windows: below those that systems give away, so that they are mostly free. In a remote window VS Code tells of every port that opens as
 * of a running application, but for those that `remote.portsAttributes` in package.json names: these, and the registered ones.
 */
const OWN_PORTS = { first: 24_318, last: 24_817 } as const;
const OWN_ATTEMPTS = 20;

/** How often a registered port that somebody else has is tried again, milliseconds: exporters try again after about a second, and some only once. */
const TRY_AGAIN_MS = 500;

export class CapturePorts {
  private readonly listener: Listener;
  private ownPort: number | undefined;
  /** By port, in the order in which they were asked for. */
  private readonly registered = new Map<number, RegisteredPort>();
  private foreign: Foreign | undefined;
  private heardAt: string | undefined;
  private trying: NodeJS.Timeout | undefined;
  private isTrying = false;

  constructor(
    private readonly protocol: CaptureProtocol,
    private readonly owner: PortsOwner,
    private readonly tryAgainMs = TRY_AGAIN_MS,
  ) {
    this.listener = new Listener(owner.tell, { streams: (socket) => owner.streams.take(socket) });
  }

  /** The port of its own; undefined while none is open. */
  get own(): number | undefined {
    return this.ownPort;
  }

  /** The address beside loopback at which it listens. */
  get foreignHost(): string | undefined {
    return this.heardAt;
  }

  /** Who may send from other machines; of an address, from the next port on that is opened. */
  admit(foreign: Foreign | undefined): void {
    this.foreign = foreign;
    this.listener.foreignToken = foreign?.token;
  }

  get open(): readonly ListeningPort[] {
    const own = this.ownPort === undefined ? [] : [{ port: this.ownPort, isRegistered: false }];
    const here = [...this.registered.values()].filter(({ holder }) => holder === 'here');
    return [...own, ...here.map(({ port }) => ({ port, isRegistered: true }))];
  }

  /** The registered ports that were asked for, and whose each is. */
  get asked(): readonly RegisteredPort[] {
    return [...this.registered.values()].map((one) =>
      one.holder === 'program' && this.owner.leaves(one.port) ? { ...one, left: true } : one,
    );
  }

  /** What requests that are being received have in memory. */
  get openBytes(): number {
    return this.listener.openBytes;
  }

  /**
   * Opens the port of its own.
   * @param wished another one where it is taken; 0: any
   * @throws SpanhopError `Unreachable`; none is open then
   */
  async openOwn(wished: number): Promise<void> {
    try {
      this.ownPort = await this.listen(wished);
    } catch (error) {
      await this.close(0);
      throw new SpanhopError('Unreachable', `No port could be opened on 127.0.0.1: ${toErrorData(error).message}.`);
    }
  }

  /** Opens those registered ports that are free and not open yet; those of others as soon as they are free. */
  async openRegistered(ports: readonly number[]): Promise<void> {
    for (const port of ports) {
      if (this.registered.has(port) || port === this.ownPort || (await this.tryRegistered(port))) continue;
      const held = { port, ...(await holderOf(port)) };
      this.registered.set(port, held);
      if (this.owner.leaves(port)) continue;
      this.owner.emit('log', {
        level: 'info',
        message: `Port ${port} belongs to ${whoseText(held)}; it is taken over when it becomes free. Programs that are launched here are captured all the same.`,
      });
    }
    if (this.others.length > 0) this.waitForOthers();
  }

  /** Closes all of them. Requests and streams that are under way get `graceMs` to end. */
  async close(graceMs?: number): Promise<void> {
    clearInterval(this.trying);
    this.trying = undefined;
    this.registered.clear();
    this.ownPort = undefined;
    this.heardAt = undefined;
    await Promise.all([this.listener.close(graceMs), this.owner.streams.stop(graceMs)]);
  }

  private get others(): readonly RegisteredPort[] {
    return this.asked.filter(({ holder }) => holder !== 'here');
  }

  private async listen(wished: number): Promise<number> {
    if (wished === 0) return this.listenInRange();
    try {
      return await this.openPort(wished);
    } catch (error) {
      const message = `Port ${wished} is taken (${toErrorData(error).message}); another one is used.`;
      this.owner.emit('log', { level: 'warn', message });
      return this.listenInRange();
    }
  }

  /** A port of the range for which VS Code says nothing; any other where some of those are taken, which it then may tell of. */
  private async listenInRange(): Promise<number> {
    const { first, last } = OWN_PORTS;
    for (let attempt = 0; attempt < OWN_ATTEMPTS; attempt++) {
      const port = first + Math.floor(Math.random() * (last - first + 1));
      try {
        return await this.openPort(port);
      } catch {
        // Another window's, or another program's.
      }
    }
    return this.openPort(0);
  }

  /** On loopback and, where it is asked for, the other address; that this cannot be had keeps nobody of this machine out. */
  private async openPort(port: number): Promise<number> {
    const { foreign, listener, protocol } = this;
    if (foreign && isWildcard(foreign.host)) {
      const opened = await listener.listen(protocol, port, foreign.host);
      this.heardAt = foreign.host;
      return opened;
    }
    const opened = await listener.listen(protocol, port);
    if (foreign) {
      try {
        await listener.listen(protocol, opened, foreign.host);
        this.heardAt = foreign.host;
      } catch (error) {
        const message = `Port ${opened} cannot be opened at ${foreign.host}, as spanhop.capture.host says: ${toErrorData(error).message}. Programs of this machine are captured all the same.`;
        this.owner.emit('notice', { key: 'capture.host', level: 'warning', message });
        this.owner.emit('log', { level: 'warn', message });
      }
    }
    return opened;
  }

  private async tryRegistered(port: number): Promise<boolean> {
    if (this.owner.leaves(port) || (await isHeld(port))) return false;
    try {
      await this.openPort(port);
    } catch {
      return false;
    }
    this.registered.set(port, { port, holder: 'here' });
    // Where programs resolve "localhost" to ::1 first. A machine without IPv6 is no matter.
    await this.listener.listen(this.protocol, port, '::1').catch(() => {});
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
    for (const { port, holder } of this.others) {
      if (holder !== 'window') continue;
      const now = await holderOf(port);
      if (now.holder === holder || this.registered.get(port)?.holder !== holder) continue;
      this.registered.set(port, { port, ...now });
      this.owner.changed();
    }
  }

  private async takeOver(): Promise<void> {
    // Stopped over the wait for its turn.
    if (this.trying === undefined) return;
    for (const { port } of this.others) {
      if (!(await this.tryRegistered(port))) continue;
      this.owner.emit('log', { level: 'info', message: `Port ${port} became free: this window listens there now.` });
      this.owner.changed();
    }
    if (this.others.length > 0) return;
    clearInterval(this.trying);
    this.trying = undefined;
  }
}

function whoseText({ holder, program }: RegisteredPort): string {
  if (holder === 'window') return 'another window, which captures';
  return program === undefined ? 'another program' : `another program, ${program}`;
}
