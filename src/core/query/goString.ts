/** Strings as Go writes them, which TraceQL's are. Source: The Go Programming Language Specification, "String literals". */

/** The text that a literal with its quotes stands for, or what is wrong with it. */
export function readGoString(literal: string): { readonly value: string } | { readonly problem: string } {
  if (literal.length < 2 || literal.at(-1) !== literal[0])
    return { problem: `the text ${shortened(literal)} has no closing quote.` };
  const inner = literal.slice(1, -1);
  // Raw: no escapes, and carriage returns do not count.
  if (literal[0] === '`') return { value: inner.replaceAll('\r', '') };
  if (!inner.includes('\\')) return { value: inner };
  return withoutEscapes(inner);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

const plainEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const ESCAPE =
  /\\(?:([abfnrtv\\"])|((?:x[0-9a-fA-F]{2}|[0-7]{3})(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})*)|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

function withoutEscapes(inner: string): { readonly value: string } | { readonly problem: string } {
  let value = '';
  let at = 0;
  for (let next = inner.indexOf('\\'); next >= 0; next = inner.indexOf('\\', at)) {
    value += inner.slice(at, next);
    ESCAPE.lastIndex = next;
    const sequence = ESCAPE.exec(inner);
    const text = sequence && escapedText(sequence);
    if (text === undefined || text === null) {
      const wrong = inner.slice(next, next + 2);
      return { problem: `${wrong} is no escape: write \\${wrong}, or put the text in backquotes.` };
    }
    value += text;
    at = ESCAPE.lastIndex;
  }
  return { value: value + inner.slice(at) };
}

function escapedText([, plain, bytes, short, long]: RegExpExecArray): string | undefined {
  if (plain !== undefined) return plainEscapes[plain];
  if (bytes !== undefined) return bytesText(bytes);
  const code = Number.parseInt(short ?? long, 16);
  return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : String.fromCodePoint(code);
}

/** `\xe4\xb8\x96`: bytes of UTF-8. Those that are none become the replacement character, as when Go's text is sent. */
function bytesText(escapes: string): string | undefined {
  const bytes = escapes
    .split('\\')
    .map((each) => (each[0] === 'x' ? Number.parseInt(each.slice(1), 16) : Number.parseInt(each, 8)));
  if (bytes.some((byte) => byte > 0xff)) return undefined;
  const percent = (some: readonly number[]): string => some.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(percent(bytes));
  } catch {
    return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('');
  }
}
