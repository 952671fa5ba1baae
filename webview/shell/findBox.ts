/** Find in the trace: a text or a query; "2 of 6", next and previous, and a toggle that leaves only what was found. */

import { type Completion, completeQuery, type Vocabulary } from '../../src/core/query/completion';
import { problemsOf, settledProblems } from '../../src/core/query/typing';
import { formatNumber } from '../../src/core/text/formatText';
import { type TextInput, type TextRange, textInput } from '../elements/controls';
import { button, element, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import type { FindState } from '../trace/state';
import { CompletionList } from './completionList';

export interface FindActions {
  readonly changed: (text: string) => void;
  readonly next: (backwards: boolean) => void;
  readonly setFilter: (on: boolean) => void;
  readonly leave: () => void;
  /** For queries that are being typed; `arrived` runs when there is more. */
  readonly words: (arrived: () => void) => Promise<Vocabulary>;
  readonly announce: (text: string) => void;
}

const DEBOUNCE_MS = 120;
/** Somebody who is still typing is told of no error. */
const PAUSE_MS = 800;

export class FindBox {
  readonly root: HTMLElement;
  private readonly input: TextInput;
  private readonly count = element('span', { class: 'find-count', role: 'status' });
  private readonly problem = element('div', { class: 'find-problem', role: 'alert', hidden: true });
  private readonly filter: HTMLButtonElement;
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = '';
  private typing: ReturnType<typeof setTimeout> | undefined;
  private error = '';
  private readonly completions: CompletionList;

  constructor(private readonly actions: FindActions) {
    this.input = textInput({
      label: 'Find in trace: text, or a query such as status = error',
      placeholder: 'Find text, or status = error',
      input: () => this.schedule(),
      key: (event) => this.key(event),
      moved: () => this.showMarks(),
    });
    this.completions = new CompletionList({ accept: (completion) => this.accept(completion), announce: actions.announce });
    const named = (label: string, glyph: SVGSVGElement, press: () => void): HTMLButtonElement =>
      button({ class: 'icon-button', title: label, attributes: { 'aria-label': label }, press }, glyph);
    this.filter = named('Show only what was found', icon('filter'), () =>
      actions.setFilter(this.filter.getAttribute('aria-pressed') !== 'true'),
    );
    this.filter.setAttribute('aria-pressed', 'false');
    this.previous = named('Previous match (Shift+F3)', icon('arrowUp'), () => actions.next(true));
    this.next = named('Next match (F3)', icon('arrowDown'), () => actions.next(false));
    this.root = element(
      'div',
      { class: 'find', role: 'search' },
      this.input.root,
      this.count,
      this.previous,
      this.next,
      this.filter,
      this.problem,
      this.completions.root,
    );
    this.root.addEventListener('focusout', () => this.completions.hide());
  }

  focus(): void {
    this.input.focus();
  }

  /** Another trace is shown: what was typed for the one before is not looked for in it. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stopTyping();
    this.asked = '';
    this.input.value = '';
    this.completions.hide();
  }

  /** Shows the state of the search; `current` is the position of the selection among the matches, from 1, or 0. */
  show(find: FindState, current: number): void {
    if (find.asked !== this.asked) {
      this.asked = find.asked;
      this.input.value = find.asked;
    }
    const active = find.text !== '';
    const found = find.matches.length;
    setText(
      this.count,
      !active || find.error
        ? ''
        : found === 0
          ? 'none found'
          : current > 0
            ? `${formatNumber(current)} of ${formatNumber(found)}`
            : `${formatNumber(found)} found`,
    );
    for (const each of [this.previous, this.next, this.filter]) if (each.hidden !== !active) each.hidden = !active;
    this.previous.disabled = found === 0;
    this.next.disabled = found === 0;
    this.filter.setAttribute('aria-pressed', String(find.filter));
    this.error = find.error;
    this.showError();
  }

  private showError(): void {
    const error = this.typing === undefined ? this.error : '';
    this.input.setInvalid(error !== '');
    setText(this.problem, error);
    this.problem.hidden = error === '';
    this.showMarks();
  }

  /** While somebody is typing, only what they have left is marked. */
  private showMarks(): void {
    this.input.setMarks(this.typing === undefined ? this.wrongParts() : this.leftParts());
  }

  private wrongParts(): readonly TextRange[] {
    if (this.error === '') return [];
    const text = this.input.value;
    const found = problemsOf(text);
    return found.length > 0 ? found : [{ from: 0, to: text.length }];
  }

  private leftParts(): readonly TextRange[] {
    const { value: text, caret } = this.input;
    return text.trimStart().startsWith('{') ? settledProblems(text, caret ?? text.length) : [];
  }

  private stopTyping(): void {
    clearTimeout(this.typing);
    this.typing = undefined;
    this.showError();
  }

  private schedule(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.stopTyping(), PAUSE_MS);
    this.showError();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.submit(), DEBOUNCE_MS);
    void this.propose();
  }

  /** What may stand at the cursor. */
  private async propose(): Promise<void> {
    const { value: text, caret } = this.input;
    const words = await this.actions.words(() => void this.propose());
    if (this.input.value !== text || this.input.caret !== caret) return;
    this.completions.show(caret === undefined ? [] : completeQuery(text, words, caret));
  }

  private accept({ text, caret }: Completion): void {
    this.input.write(text, caret);
    this.schedule();
  }

  private submit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.input.value.trim();
    if (text === this.asked) return;
    this.asked = text;
    this.actions.changed(text);
  }

  private key(event: KeyboardEvent): void {
    if (this.completions.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter') {
      this.completions.hide();
      this.stopTyping();
      if (this.timer !== undefined) this.submit();
      else this.actions.next(event.shiftKey);
    } else if (event.key === 'Escape') {
      if (this.input.value === '') this.actions.leave();
      else {
        this.input.value = '';
        this.submit();
        this.actions.leave();
      }
    } else if (event.key === 'ArrowDown' && !event.altKey) this.actions.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
