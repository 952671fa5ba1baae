/**
 * Form controls of the webview UI toolkit, all in this one module: the toolkit is no longer developed, so whoever replaces it changes
 * this file only. What the toolkit lacks (icon buttons in a title line, links) are plain elements in VS Code's colours.
 */

import {
  type Button,
  provideVSCodeDesignSystem,
  type TextField,
  vsCodeButton,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { setAttribute, setText } from './dom';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeTextField());

export interface TextInput {
  readonly root: HTMLElement;
  value: string;
  focus(): void;
  /** Marks the text as wrong, for eyes and screen readers. */
  setInvalid(invalid: boolean): void;
}

/** A one-line text field. `label` is read to those who cannot see the placeholder. */
export function textInput(options: {
  readonly label: string;
  readonly placeholder: string;
  readonly input: (value: string) => void;
  readonly key: (event: KeyboardEvent) => void;
}): TextInput {
  const field = document.createElement('vscode-text-field') as TextField;
  setAttribute(field, 'aria-label', options.label);
  field.placeholder = options.placeholder;
  field.className = 'text-input';
  field.addEventListener('input', () => options.input(field.value));
  field.addEventListener('keydown', options.key);
  return {
    root: field,
    get value() {
      return field.value;
    },
    set value(value: string) {
      if (field.value !== value) field.value = value;
    },
    focus: () => {
      field.focus();
      field.control?.select();
    },
    setInvalid: (invalid) => {
      field.classList.toggle('invalid', invalid);
      field.setAttribute('aria-invalid', String(invalid));
    },
  };
}

/** A push button with a text; primary or secondary as VS Code's are. */
export function pushButton(text: string, press: () => void, kind: 'primary' | 'secondary' = 'primary'): HTMLElement {
  const made = document.createElement('vscode-button') as Button;
  made.setAttribute('appearance', kind);
  made.className = 'push-button';
  setText(made, text);
  made.addEventListener('click', press);
  return made;
}
