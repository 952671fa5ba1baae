/**
 * Adds, changes and removes entries of the setting `spanhop.backends`, where they stand. The setting is read in the moment of the change: it may have been
 * edited while a person was asked, and entries that are wrong, or have members of others' making, stay as they are.
 */

import type { BackendSettings, OptionValue } from '../../backends/common/backend';
import { SpanhopError } from '../../base/errors';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { ConfiguredBackend, Settings } from '../settings/settings';
import type { Backends } from './backends';
import type { Credential, Credentials } from './credentials';

/** What was removed, to have it again. */
export interface Removed {
  readonly entry: unknown;
  /** Its place in the list. */
  readonly index: number;
  readonly from: ConfiguredBackend['from'];
  readonly wasActive: boolean;
  /** By the origin that it is for. */
  readonly credential?: { readonly origin: string; readonly value: Credential };
}

/** As it is written; what is left out is not there. */
export type NewEntry = Pick<BackendSettings, 'name' | 'type'> & {
  readonly url?: string;
  readonly tls?: { readonly caFile: string };
} & Readonly<Record<string, unknown>>;

export class BackendEdits {
  constructor(
    private readonly settings: Pick<Settings, 'writtenBackends' | 'writeBackends' | 'update'>,
    private readonly backends: Pick<Backends, 'list' | 'active' | 'names'>,
    private readonly credentials: Credentials,
  ) {}

  /** Names that another backend cannot have, those of entries that are not used among them. */
  get takenNames(): readonly string[] {
    const written = [...this.settings.writtenBackends('user'), ...this.settings.writtenBackends('workspace')];
    return [...this.backends.names, ...written.flatMap((entry) => memberOf(entry, 'name') ?? [])];
  }

  /** A name that is free: `Jaeger local`, `Jaeger jaeger.example 2`. @param where it is, as people say it */
  proposeName(label: string, where: string): string {
    const base = `${label} ${where}`.trim();
    const taken = this.takenNames;
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base} ${number}`;
      if (!taken.includes(name)) return name;
    }
  }

  /** Writes it to the person's own settings and makes it the active one. Rejects with BadQuery where its name was taken meanwhile. */
  async add(entry: NewEntry): Promise<void> {
    const { name } = entry;
    if (this.takenNames.includes(name)) throw new SpanhopError('BadQuery', `"${name}" is taken by now. Choose another name.`);
    await this.settings.writeBackends('user', [...this.settings.writtenBackends('user'), entry]);
    await this.settings.update('activeBackend', name);
  }

  /**
   * Gives a backend another address, as its `url` or as the fields that make it, and certificates to trust where they are given. Rejects with NotFound
   * where it is gone, or was given another one meanwhile.
   */
  async changeAddress(
    { settings, from }: ConfiguredBackend,
    members: Readonly<Record<string, OptionValue>>,
    caFile?: string,
  ): Promise<void> {
    const { entries, index } = this.find(settings, from);
    await this.settings.writeBackends(
      from,
      entries.map((entry, i) => (i === index ? changed(entry, members, caFile) : entry)),
    );
  }

  /**
   * Takes a backend out of the settings, with the credential of its origin where nobody else uses that. Rejects with NotFound where it is gone.
   */
  async remove({ settings, from }: ConfiguredBackend): Promise<Removed> {
    const { entries, index } = this.find(settings, from);
    const wasActive = this.backends.active === settings.name;
    const origin = this.ownOrigin(settings);
    const value = origin && (await this.credentials.get(origin));
    await this.settings.writeBackends(
      from,
      entries.filter((_, i) => i !== index),
    );
    if (wasActive) await this.settings.update('activeBackend', LOCAL_DATASET);
    if (!origin || !value) return { entry: entries[index], index, from, wasActive };
    await this.credentials.delete(origin);
    return { entry: entries[index], index, from, wasActive, credential: { origin, value } };
  }

  /** Has it again. */
  async restore({ entry, index, from, wasActive, credential }: Removed): Promise<void> {
    const name = memberOf(entry, 'name') ?? '';
    if (this.takenNames.includes(name)) throw new SpanhopError('BadQuery', `"${name}" is taken by now.`);
    // One that was given to the same server meanwhile is newer.
    if (credential && (await this.credentials.get(credential.origin)) === undefined)
      await this.credentials.set(credential.origin, credential.value);
    await this.settings.writeBackends(from, this.settings.writtenBackends(from).toSpliced(index, 0, entry));
    if (wasActive) await this.settings.update('activeBackend', name);
  }

  /** The origin of a backend that has a credential for itself alone; undefined where another has it too. */
  ownOrigin({ name, url }: BackendSettings): string | undefined {
    const { origin } = new URL(url);
    const others = this.backends.list().filter(({ settings }) => settings.name !== name);
    return others.some(({ settings }) => new URL(settings.url).origin === origin) ? undefined : origin;
  }

  private find({ name, url }: BackendSettings, from: ConfiguredBackend['from']): { entries: readonly unknown[]; index: number } {
    const entries = this.settings.writtenBackends(from);
    // The first of a name is the one that is used.
    const index = entries.findIndex((entry) => memberOf(entry, 'name') === name);
    if (index < 0) throw new SpanhopError('NotFound', `"${name}" is not in the settings of the ${from} any more.`);
    const present = memberOf(entries[index], 'url');
    // Of some kinds the address is made of other members.
    if (present !== undefined && present !== url && !isSameBesideUser(present, url))
      throw new SpanhopError('NotFound', `"${name}" was changed meanwhile. Look at it again.`);
    return { entries, index };
  }
}

function changed(entry: unknown, members: Readonly<Record<string, OptionValue>>, caFile: string | undefined): object {
  const before = Object(entry);
  return { ...before, ...members, ...(caFile === undefined ? {} : { tls: { ...Object(before.tls), caFile } }) };
}

/** An address in the settings may have a user name, which the one that is used has not. */
function isSameBesideUser(written: string | undefined, url: string): boolean {
  if (written === undefined || !URL.canParse(written)) return false;
  const address = new URL(written);
  address.username = '';
  address.password = '';
  return address.href === url;
}

function memberOf(entry: unknown, name: string): string | undefined {
  const value: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
