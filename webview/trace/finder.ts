/** Find and filter: asks the host which spans match (the latest question wins) and keeps the answer in the view's state. */

import { toErrorData } from '../../src/base/errors';
import { Latest } from '../../src/base/latest';
import type { Host } from '../host';
import type { ViewModel } from './state';

export interface FinderOptions {
  readonly host: Pick<Host, 'call'>;
  readonly report: (error: unknown) => void;
  readonly view: () => ViewModel | undefined;
  readonly changed: () => void;
}

export class Finder {
  private readonly searching = new Latest();

  constructor(private readonly own: FinderOptions) {}

  /** Finds `text` in the trace that is shown; an empty one ends the search. Resolves when the answer is shown. */
  async search(text: string, filter?: boolean): Promise<void> {
    const { host, report } = this.own;
    const view = this.own.view();
    if (!view) return;
    this.searching.cancel();
    if (filter !== undefined) view.find.filter = filter;
    view.find.asked = text;
    if (text === '') {
      this.set(view, '', new Uint32Array(0), '');
      return;
    }
    try {
      const { rows } = await this.searching.run((signal) => host.call('find', { trace: view.trace.key, text }, { signal }));
      if (this.own.view() === view) this.set(view, text, new Uint32Array(rows), '');
    } catch (error) {
      const { kind, message } = toErrorData(error);
      // Of a picture that is gone: the search is repeated with the next one.
      if (kind === 'Cancelled' || kind === 'NotFound' || this.own.view() !== view) return;
      if (kind !== 'BadQuery') report(error);
      this.set(view, text, new Uint32Array(0), message);
    }
  }

  /** Another trace, or none: what is under way is of the one before. */
  cancel(): void {
    this.searching.cancel();
  }

  setFilter(on: boolean): void {
    const view = this.own.view();
    if (!view) return;
    view.find.filter = on;
    view.relayout();
    this.own.changed();
  }

  private set(view: ViewModel, text: string, matches: Uint32Array, error: string): void {
    view.setFound(text, matches, error);
    view.relayout();
    this.own.changed();
  }
}
