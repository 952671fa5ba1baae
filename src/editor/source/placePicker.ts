/**
 * A list of places in which one can be opened, or pinned: by the button of its row, or, without a mouse, by the entry at the end. Another
 * file can be chosen where the right one is not in the list.
 */

import { type Disposable, type QuickInputButton, QuickPickItemKind, ThemeIcon } from 'vscode';
import { plain } from '../../core/text/plainText';
import type { SourceCandidate } from '../../source';
import { type PickItem, PlainQuickPick } from '../plain/quickPick';

export interface PlaceItem extends PickItem {
  readonly candidate?: SourceCandidate;
  /** Pinning it says something new. */
  readonly canPin?: boolean;
  /** What choosing it does instead. */
  readonly run?: () => Promise<void>;
}

export type PlaceChoice =
  | { readonly kind: 'open' | 'pin'; readonly candidate: SourceCandidate }
  | { readonly kind: 'run'; readonly run: () => Promise<void> }
  /** None of them: another file. */
  | { readonly kind: 'another' };

export interface PlaceList {
  readonly title: string;
  readonly placeholder: string;
  readonly items: readonly PlaceItem[];
  /** The trace names a path that a file can be chosen for. */
  readonly canChoose: boolean;
}

interface ActionItem extends PlaceItem {
  readonly action?: 'another' | 'pin';
}

const pin: QuickInputButton = { iconPath: new ThemeIcon('pin'), tooltip: 'Always Use This File' };

export async function pickPlace(list: PlaceList): Promise<PlaceChoice | undefined> {
  const pinnable = list.items.filter(({ canPin }) => canPin);
  const actions: ActionItem[] = [];
  if (pinnable.length) actions.push({ label: plain`$(pin) Always use one of these…`, alwaysShow: true, action: 'pin' });
  if (list.canChoose) actions.push({ label: plain`$(file-code) Choose another file…`, alwaysShow: true, action: 'another' });
  const items: ActionItem[] = list.items.map((item) => (item.canPin ? { ...item, buttons: [pin] } : item));
  if (actions.length) items.push({ label: 'Not right?', kind: QuickPickItemKind.Separator }, ...actions);
  const choice = await show(list, items);
  if (!choice) return undefined;
  const { run } = choice.item;
  if (run) return { kind: 'run', run };
  if (choice.item.action === 'another') return { kind: 'another' };
  if (choice.item.action === 'pin') {
    const only = pinnable.length === 1 ? pinnable[0] : undefined;
    const which = only ?? (await show({ ...list, placeholder: 'The file that is always to be used' }, pinnable))?.item;
    return which?.candidate && { kind: 'pin', candidate: which.candidate };
  }
  return choice.item.candidate && { kind: choice.button ? 'pin' : 'open', candidate: choice.item.candidate };
}

function show(
  { title, placeholder }: PlaceList,
  items: readonly ActionItem[],
): Promise<{ readonly item: ActionItem; readonly button?: QuickInputButton } | undefined> {
  const list = new PlainQuickPick<ActionItem>({ title, placeholder, matchOnDescription: true });
  list.matchOnDetail = true;
  list.items = items;
  const listening: Disposable[] = [];
  return new Promise<{ readonly item: ActionItem; readonly button?: QuickInputButton } | undefined>((resolve) => {
    listening.push(
      list.onDidAccept(() => resolve(list.selectedItems[0] && { item: list.selectedItems[0] })),
      list.onDidTriggerItemButton(({ item, button }) => resolve({ item, button })),
      list.onDidHide(() => resolve(undefined)),
    );
    list.show();
  }).finally(() => {
    for (const each of listening) each.dispose();
    list.dispose();
  });
}
