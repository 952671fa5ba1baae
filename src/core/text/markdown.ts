/**
 * Text of traces inside Markdown. All punctuation is escaped, not only what makes a heading or a link: a bare address or `www.` becomes a link
 * by itself (GitHub's "autolinks"), a `|` a table cell, `$(bug)` an icon. Source: CommonMark 0.31, "Backslash escapes": any ASCII
 * punctuation may be.
 */
export function escapeMarkdown(text: string, maxLength = 200): string {
  const line = oneLine(text, maxLength);
  return line.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Text on one line: white space and control characters of any kind are one space, what turns text around is gone; cut with an ellipsis. */
export function oneLine(text: string, maxLength = 200): string {
  const plain = text
    .slice(0, maxLength * 4)
    // Bidirectional and invisible format characters: a name must read as what it is. (Unicode categories Cc, Cf, Z.)
    .replace(/[\p{Cf}]+/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim();
  if (plain.length <= maxLength) return plain;
  return `${plain.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
