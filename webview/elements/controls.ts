/**
 * Form controls: elements of the webview UI toolkit, which this module alone makes. The toolkit's script comes after the first picture
 * (`loadControls`); until then they hold their place, and become what they are where they stand. What the toolkit lacks (icon buttons in a title line,
 * links) are plain elements in VS Code's colours.
 */

import { element, setAttribute, setText } from './dom';

const FIELD = 'vscode-text-field';

/** What is used of the toolkit's text field. */
interface ToolkitField extends HTMLElement {
  value: string;
  readonly control?: HTMLInputElement;
}

export interface TextInput {
  readonly root: HTMLElement;
  value: string;
  /** Offset of the cursor; undefined without the keyboard, or where text is selected. */
  readonly caret: number | undefined;
  /** Sets the text and the cursor. */
  write(value: string, caret: number): void;
  focus(): void;
  /** Marks the text as wrong, for eyes and screen readers. */
  setInvalid(invalid: boolean): void;
  /** Underlines parts of the text, for eyes alone. An empty one is drawn at the end. */
  setMarks(ranges: readonly TextRange[]): void;
}

export interface TextRange {
  readonly from: number;
  readonly to: number;
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
  /** The cursor may have moved. */
  readonly moved?: () => void;
}): TextInput {
  const field = document.createElement(FIELD) as ToolkitField;
  setAttribute(field, 'aria-label', options.label);
  setAttribute(field, 'placeholder', options.placeholder);
  field.className = 'text-input';
  field.addEventListener('input', () => options.input(field.value));
  field.addEventListener('keydown', options.key);
  for (const event of ['keyup', 'click']) field.addEventListener(event, () => options.moved?.());
  const marks = new TextMarks(field);
  let text = '';
  const isReady = (): boolean => customElements.get(FIELD) !== undefined;
  return {
    root: element('div', { class: 'text-box' }, field, marks.root),
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
    get caret() {
      const { control } = field;
      if (!control || !field.matches(':focus') || control.selectionStart !== control.selectionEnd) return undefined;
      return control.selectionStart ?? undefined;
    },
    write(value, caret) {
      this.value = value;
      field.control?.setSelectionRange(caret, caret);
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
    setMarks: (ranges) => marks.show(ranges),
  };
}

/** The text of a field once more, unseen, with lines under parts of it: a field has no other place for them. */
class TextMarks {
  private readonly line = element('div', { class: 'text-marks-line' });
  readonly root = element('div', { class: 'text-marks', hidden: true, attributes: { 'aria-hidden': 'true' } }, this.line);
  private isFollowing = false;

  constructor(private readonly field: ToolkitField) {}

  show(ranges: readonly TextRange[]): void {
    const { control } = this.field;
    this.root.hidden = ranges.length === 0 || !control;
    if (this.root.hidden || !control) {
      this.line.replaceChildren();
      return;
    }
    const { fontFamily, fontSize, fontWeight, letterSpacing } = getComputedStyle(control);
    Object.assign(this.line.style, { fontFamily, fontSize, fontWeight, letterSpacing });
    this.line.replaceChildren(...markedText(control.value, ranges));
    if (!this.isFollowing) control.addEventListener('scroll', () => this.follow());
    this.isFollowing = true;
    this.follow();
  }

  private follow(): void {
    this.line.style.transform = `translateX(${-(this.field.control?.scrollLeft ?? 0)}px)`;
  }
}

function markedText(text: string, ranges: readonly TextRange[]): (Text | HTMLElement)[] {
  const parts: (Text | HTMLElement)[] = [];
  let at = 0;
  for (const { from, to } of ranges) {
    if (from < at) continue;
    const wrong = text.slice(from, to);
    parts.push(document.createTextNode(text.slice(at, from)), element('span', { class: 'text-mark' }, wrong || '\u00a0\u00a0'));
    at = Math.max(from, to);
  }
  return parts;
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
