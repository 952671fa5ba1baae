/** Backends: add, edit, select, and their credentials. */

import { commands, type Disposable } from 'vscode';
import type { App } from '../../app/app';
import { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';
import { plain } from '../../core/text/plainText';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import { type PickItem, pickOne } from '../plain/quickPick';
import { addBackend } from './addBackend';
import { setCredential } from './setCredential';

export function registerBackends(services: Pick<App, 'backends' | 'credentials' | 'problems'>): Disposable {
  const { backends, problems } = services;
  const register = (id: string, run: (given: unknown) => unknown): Disposable => registerCommand(problems, id, run);
  return new Disposables(
    register('spanhop.addBackend', () => addBackend(services)),
    register('spanhop.editBackends', () => commands.executeCommand('workbench.action.openSettings', 'spanhop.backends')),
    register('spanhop.selectBackend', (given) => selectBackend(services, given)),
    register('spanhop.setCredential', async (given) => {
      const name = typeof given === 'string' ? given : await pickConfigured(services);
      if (name === undefined) return;
      const backend = backends.list().find((one) => one.settings.name === name);
      if (!backend) throw new SpanhopError('NotFound', `There is no backend "${name}".`);
      await setCredential(services, backend.settings);
    }),
  );
}

async function selectBackend({ backends }: Pick<App, 'backends'>, given: unknown): Promise<void> {
  if (typeof given === 'string') {
    await backends.setActive(given);
    return;
  }
  interface Item extends PickItem {
    readonly name?: string;
  }
  const { active } = backends;
  const items: Item[] = [
    {
      label: plain`$(record) Local`,
      description: 'captured on this machine',
      name: LOCAL_DATASET,
      picked: active === LOCAL_DATASET,
    },
    ...backends.list().map(
      ({ settings, from }): Item => ({
        label: plain`$(server-environment) ${settings.name}`,
        description: settings.url,
        detail: from === 'workspace' ? 'from the settings of the workspace' : undefined,
        name: settings.name,
        picked: settings.name === active,
      }),
    ),
    { label: plain`$(add) Add Backend…` },
  ];
  const chosen = await pickOne(items, {
    title: 'Backend of the Traces view',
    placeholder: `Now: ${active}`,
    matchOnDescription: true,
  });
  if (!chosen) return;
  if (chosen.name === undefined) await commands.executeCommand('spanhop.addBackend');
  else await backends.setActive(chosen.name);
}

async function pickConfigured({ backends }: Pick<App, 'backends'>): Promise<string | undefined> {
  const all = backends.list();
  if (all.length === 0) throw new SpanhopError('NotFound', 'No backend is configured. Add one first.');
  if (all.length === 1) return all[0].settings.name;
  const chosen = await pickOne(
    all.map(({ settings }) => ({ label: settings.name, description: settings.url })),
    { title: 'Set credential of which backend?' },
  );
  return chosen?.label;
}
