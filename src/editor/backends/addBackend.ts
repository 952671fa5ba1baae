/** Adds a backend step by step, asks it for its services, and says what came of it. Nothing is lost when it does not answer. */

import { ConfigurationTarget, commands, ProgressLocation, workspace } from 'vscode';
import type { App } from '../../app/app';
import type { BackendSettings } from '../../backends/common/backend';
import { backendKinds } from '../../backends/kinds';
import { SpanhopError } from '../../base/errors';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { withSignal } from '../adapters/cancellation';
import { askForText } from '../plain/inputBox';
import { showProgress } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';

export async function addBackend(services: Pick<App, 'backends' | 'problems'>): Promise<void> {
  const { backends } = services;
  const [kind] = backendKinds;
  const url = await askForText({
    title: `Add backend (1/2): address of ${kind.label}`,
    prompt: 'The address of its web page, with its base path where it has one',
    value: kind.exampleUrl,
    ignoreFocusOut: true,
    validate: problemWithAddress,
  });
  if (url === undefined) return;
  const taken = backends.names;
  const name = await askForText({
    title: 'Add backend (2/2): name',
    prompt: 'How it is called in lists and links',
    value: proposeName(kind.label, url, taken),
    ignoreFocusOut: true,
    validate: (value) => {
      if (value.trim() === '') return 'Enter a name';
      return taken.includes(value.trim()) ? `"${value.trim()}" is taken; enter another name` : undefined;
    },
  });
  if (name === undefined) return;
  const settings: BackendSettings = { name: name.trim(), type: kind.type, url: url.trim() };
  const configuration = workspace.getConfiguration('spanhop');
  const known = configuration.inspect<unknown[]>('backends')?.globalValue ?? [];
  await configuration.update('backends', [...known, settings], ConfigurationTarget.Global);
  await backends.setActive(settings.name);
  await tryOut(services, settings.name);
}

/** Asks the new backend something and says what it answered. */
async function tryOut({ backends, problems }: Pick<App, 'backends' | 'problems'>, name: string): Promise<void> {
  const attempt = (): Thenable<void> =>
    showProgress({ location: ProgressLocation.Notification, title: `Asking "${name}"…`, cancellable: true }, async (token) => {
      try {
        const services = await withSignal(token, (signal) => backends.get(name).services(signal));
        showInStatusBar(plain`$(check) "${name}" answers: ${formatCount(services.length, 'service')}`, 5000);
      } catch (error) {
        const credential = {
          id: 'credential',
          label: 'Set Credential…',
          run: () => commands.executeCommand('spanhop.setCredential', name),
        };
        const isRefused = error instanceof SpanhopError && error.kind === 'Unauthorized';
        void problems.show(error, {
          backend: name,
          retry: attempt,
          steps: isRefused || !(error instanceof SpanhopError) ? [] : [credential],
        });
      }
    });
  await attempt();
}

function problemWithAddress(value: string): string | undefined {
  const text = value.trim();
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return 'An address begins with http:// or https://';
  const { username, password } = new URL(text);
  return username || password ? 'Leave user and password out of the address; they are asked for later' : undefined;
}

function proposeName(label: string, url: string, taken: readonly string[]): string {
  const { hostname } = new URL(url.trim());
  const isHere = /^(?:localhost|127\.|\[::1\])/.test(hostname);
  const base = `${label} ${isHere ? 'local' : hostname}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.includes(name)) return name;
  }
}
