/** Where spans are in code: asked of the host once per span, and only for rows that a person looks at. */

import { FLAG_SOURCE } from '../../src/core/model/table';
import type { SourceTarget } from '../../src/protocol/view';
import type { Host } from '../shell/host';
import { hasFlag } from './model';
import type { ViewModel } from './state';

export class Sources {
  private known = new Map<number, SourceTarget | undefined>();
  private requests = new Map<number, Promise<SourceTarget | undefined>>();
  private seen = -1;
  /** What is shown of one span's source may be wrong now. */
  onChange: () => void = () => {};

  constructor(
    private readonly host: Host,
    private readonly requestFrame: () => void,
  ) {}

  /** Another trace, or another revision. */
  clear(): void {
    this.known = new Map();
    this.requests = new Map();
  }

  /** The host has other answers now. */
  changed(): void {
    this.clear();
    this.onChange();
    this.requestFrame();
  }

  /** The best source of a span. */
  get(span: number): Promise<SourceTarget | undefined> {
    const asked = this.requests.get(span);
    if (asked) return asked;
    const { known, requests } = this;
    const request = this.host.call('source', { row: span }).then((target) => {
      known.set(span, target);
      this.requestFrame();
      return target;
    });
    request.catch(() => requests.delete(span));
    requests.set(span, request);
    return request;
  }

  /** What stands at the right of a row; undefined while it is not known. */
  label(view: ViewModel, span: number): string | undefined {
    if (this.known.has(span)) return this.known.get(span)?.label;
    if (!hasFlag(view.trace, span, FLAG_SOURCE)) return undefined;
    // A pointer that only passes asks for nothing: the row must be under it for two frames.
    if (this.seen === span || view.spanOf(view.selected) === span) void this.get(span).catch(() => {});
    else this.requestFrame();
    this.seen = span;
    return undefined;
  }
}
