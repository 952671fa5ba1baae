/** Names that a query about the trace may have: its services and spans, and keys of attributes, which are asked for once a trace. */

import type { Vocabulary } from '../../src/core/query/completion';
import type { Host } from '../host';
import type { ViewModel } from './state';

/** Names of spans that are looked through with each key press. */
const MOST_NAMES = 5_000;

export class Words {
  private keys: Promise<readonly string[]> | undefined;
  private keysOf = '';

  constructor(
    private readonly host: Pick<Host, 'call'>,
    private readonly view: () => ViewModel | undefined,
  ) {}

  async get(): Promise<Vocabulary> {
    const trace = this.view()?.trace;
    if (!trace) return { keys: [], services: [], operations: [] };
    const { dataset, traceId } = trace.key;
    const of = `${dataset} ${traceId}`;
    if (of !== this.keysOf) this.keys = undefined;
    this.keysOf = of;
    // Without keys the rest still serves; they are asked for again with the next key press.
    this.keys ??= this.host.call('attributeKeys', { trace: { dataset, traceId } }).catch(() => {
      this.keys = undefined;
      return [];
    });
    const { services, names } = trace.snapshot;
    return { keys: await this.keys, services, operations: names.slice(0, MOST_NAMES) };
  }
}
