/** The rows of "Manage Path Mappings…": what each says, and what can be done with it. */

import { type QuickInputButton, QuickPickItemKind, ThemeIcon } from 'vscode';
import type { InferredMappings } from '../../../app/source/mappings/inferredMappings';
import { replaceVariables } from '../../../app/source/mappings/pathMappings';
import type { Refusal } from '../../../app/source/mappings/refusals';
import { formatCount } from '../../../core/text/formatText';
import { plain } from '../../../core/text/plainText';
import type { InferredMapping } from '../../../source';
import type { PickItem } from '../../plain/quickPick';
import { type WrittenMapping, writtenMappings } from './mappingSettings';
import { arrow, placeName, scopeNames } from './mappingText';

export type MappingRow =
  | { readonly kind: 'user'; readonly written: WrittenMapping }
  | { readonly kind: 'inferred'; readonly mapping: InferredMapping }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A part of a file that wasn't understood. */
  | { readonly kind: 'problem'; readonly file: string; readonly line: number }
  | { readonly kind: 'add' | 'off' };

export type Action = 'accept' | 'refuse' | 'allow' | 'remove' | 'open';

export interface MappingItem extends PickItem {
  readonly row?: MappingRow;
  /** In the order of the buttons. */
  readonly actions?: readonly Action[];
}

const icons = { accept: 'check', refuse: 'circle-slash', allow: 'discard', remove: 'trash', open: 'go-to-file' } as const;

/** What an action does, for its button and for the list of actions. */
export function actionName(action: Action, row: MappingRow): string {
  switch (action) {
    case 'accept':
      return 'Accept: Write It to the Settings';
    case 'refuse':
      return 'Refuse: Do Not Use It in This Workspace';
    case 'allow':
      return 'Use It Again';
    case 'remove':
      return 'Remove It from the Settings';
    case 'open':
      return row.kind === 'user' ? 'Open the Settings' : 'Open the File That It Comes From';
  }
}

export function actionIcon(action: Action): string {
  return icons[action];
}

export function mappingItems(inferred: InferredMappings): readonly MappingItem[] {
  const written = writtenMappings();
  const own = written.map((each) => userItem(each, inferred));
  const isWritten = (mapping: InferredMapping): boolean =>
    written.some(
      ({ prefix, folder }) =>
        prefix === mapping.prefix && placeName(replaceVariables(folder, inferred.folders)) === placeName(mapping.target),
    );
  const all = inferred.isOn ? inferred.all.filter((each) => !isWritten(each)) : [];
  const isRefused = (mapping: InferredMapping): boolean =>
    inferred.refused.some(({ prefix, target }) => prefix === mapping.prefix && target === mapping.target);
  const used = all.filter((each) => !isRefused(each));
  const section = (label: string, items: readonly MappingItem[]): readonly MappingItem[] =>
    items.length ? [{ label, kind: QuickPickItemKind.Separator }, ...items] : [];
  return [
    ...section('Yours', own),
    ...section(
      'Inferred',
      used.filter(({ kind }) => kind !== 'learned').map((mapping) => inferredItem(mapping, inferred)),
    ),
    ...section(
      'Learned',
      used.filter(({ kind }) => kind === 'learned').map((mapping) => inferredItem(mapping, inferred)),
    ),
    ...section('Refused', inferred.refused.map(refusedItem)),
    ...section(
      'Not understood',
      inferred.problems.map(({ file, line, text }) =>
        item({ kind: 'problem', file, line }, ['open'], {
          label: plain`$(warning) ${placeName(file)}:${line + 1}`,
          detail: `${text} The rest of the file is used.`,
        }),
      ),
    ),
    { label: '', kind: QuickPickItemKind.Separator },
    ...(inferred.isOn
      ? []
      : [
          item({ kind: 'off' }, [], {
            label: plain`$(settings-gear) Mappings are not inferred: spanhop.source.inferMappings is off`,
          }),
        ]),
    item({ kind: 'add' }, [], { label: plain`$(add) Add a mapping…`, alwaysShow: true }),
  ];
}

function userItem(written: WrittenMapping, inferred: InferredMappings): MappingItem {
  const { prefix, folder, scope } = written;
  const target = replaceVariables(folder, inferred.folders);
  const name = /^[a-z][a-z0-9+.-]+:\/\//i.test(target) ? placeName(target) : folder;
  return item({ kind: 'user', written }, ['open', 'remove'], {
    label: `${prefix} → ${name}`,
    description: places(inferred.placesOf({ prefix, target })),
    detail: `In ${scopeNames[scope]}`,
  });
}

function inferredItem(mapping: InferredMapping, inferred: InferredMappings): MappingItem {
  const { kind, prefix, origin, services = [] } = mapping;
  // The settings know no services, and a mapping of all relative paths would be one of every program.
  const canAccept = prefix !== '.';
  const name = services.length && kind !== 'learned' ? ` · for spans of ${services.slice(0, 3).join(', ')}` : '';
  return item(
    { kind: 'inferred', mapping },
    [...(mapping.file ? (['open'] as const) : []), ...(canAccept ? (['accept'] as const) : []), 'refuse'],
    {
      label: arrow(mapping),
      description: places(inferred.placesOf(mapping)),
      detail: `${kind === 'learned' ? capital(origin) : `From ${origin}`}${name}`,
    },
  );
}

function refusedItem(refusal: Refusal): MappingItem {
  return item({ kind: 'refused', refusal }, ['allow'], {
    label: arrow(refusal),
    description: 'not used',
    detail: `From ${refusal.origin}`,
  });
}

function item(row: MappingRow, actions: readonly Action[], texts: PickItem): MappingItem {
  const buttons: QuickInputButton[] = actions.map((action) => ({
    iconPath: new ThemeIcon(icons[action]),
    tooltip: actionName(action, row),
  }));
  return { ...texts, row, actions, buttons };
}

function places(count: number): string {
  return count === 0 ? 'nothing found by it yet' : `${formatCount(count, 'place')} found`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
