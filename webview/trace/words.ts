/** Names that a query about the trace may have: its services and spans, and keys and values of attributes, which are asked for once a trace. */

import type { Vocabulary } from '../../src/core/query/completion';
import { printField } from '../../src/core/query/literals';
import type { Field } from '../../src/core/query/query';
import type { TraceKey } from '../../src/protocol/traces';
import type { Host } from '../host';
import type { ViewModel } from './state';

/** Names of spans that are looked through with each key press. */
const MOST_NAMES = 5_000;

export class Words {
  private keys: Promise<readonly string[]> | undefined;
  private keysOf = '';
  /** By field; empty while they are on their way. */
  private readonly values = new Map<string, readonly (string | number | boolean)[]>();

  constructor(
    private readonly host: Pick<Host, 'call'>,
    private readonly view: () => ViewModel | undefined,
  ) {}

  /** @param arrived runs when values came that were asked for */
  async get(arrived: () => void): Promise<Vocabulary> {
    const trace = this.view()?.trace;
    if (!trace) return { keys: [], services: [], operations: [] };
    const { dataset, traceId } = trace.key;
    const of = `${dataset} ${traceId}`;
    if (of !== this.keysOf) {
      this.keys = undefined;
      this.values.clear();
    }
    this.keysOf = of;
    // Without keys the rest still serves; they are asked for again with the next key press.
    this.keys ??= this.host.call('attributeKeys', { trace: { dataset, traceId } }).catch(() => {
      this.keys = undefined;
      return [];
    });
    const { services, names } = trace.snapshot;
    const valuesOf = (field: Field): readonly (string | number | boolean)[] =>
      this.valuesOf(field, { dataset, traceId }, arrived);
    return { keys: await this.keys, services, operations: names.slice(0, MOST_NAMES), valuesOf };
  }

  private valuesOf(field: Field, trace: TraceKey, arrived: () => void): readonly (string | number | boolean)[] {
    const name = printField(field);
    const known = this.values.get(name);
    if (known) return known;
    const { keysOf } = this;
    this.values.set(name, []);
    this.host.call('attributeValues', { trace, field: name }).then(
      (values) => {
        if (keysOf !== this.keysOf) return;
        this.values.set(name, values);
        if (values.length > 0) arrived();
      },
      // Without values there are fewer proposals.
      () => {},
    );
    return [];
  }
}
