// Every trace file of the public sample data opens in the custom editor, with as many spans as a walk finds that knows nothing of Spanhop.

import { ok, strictEqual } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { commands, extensions, Uri } from 'vscode';
import type { SpanhopApi } from '../../src/api';
import { spanhop } from './support/spanhop';

/** Trace files: captures of programs, samples of the formats, and what the recorded servers were given. */
const traceName = /(?:capture.*\.(?:pb|json)|\.(?:otlp|zipkin|jaeger|tempo)\.json)$/;

function sampleFolder(): string | undefined {
  const project = extensions.getExtension('spanhop.spanhop')?.extensionPath ?? '';
  const folder = process.env.SPANHOP_SHARED_DATA ?? join(project, '..', 'shared', 'data');
  return existsSync(join(folder, 'README.md')) ? folder : undefined;
}

interface Counts {
  spans: number;
  logs: number;
}

/** Counts objects that have a span's id, wherever they stand; links and references are named otherwise, log records have a severity or a body. */
function countJson(value: unknown, counts: Counts = { spans: 0, logs: 0 }): Counts {
  const rest: unknown[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (Array.isArray(next)) rest.push(...next);
    if (typeof next !== 'object' || next === null || Array.isArray(next)) continue;
    if ('severityNumber' in next || 'severityText' in next) counts.logs++;
    else if ('spanId' in next || 'spanID' in next || ('id' in next && 'traceId' in next)) counts.spans++;
    else rest.push(...Object.values(next));
  }
  return counts;
}

/** The same for the Collector's file format: messages behind four bytes of length, `resource_spans` 1, `scope_spans` 2, `spans` 2 (logs likewise). */
function countProto(bytes: Uint8Array): Counts {
  const counts = { spans: 0, logs: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4 + view.getUint32(at)) {
    const message = bytes.subarray(at + 4, at + 4 + view.getUint32(at));
    for (const group of fieldsOf(message, 1)) {
      for (const scope of fieldsOf(group, 2)) {
        for (const item of fieldsOf(scope, 2)) {
          // Field 1 of a span is its 16 bytes of trace id; of a log record it is a time.
          if (item[0] === 0x0a && item[1] === 16) counts.spans++;
          else counts.logs++;
        }
      }
    }
  }
  return counts;
}

/** The length-delimited fields of a message that have this number. */
function* fieldsOf(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else {
      const length = varint();
      if (Math.floor(tag / 8) === wanted) yield bytes.subarray(at, at + length);
      at += length;
    }
  }
}

describe('the sample data in the custom editor', () => {
  const folder = sampleFolder();
  const files =
    folder === undefined
      ? []
      : readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter((name) => traceName.test(name) && !/jaeger-2\.13|jaeger-main|tempo-main|zipkin-3\.5/.test(name))
          .sort();
  let api: SpanhopApi;

  before(async () => {
    api = await spanhop();
  });

  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  if (folder === undefined) {
    it('is not beside this checkout');
    return;
  }

  it('is all there', () => ok(files.length >= 25, `${files.length} trace files in ${folder}`));

  for (const name of files) {
    const path = join(folder, name);
    it(`${relative(folder, path)}: every span`, async () => {
      const bytes = readFileSync(path);
      const held = name.endsWith('.json') ? countJson(JSON.parse(bytes.toString())) : countProto(bytes);
      ok(held.spans + held.logs > 0);
      const file = await api.openTraceFile(Uri.file(path));
      strictEqual(file.spanCount, held.spans);
      // Spans that came twice are listed once.
      const listed = file.traces.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0);
      ok(listed <= held.spans && (listed > 0 || held.spans === 0), `${listed} of ${held.spans} spans are in traces`);
      if (held.spans === 0) {
        const said = file.defects.map(({ message }) => message).join(' ');
        ok(said.includes('log') && said.includes(String(held.logs)), `It says of ${held.logs} log records: ${said}`);
      }
    });
  }
});
