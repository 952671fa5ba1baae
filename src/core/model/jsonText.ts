/**
 * The text of a JSON string from the bytes between its quotes. Lenient, because it runs on data that was only scanned for its end: a wrong escape
 * stands for itself, a lone surrogate becomes U+FFFD.
 */

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const simple: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** UTF-8 text of `bytes[at, at + length)`; invalid sequences become U+FFFD. */
export function utf8Text(bytes: Uint8Array, at: number, length: number): string {
  return decoder.decode(bytes.subarray(at, at + length));
}

/** Text of the inside of a JSON string at `bytes[at, at + length)`, its escapes undone. */
export function jsonText(bytes: Uint8Array, at: number, length: number): string {
  const raw = utf8Text(bytes, at, length);
  if (!raw.includes('\\')) return raw;
  return raw
    .replace(/\\(?:u([0-9a-fA-F]{4})|([^u]))/g, (whole, hex: string | undefined, char: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return char === undefined ? whole : (simple[char] ?? char);
    })
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
