/** What the application is given, in memory. */

import type { URI } from 'vscode-uri';
import type { Log } from '../../../../src/app/ports/log';
import type { Memento } from '../../../../src/app/ports/memento';
import type { Secrets } from '../../../../src/app/ports/secrets';
import type { SettingPlaces, SettingsSource } from '../../../../src/app/ports/settingsSource';
import { Emitter } from '../../../../src/base/emitter';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, show() {} };

export class FakeMemento implements Memento {
  private readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }
}

export class FakeSecrets implements Secrets {
  private readonly values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    return this.values.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    this.values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }
}

/** Settings of a person and of a workspace, by name. */
export class FakeSettings implements SettingsSource {
  isTrusted = true;
  folders: readonly URI[] = [];
  private readonly changed = new Emitter<(name: string) => boolean>();
  readonly onDidChange = this.changed.event;

  constructor(
    readonly user: Record<string, unknown> = {},
    readonly workspace: Record<string, unknown> = {},
  ) {}

  get(name: string): unknown {
    return this.workspace[name] ?? this.user[name];
  }

  inspect(name: string): SettingPlaces {
    return { globalValue: this.user[name], workspaceValue: this.workspace[name] };
  }

  async update(name: string, value: unknown, where: 'user' | 'workspace'): Promise<void> {
    this[where][name] = value;
    this.changed.fire((asked) => name === asked || name.startsWith(`${asked}.`));
  }

  trust(): void {
    this.isTrusted = true;
    this.changed.fire(() => true);
  }
}
