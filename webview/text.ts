/**
 * Text from a trace, as it may be shown: characters that would turn the line around, break it or hide are shown as signs, so that a
 * name looks like what it is. Sources: Unicode Technical Report 36, "Bidirectional Text Spoofing"; Unicode chart "Control Pictures".
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const suspicious = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/;
const everySuspicious = new RegExp(suspicious, 'g');

function sign(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** One line: controls, line ends and marks of direction become visible. */
export function visibleText(text: string): string {
  return suspicious.test(text) ? text.replace(everySuspicious, sign) : text;
}

/** Several lines: as `visibleText`, but line ends and tabs stay. */
export function visibleLines(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(/\r\n?/g, '\n').replace(everySuspicious, (each) => (each === '\n' || each === '\t' ? each : sign(each)));
}

/** The end of a long text is cut, whole characters only, with what is missing. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? units - 1 : units)}…`;
}
