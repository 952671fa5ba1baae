/** Asks for a backend's credential and keeps it in the secret storage, for the origin of the backend's address alone. */

import type { App } from '../../app/app';
import type { Credential } from '../../app/backends/credentials';
import type { BackendSettings } from '../../backends/common/backend';
import { isPlainRemote } from '../../backends/common/typedAddress';
import { plain } from '../../core/text/plainText';
import { askForText } from '../plain/inputBox';
import { askModal } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';
import { showInStatusBar } from '../plain/statusBar';

interface KindItem extends PickItem {
  readonly credential: Credential['type'] | 'delete';
}

export async function setCredential({ credentials }: Pick<App, 'credentials'>, { name, url }: BackendSettings): Promise<void> {
  const { origin } = new URL(url);
  const known = await credentials.get(origin);
  const items: KindItem[] = [
    { label: 'Bearer token', detail: 'Authorization: Bearer …', credential: 'bearer' },
    { label: 'User and password', detail: 'Authorization: Basic …', credential: 'basic' },
    { label: 'Header', detail: 'A header of your own, such as X-Api-Key', credential: 'header' },
  ];
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
  const credential = await askFor(chosen.credential, title);
  if (!credential) return;
  await credentials.set(origin, credential);
  showInStatusBar(plain`$(check) Kept the credential for ${origin}`, 3000);
}

async function askFor(kind: Credential['type'], title: string): Promise<Credential | undefined> {
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
      const name = await ask(title, 'Name of the header', false, /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/);
      const value = name === undefined ? undefined : await ask(title, `Value of ${name}`, true);
      return name === undefined || value === undefined ? undefined : { type: 'header', name, value };
    }
  }
}

async function ask(title: string, prompt: string, password: boolean, form = /^[^\r\n]+$/): Promise<string | undefined> {
  const text = await askForText({
    title,
    prompt,
    password,
    ignoreFocusOut: true,
    validate: (value) =>
      form.test(value.trim()) ? undefined : `${prompt} is needed, in one line, without other characters than it may have`,
  });
  return text?.trim();
}
