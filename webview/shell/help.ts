/** The list of keys: a dialog that keeps the focus until it is closed. */

import { button, element } from '../elements/dom';
import { icon } from '../elements/icons';
import type { Command } from '../views/commands';

const mac = /Mac/.test(navigator.platform);

export function showKeys(parent: HTMLElement, commands: readonly Command[], back: () => void): void {
  const dialog = element('dialog', { class: 'keys', attributes: { 'aria-labelledby': 'keys-title' } });
  const close = button(
    { class: 'icon-button', title: 'Close (Esc)', attributes: { 'aria-label': 'Close' }, press: () => dialog.close() },
    icon('close'),
  );
  const list = element('dl', { tabIndex: 0, attributes: { 'aria-label': 'Keys' } });
  for (const { keyLabel, text } of commands) {
    const names = (mac ? keyLabel.replace('Ctrl', 'Cmd').replace('Alt', 'Option') : keyLabel).split(/(?<=\S)\+(?=\S)/);
    const term = element('dt', {});
    for (const [index, name] of names.entries()) term.append(index > 0 ? '+' : '', element('kbd', {}, name));
    list.append(element('div', {}, term, element('dd', {}, text)));
  }
  const mouse = element(
    'p',
    {},
    `Mouse: the wheel scrolls, with ${mac ? 'Cmd' : 'Ctrl'} it zooms at the pointer, with Shift it pans; the middle button drags; a drag over the timeline selects a range; a double-click zooms to a bar; ${mac ? 'Cmd' : 'Ctrl'}+click opens the source beside.`,
  );
  dialog.append(element('div', { class: 'keys-title' }, element('h2', { id: 'keys-title' }, 'Keys'), close), list, mouse);
  dialog.addEventListener('keydown', (event) => event.stopPropagation());
  dialog.addEventListener('close', () => {
    dialog.remove();
    back();
  });
  parent.append(dialog);
  dialog.showModal();
  close.focus();
}
