/**
 * The backends of the settings, made when first asked and made anew when their settings change. A backend's transport adds the
 * credential of the backend's own origin and of no other, wherever a redirect leads.
 */

import type { AnswerReader, Backend } from '../../backends/common/backend';
import type { BackendDescriptor } from '../../backends/common/descriptor';
import type { TransportOptions } from '../../backends/common/httpTransport';
import type { Transport } from '../../backends/common/transport';
import { backendKind, backendKinds } from '../../backends/kinds';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { SpanhopError } from '../../base/errors';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { EngineService } from '../engine/engineService';
import type { NamedFolder, TraceFolders } from '../files/traceFolders';
import { pathOf, plainConnection } from '../settings/connection';
import type { ConfiguredBackend, Settings } from '../settings/settings';
import { datasetOf } from './backendDataset';
import type { Credentials } from './credentials';
import { HeadersCommand } from './headersCommand';
import { TlsFiles } from './tlsFiles';
import type { Asking } from './tryBackend';

/** Somebody waits for it, with the form open. */
const trialMs = 10_000;

export class Backends implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  private readonly activeChanged = this.disposables.own(new Emitter<string>());
  private configured: readonly ConfiguredBackend[] | undefined;
  private readonly made = new Map<string, Promise<Backend>>();
  private readonly besideChanged = this.disposables.own(new Emitter<void>());
  /** Others are listed beside the active one. */
  readonly onDidChangeBeside = this.besideChanged.event;
  /** Backends were added, changed or removed. */
  readonly onDidChange = this.changed.event;
  /** Fires with the name of the backend that is active now. */
  readonly onDidChangeActive = this.activeChanged.event;

  constructor(
    private readonly reader: AnswerReader,
    private readonly settings: Settings,
    private readonly credentials: Credentials,
    private readonly connect: (options: TransportOptions) => Transport,
    private readonly folders?: TraceFolders,
  ) {
    this.disposables.add(
      settings.onDidChangeOf(['backends', 'requests'], () => this.forget()),
      settings.onDidChangeOf(['activeBackend'], () => this.activeChanged.fire(this.active)),
      settings.onDidChangeOf(['traces.alsoShow'], () => this.besideChanged.fire()),
      credentials.onDidChange(() => this.forget()),
    );
  }

  /** Names, with 'local' first. */
  get names(): readonly string[] {
    return [LOCAL_DATASET, ...this.list().map((backend) => backend.settings.name)];
  }

  /** The configured ones, without 'local'. */
  list(): readonly ConfiguredBackend[] {
    this.configured ??= this.settings.backends();
    return this.configured;
  }

  /** The active backend's name: 'local' when the one that the setting names is not configured. */
  get active(): string {
    const name = this.settings.activeBackend;
    return this.names.includes(name) ? name : LOCAL_DATASET;
  }

  async setActive(name: string): Promise<void> {
    this.require(name);
    await this.settings.update('activeBackend', name);
  }

  /** Those that are listed beside the active one. */
  get beside(): readonly string[] {
    return this.settings.alsoShow.filter((name) => name !== this.active && this.names.includes(name));
  }

  /** Lists a backend beside the active one, or no more. Rejects with NotFound. */
  async setBeside(name: string, shown: boolean): Promise<void> {
    this.require(name);
    const others = this.settings.alsoShow.filter((each) => each !== name);
    await this.settings.update('traces.alsoShow', shown ? [...others, name] : others);
  }

  /** The backend of a name, its code loaded. Rejects with NotFound; 'local' is none. */
  async get(name: string): Promise<Backend> {
    const known = this.made.get(name);
    if (known) return known;
    const configured = this.list().find((backend) => backend.settings.name === name);
    if (!configured) throw unknown(name);
    const backend = this.create(configured);
    this.made.set(name, backend);
    // Code that could not be loaded is loaded anew.
    backend.catch(() => this.made.get(name) === backend && this.made.delete(name));
    return backend;
  }

  /** What kind a backend is of; undefined for 'local', and for what is not configured. */
  kindOf(name: string): BackendDescriptor | undefined {
    return backendKind(this.list().find((backend) => backend.settings.name === name)?.settings.type);
  }

  /** Throws NotFound when the name is neither 'local' nor configured. */
  require(name: string): void {
    if (!this.names.includes(name)) throw unknown(name);
  }

  /** How backends are asked that are not configured: they answer within seconds or not at all. A credential goes to the origin that it was given for. */
  asking(connection = plainConnection): Asking {
    const options = { timeoutMs: Math.min(this.settings.requestTimeoutMs, trialMs), retries: 0 };
    const { caFile, serverName } = connection.tls ?? {};
    // Nobody knows yet whether it is to see who asks.
    const files = connection.tls && new TlsFiles({ caFile, serverName }, 'the backend', async () => undefined);
    return {
      kinds: backendKinds,
      unsaved: (settings) => this.create({ settings, from: 'user', connection }, options),
      transport: this.connect({
        ...options,
        maxBytes: this.settings.requestMaxBytes,
        authorize: ({ url }) => this.credentials.headers(url.origin),
        tls: files && (() => files.identity()),
      }),
    };
  }

  /** Tells when a backend may have new traces, until the answer is disposed. Undefined: it does not tell. */
  watch(name: string, changed: () => void): Disposable | undefined {
    const configured = this.list().find(({ settings }) => settings.name === name);
    const folder = configured && this.folderOf(configured);
    return folder && this.folders?.watch(folder.path, changed);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async create(
    backend: ConfiguredBackend,
    options: Pick<Partial<TransportOptions>, 'timeoutMs' | 'retries'> = {},
  ): Promise<Backend> {
    const { settings } = backend;
    const kind = backendKind(settings.type);
    if (!kind) throw unknown(settings.name);
    const transport = this.connect({
      timeoutMs: this.settings.requestTimeoutMs,
      maxBytes: this.settings.requestMaxBytes,
      limit: kind.rateLimit,
      ...options,
      ...this.proofs(backend),
    });
    const { reader } = this;
    const named = this.folderOf(backend);
    const folder = named && this.folders?.readerOf(named);
    return kind.create({ settings, transport, reader, folder, windowMs: kind.defaultWindowMs, nowMs: Date.now });
  }

  /** The folder that a backend is; undefined: it is none. */
  private folderOf({ settings: { name, type, options }, from, connection }: ConfiguredBackend): NamedFolder | undefined {
    const field = backendKind(type)?.fields.find(({ isFolder }) => isFolder);
    const path = field && pathOf(String(options[field.name]), from === 'workspace' ? connection.folder : undefined);
    return path === undefined ? undefined : { dataset: datasetOf(name), name, path };
  }

  /** What proves who asks: for the backend's own origin, and of a workspace only while that is trusted. */
  private proofs({ settings: { name, url }, from, connection }: ConfiguredBackend): Pick<TransportOptions, 'authorize' | 'tls'> {
    const { origin } = new URL(url);
    const { tls, headersCommand, folder } = connection;
    const command = headersCommand && new HeadersCommand({ command: headersCommand, folder, name, url });
    const files = tls && new TlsFiles(tls, name, () => this.credentials.passphrase(origin));
    const isAllowed = (): boolean => from === 'user' || this.settings.isTrusted;
    return {
      authorize: async (request, signal) => {
        if (request.url.origin !== origin || !isAllowed()) return {};
        return { ...(await this.credentials.headers(origin)), ...(await command?.headers(request.refused, signal)) };
      },
      tls: files && (async (asked) => (asked === origin && isAllowed() ? files.identity() : {})),
    };
  }

  private forget(): void {
    this.configured = undefined;
    this.made.clear();
    this.folders?.keepOnly(this.list().flatMap((backend) => this.folderOf(backend) ?? []));
    this.changed.fire();
  }
}

/** Has answers read in the engine. Ends as the call does: with the signal, or with a worker that hangs; the time-out of requests is for the network. */
export function readerIn(engine: EngineService): AnswerReader {
  return {
    readAnswer: (bytes, want, signal) =>
      engine.call('readAnswer', { bytes, want }, { signal, timeoutMs: 0, transfer: [bytes.buffer] }),
  };
}

function unknown(name: string): SpanhopError {
  return new SpanhopError('NotFound', `There is no backend "${name}". Look at the setting spanhop.backends, or add it.`);
}
