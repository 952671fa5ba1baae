/** Asks for the members that a kind of backend has beside its address. */

import { isAbsolute } from 'node:path';
import { Uri, workspace } from 'vscode';
import type { OptionValue } from '../../backends/common/backend';
import type { BackendDescriptor, BackendField } from '../../backends/common/descriptor';
import { askForFile } from '../plain/dialogs';
import { askForText } from '../plain/inputBox';
import { type PickItem, pickOne } from '../plain/quickPick';

export type Options = Readonly<Record<string, OptionValue>>;

interface ValueItem extends PickItem {
  readonly value: OptionValue;
}

/**
 * One after the other; undefined: given up.
 * @param before what was answered before
 * @param which all that the form has, or those without which the backend cannot be
 */
export async function askForFields(
  { label, fields }: BackendDescriptor,
  before: Options = {},
  which: 'asked' | 'required' = 'asked',
): Promise<Options | undefined> {
  const options: Record<string, OptionValue> = { ...before };
  for (const field of fields) {
    if (!field.required && !(which === 'asked' && field.isAsked)) continue;
    const value = await askForField(`Add ${label}: ${field.label}`, field, before[field.name]);
    if (value === undefined) return undefined;
    if (value === '') delete options[field.name];
    else options[field.name] = value;
  }
  return options;
}

/** An empty text: none. */
async function askForField(
  title: string,
  field: BackendField,
  before: OptionValue | undefined,
): Promise<OptionValue | undefined> {
  const { description, choices, type } = field;
  if (field.isFolder) return askForFolder(title, before);
  if (choices || type === 'boolean') {
    const values: readonly OptionValue[] = choices ?? [true, false];
    const items = values.map(
      (value): ValueItem => ({
        label: typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value),
        description: value === field.default ? 'as a rule' : undefined,
        value,
      }),
    );
    const first = before ?? field.default;
    items.sort((a, b) => Number(b.value === first) - Number(a.value === first));
    return (await pickOne(items, { title, placeholder: description, ignoreFocusOut: true }))?.value;
  }
  const text = await askForText({
    title,
    prompt: field.required ? description : `${description} May be left empty.`,
    placeholder: field.example,
    value: before === undefined ? undefined : String(before),
    ignoreFocusOut: true,
    validate: (value) => problemOf(field, value.trim()),
  });
  const typed = text?.trim();
  return typed === undefined || typed === '' || type === 'string' ? typed : Number(typed);
}

async function askForFolder(title: string, before: OptionValue | undefined): Promise<string | undefined> {
  const path = String(before ?? '');
  const chosen = await askForFile({
    title,
    openLabel: 'Use This Folder',
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: isAbsolute(path) ? Uri.file(path) : workspace.workspaceFolders?.[0]?.uri,
  });
  return chosen?.scheme === 'file' ? chosen.fsPath : undefined;
}

function problemOf({ label, type, pattern, required, example }: BackendField, typed: string): string | undefined {
  if (typed === '') return required ? `${label} is needed` : undefined;
  const such = example === undefined ? '' : `, such as ${example}`;
  if (type === 'number') return Number.isFinite(Number(typed)) ? undefined : `${label} is a number${such}`;
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(typed)
    ? undefined
    : `This is no ${label.toLowerCase()}${such}`;
}
