// @ts-check
// Decoding against the two yardsticks that anybody has at hand: `protobufjs` on the same protobuf bytes, `JSON.parse` on the same text.
// Both make objects and we make columns; the budgets say how much that has to be worth. Runs of both sides alternate, and the best of each counts:
// on a shared machine the slower runs measure the neighbours.

import { decodeBytes, StreamDecoder } from '../../src/core/format/format';
import { StringTable } from '../../src/core/model/strings';
import { report } from '../support/budget.mjs';
import { encodeRequest, TracesData } from './data/otlpProto.mjs';
import { makeRequest } from './data/spans.mjs';

const MEGABYTES = 64;
const ROUNDS = 7;
/** Requests of 4,000 spans, as many as are needed. */
const requests = Array.from({ length: 16 }, (_, seed) => makeRequest(4000, { seed: seed + 1 }));

/** @param {readonly Uint8Array[]} parts @param {number} size Repeats the parts until they are that long. */
function repeat(parts, size) {
  const all = [];
  let length = 0;
  for (let i = 0; length < size; i++) {
    all.push(parts[i % parts.length]);
    length += parts[i % parts.length].length;
  }
  return all;
}

/** @param {() => unknown} ours @param {() => unknown} theirs */
function race(ours, theirs) {
  let our = Infinity;
  let their = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    their = Math.min(their, timed(theirs));
    our = Math.min(our, timed(ours));
  }
  return { our, their };
}

/** @param {() => unknown} work */
function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** @param {number} bytes @param {number} ms */
const rate = (bytes, ms) => `${(bytes / 1e6 / (ms / 1000)).toFixed(0)} MB/s`;

function protobufBytes() {
  const parts = repeat(requests.map(encodeRequest), MEGABYTES * 1e6);
  // Messages one after the other are one message: repeated fields are joined.
  const whole = new Uint8Array(Buffer.concat(parts));
  const { our, their } = race(
    () => decodeBytes(whole, { strings: new StringTable() }),
    // Part by part, and each dropped: all of it at once costs protobufjs twice the time in garbage collection.
    () => {
      for (const part of parts) TracesData.decode(part);
    },
  );
  const spans = decodeBytes(whole, { strings: new StringTable() }).spanCount;
  const note = `${rate(whole.length, our)} against ${rate(whole.length, their)}, ${(spans / 1000).toFixed(0)}k spans, ${((our * 1e6) / spans).toFixed(0)} ns a span`;
  report({ what: 'decode otlp-proto, times as fast as protobufjs', value: their / our, unit: 'x', atLeast: 8, note });
}

function jsonBytes() {
  const texts = requests.map((request) => JSON.stringify(request).slice('{"resourceSpans":['.length, -2));
  const encoded = repeat(
    texts.map((text) => new TextEncoder().encode(`${text},`)),
    MEGABYTES * 1e6,
  );
  const text = `{"resourceSpans":[${Buffer.concat(encoded).toString().slice(0, -1)}]}`;
  const bytes = new TextEncoder().encode(text);
  const { our, their } = race(
    () => decodeBytes(bytes, { strings: new StringTable() }),
    () => JSON.parse(text),
  );
  const spans = decodeBytes(bytes, { strings: new StringTable() }).spanCount;
  const note = `${rate(bytes.length, our)} against ${rate(bytes.length, their)}, ${(spans / 1000).toFixed(0)}k spans, ${((our * 1e6) / spans).toFixed(0)} ns a span`;
  report({ what: 'decode otlp-json, times as fast as JSON.parse', value: their / our, unit: 'x', atLeast: 1.5, note });
  const streamed = Math.min(...Array.from({ length: 3 }, () => timed(() => stream(bytes))));
  report({
    what: 'decode otlp-json in pieces, times as fast as JSON.parse',
    value: their / streamed,
    unit: 'x',
    note: rate(bytes.length, streamed),
  });
}

/** @param {Uint8Array} bytes */
function stream(bytes) {
  const decoder = new StreamDecoder({ strings: new StringTable() });
  for (let at = 0; at < bytes.length; at += 1 << 20) decoder.push(bytes.subarray(at, at + (1 << 20)));
  return decoder.end();
}

protobufBytes();
jsonBytes();
