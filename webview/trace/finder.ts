/** Find and filter: asks the host which spans match (the latest question wins) and keeps the answer in the view's state. */

import { toErrorData } from '../../src/base/errors';
import type { Host } from '../shell/host';
import type { ViewModel } from './state';

export class Finder {
  private abort: AbortController | undefined;

  constructor(
    private readonly host: Host,
    private readonly report: (error: unknown) => void,
    private readonly view: () => ViewModel | undefined,
    private readonly changed: () => void,
  ) {}

  /** Finds `text`; an empty one ends the search. Resolves when the answer is shown. */
  async search(text: string, filter?: boolean): Promise<void> {
    const view = this.view();
    if (!view) return;
    this.abort?.abort();
    if (filter !== undefined) view.find.filter = filter;
    if (text === '') {
      this.set(view, '', new Uint32Array(0), '');
      return;
    }
    const abort = new AbortController();
    this.abort = abort;
    try {
      const { rows } = await this.host.call('find', { text }, { signal: abort.signal });
      if (abort.signal.aborted || this.view() !== view) return;
      this.set(view, text, new Uint32Array(rows), '');
    } catch (error) {
      if (abort.signal.aborted || this.view() !== view) return;
      const { kind, message } = toErrorData(error);
      if (kind !== 'BadQuery') this.report(error);
      this.set(view, text, new Uint32Array(0), message);
    }
  }

  setFilter(on: boolean): void {
    const view = this.view();
    if (!view) return;
    view.find.filter = on;
    view.relayout();
    this.changed();
  }

  private set(view: ViewModel, text: string, matches: Uint32Array, error: string): void {
    const { find } = view;
    find.text = text;
    find.matches = matches;
    find.error = error;
    find.isMatch = new Uint8Array(matches.length > 0 ? view.trace.count : 0);
    for (const span of matches) find.isMatch[span] = 1;
    if (text === '') find.filter = false;
    view.relayout();
    this.changed();
  }
}
