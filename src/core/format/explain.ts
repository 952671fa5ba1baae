/**
 * What input that holds no traces looks like, said so that a person sees what went wrong: the wrong file, a login page instead of an answer, an
 * archive that has to be unpacked.
 */

import { foreignText } from './foreign';

const ACCEPTED =
  'Spanhop reads OTLP (JSON, JSON lines, protobuf, Collector files), what console exporters print, and the JSON of Jaeger, Zipkin, Tempo, AWS X-Ray, Azure, Google Cloud, Datadog, Elastic APM and others.';

const decoder = new TextDecoder();

const magic: readonly { readonly bytes: readonly number[]; readonly what: string }[] = [
  { bytes: [0x1f, 0x8b], what: 'is compressed with gzip. Unpack it, then open what is in it.' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'is compressed with Zstandard. Unpack it, then open what is in it.' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: `is a PNG image, no trace data. ${ACCEPTED}` },
  { bytes: [0xff, 0xd8, 0xff], what: `is a JPEG image, no trace data. ${ACCEPTED}` },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: `is a GIF image, no trace data. ${ACCEPTED}` },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: `is a PDF document, no trace data. ${ACCEPTED}` },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66], what: `is a database of SQLite, no trace data. ${ACCEPTED}` },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: `is a Parquet file, perhaps a block of Tempo's storage. ${ACCEPTED}` },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: `is a program, no trace data. ${ACCEPTED}` },
];

/** The rest of a sentence that begins with the name of the input, and what is accepted instead. */
export function explain(head: Uint8Array): string {
  if (head.length === 0) return 'is empty. There is nothing to show yet.';
  for (const { bytes, what } of magic) {
    if (bytes.every((byte, i) => head[i] === byte)) return what;
  }
  const binary = explainBinary(head);
  if (binary !== undefined) return binary;
  const text = decoder
    .decode(head)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text === '') return 'holds only white space. There is nothing to show yet.';
  const foreign = foreignText(text);
  if (foreign !== undefined) return foreign;
  if (/^<(?:!doctype html|html)/i.test(text)) {
    return `is an HTML page, no trace data: perhaps a login page, or a wrong address. ${ACCEPTED}`;
  }
  if (text.startsWith('<')) return `is XML, no trace data. ${ACCEPTED}`;
  // What has ids of traces in it is trace data, perhaps: of a kind that nobody brought yet.
  const hasIds = /trace[_. ]?id|\b[0-9a-f]{32}[ -][0-9a-f]{16}\b/i.test(text);
  const without = hasIds ? 'with trace ids in it, of a kind that Spanhop does not know' : 'without spans';
  if (/^\{\s*(?:["}]|$)/.test(text)) return `is a JSON object ${without}${keysOf(text)}. ${ACCEPTED}`;
  // Lines of logs begin with a bracket as well.
  if (/^\[\s*(?:[[{\]"\d-]|true|false|null|$)/.test(text)) return `is a JSON list ${without}${keysOf(text)}. ${ACCEPTED}`;
  if (isText(head) && hasIds) return `is text ${without} (it begins with "${firstWords(text)}"). ${ACCEPTED}`;
  if (isText(head)) return `is text that begins with "${firstWords(text)}", no trace data. ${ACCEPTED}`;
  return `is binary data of an unknown kind. ${ACCEPTED}`;
}

/** Archives, and profiles, which have no magic number. */
function explainBinary(head: Uint8Array): string | undefined {
  // Frames of Zstandard, each behind its length. Source: opentelemetry-collector-contrib, exporter/fileexporter.
  if (head[0] === 0 && [0x28, 0xb5, 0x2f, 0xfd].every((byte, i) => head[4 + i] === byte)) {
    return "is a file of a Collector's file exporter whose messages are compressed one by one, which no tool unpacks. Leave compression out of the exporter's settings; a whole file in .gz or .zst is read.";
  }
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) {
    return isPlaywrightTrace(head)
      ? 'is a trace of Playwright, a recording of a test in a browser, without spans. Open it with: npx playwright show-trace.'
      : 'is a ZIP archive. Unpack it, then open what is in it.';
  }
  if (decoder.decode(head.subarray(257, 262)) === 'ustar') return 'is a tar archive. Unpack it, then open what is in it.';
  // Profile.sample_type, a ValueType of two indices. Source: google/pprof proto/profile.proto.
  if (head[0] === 0x0a && head[1] === 4 && head[2] === 8 && head[4] === 16) {
    return `is a profile of pprof, no trace data. Open it with: go tool pprof. ${ACCEPTED}`;
  }
  return undefined;
}

/** By the name of the first file in a ZIP archive, which stands at byte 30. Source: microsoft/playwright, trace viewer. */
function isPlaywrightTrace(head: Uint8Array): boolean {
  const name = decoder.decode(head.subarray(30, 30 + Math.min(100, head[26] + head[27] * 256)));
  return /^(?:[\w-]*\.(?:trace|network|stacks)|resources\/[\w@.-]+)$/.test(name);
}

/** ` (its keys: a, b)`: the first member names in the text, of the outermost object as far as indentation does not matter. */
function keysOf(text: string): string {
  const names: string[] = [];
  let depth = 0;
  // A text without an end ends with the head: else its end would be looked for from each quote in it.
  const token = /"((?:[^"\\]|\\.)*)(?:"(\s*:)?|\\?$)|[{}[\]]/g;
  const inner = text.startsWith('[') ? 2 : 1;
  for (let match = token.exec(text); match !== null && names.length < 8; match = token.exec(text)) {
    const [whole, name, colon] = match;
    if (whole === '{' || whole === '[') depth++;
    else if (whole === '}' || whole === ']') depth--;
    else if (colon !== undefined && depth === inner && !names.includes(name)) names.push(name.slice(0, 40));
  }
  return names.length === 0 ? '' : ` (its keys: ${names.join(', ')})`;
}

function firstWords(text: string): string {
  const line = text.split('\n', 1)[0].trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function isText(head: Uint8Array): boolean {
  for (const byte of head.subarray(0, 512)) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) return false;
  return true;
}

/** UTF-16 with a byte order mark, which shells on Windows write, as UTF-8; undefined for anything else. */
export function utf16AsUtf8(bytes: Uint8Array): Uint8Array | undefined {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  const big = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!little && !big) return undefined;
  return new TextEncoder().encode(new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes));
}
