/** Adds a backend: asks what and where it is, tries it, and saves it when it answers or when the person wants it all the same. */

import type { BackendDescriptor } from '../../backends/common/descriptor';
import { isLoopback } from '../../backends/common/typedAddress';
import { plain } from '../../core/text/plainText';
import { LOCAL_DATASET } from '../../protocol/traces';
import { askForText } from '../plain/inputBox';
import { showInStatusBar } from '../plain/statusBar';
import { type FormAnswer, fillForm } from './backendForm';
import { chooseKind, describeFound, type KindChoice } from './chooseKind';
import type { Options } from './fields';
import type { FormServices } from './formServices';

export async function addBackend(services: FormServices): Promise<void> {
  const { backendEdits } = services;
  const choice = await chooseKind(services);
  const found = choice && (await fill(services, choice));
  if (!found) return;
  const { trial, options, caFile } = found;
  const { kind, url } = trial;
  if (!kind) return;
  const { what, services: count } = describeFound(trial);
  const name = await askForText({
    title: trial.error ? 'Add backend: name' : `Add backend: ${what} answers${count === undefined ? '' : `, with ${count}`}`,
    prompt: 'How it is called in lists and links',
    value: backendEdits.proposeName(kind.label, whereIs(kind, url, options)),
    ignoreFocusOut: true,
    validate: (value) => {
      const typed = value.trim();
      if (typed === '') return 'Enter a name';
      if (typed.length > maxName) return `A name has up to ${maxName} characters`;
      return backendEdits.takenNames.includes(typed) ? `"${typed}" is taken; enter another name` : undefined;
    },
  });
  if (name === undefined) return;
  const address = kind.address === 'asked' ? { url } : {};
  const tls = caFile === undefined ? {} : { tls: { caFile } };
  await backendEdits.add({ name: name.trim(), type: kind.type, ...address, ...options, ...tls });
  if (!trial.error) showInStatusBar(plain`$(check) "${name.trim()}" answers${count === undefined ? '' : `: ${count}`}`, 5000);
}

/** As the setting's schema has it. */
const maxName = 100;

async function fill(services: FormServices, choice: KindChoice): Promise<FormAnswer | undefined> {
  if (choice === 'find')
    return fillForm(services, { title: 'Add backend: its address', value: 'localhost:16686', kind: undefined });
  if ('kind' in choice) {
    const { kind } = choice;
    const value = kind.exampleUrl.replace(/^http:\/\//, '');
    return fillForm(services, { title: `Add backend: address of ${kind.label}`, value, kind });
  }
  const { found } = choice;
  if (!found.error) return { trial: found, options: {} };
  // It answers, and wants something.
  const { host } = new URL(found.url);
  return fillForm(services, { title: 'Add backend: its address', value: host, kind: found.kind });
}

/** As people say it: of a kind whose address is made of its fields, the first of them. */
function whereIs({ address, fields }: BackendDescriptor, url: string, options: Options): string {
  if (address !== 'asked') {
    const first = fields.map(({ name }) => options[name]).find((value) => typeof value === 'string');
    return String(first ?? '')
      .replace(/[\\/]+$/, '')
      .replace(/^.*[\\/]/s, '');
  }
  const { hostname } = new URL(url);
  return isLoopback(hostname) ? LOCAL_DATASET : hostname;
}
