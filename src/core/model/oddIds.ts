/**
 * Ids as writers of JSON give them that do not write hex, in order of how sure one can be: with `0x` or dashes, base64 (protobuf's own JSON), base64 of
 * the text in hex (the JSON of OpenTelemetry's Swift), and lists of bytes, as JavaScript writes its arrays and Node its buffers.
 */

import { base64Bytes } from './base64';
import { parseSpanId, parseTraceId } from './ids';

/** 2 digits of hex a byte of an id, with zeros on the left; undefined when it is no id, empty, or zeros. @param size its bytes */
export function idHexOf(value: unknown, size: 8 | 16): string | undefined {
  if (typeof value !== 'string') return hexOfBytes(bytesOf(value), size);
  return hexOfText(value, size) ?? hexOfBase64(value, size);
}

/** Whether a text of JSON says that there is no id. */
export function isNoId(json: string): boolean {
  return /^(?:null|\[\s*\]|\{\s*\}|"\s*(?:0x)?[0-]*\s*")$/i.test(json);
}

function hexOfText(text: string, size: 8 | 16): string | undefined {
  if (size === 16) return parseTraceId(text);
  const id = parseSpanId(text.replaceAll('-', ''));
  return id === undefined || /^0+$/.test(id) ? undefined : id;
}

function hexOfBase64(text: string, size: 8 | 16): string | undefined {
  const digits = text.replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/_-]+$/.test(digits)) return undefined;
  const bytes = base64Bytes(digits);
  // 16 random bytes are never digits of hex alone: those are a text, be it of an id of half the length.
  if (bytes.length >= 16 && bytes.length <= size * 2) {
    const inside = String.fromCharCode(...bytes);
    if (/^[0-9a-f]+$/i.test(inside)) return hexOfText(inside, size);
  }
  return bytes.length === size ? hexOfBytes([...bytes], size) : undefined;
}

function bytesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return [];
  return 'data' in value && Array.isArray(value.data) ? value.data : Object.values(value);
}

function hexOfBytes(bytes: readonly unknown[], size: number): string | undefined {
  if (bytes.length > size) return undefined;
  let hex = '';
  for (const byte of bytes) {
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < -128 || byte > 255) return undefined;
    hex += (byte & 255).toString(16).padStart(2, '0');
  }
  return /^0*$/.test(hex) ? undefined : hex.padStart(size * 2, '0');
}
