import { describe, expect, it } from 'vitest';
import { JsonWriter } from '../../../src/core/format/json/jsonWriter';

const text = (writer: JsonWriter): string => new TextDecoder('utf-8', { fatal: true }).decode(writer.take());
const texts = [
  '',
  'plain',
  'with "quotes"',
  'back\\slash',
  'line\nbreak',
  'tab\t\u0001',
  'ümlaut',
  '日本語',
  '😀',
  '\u007f',
  '\ufeffmark',
  '</script>',
  '\ud800 alone',
];

describe('a JSON string', () => {
  it.each(texts)('of %j is what JSON.stringify writes', (value) => {
    const writer = new JsonWriter();
    writer.string(value);
    expect(text(writer)).toBe(JSON.stringify(value));
  });

  it.each(texts)('of the bytes of %j is the same, or left to others', (value) => {
    const bytes = new TextEncoder().encode(`<${value}>`);
    const writer = new JsonWriter();
    writer.ascii('[');
    if (!writer.plain(bytes, 1, bytes.length - 2)) writer.string(value);
    writer.ascii(']');
    expect(text(writer)).toBe(JSON.stringify([value]));
    expect(/^[ -~]*$/.test(value) && !/["\\]/.test(value)).toBe(new JsonWriter().plain(bytes, 1, bytes.length - 2));
  });
});

it('grows, and goes on after what was taken', () => {
  const writer = new JsonWriter();
  const long = 'x'.repeat(100_000);
  writer.string(long);
  writer.ascii(',');
  expect(writer.length).toBe(100_003);
  expect(text(writer)).toBe(`"${long}",`);
  writer.json('"ä"');
  writer.id(Uint32Array.of(1, 0xabcdef01, 0x0000000f), 1, 2);
  expect(text(writer)).toBe('"ä""abcdef010000000f"');
});
