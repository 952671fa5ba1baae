/** The list of keys: a dialog that keeps the focus until it is closed. */

import { button, element } from '../elements/dom';
import { icon } from '../elements/icons';
import { type Command, commandGroups } from '../views/commands';

const mac = /Mac/.test(navigator.platform);

const mouse: readonly (readonly [keys: string, text: string])[] = [
  ['Wheel', 'scroll'],
  ['Ctrl+Wheel', 'zoom at the pointer'],
  ['Shift+Wheel', 'earlier, later'],
  ['Middle', 'drag to scroll and pan'],
  ['Drag', 'over the timeline: select a range'],
  ['Double', 'on a bar: zoom to it'],
  ['Ctrl+Click', 'open the source beside'],
];

export function showKeys(parent: HTMLElement, commands: readonly Command[], back: () => void): void {
  const dialog = element('dialog', { class: 'keys', attributes: { 'aria-labelledby': 'keys-title' } });
  const close = button(
    { class: 'icon-button', title: 'Close (Esc)', attributes: { 'aria-label': 'Close' }, press: () => dialog.close() },
    icon('close'),
  );
  const list = element('div', { class: 'key-groups', tabIndex: 0, role: 'group', attributes: { 'aria-label': 'Keys' } });
  for (const group of commandGroups) {
    const members = commands.filter((command) => command.group === group);
    if (members.length > 0)
      list.append(
        keyGroup(
          group,
          members.map(({ keyLabel, text }) => [keyLabel, text]),
        ),
      );
  }
  list.append(keyGroup('Mouse', mouse));
  dialog.append(element('div', { class: 'keys-title' }, element('h2', { id: 'keys-title' }, 'Keys'), close), list);
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', () => {
    dialog.remove();
    back();
  });
  parent.append(dialog);
  dialog.showModal();
  close.focus();
}

function keyGroup(title: string, keys: readonly (readonly [keys: string, text: string])[]): HTMLElement {
  const list = element('dl', {});
  for (const [label, text] of keys) {
    const names = (mac ? label.replace('Ctrl', 'Cmd').replace('Alt', 'Option') : label).split(/(?<=\S)\+(?=\S)/);
    const term = element('dt', {});
    for (const [index, name] of names.entries()) term.append(index > 0 ? '+' : '', element('kbd', {}, name));
    list.append(element('div', {}, term, element('dd', {}, text)));
  }
  return element('section', {}, element('h3', {}, title), list);
}
