/** Adds a backend: asks for its address, tries it, and saves it when it answers or when the person wants it all the same. */

import { isLoopback } from '../../backends/common/typedAddress';
import { backendKinds } from '../../backends/kinds';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { askForText } from '../plain/inputBox';
import { showInStatusBar } from '../plain/statusBar';
import { askForAddress, type FormServices } from './backendForm';

export async function addBackend(services: FormServices): Promise<void> {
  const { backendEdits } = services;
  const [kind] = backendKinds;
  const found = await askForAddress(services, {
    title: `Add backend: address of ${kind.label}`,
    value: kind.exampleUrl.replace(/^https?:\/\//, ''),
    settings: { name: kind.label, type: kind.type, options: {} },
  });
  if (!found) return;
  const { url, services: count } = found;
  const name = await askForText({
    title: count === undefined ? 'Add backend: name' : `Add backend: it answers, with ${formatCount(count, 'service')}`,
    prompt: 'How it is called in lists and links',
    value: backendEdits.proposeName(kind.label, url, isLoopback(new URL(url).hostname)),
    ignoreFocusOut: true,
    validate: (value) => {
      const typed = value.trim();
      if (typed === '') return 'Enter a name';
      return backendEdits.takenNames.includes(typed) ? `"${typed}" is taken; enter another name` : undefined;
    },
  });
  if (name === undefined) return;
  await backendEdits.add({ name: name.trim(), type: kind.type, url });
  if (count !== undefined) showInStatusBar(plain`$(check) "${name.trim()}" answers: ${formatCount(count, 'service')}`, 5000);
}
