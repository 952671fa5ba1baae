/**
 * Secrets of backends, each bound to one origin (`https://jaeger.example:443`): a backend whose address
 * changes, or one of the same name in another workspace, does not get the secret of this one.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { Secrets } from '../ports/secrets';

export type Credential =
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly user: string; readonly password: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string };

export class Credentials implements Disposable {
  private readonly changed = new Emitter<string>();
  /** Fires with the origin whose credential changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly secrets: Secrets) {}

  async get(origin: string): Promise<Credential | undefined> {
    const text = await this.secrets.get(keyOf(origin));
    if (text === undefined) return undefined;
    try {
      return toCredential(JSON.parse(text));
    } catch {
      return undefined;
    }
  }

  async set(origin: string, credential: Credential): Promise<void> {
    await this.secrets.store(keyOf(origin), JSON.stringify(credential));
    this.changed.fire(origin);
  }

  async delete(origin: string): Promise<void> {
    await this.secrets.delete(keyOf(origin));
    this.changed.fire(origin);
  }

  /** The headers that carry the credential of an origin; none when there is no credential. */
  async headers(origin: string): Promise<Readonly<Record<string, string>>> {
    const credential = await this.get(origin);
    switch (credential?.type) {
      case undefined:
        return {};
      case 'bearer':
        return { authorization: `Bearer ${credential.token}` };
      case 'basic':
        return { authorization: `Basic ${Buffer.from(`${credential.user}:${credential.password}`).toString('base64')}` };
      case 'header':
        return { [credential.name.toLowerCase()]: credential.value };
    }
  }

  /** Of the key of a client certificate that is for this origin. */
  async passphrase(origin: string): Promise<string | undefined> {
    return this.secrets.get(passphraseKey(origin));
  }

  /** Undefined: none is kept any more. */
  async setPassphrase(origin: string, passphrase: string | undefined): Promise<void> {
    if (passphrase === undefined) await this.secrets.delete(passphraseKey(origin));
    else await this.secrets.store(passphraseKey(origin), passphrase);
    this.changed.fire(origin);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function keyOf(origin: string): string {
  return `credential:${origin}`;
}

function passphraseKey(origin: string): string {
  return `passphrase:${origin}`;
}

function toCredential(value: unknown): Credential | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const field = (name: string): string | undefined => {
    const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
    return typeof found === 'string' ? found : undefined;
  };
  const [token, user, password, name, header] = [field('token'), field('user'), field('password'), field('name'), field('value')];
  if (value.type === 'bearer' && token !== undefined) return { type: 'bearer', token };
  if (value.type === 'basic' && user !== undefined && password !== undefined) return { type: 'basic', user, password };
  if (value.type === 'header' && name !== undefined && header !== undefined) return { type: 'header', name, value: header };
  return undefined;
}
