// Searches over a million spans in the local store, as exporters send them: 50,000 traces of 20 spans, ten attributes each, in 200 batches.
// Each figure is of a whole search, list included; beside it, how many traces it found. One request at a time, as from a window.

import { Slices } from '../../src/base/slices';
import { decodeBytes } from '../../src/core/format/format';
import { findTextToStages } from '../../src/core/query/findText';
import { Dataset } from '../../src/engine/store/dataset';
import { findTracesIn } from '../../src/engine/traces/findTraces';
import { medianMs, report } from '../support/budget.mjs';
import { encodeRequest } from './data/otlpProto.mjs';
import { makeRequest } from './data/spans.mjs';

const SPANS = 1_000_000;
const BATCH = 5_000;
const DIFFERENT = 10;
const RUNS = 5;

const dataset = filled();
report({ what: 'spans in the local store', value: dataset.store.spans, unit: 'spans', atLeast: SPANS });
report({ what: 'traces', value: dataset.store.traceCount, unit: 'traces' });

for (const [what, query] of [
  ['all', '{ }'],
  ['service', '{ resource.service.name = "payment" && name = "GET /cart" }'],
  ['no service', '{ resource.service.name = "nobody" }'],
  ['attribute, text', '{ span.db.collection.name = "customers" && span.http.route = "/cart" }'],
  ['attribute, integer', '{ span.http.response.status_code = 418 }'],
  ['unscoped attribute', '{ .http.response.status_code = 418 }'],
  ['duration', '{ duration > 10h }'],
  ['status', '{ status = error && duration < 0ns }'],
  ['expression over names', '{ name =~ ".*(no|such).*name.*" }'],
  ['expression over values', '{ span.url.full =~ ".*[?]page=99999.*" }'],
  ['expression over values, no text in it', '{ span.url.full =~ "[a-z]+:[^ ]*/car[^t].*" }'],
  ['free text', 'nothing of the kind'],
  ['comparison of two fields', '{ span.server.port = span.http.response.status_code }'],
  ['event', '{ event.exception.type = "NoSuchError" }'],
  ['aggregate', '{ status = error } | count() > 20'],
  ['aggregate over all', '{ } | avg(duration) > 10h'],
] as const) {
  await search(what, query, 100);
}
for (const [what, query] of [
  ['>>', '{ kind = server } >> { status = error && kind = consumer && duration < 1ns }'],
  ['>> over all', '{ } >> { kind = server && duration < 0ns }'],
  ['~', '{ status = error } ~ { status = error && name = "nothing" }'],
  ['!<<', '{ kind = server } !<< { kind = producer && duration > 10h }'],
  ['!<< of every trace', '{ } !<< { status = unset } | sum(duration) > 1000h'],
  ['> of every trace', '{ } > { } | sum(duration) > 1000h'],
  ['>> of most traces', '{ span.http.route = "/cart" } >> { span.http.route = "/cart" && duration < 2us }'],
  ['~ of most traces', '{ kind = client } ~ { kind = client } | min(duration) > 50ms'],
  ['three of them', '{ kind = server } >> { status = error } > { status = error }'],
] as const) {
  await search(what, query, 500);
}

async function search(what: string, text: string, atMost: number): Promise<void> {
  const query = { stages: findTextToStages(text) };
  let found = 0;
  const value = await medianMs(async () => {
    found = 0;
    await findTracesIn(dataset, { query, limit: 100 }, undefined, new Slices(), () => found++);
  }, RUNS);
  report({ what: `search 1M spans: ${what}`, value, unit: 'ms', atMost, note: `${found} found, ${text}` });
}

function filled(): Dataset {
  let revision = 0;
  const made = new Dataset('local', () => ++revision);
  const requests = Array.from({ length: DIFFERENT }, (_, seed) =>
    encodeRequest(makeRequest(BATCH, { seed: seed + 1, spansPerTrace: 20 })),
  );
  for (let copy = 0; copy < SPANS / BATCH; copy++) {
    for (const batch of decodeBytes(requests[copy % DIFFERENT], { strings: made.strings }).batches) {
      // Other traces, at another time.
      for (let row = 0; row < batch.count; row++) {
        batch.traceId[row * 4 + 1] ^= copy;
        batch.start[row * 2 + 1] += copy;
      }
      made.store.add(batch);
    }
  }
  return made;
}
