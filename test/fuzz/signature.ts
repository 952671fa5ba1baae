/** Everything that a person can see of a span, as one text: what two ways of reading or writing it must agree on. */

import { endOf } from '../../src/core/format/otlp/groupRows';
import { anyValueOfRow } from '../../src/core/model/anyValue';
import { BATCH_NO_END, type SpanBatch } from '../../src/core/model/batch';
import { spanIdHex, traceIdHex } from '../../src/core/model/ids';
import { readValue } from '../../src/core/model/values';

const OWNERS = '\nresource ';

/** Without resource and scope. */
export function withoutOwners(text: string): string {
  return text.slice(0, text.lastIndexOf(OWNERS));
}

/** One text a span, in the order of the batches. */
export function signatures(batches: readonly SpanBatch[]): string[] {
  const all: string[] = [];
  for (const batch of batches) {
    const owners = new Map<number, string>();
    for (let row = 0; row < batch.count; row++) all.push(signature(batch, row, owners));
  }
  return all;
}

function signature(batch: SpanBatch, row: number, owners: Map<number, string>): string {
  const { strings, rare } = batch;
  const running = (batch.flags[row] & BATCH_NO_END) !== 0;
  let text = `${traceIdHex(batch.traceId, row)} ${spanIdHex(batch.spanId, row)} ${spanIdHex(batch.parentSpanId, row)}`;
  text += ` ${strings.get(batch.name[row])} ${batch.kind[row]} ${batch.start[row * 2]} ${batch.start[row * 2 + 1]}`;
  text += running ? ' running' : ` ${lengthOf(batch, row)}`;
  text += ` ${batch.status[row]} ${strings.get(batch.statusMessage[row])} ${batch.flags[row] & 0xffff} ${strings.get(batch.traceState[row])}`;
  const dropped = rare?.dropped.get(row);
  text += ` ${dropped?.attributes ?? 0} ${dropped?.events ?? 0} ${dropped?.links ?? 0}`;
  text += attributes(batch, batch.attributeStart[row], batch.attributeEnd[row]);
  const { events, links } = batch;
  for (let event = batch.eventStart[row]; event < batch.eventEnd[row]; event++) {
    text += `\ne ${strings.get(events.name[event])} ${events.time[event * 2]} ${events.time[event * 2 + 1]} ${rare?.eventDropped.get(event) ?? 0}`;
    text += attributes(batch, events.attributeStart[event], events.attributeEnd[event]);
  }
  for (let link = batch.linkStart[row]; link < batch.linkEnd[row]; link++) {
    const more = rare?.links.get(link);
    text += `\nl ${traceIdHex(links.traceId, link)} ${spanIdHex(links.spanId, link)} ${more?.flags ?? 0} ${more?.dropped ?? 0} ${strings.get(more?.traceState ?? 0)}`;
    text += attributes(batch, links.attributeStart[link], links.attributeEnd[link]);
  }
  const owner = batch.resource[row] * 65536 + batch.scope[row];
  let known = owners.get(owner);
  if (known === undefined) {
    const resource = batch.resources[batch.resource[row]];
    const scope = batch.scopes[batch.scope[row]];
    known = `${OWNERS}${strings.get(resource.service)} ${strings.get(resource.schemaUrl ?? 0)}`;
    known += attributes(batch, resource.attributeStart, resource.attributeEnd);
    known += `\ns ${strings.get(scope.name)} ${strings.get(scope.version)} ${strings.get(scope.schemaUrl ?? 0)}`;
    known += attributes(batch, scope.attributeStart, scope.attributeEnd);
    owners.set(owner, known);
  }
  return text + known;
}

function attributes(batch: SpanBatch, from: number, to: number): string {
  let text = '';
  for (let row = from; row < to; row++) {
    readValue(batch, row);
    const value = JSON.stringify(anyValueOfRow(batch, row));
    text += `\n${batch.strings.get(batch.attributes.key[row])}=${value.includes('\\ud') ? wellFormed(value) : value}`;
  }
  return text;
}

/** As its end where a double holds the duration exactly; else to 12 digits. Within what an end can say. */
function lengthOf(batch: SpanBatch, row: number): string {
  const startNs = batch.start[row * 2 + 1] * 2 ** 32 + batch.start[row * 2];
  const durationNs = Math.min(Math.max(batch.durationNs[row], 1 - startNs), 2 ** 64 - startNs);
  if (Math.abs(durationNs) > 2 ** 53) return durationNs.toPrecision(12);
  const { low, high } = endOf(batch, row);
  return `${low} ${high}`;
}

/** Lone surrogates are U+FFFD as soon as they are written. */
function wellFormed(json: string): string {
  return json.replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd');
}
