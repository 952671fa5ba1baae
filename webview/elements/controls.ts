/** Form controls, in VS Code's own colours: plain elements, which a page has at once (`styles/controls.css`). */

import { button, element, setAttribute } from './dom';

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
  const field = element('input', {
    class: 'text-input',
    type: 'text',
    attributes: { 'aria-label': options.label, placeholder: options.placeholder, spellcheck: 'false', autocomplete: 'off' },
    on: { input: () => options.input(field.value), keydown: options.key },
  });
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
      field.select();
    },
    setInvalid: (invalid) => {
      field.classList.toggle('invalid', invalid);
      setAttribute(field, 'aria-invalid', String(invalid));
    },
  };
}

/** A push button with a text; primary or secondary as VS Code's are. */
export function pushButton(text: string, press: () => void, kind: 'primary' | 'secondary' = 'primary'): HTMLElement {
  return button({ class: `push-button ${kind}`, press }, text);
}
