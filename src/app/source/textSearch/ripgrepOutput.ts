/**
 * Lines of ripgrep's output, as it writes them with `--null --line-number --no-heading`: path, NUL, line number, colon, the line, newline. It is
 * half the bytes of `--json` and needs no parser; which text the line holds is found out by whoever takes it.
 */

const newline = 10;
const colon = 58;

/**
 * @param path relative, with slashes
 * @param line from 0
 */
export type TakeLine = (path: string, line: number, text: string, bytes: number) => void;

export class RipgrepOutput {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly take: TakeLine) {}

  add(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.record(bytes, start, end);
      start = end + 1;
    }
    this.rest = bytes.subarray(start);
  }

  private record(bytes: Buffer, start: number, end: number): void {
    const nul = bytes.indexOf(0, start);
    if (nul < 0 || nul >= end) return;
    const number = bytes.indexOf(colon, nul + 1);
    if (number < 0 || number >= end) return;
    const line = Number(bytes.toString('latin1', nul + 1, number));
    if (!Number.isInteger(line) || line < 1) return;
    let text = bytes.toString('utf8', number + 1, end);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    if (line === 1 && text.startsWith('\ufeff')) text = text.slice(1);
    // What ripgrep writes in place of a line that is longer than it was told to print.
    if (text.startsWith('[Omitted long ') && text.endsWith(']')) return;
    this.take(bytes.toString('utf8', start, nul).replace(/^\.\//, ''), line - 1, text, end - start);
  }
}
