/** Another address for a backend, tried first; and removing one after a question, with its credential, and with a way back. */

import type { App } from '../../app/app';
import type { ConfiguredBackend } from '../../app/settings/settings';
import { backendKind } from '../../backends/kinds';
import { SpanhopError } from '../../base/errors';
import { plain } from '../../core/text/plainText';
import { askModal, showMessage } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';
import { fillForm, isMadeOfFields } from './backendForm';
import type { FormServices } from './formServices';

export async function changeAddress(services: FormServices, backend: ConfiguredBackend): Promise<void> {
  const { backendEdits, credentials } = services;
  const { settings } = backend;
  const kind = backendKind(settings.type);
  const { name, headers, options } = settings;
  const title = `Address of "${name}"`;
  const filled = await fillForm(services, {
    ...{ title, value: settings.url, kind },
    present: { name, headers, options, connection: backend.connection },
  });
  const found = filled?.trial;
  if (!found) return;
  const caFile = filled.caFile === backend.connection.tls?.caFile ? undefined : filled.caFile;
  if (found.url === settings.url && caFile === undefined) return;
  const before = backendEdits.ownOrigin(settings);
  const given = Object.entries(filled.options).filter(([member, value]) => value !== options[member]);
  const members = kind && isMadeOfFields(kind, settings) ? Object.fromEntries(given) : { url: found.url };
  await backendEdits.changeAddress(backend, members, caFile);
  if (!found.error) showInStatusBar(plain`$(check) "${settings.name}" answers`, 5000);
  if (before === undefined || before === new URL(found.url).origin || !(await credentials.get(before))) return;
  const deleteIt = 'Delete It';
  const answer = await showMessage('info', `The credential for ${before} is still kept, and goes nowhere else.`, deleteIt);
  if (answer === deleteIt) await credentials.delete(before);
}

export async function removeBackend(services: FormServices, backend: ConfiguredBackend): Promise<void> {
  const { backendEdits, credentials, problems } = services;
  const { settings, from } = backend;
  const origin = backendEdits.ownOrigin(settings);
  const hasCredential = origin !== undefined && (await credentials.get(origin)) !== undefined;
  const where = from === 'user' ? 'your settings' : 'the settings of the workspace';
  const details = [settings.url, hasCredential ? `The credential for ${origin} is deleted with it.` : ''];
  if ((await askModal('warning', `Remove "${settings.name}" from ${where}?`, details, 'Remove')) !== 'Remove') return;
  const removed = await backendEdits.remove(backend);
  const undo = 'Undo';
  if ((await showMessage('info', `Removed "${settings.name}".`, undo)) === undo)
    await problems.guard(() => backendEdits.restore(removed));
}

/** The configured one of a name. Throws NotFound. */
export function requireBackend({ backends }: Pick<App, 'backends'>, name: string): ConfiguredBackend {
  const backend = backends.list().find(({ settings }) => settings.name === name);
  if (!backend) throw new SpanhopError('NotFound', `There is no backend "${name}".`);
  return backend;
}
