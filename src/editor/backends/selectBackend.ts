/** Chooses the backend of the Traces view; at each one stand buttons for what else can be done with it. */

import { commands, type QuickInputButton, ThemeIcon } from 'vscode';
import type { App } from '../../app/app';
import { SpanhopError } from '../../base/errors';
import { plain } from '../../core/text/plainText';
import { LOCAL_DATASET } from '../../protocol/traces';
import { type PickItem, PlainQuickPick, pickOne } from '../plain/quickPick';

interface BackendItem extends PickItem {
  readonly name?: string;
}

/** Buttons of a row, by the command that each runs with the backend's name. */
const rowButtons: readonly (QuickInputButton & { readonly command: string })[] = [
  {
    command: 'spanhop.showBackendBeside',
    iconPath: new ThemeIcon('split-vertical'),
    tooltip: 'List It Too, Below the Active One',
  },
  { command: 'spanhop.changeBackendAddress', iconPath: new ThemeIcon('edit'), tooltip: 'Change Address…' },
  { command: 'spanhop.setCredential', iconPath: new ThemeIcon('key'), tooltip: 'Set Credential…' },
  { command: 'spanhop.removeBackend', iconPath: new ThemeIcon('trash'), tooltip: 'Remove…' },
];

export async function selectBackend(
  { backends, problems }: Pick<App, 'backends' | 'problems'>,
  given: string | undefined,
): Promise<void> {
  if (given !== undefined) {
    await backends.setActive(given);
    return;
  }
  const pick = new PlainQuickPick<BackendItem>({
    title: 'Backend of the Traces view',
    placeholder: `Now: ${backends.active}`,
    matchOnDescription: true,
  });
  const items: BackendItem[] = [
    { label: plain`$(record) Local`, description: 'captured on this machine', name: LOCAL_DATASET },
    ...backends.list().map(
      ({ settings, from }): BackendItem => ({
        label: plain`$(server-environment) ${settings.name}`,
        description: settings.url,
        detail: from === 'workspace' ? 'from the settings of the workspace' : undefined,
        name: settings.name,
        buttons: rowButtons,
      }),
    ),
    { label: plain`$(add) Add Backend…` },
  ];
  pick.items = items;
  pick.activeItems = items.filter(({ name }) => name === backends.active);
  const next = await new Promise<(() => unknown) | undefined>((resolve) => {
    const leave = (then: () => unknown): void => {
      resolve(then);
      pick.hide();
    };
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (!chosen) return;
      const { name } = chosen;
      leave(() => (name === undefined ? commands.executeCommand('spanhop.addBackend') : backends.setActive(name)));
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      const pressed = rowButtons.find((each) => each === button);
      if (pressed) leave(() => commands.executeCommand(pressed.command, item.name));
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
  await problems.guard(async () => next?.());
}

/** A configured backend by its name, the active one first; undefined: given up. Throws NotFound where there is none. */
export async function pickConfigured({ backends }: Pick<App, 'backends'>, title: string): Promise<string | undefined> {
  const all = [...backends.list()];
  if (all.length === 0) throw new SpanhopError('NotFound', 'No backend is configured. Add one first.');
  if (all.length === 1) return all[0].settings.name;
  const { active } = backends;
  all.sort((a, b) => Number(b.settings.name === active) - Number(a.settings.name === active));
  const items = all.map(({ settings: { name, url } }) => ({ label: name, description: url, name }));
  return (await pickOne(items, { title, matchOnDescription: true }))?.name;
}
