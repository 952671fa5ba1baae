// CodeLens of one document with a million spans loaded: the index against aggregating all spans anew, as a list of objects.
//
//   node test/bench/codelens.bench.mjs
//
// Prints milliseconds (the least disturbed of the runs, and their median) and ratios; exits with 1 when the budget is missed (CodeLens for a file with 1M spans loaded: 20 ms; spans of
// one document only are a bound, not a budget).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

const spans = 1_000_000;
const budgetMs = 20;
const document = 'file:///home/dev/shop/src/cart.ts';

const folder = mkdtempSync(join(tmpdir(), 'spanhop-bench-'));
const outfile = join(folder, 'source.mjs');
await build({
  entryPoints: ['src/core/source/index.ts'],
  bundle: true,
  format: 'esm',
  target: 'node20',
  outfile,
  logLevel: 'error',
});
const { CodeIndex } = await import(pathToFileURL(outfile).href);
rmSync(folder, { recursive: true });

let seed = 7;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** `fileCount` files with 20 functions each; spans spread evenly. */
function makeRows(fileCount, functionsAFile, revision) {
  const files = Array.from({ length: fileCount }, (_, i) =>
    i === 0 ? '/usr/src/app/src/cart.ts' : `/usr/src/app/src/file${i}.ts`,
  );
  const functions = Array.from({ length: fileCount * functionsAFile }, (_, i) => `function${i}`);
  const traces = Array.from({ length: 10_000 }, (_, i) => i.toString(16).padStart(32, '0'));
  const rows = {
    revision,
    files,
    functions,
    traces,
    file: new Uint32Array(spans),
    function: new Uint32Array(spans),
    trace: new Uint32Array(spans),
    line: new Uint32Array(spans),
    durationNs: new Float64Array(spans),
    error: new Uint8Array(spans),
    startMs: new Float64Array(spans),
  };
  for (let row = 0; row < spans; row++) {
    const file = Math.floor(random() * fileCount);
    const inFile = Math.floor(random() * functionsAFile);
    rows.file[row] = file;
    rows.function[row] = file * functionsAFile + inFile;
    rows.trace[row] = Math.floor(random() * traces.length);
    rows.line[row] = 10 * inFile + 1;
    rows.durationNs[row] = Math.round(Math.exp(random() * 14 + 6));
    rows.error[row] = random() < 0.01 ? 1 : 0;
    rows.startMs[row] = 1.79e12 + row / 10;
  }
  return rows;
}

/** What a list of span objects costs on every call: filter, group, sort. */
function naive(list) {
  const groups = new Map();
  for (const span of list) {
    if (!span.file.endsWith('/src/cart.ts')) continue;
    const key = `${span.functionName}:${span.line}`;
    const group = groups.get(key) ?? { durations: [], errors: 0, last: span };
    group.durations.push(span.durationNs);
    if (span.isError) group.errors++;
    if (span.startMs > group.last.startMs) group.last = span;
    groups.set(key, group);
  }
  return [...groups.values()].map(({ durations, errors, last }) => {
    durations.sort((a, b) => a - b);
    const at = (p) => durations[Math.max(0, Math.ceil(p * durations.length) - 1)];
    return {
      name: last.functionName,
      line: last.line - 1,
      calls: durations.length,
      errors,
      p50Ns: at(0.5),
      p95Ns: at(0.95),
      lastTraceId: last.traceId,
    };
  });
}

// What one part leaves behind is collected before the next one is timed.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const locate = async (place) => ({
  file: place.file.endsWith('/src/cart.ts') ? document : 'file:///home/dev/shop/other.ts',
  line: place.line - 1,
});

let failed = false;
for (const [name, fileCount, functionsAFile] of [
  ['all in this document, 20 functions', 1, 20],
  ['all in this document, 1 function', 1, 1],
  ['all in this document, 2000 functions', 1, 2000],
  ['in 50 documents, 20 functions each', 50, 20],
  ['in 2000 documents, 20 functions each', 2000, 20],
]) {
  const rows = makeRows(fileCount, functionsAFile, 0);
  const first = [];
  let answer = [];
  let index = new CodeIndex();
  for (let run = 0; run < 15; run++) {
    index = new CodeIndex();
    index.update({ ...rows, revision: run + 1 });
    collect();
    const start = performance.now();
    answer = await index.statistics(document, locate);
    first.push(performance.now() - start);
  }
  const again = [];
  for (let run = 0; run < 15; run++) {
    const start = performance.now();
    await index.statistics(document, locate);
    again.push(performance.now() - start);
  }
  const list = Array.from({ length: spans }, (_, row) => ({
    file: rows.files[rows.file[row]],
    functionName: rows.functions[rows.function[row]],
    line: rows.line[row],
    durationNs: rows.durationNs[row],
    isError: rows.error[row] === 1,
    startMs: rows.startMs[row],
    traceId: rows.traces[rows.trace[row]],
  }));
  const slow = [];
  let expected = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    expected = naive(list);
    slow.push(performance.now() - start);
  }
  const sorted = (entries) =>
    JSON.stringify(
      entries
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, line, calls, errors, p50Ns, p95Ns, lastTraceId }) => [
          name,
          line,
          calls,
          errors,
          p50Ns,
          p95Ns,
          lastTraceId,
        ]),
    );
  if (sorted(answer) !== sorted(expected)) throw new Error(`${name}: the index and the plain aggregation differ`);
  const time = Math.min(...first);
  const hasBudget = fileCount > 1;
  const verdict = !hasBudget ? 'no budget' : time <= budgetMs ? `budget ${budgetMs} ms ok` : `budget ${budgetMs} ms MISSED`;
  if (hasBudget && time > budgetMs) failed = true;
  console.log(
    `codelens: ${name}: first ${time.toFixed(1)} ms (median ${median(first).toFixed(1)}, cold ${first[0].toFixed(1)}), again ${median(again).toFixed(3)} ms, anew ${Math.min(...slow).toFixed(0)} ms, ${(Math.min(...slow) / time).toFixed(1)} times faster, ${verdict}`,
  );
}
process.exitCode = failed ? 1 : 0;
