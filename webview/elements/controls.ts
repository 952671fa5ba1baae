/**
 * Form controls: elements of the webview UI toolkit, which this module alone makes. The toolkit's script comes after the first picture
 * (`loadControls`); until then they hold their place, and become what they are where they stand. What the toolkit lacks (icon buttons in a title line,
 * links) are plain elements in VS Code's colours.
 */

import { setAttribute, setText } from './dom';

const FIELD = 'vscode-text-field';

/** What is used of the toolkit's text field. */
interface ToolkitField extends HTMLElement {
  value: string;
  readonly control?: HTMLInputElement;
}

export interface TextInput {
  readonly root: HTMLElement;
  value: string;
  /** It has the keyboard, and the cursor is behind the last character. */
  readonly isAtEnd: boolean;
  focus(): void;
  /** Marks the text as wrong, for eyes and screen readers. */
  setInvalid(invalid: boolean): void;
}

let loading = false;

/**
 * Has the toolkit's script loaded, once.
 * @param page the page's own script element, which knows where the other one is and may bring it along
 */
export function loadControls(page: HTMLScriptElement | null): void {
  const src = page?.dataset.controls;
  if (loading || !page || src === undefined) return;
  loading = true;
  const script = document.createElement('script');
  script.nonce = page.nonce;
  script.src = src;
  document.head.append(script);
}

/** A one-line text field. `label` is read to those who cannot see the placeholder. */
export function textInput(options: {
  readonly label: string;
  readonly placeholder: string;
  readonly input: (value: string) => void;
  readonly key: (event: KeyboardEvent) => void;
}): TextInput {
  const field = document.createElement(FIELD) as ToolkitField;
  setAttribute(field, 'aria-label', options.label);
  setAttribute(field, 'placeholder', options.placeholder);
  field.className = 'text-input';
  field.addEventListener('input', () => options.input(field.value));
  field.addEventListener('keydown', options.key);
  let text = '';
  const isReady = (): boolean => customElements.get(FIELD) !== undefined;
  return {
    root: field,
    get value() {
      return isReady() ? field.value : text;
    },
    set value(value: string) {
      text = value;
      // Set before it is a field, it would hide what the field has.
      if (!isReady()) setAttribute(field, 'value', value);
      else {
        field.value = value;
        // By itself its control follows with the next frame; a key pressed before that would change the text that was.
        if (field.control) field.control.value = value;
      }
    },
    get isAtEnd() {
      return field.matches(':focus') && field.control?.selectionStart === field.value.length;
    },
    focus: () => {
      void customElements.whenDefined(FIELD).then(() => {
        field.focus();
        field.control?.select();
      });
    },
    setInvalid: (invalid) => {
      field.classList.toggle('invalid', invalid);
      setAttribute(field, 'aria-invalid', String(invalid));
    },
  };
}

/** A push button with a text; primary or secondary as VS Code's are. */
export function pushButton(text: string, press: () => void, kind: 'primary' | 'secondary' = 'primary'): HTMLElement {
  const made = document.createElement('vscode-button');
  setAttribute(made, 'appearance', kind);
  made.className = 'push-button';
  setText(made, text);
  made.addEventListener('click', press);
  return made;
}
