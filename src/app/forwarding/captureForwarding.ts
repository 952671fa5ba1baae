/**
 * Forwarding as the settings have it: where to, whether that is this window itself, which headers, and what a person is told. Headers are kept with the
 * secrets, each for one origin: an endpoint that a workspace names does not get those of another.
 */

import { hostname, networkInterfaces } from 'node:os';
import type { TransportOptions } from '../../backends/common/httpTransport';
import type { HttpHeaders, Transport } from '../../backends/common/transport';
import { type Disposable, Disposables } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import { type ForwardEndpoint, isThisMachine, parseEndpoint } from '../../capture/forward/forwardEndpoint';
import { formatCount } from '../../core/text/formatText';
import { visibleText } from '../../core/text/visibleText';
import type { CaptureState } from '../../protocol/capture';
import type { CaptureService } from '../captures/captureService';
import type { ForwardNotes } from '../captures/forwardNotes';
import type { EngineService } from '../engine/engineService';
import type { Problems } from '../messages/problems';
import type { Log } from '../ports/log';
import type { Secrets } from '../ports/secrets';
import type { Settings } from '../settings/settings';
import { Forwarder } from './forwarder';

export interface CaptureForwardingOptions {
  readonly engine: Pick<EngineService, 'call' | 'started' | 'onDidStart' | 'onDidRestart' | 'onDidForwardWait'>;
  readonly settings: Pick<Settings, 'forwardTo' | 'onDidChangeOf'>;
  readonly capture: Pick<CaptureService, 'state' | 'onDidChange' | 'tellForwarding'>;
  readonly connect: (options: TransportOptions) => Transport;
  readonly secrets: Secrets;
  readonly problems: Pick<Problems, 'record'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** OTLP over HTTP, and over gRPC. */
const collectorPorts: readonly number[] = [4318, 4317];
/** Milliseconds between two times that counts are told. */
const tellMs = 250;
/** Milliseconds and bytes of one request, where it names none. */
const request = { timeoutMs: 10_000, maxBytes: 1 << 16, retries: 0 };

export class CaptureForwarding implements Disposable {
  private readonly disposables = new Disposables();
  private readonly forwarder: Forwarder;
  private readonly telling = this.disposables.own(new Throttle(() => this.tell(), { waitMs: tellMs }));
  private readonly own = [
    hostname(),
    ...Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []),
  ].map((each) => each.toLowerCase());
  /** As the setting has it. */
  private endpoint: ForwardEndpoint | undefined;
  private inTheWay: string | undefined;
  /** What the engine was told: the endpoint that it keeps things for. */
  private kept: string | undefined;
  private logged: string | undefined;

  constructor(private readonly options: CaptureForwardingOptions) {
    const { engine, settings, capture, connect } = options;
    this.forwarder = this.disposables.own(
      new Forwarder({
        take: (zipped) => engine.call('takeForwarded', { zipped }, { timeoutMs: 0 }),
        transport: connect(request),
        headers: (origin) => this.headers(origin),
        changed: () => this.telling.ask(),
      }),
    );
    this.disposables.add(
      engine.onDidForwardWait(() => this.forwarder.ask()),
      engine.onDidStart(() => void this.switch()),
      engine.onDidRestart(() => {
        this.kept = undefined;
        void this.switch();
      }),
      settings.onDidChangeOf(['capture.forwardTo'], () => this.apply()),
      capture.onDidChange((state) => this.look(state)),
    );
    this.apply();
  }

  /** Of the setting, where it is one. */
  get origin(): string | undefined {
    return this.endpoint?.origin;
  }

  /** Keeps headers for the endpoint; none: forgets them. What waits is tried again with them, now. */
  async setHeaders(origin: string, headers: HttpHeaders): Promise<void> {
    const { secrets } = this.options;
    if (Object.keys(headers).length === 0) await secrets.delete(keyOf(origin));
    else await secrets.store(keyOf(origin), JSON.stringify(headers));
    this.forwarder.ask(true);
  }

