/** Entries of the setting `spanhop.backends`, read by what their kind's descriptor says of them. */

import type { BackendSettings, OptionValue } from './backend';
import type { BackendDescriptor, BackendField } from './descriptor';

/** The backend that an entry describes, or what is wrong with it in words. */
export function readEntryOf(kinds: readonly BackendDescriptor[], entry: unknown): BackendSettings | string {
  if (typeof entry !== 'object' || entry === null) return 'it is not an object';
  const members = new Map<string, unknown>(Object.entries(entry));
  const name = members.get('name');
  if (typeof name !== 'string' || name.trim() === '') return 'it has no name';
  const type = members.get('type');
  const kind = kinds.find((each) => each.type === type);
  if (!kind) {
    const known = kinds.map((each) => JSON.stringify(each.type)).join(', ');
    return `"${name}" has the type ${JSON.stringify(type)}, and only these are known: ${known}`;
  }
  const options: Record<string, OptionValue> = {};
  for (const field of kind.fields) {
    const read = readField(field, members.get(field.name));
    if (typeof read === 'object') return `"${name}" has ${read.problem}`;
    if (read !== undefined) options[field.name] = read;
  }
  const address = addressOf(kind, members.get('url'), options);
  if (address === undefined) return `"${name}" has no address that begins with http:// or https://`;
  return { name, type: kind.type, ...address, headers: textsOf(members.get('headers')), options };
}

function readField(field: BackendField, value: unknown): OptionValue | undefined | { readonly problem: string } {
  if (value === undefined) return field.required ? { problem: `no "${field.name}"` } : field.default;
  const isOfType = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const wrong = { problem: `a "${field.name}" that is none: ${field.description}` };
  if (!isOfType || typeof value !== field.type) return wrong;
  if (typeof value === 'number' && !Number.isFinite(value)) return wrong;
  if (field.choices && !field.choices.includes(String(value)))
    return { problem: `a "${field.name}" that is none of ${field.choices.join(', ')}` };
  if (typeof value === 'string' && field.pattern !== undefined && !new RegExp(`^(?:${field.pattern})$`).test(value)) return wrong;
  return value;
}

/** Without the user's name and password, which is said. */
function addressOf(
  { address }: BackendDescriptor,
  given: unknown,
  options: Readonly<Record<string, OptionValue>>,
): Pick<BackendSettings, 'url' | 'hasUserInfo'> | undefined {
  if (given === undefined && address !== 'asked') return { url: address(options) };
  if (typeof given !== 'string' || !/^https?:\/\//i.test(given) || !URL.canParse(given)) return undefined;
  const url = new URL(given);
  if (url.username === '' && url.password === '') return { url: given };
  url.username = '';
  url.password = '';
  return { url: url.href, hasUserInfo: true };
}

function textsOf(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
