/**
 * Makes the part of the sample programs (sharedData.ts, `programs/`) that the project carries for machines without them: of the captures
 * only the spans and log records that an `expected*.json` names. Sources, builds and stack traces are copied as they are.
 *
 *     node test/support/carryPrograms.mjs FOLDER_OF_PROGRAMS
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const from = process.argv[2];
if (from === undefined) {
  console.error('Which folder holds the programs?');
  process.exit(2);
}
const to = resolve(import.meta.dirname, '../fixtures/source/programs');

for (const program of readdirSync(from, { withFileTypes: true })) {
  if (!program.isDirectory()) continue;
  const source = join(from, program.name);
  const target = join(to, program.name);
  cpSync(source, target, { recursive: true, filter: (path) => !/capture[^/]*\.(?:json|pb)$/.test(path) });
  const named = new Map();
  for (const list of readdirSync(source).filter((name) => /^expected.*\.json$/.test(name))) {
    const capture = list.replace('expected', 'capture').replace('-events', '').replace('.json', '.otlp.json');
    const ids = named.get(capture) ?? new Set();
    for (const { spanId } of JSON.parse(readFileSync(join(source, list), 'utf8'))) ids.add(spanId);
    named.set(capture, ids);
  }
  for (const [capture, ids] of named) {
    if (!existsSync(join(source, capture))) continue;
    const request = JSON.parse(readFileSync(join(source, capture), 'utf8'));
    // One item a line and no indentation: changes show, and the file stays small.
    writeFileSync(join(target, capture), `${JSON.stringify(only(request, ids), null, 1).replace(/\n +/g, '\n')}\n`);
  }
}

/** Of an export request the spans or log records whose span is named, and the groups that hold some. */
function only(request, ids) {
  const groups = (list, inner, records) =>
    list
      ?.map((group) => ({
        ...group,
        [inner]: group[inner].map((each) => ({ ...each, [records]: each[records].filter(({ spanId }) => ids.has(spanId)) })),
      }))
      .map((group) => ({ ...group, [inner]: group[inner].filter((each) => each[records].length) }))
      .filter((group) => group[inner].length);
  return JSON.parse(
    JSON.stringify({
      resourceSpans: groups(request.resourceSpans, 'scopeSpans', 'spans'),
      resourceLogs: groups(request.resourceLogs, 'scopeLogs', 'logRecords'),
    }),
  );
}