  /** Waits a little for what is on its way; the window closes. Never rejects. */
  close(ms: number): Promise<void> {
    return this.forwarder.flush(ms);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async headers(origin: string): Promise<HttpHeaders> {
    const text = await this.options.secrets.get(keyOf(origin));
    if (text === undefined) return {};
    try {
      const kept: unknown = JSON.parse(text);
      const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
      return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    } catch {
      return {};
    }
  }

  private apply(): void {
    const { forwardTo } = this.options.settings;
    const parsed = forwardTo === '' ? undefined : parseEndpoint(forwardTo);
    this.endpoint = typeof parsed === 'string' ? undefined : parsed;
    this.inTheWay =
      typeof parsed === 'string' ? `Nothing is forwarded: the address in spanhop.capture.forwardTo ${parsed}.` : undefined;
    this.look(this.options.capture.state);
    this.tell();
  }

  /** Where the window listens may have changed. */
  private look(state: CaptureState): void {
    const { endpoint } = this;
    if (endpoint !== undefined) {
      const isOwn = isThisMachine(endpoint.host, this.own) && portsOf(state).includes(endpoint.port);
      const inTheWay = isOwn
        ? `Nothing is forwarded: ${endpoint.base} is this window itself. Name the collector's own port in spanhop.capture.forwardTo, or clear it.`
        : undefined;
      if (inTheWay !== this.inTheWay) {
        this.inTheWay = inTheWay;
        this.telling.ask();
      }
    }
    const isFar = endpoint !== undefined && !isThisMachine(endpoint.host, this.own);
    this.forwarder.direct(endpoint === undefined || this.inTheWay !== undefined ? undefined : { base: endpoint.base, isFar });
    void this.switch();
  }

  /** Has the engine keep what is to be forwarded, or not. */
  private async switch(): Promise<void> {
    const { engine, problems } = this.options;
    const { endpoint } = this;
    const on = endpoint !== undefined && this.inTheWay === undefined;
    // An engine that is not there keeps nothing; it is told when it starts.
    const wanted = on ? endpoint.base : undefined;
    if (wanted === this.kept || !engine.started) return;
    const before = this.kept;
    this.kept = wanted;
    try {
      await engine.call('setForwarding', { on, leave: this.portsOfEndpoint() });
    } catch (error) {
      this.kept = before;
      problems.record(error);
    }
  }

  /** A collector on this machine has both of its ports, whichever is named. */
  private portsOfEndpoint(): readonly number[] {
    const { endpoint } = this;
    if (endpoint === undefined || !isThisMachine(endpoint.host, this.own)) return [];
    return collectorPorts.includes(endpoint.port) ? collectorPorts : [endpoint.port];
  }

  private tell(): void {
    const told = this.notes();
    this.options.capture.tellForwarding(told);
    const trouble = told.notes.join(' ') || undefined;
    // Counts change all the time, and a log is not to fill with them.
    const kind = trouble?.replaceAll(/\d+/g, '');
    if (kind === this.logged) return;
    this.logged = kind;
    if (trouble !== undefined) this.options.log.warn(visibleText(trouble));
    else if (told.line !== undefined) this.options.log.info(visibleText(told.line));
  }

  private notes(): ForwardNotes {
    const { endpoint, inTheWay, forwarder } = this;
    if (inTheWay !== undefined) return { line: undefined, notes: [inTheWay] };
    if (endpoint === undefined) return { line: undefined, notes: [] };
    const { sent, waiting, overflowed, refused, returned } = forwarder.counts;
    const { trouble } = forwarder;
    const wait = waiting > 0 ? `, ${formatCount(waiting, 'waits', 'wait')}` : '';
    const notes = [
      ...(trouble === undefined ? [] : [`${endpoint.base}, where captures are forwarded to, ${trouble.replace(/\.$/, '')}.`]),
      ...(overflowed + refused === 0
        ? []
        : [
            `Of what was to be forwarded, ${lost(overflowed, 'did not fit into the queue', refused, 'could not be delivered')}; it is kept here.`,
          ]),
      ...(returned === 0
        ? []
        : [
            `${endpoint.base} sends back here what is forwarded to it (${returned.toLocaleString('en')} so far); that is not forwarded again.`,
          ]),
    ];
    return {
      line: `Forwarded to ${endpoint.base}: ${formatCount(sent, 'span or log record', 'spans and log records')}${wait}.`,
      notes,
    };
  }
}

function lost(overflowed: number, overflow: string, refused: number, refusal: string): string {
  const parts = [
    overflowed > 0 ? `${overflowed.toLocaleString('en')} ${overflow}` : '',
    refused > 0 ? `${refused.toLocaleString('en')} ${refusal}` : '',
  ];
  return parts.filter((part) => part !== '').join(' and ');
}

function keyOf(origin: string): string {
  return `forward:${origin}`;
}

/** At which the window listens. */
function portsOf({ httpPort, registered }: CaptureState): readonly number[] {
  return [
    ...(httpPort === undefined ? [] : [httpPort]),
    ...registered.flatMap(({ port, holder }) => (holder === 'here' ? [port] : [])),
  ];
}
