/** Large traces made in memory. Names and shape are like those of real ones; ids and times are counted, so every run has the same. */

import {
  KIND_CLIENT,
  KIND_INTERNAL,
  KIND_SERVER,
  type SpanBatch,
  STATUS_ERROR,
  VALUE_INT,
  VALUE_STRING,
} from '../../src/core/model/batch';
import { BatchBuilder } from '../../src/core/model/batchBuilder';
import { StringTable } from '../../src/core/model/strings';
import { TEXT_START } from './traceText';

/** A chain: every span is the child of the one before. */
export function deepBatch(count: number): SpanBatch {
  const builder = start(count);
  for (let row = 0; row < count; row++) span(builder, row, row - 1, row, Math.max(1, 2 * (count - row)));
  return builder.finish();
}

/**
 * A wide and realistic tree of `count` spans: requests of three services below one root, each with queries; 8 attributes a span, one error in 500.
 * Input order is that of ends, as exporters deliver.
 */
export function wideBatch(count: number, attributes = 8): SpanBatch {
  const builder = start(count);
  const { strings } = builder;
  const values = new TextEncoder().encode(
    'GET /api/v1/products/{id} https://shop.example/api/v1/products/18234 SELECT * FROM product WHERE id = ? ',
  );
  builder.blob = values;
  const keys = Array.from({ length: attributes }, (_, i) => strings.intern(`attribute.${i}`));
  const names = ['POST /checkout', 'GET /cart/{id}', 'SELECT product', 'INSERT order', 'serialize'].map((name) =>
    strings.intern(name),
  );
  for (let i = count - 1; i >= 0; i--) {
    const parent = i === 0 ? -1 : i % 10 === 1 ? 0 : i - ((i - 1) % 10 === 1 ? 1 : (i - 1) % 10);
    const row = span(builder, i, Math.max(parent, i === 0 ? -1 : 0), i * 10, i === 0 ? count * 10 + 100 : i % 10 === 1 ? 95 : 8);
    builder.name[row] = names[i % names.length];
    builder.resource[row] = i % 3;
    builder.kind[row] = [KIND_SERVER, KIND_CLIENT, KIND_INTERNAL][i % 3];
    if (i % 500 === 499) builder.status[row] = STATUS_ERROR;
    builder.attributeStart[row] = builder.attributeCount;
    for (let k = 0; k < attributes; k++) {
      if (k % 4 === 3) builder.attribute(keys[k], VALUE_INT, i + k, 0);
      else builder.attribute(keys[k], VALUE_STRING, (i + k * 7) % 60, 20 + (k % 3) * 8);
    }
    builder.attributeEnd[row] = builder.attributeCount;
  }
  return builder.finish();
}

function start(count: number): BatchBuilder {
  const builder = new BatchBuilder(new StringTable(), new Uint8Array(0), count);
  for (const service of ['storefront', 'cart', 'pricing']) {
    builder.resources.push({ service: builder.strings.intern(service), attributeStart: 0, attributeEnd: 0 });
  }
  builder.scopes.push({ name: 0, version: 0, attributeStart: 0, attributeEnd: 0 });
  return builder;
}

/** Times in microseconds from TEXT_START; ids are spread like random ones. */
function span(builder: BatchBuilder, id: number, parent: number, startUs: number, durationUs: number): number {
  const row = builder.span();
  const time = TEXT_START + BigInt(startUs) * 1000n;
  builder.start[row * 2] = Number(time & 0xffffffffn);
  builder.start[row * 2 + 1] = Number(time >> 32n);
  builder.durationNs[row] = durationUs * 1000;
  builder.spanId[row * 2] = Math.imul(id + 1, 0x9e3779b1);
  builder.spanId[row * 2 + 1] = id + 1;
  if (parent >= 0) {
    builder.parentSpanId[row * 2] = Math.imul(parent + 1, 0x9e3779b1);
    builder.parentSpanId[row * 2 + 1] = parent + 1;
  }
  builder.name[row] = builder.strings.intern(`level ${id % 100}`);
  return row;
}
