/** A text as the lines that an editor shows, so that two texts of the same lines are the same whatever ends their lines. */

/** Without a byte order mark; CRLF, LF and CR end a line alike; a line break at the end of the text begins no line. */
export function splitLines(text: string): readonly string[] {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const lines = plain.includes('\r') ? plain.split(/\r\n|\r|\n/) : plain.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Columns of white space before the text; a tab counts four, which is right as long as a file does not mix them. */
export function indentOf(line: string): number {
  let width = 0;
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === 32) width++;
    else if (code === 9) width += 4;
    else break;
  }
  return width;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}
