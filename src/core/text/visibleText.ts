/**
 * Text from a trace, as it may be shown: characters that would turn the line around, break it or hide are shown as signs, so that a
 * name looks like what it is. Sources: Unicode Technical Report 36, "Bidirectional Text Spoofing"; Unicode chart "Control Pictures";
 * UAX #44, `Default_Ignorable_Code_Point`.
 */

/** Spaces of a name that are shown. */
const MOST_SPACES = 8;

/** Text that needs no look: nearly all of it. */
const harmless = /^[\x20-\x7e]*$/;

/**
 * Controls (Cc), line and paragraph separators, whatever is drawn as nothing, and halves of surrogate pairs. Not: variation selectors,
 * joiners in scripts and emoji that need them (between ASCII they only hide), and the space that `plainText` puts before a parenthesis.
 */
const suspicious = new RegExp(
  [
    String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]`,
    String.raw`(?![\u200b-\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}`,
    String.raw`(?<![\]$])\u200b|\u200b(?!\()`,
    String.raw`(?<![^\x00-\x7f])[\u200c\u200d]`,
  ].join('|'),
  'gu',
);

function sign(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** One line: controls, line ends and marks of direction become visible. */
export function visibleText(text: string): string {
  return harmless.test(text) ? text : text.replace(suspicious, sign);
}

/** A name, of which nothing would be seen if it were spaces alone: they become signs. */
export function visibleName(name: string): string {
  return /^\s+$/.test(name) ? '\u2423'.repeat(Math.min(name.length, MOST_SPACES)) : name;
}

/** UTF-16 units of a name in a row: no screen has room for more, and laying out megabytes of them holds a page up. */
const MOST_SHOWN = 1_000;

/** As much of `visibleName` as a row, a title or a card may show. The details have all of it. */
export function shownName(name: string): string {
  return shorten(visibleName(name), MOST_SHOWN);
}

/** Several lines: as `visibleText`, but line ends and tabs stay. */
export function visibleLines(text: string): string {
  if (harmless.test(text)) return text;
  return text.replace(/\r\n?/g, '\n').replace(suspicious, (each) => (each === '\n' || each === '\t' ? each : sign(each)));
}

/** The end of a long text is cut, whole characters only, with what is missing. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? units - 1 : units)}…`;
}
