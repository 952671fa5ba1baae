/**
 * Redaction of what is exported: a copy of the columns that hold or lead to values, with what must not go out replaced. The value
 * bytes themselves are shared, and the encoders copy only what columns lead to. A list or map with something hidden inside
 * becomes its JSON text.
 */

import type { RowSelection } from '../../core/format/format';
import { type SpanBatch, VALUE_INTERNED } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import { fullText } from './boundedValues';
import type { Redactor } from './redactor';

/** The rows with redaction applied to their attributes, events, links, resources, scopes and status messages. */
export function redactRows({ batch, rows }: RowSelection, redactor: Redactor): RowSelection {
  return redactor.active ? { batch: new BatchRedaction(batch, redactor).run(rows), rows } : { batch, rows };
}

class BatchRedaction {
  private readonly type: Uint8Array;
  private readonly number: Float64Array;
  private readonly statusMessage: Uint32Array;
  private readonly eventName: Uint32Array;

  constructor(
    private readonly batch: SpanBatch,
    private readonly redactor: Redactor,
  ) {
    this.type = batch.attributes.type.slice();
    this.number = batch.attributes.number.slice();
    this.statusMessage = batch.statusMessage.slice();
    this.eventName = batch.events.name.slice();
  }

  run(rows: ArrayLike<number>): SpanBatch {
    const { batch } = this;
    const { events, links } = batch;
    for (const { attributeStart, attributeEnd } of [...batch.resources, ...batch.scopes])
      this.attributes(attributeStart, attributeEnd);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      this.attributes(batch.attributeStart[row], batch.attributeEnd[row]);
      this.statusMessage[row] = this.name(batch.statusMessage[row]);
      for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
        this.eventName[event] = this.name(events.name[event]);
        this.attributes(events.attributeStart[event], events.attributeEnd[event]);
      }
      for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) {
        this.attributes(links.attributeStart[link], links.attributeEnd[link]);
      }
    }
    return {
      ...batch,
      statusMessage: this.statusMessage,
      attributes: { ...batch.attributes, type: this.type, number: this.number },
      events: { ...events, name: this.eventName },
    };
  }

  private attributes(start: number, end: number): void {
    const { batch, redactor } = this;
    for (let row = start; row < end; row++) {
      const key = batch.strings.get(batch.attributes.key[row]);
      const value = readValue(batch, row);
      const changed = redactor.value(key, value);
      if (changed === value) continue;
      const text = fullText(changed);
      if (text === fullText(value)) continue;
      this.type[row] = VALUE_INTERNED;
      this.number[row] = batch.strings.intern(text);
    }
  }

  private name(index: number): number {
    const text = this.batch.strings.get(index);
    const changed = this.redactor.text(text);
    return changed === text ? index : this.batch.strings.intern(changed);
  }
}
