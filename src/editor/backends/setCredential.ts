/** Asks for a backend's credential and keeps it in the secret storage, for the origin of the backend's address alone. */

import type { App } from '../../app/app';
import type { Credential } from '../../app/backends/credentials';
import type { Connection } from '../../app/settings/connection';
import type { BackendDescriptor, CredentialType } from '../../backends/common/descriptor';
import { isPlainRemote } from '../../backends/common/typedAddress';
import { plain } from '../../core/text/plainText';
import { askForText } from '../plain/inputBox';
import { askModal, showMessage } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';
import { showInStatusBar } from '../plain/statusBar';

interface KindItem extends PickItem {
  readonly credential: CredentialType | 'passphrase' | 'delete';
}

/** Whose credential it is. */
export interface CredentialOwner {
  readonly name: string;
  readonly url: string;
  /** Undefined: it is not known yet. */
  readonly kind: BackendDescriptor | undefined;
  readonly connection?: Connection;
}

const usual: readonly CredentialType[] = ['bearer', 'basic', 'header'];

export async function setCredential({ credentials }: Pick<App, 'credentials'>, owner: CredentialOwner): Promise<void> {
  const { name, url, kind, connection } = owner;
  const { origin } = new URL(url);
  const known = await credentials.get(origin);
  const types = kind?.credentials ?? usual;
  const items = types.map((type) => itemOf(type, kind));
  if (connection?.tls?.keyFile !== undefined)
    items.push({ label: 'Passphrase of the client key', detail: connection.tls.keyFile, credential: 'passphrase' });
  if (items.length === 0 && kind) {
    await showMessage('info', `"${name}" takes none: ${kind.label} has credentials of its own.`);
    return;
  }
  if (known) items.push({ label: plain`$(trash) Delete the credential`, credential: 'delete' });
  const title = `Credential of "${name}" for ${origin}`;
  const chosen = await pickOne(items, {
    title,
    placeholder: known ? 'Replace the credential that is kept' : 'Kind of credential',
  });
  if (!chosen) return;
  if (chosen.credential === 'delete') {
    await credentials.delete(origin);
    showInStatusBar(plain`$(check) Deleted the credential for ${origin}`, 3000);
    return;
  }
  if (isPlainRemote(origin)) {
    const question = `Send the credential to ${origin} without encryption?`;
    const details = ['The address begins with http:, so anybody on the way can read what is sent there.'];
    if ((await askModal('warning', question, details, 'Send')) !== 'Send') return;
  }
  if (chosen.credential === 'passphrase') {
    const passphrase = await ask(title, 'Passphrase', true);
    if (passphrase === undefined) return;
    await credentials.setPassphrase(origin, passphrase);
    showInStatusBar(plain`$(check) Kept the passphrase for ${origin}`, 3000);
    return;
  }
  const credential = await askFor(chosen.credential, title, kind?.tokenHeader);
  if (!credential) return;
  await credentials.set(origin, credential);
  showInStatusBar(plain`$(check) Kept the credential for ${origin}`, 3000);
}

function itemOf(type: CredentialType, kind: BackendDescriptor | undefined): KindItem {
  switch (type) {
    case 'bearer':
      return { label: 'Bearer token', detail: 'Authorization: Bearer …', credential: type };
    case 'basic':
      return { label: 'User and password', detail: 'Authorization: Basic …', credential: type };
    case 'header': {
      const example = kind?.tokenHeader ?? 'X-Api-Key';
      return { label: 'Header', detail: `A header of your own, such as ${example}`, credential: type };
    }
  }
}

/** @param tokenHeader the name that a header has as a rule */
async function askFor(kind: CredentialType, title: string, tokenHeader: string | undefined): Promise<Credential | undefined> {
  switch (kind) {
    case 'bearer': {
      const token = await ask(title, 'Token', true);
      return token === undefined ? undefined : { type: 'bearer', token };
    }
    case 'basic': {
      const user = await ask(title, 'User', false);
      const password = user === undefined ? undefined : await ask(title, 'Password', true);
      return user === undefined || password === undefined ? undefined : { type: 'basic', user, password };
    }
    case 'header': {
      const name = await ask(title, 'Name of the header', false, { form: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, value: tokenHeader });
      const value = name === undefined ? undefined : await ask(title, `Value of ${name}`, true);
      return name === undefined || value === undefined ? undefined : { type: 'header', name, value };
    }
  }
}

async function ask(
  title: string,
  prompt: string,
  password: boolean,
  { form = /^[^\r\n]+$/, value }: { readonly form?: RegExp; readonly value?: string } = {},
): Promise<string | undefined> {
  const text = await askForText({
    title,
    prompt,
    value,
    password,
    ignoreFocusOut: true,
    validate: (value) =>
      form.test(value.trim()) ? undefined : `${prompt} is needed, in one line, without other characters than it may have`,
  });
  return text?.trim();
}
