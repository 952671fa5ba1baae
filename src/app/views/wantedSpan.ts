/**
 * The span that somebody asked a view to select. It is given to the page once, with a picture or by itself, and the page keeps it until a picture
 * has it. A page that goes away before it selected it takes nothing along: the next one is given it again.
 */

import type { ViewPage } from './viewPage';

export class WantedSpan {
  private wish: { readonly spanId: string; page?: ViewPage } | undefined;

  /** Somebody asks; the wish before is over. */
  ask(spanId: string | undefined): void {
    this.wish = spanId === undefined ? undefined : { spanId };
  }

  get isAsked(): boolean {
    return this.wish !== undefined;
  }

  /** What a picture for this page has to select. */
  toGive(page: ViewPage): string | undefined {
    return this.wish && this.wish.page !== page ? this.wish.spanId : undefined;
  }

  /** Whether the page knows all that is wanted. */
  isGiven(page: ViewPage): boolean {
    return this.wish === undefined || this.wish.page === page;
  }

  /** The page was told. Where it has selected the span, the wish is fulfilled. */
  given(spanId: string, page: ViewPage, hasSelected: boolean): void {
    if (this.wish?.spanId !== spanId) return;
    if (hasSelected) this.wish = undefined;
    else this.wish.page = page;
  }

  /** A span was selected: the one that was wanted, or a person chose another. */
  selected(spanId: string, byPerson: boolean): void {
    if (this.wish && (byPerson || this.wish.spanId === spanId)) this.wish = undefined;
  }
}
