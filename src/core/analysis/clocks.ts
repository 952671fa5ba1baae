/** Which clock timed a span: the host's where the resource names one, else the service's. */

import { ranges, type Steps } from '../../base/steps';
import type { SpanBatch } from '../model/batch';
import type { StringTable } from '../model/strings';
import { readValue } from '../model/values';

/**
 * Keys that name a machine, most telling first. Sources: OpenTelemetry semantic conventions 1.44, "Host"; Jaeger's clients (`hostname`, `ip`).
 */
const HOST_KEYS = ['host.id', 'host.name', 'hostname', 'ip'];

interface ClockInput {
  readonly count: number;
  readonly service: Uint32Array;
  readonly strings: StringTable;
  readonly batches: readonly SpanBatch[];
  readonly batch: Uint32Array;
  readonly batchRow: Uint32Array;
}

/** Per row a number of its clock, from 0; in steps. */
export function* clockColumn(table: ClockInput): Steps<{ clock: Uint32Array; clocks: number }> {
  const numbers = new Map<string, number>();
  const hostKeys = HOST_KEYS.map((key) => table.strings.find(key)).filter((index) => index >= 0);
  /** Per batch and resource: clock + 1. */
  const known = table.batches.map((batch) => new Uint32Array(batch.resources.length));
  const clock = new Uint32Array(table.count);
  yield* ranges(table.count, (from, to) => {
    for (let row = from; row < to; row++) clock[row] = numberOf(row) - 1;
  });
  return { clock, clocks: numbers.size };

  function numberOf(row: number): number {
    const inBatch = table.batch[row];
    const batch = table.batches[inBatch];
    const resource = batch.resource[table.batchRow[row]];
    if (known[inBatch][resource] !== 0) return known[inBatch][resource];
    const key = clockKey(batch, resource, hostKeys);
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    known[inBatch][resource] = number;
    return number;
  }
}

function clockKey(batch: SpanBatch, resource: number, hostKeys: readonly number[]): string {
  const { attributeStart, attributeEnd, service } = batch.resources[resource];
  for (const key of hostKeys) {
    for (let i = attributeStart; i < attributeEnd; i++) {
      if (batch.attributes.key[i] !== key) continue;
      const value = readValue(batch, i);
      if (typeof value === 'string' && value !== '') return `host ${value}`;
    }
  }
  return `service ${service}`;
}
