/** A thin line at the top, as VS Code's own, what is going on, and a way to stop it. Shown for work that takes longer than a moment. */

import { button, element, setText } from '../elements/dom';

const DELAY_MS = 100;

export class ProgressLine {
  readonly root: HTMLElement;
  private readonly bar = element('div', { class: 'progress-bar' });
  private readonly text = element('span', { class: 'progress-text', role: 'status' });
  private readonly cancel: HTMLButtonElement;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(cancel: () => void) {
    this.cancel = button({ class: 'link', press: cancel }, 'cancel');
    this.root = element(
      'div',
      { class: 'progress', hidden: true },
      element('div', { class: 'progress-track' }, this.bar),
      element('div', { class: 'progress-line' }, this.text, this.cancel),
    );
  }

  show(params: { readonly text?: string; readonly fraction?: number; readonly cancellable: boolean }): void {
    if (params.text === undefined) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.root.hidden = true;
      return;
    }
    setText(this.text, params.text);
    this.cancel.hidden = !params.cancellable;
    const known = params.fraction !== undefined;
    this.root.classList.toggle('endless', !known);
    this.bar.style.width = known ? `${Math.round(Math.min(1, params.fraction ?? 0) * 100)}%` : '';
    if (!this.root.hidden || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.root.hidden = false;
    }, DELAY_MS);
  }
}
