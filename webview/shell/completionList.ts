/** What may follow in the find box, below it: nothing is chosen until a person goes there, so that Enter still looks for what was typed. */

import type { Completion } from '../../src/core/query/completion';
import { button, element } from '../elements/dom';

export interface CompletionActions {
  /** Takes the whole text with what was chosen. */
  readonly accept: (completion: Completion) => void;
  /** Has a screen reader say it: the field is not of this document, so that it cannot name the active one. */
  readonly announce: (text: string) => void;
}

export class CompletionList {
  readonly root = element('div', {
    class: 'completions',
    role: 'listbox',
    hidden: true,
    attributes: { 'aria-label': 'Completions' },
  });
  private shown: readonly Completion[] = [];
  private active = -1;

  constructor(private readonly actions: CompletionActions) {
    // The field keeps the keyboard.
    this.root.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  show(completions: readonly Completion[]): void {
    this.shown = completions;
    this.active = -1;
    this.root.replaceChildren(
      ...completions.map((completion) =>
        button(
          { class: 'completion', role: 'option', tabIndex: -1, press: () => this.actions.accept(completion) },
          element('bdi', { class: 'completion-label' }, completion.label),
          element('span', { class: 'completion-what' }, completion.what),
        ),
      ),
    );
    this.root.hidden = completions.length === 0;
    this.mark();
  }

  hide(): void {
    if (!this.root.hidden) this.show([]);
  }

  /** True when the key was for the list. */
  key({ key }: KeyboardEvent): boolean {
    const { length } = this.shown;
    if (length === 0) return false;
    if (key === 'ArrowDown') this.active = (this.active + 1) % length;
    else if (key === 'ArrowUp') this.active = (this.active <= 0 ? length : this.active) - 1;
    else if (key === 'Escape') {
      this.hide();
      return true;
    } else if (key === 'Tab' || (key === 'Enter' && this.active >= 0)) {
      this.actions.accept(this.shown[Math.max(0, this.active)]);
      return true;
    } else return false;
    this.mark();
    const { label, what } = this.shown[this.active];
    this.actions.announce(`${label}, ${what}, ${this.active + 1} of ${length}`);
    return true;
  }

  private mark(): void {
    [...this.root.children].forEach((option, index) => {
      option.classList.toggle('active', index === this.active);
      option.setAttribute('aria-selected', String(index === this.active));
    });
  }
}
