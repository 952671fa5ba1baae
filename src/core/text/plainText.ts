/**
 * Text as VS Code's parsers must get it. VS Code looks for orders in nearly every text that it is given, and carries them out without a
 * question: `[label](command:…)` in notifications, prompts and validation messages (`parseLinkedText`), Markdown in the hover of a quick
 * pick's description and detail, `$(icon)` in quick picks, CodeLens, status bar, and in Problems where the status bar shows one. So text of
 * traces, servers, files, settings and links is broken where such an order would begin: with a space of no width, which nobody sees.
 *
 * What we write ourselves goes through `plain`: its literal parts stay as they are, whatever is put in is made plain.
 */

import { shorten, visibleText } from './visibleText';

/** UTF-16 units of a text; VS Code cuts notifications there as well. */
const maxText = 1_000;
/** UTF-16 units of each text that is put into another. */
const maxPart = 300;

/** U+200B, zero width space: it ends a link and an icon, and takes no room. `visibleText` lets it be where it stands before a parenthesis. */
const brk = '\u200b';

/** What separates lines, with the space after it. */
const lineEnds = /[\t-\r\u0085\u2028\u2029]+[\s\u0085]*/g;

/**
 * The text on one line, without an order for anybody: no link, no icon, no control or invisible character (they become signs, as in the
 * waterfall), cut with an ellipsis. Ends of lines and tabs are a space. Twice is the same as once.
 * @param maxLength UTF-16 units
 */
export function plainText(text: string, maxLength = maxText): string {
  const line = visibleText(
    text
      .slice(0, maxLength * 4)
      .replace(lineEnds, ' ')
      .trim(),
  );
  return shorten(line, maxLength).replace(/([\]$])\(/g, `$1${brk}(`);
}

/**
 * Breaks bare addresses as well: for the places where VS Code makes Markdown of a text, in which `https://…`, `www.…` and `a@b.c` are links
 * by themselves (GitHub Flavored Markdown 0.29, "Autolinks"). Not for texts that a person may copy an address from.
 */
export function withoutAddresses(text: string): string {
  return text.replace(/:(?=\/\/)|www(?=\.)|@/gi, `$&${brk}`);
}

/** Text of ours with plain text of others in it. */
export class PlainText {
  private constructor(readonly text: string) {}

  /** See `plain`. */
  static of(literals: readonly string[], values: readonly Part[]): PlainText {
    let text = literals[0] ?? '';
    for (const [i, value] of values.entries()) {
      text = joined(text, value instanceof PlainText ? value.text : plainText(String(value ?? ''), maxPart));
      text = joined(text, literals[i + 1] ?? '');
    }
    return new PlainText(text);
  }

  toString(): string {
    return this.text;
  }
}

/** What may be put into a text; undefined is nothing. */
export type Part = string | number | PlainText | undefined;

/** A text that is to be shown: of anybody, or ours. */
export type DisplayText = string | PlainText;

/** Template tag: the literal parts are ours (icons, line ends), everything put in is made plain. ``plain`$(record) ${name}` `` */
export function plain(literals: TemplateStringsArray, ...values: readonly Part[]): PlainText {
  return PlainText.of(literals, values);
}

/** What VS Code may be given. */
export function textOf(text: DisplayText, maxLength?: number): string {
  return text instanceof PlainText ? text.text : plainText(text, maxLength);
}

/** No order comes about where two texts meet. */
function joined(before: string, after: string): string {
  return /[\]$]$/.test(before) && after.startsWith('(') ? before + brk + after : before + after;
}
