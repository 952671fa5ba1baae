/**
 * "Manage Path Mappings…": one list of all mappings, the user's, those inferred with where they come from, and those refused. Each
 * row's buttons say what can be done with it; Enter offers the same as a list, for whoever has no mouse.
 */

import { commands, type Disposable, ThemeIcon, Uri } from 'vscode';
import type { InferredMappings } from '../../../app/source/mappings/inferredMappings';
import type { InferredMapping } from '../../../source';
import { askModal } from '../../plain/messages';
import { PlainQuickPick, pickOne } from '../../plain/quickPick';
import { addPathMapping } from './addPathMapping';
import { type Action, actionIcon, actionName, type MappingItem, type MappingRow, mappingItems } from './mappingItems';
import { asWritten, usualScope, writeMapping } from './mappingSettings';
import { arrow, placeName, scopeNames } from './mappingText';
import type { Pins } from './pinning';

interface Choice {
  readonly row: MappingRow;
  readonly action: Action;
}

/** Shows a line of a file, counted from 0. */
type ShowLine = (file: Uri, line: number) => Promise<void>;

export async function managePathMappings(inferred: InferredMappings, pins: Pins, show: ShowLine): Promise<void> {
  // Without a trace that asked for it nothing was looked at yet.
  await inferred.look();
  let near = 0;
  for (;;) {
    const chosen = await showList(inferred, near);
    if (!chosen) return;
    near = chosen.index;
    const { row } = chosen.item;
    if (!row) continue;
    if (row.kind === 'off') {
      await commands.executeCommand('workbench.action.openSettings', 'spanhop.source.inferMappings');
      return;
    }
    if (row.kind === 'add') {
      await addPathMapping('');
      continue;
    }
    const action = chosen.action ?? (await askAction(chosen.item, row));
    if (!action) continue;
    if (await act({ row, action }, inferred, pins, show)) return;
  }
}

/** Answers whether something else is shown now, so that the list stays away. */
async function act({ row, action }: Choice, inferred: InferredMappings, pins: Pins, show: ShowLine): Promise<boolean> {
  if (action === 'open') {
    await open(row, show);
    return true;
  }
  if (row.kind === 'inferred') {
    if (action === 'refuse') await inferred.refuse(row.mapping);
    if (action === 'accept') await accept(row.mapping, inferred, pins);
  } else if (row.kind === 'refused') await inferred.allow(row.refusal);
  else if (row.kind === 'user') {
    const { prefix, scope } = row.written;
    const undo = await writeMapping(prefix, undefined, scope);
    void pins.offerUndo(`The mapping of ${prefix} was removed from ${scopeNames[scope]}.`, undo);
  }
  return false;
}

/** Writes an inferred mapping to the settings, where it holds for all services. */
async function accept(mapping: InferredMapping, inferred: InferredMappings, pins: Pins): Promise<void> {
  const { prefix, target } = mapping;
  const others = inferred.all.filter((each) => each.prefix === prefix && each.target !== target);
  if (others.length) {
    const all = [...new Set(others.map((each) => placeName(each.target)))].join(', ');
    const anyway = 'Accept Anyway';
    const answer = await askModal(
      'warning',
      `${prefix} is ${all} for other services. Map it to ${placeName(target)} for all of them?`,
      ['A mapping in the settings does not tell services apart. The inferred ones do.'],
      anyway,
    );
    if (answer !== anyway) return;
  }
  const scope = usualScope();
  const undo = await writeMapping(prefix, asWritten(Uri.parse(target), scope), scope);
  void pins.offerUndo(`${arrow(mapping)} is written to ${scopeNames[scope]}.`, undo);
}

async function open(row: MappingRow, show: ShowLine): Promise<void> {
  if (row.kind === 'user') {
    const { scope } = row.written;
    const command = scope === 'user' ? 'workbench.action.openSettingsJson' : 'workbench.action.openWorkspaceSettingsFile';
    await commands.executeCommand(command, { revealSetting: { key: 'spanhop.source.pathMappings', edit: true } });
    return;
  }
  const at = row.kind === 'inferred' ? row.mapping : row.kind === 'problem' ? row : undefined;
  if (at?.file) await show(Uri.parse(at.file), at.line ?? 0);
}

interface Chosen {
  readonly item: MappingItem;
  readonly index: number;
  /** Undefined: Enter. */
  readonly action?: Action;
}

function showList(inferred: InferredMappings, near: number): Promise<Chosen | undefined> {
  const list = new PlainQuickPick<MappingItem>({
    title: 'Path mappings: where the files are that traces name by other paths',
    placeholder: 'Enter shows what can be done with a mapping',
    matchOnDescription: true,
    // It goes on after questions and messages, and a waterfall that comes up takes the focus.
    ignoreFocusOut: true,
  });
  list.matchOnDetail = true;
  list.items = mappingItems(inferred);
  const active = list.items[Math.min(near, list.items.length - 1)];
  if (active?.row) list.activeItems = [active];
  const listening: Disposable[] = [];
  return new Promise<Chosen | undefined>((resolve) => {
    const choose = (item: MappingItem | undefined, action?: Action): void =>
      resolve(item && { item, index: list.items.indexOf(item), action });
    listening.push(
      list.onDidAccept(() => choose(list.selectedItems[0])),
      list.onDidTriggerItemButton(({ item, button }) => choose(item, item.actions?.[item.buttons?.indexOf(button) ?? -1])),
      list.onDidHide(() => resolve(undefined)),
    );
    list.show();
  }).finally(() => {
    for (const each of listening) each.dispose();
    list.dispose();
  });
}

async function askAction(item: MappingItem, row: MappingRow): Promise<Action | undefined> {
  const items = (item.actions ?? []).map((action) => ({
    label: actionName(action, row),
    iconPath: new ThemeIcon(actionIcon(action)),
    action,
  }));
  const chosen = await pickOne(items, { title: item.label, placeholder: item.detail });
  return chosen?.action;
}
