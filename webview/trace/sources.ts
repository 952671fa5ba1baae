/** Where spans are in code: asked of the host once per span and revision, and only for spans that a person looks at. */

import { Emitter } from '../../src/base/emitter';
import { FLAG_SOURCE } from '../../src/core/model/table';
import { hasFlag } from '../../src/protocol/columns';
import type { SourceTarget, SpanKey } from '../../src/protocol/view';
import type { Host } from '../host';
import type { SpanIds } from './spanIds';
import type { ViewModel } from './state';

export class Sources {
  /** By span id. What was known before a change is shown until the host answers anew. */
  private known = new Map<string, SourceTarget | undefined>();
  private requests = new Map<string, Promise<SourceTarget | undefined>>();
  private seen = '';
  private readonly changedEmitter = new Emitter<void>();
  /** What is shown of any span's source may be wrong now. */
  readonly onDidChange = this.changedEmitter.event;

  constructor(
    private readonly host: Pick<Host, 'call'>,
    private readonly requestFrame: () => void,
  ) {}

  /** Another trace. */
  clear(): void {
    this.known = new Map();
    this.requests = new Map();
  }

  /** A newer revision of it: its spans may say more now. */
  refresh(): void {
    this.requests = new Map();
  }

  /** The host has other answers now. */
  changed(): void {
    this.clear();
    this.changedEmitter.fire();
    this.requestFrame();
  }

  /** The best source of a span. */
  get(span: SpanKey): Promise<SourceTarget | undefined> {
    const { spanId } = span;
    const asked = this.requests.get(spanId);
    if (asked) return asked;
    const { known, requests } = this;
    const request = this.host.call('source', span).then((target) => {
      known.set(spanId, target);
      this.requestFrame();
      return target;
    });
    request.catch(() => requests.delete(spanId));
    requests.set(spanId, request);
    return request;
  }

  /** What stands at the right of a row; undefined while it is not known. */
  label(view: ViewModel, ids: SpanIds | undefined, span: number): string | undefined {
    if (!ids) return undefined;
    const spanId = ids.idOf(span);
    const known = this.known.get(spanId);
    if (this.requests.has(spanId) || !hasFlag(view.trace, span, FLAG_SOURCE)) return known?.label;
    // A pointer that only passes asks for nothing: the row must be under it for two frames.
    if (this.seen === spanId || view.spanOf(view.selected) === span) {
      void this.get({ trace: view.trace.key, spanId }).catch(() => {});
    } else this.requestFrame();
    this.seen = spanId;
    return known?.label;
  }
}
