/** The texts of an input in which documents are looked for: itself, or those of several sources that it holds. */

import { DocumentText, type TextFindings } from './documentText';
import { lineMarks } from './kinds';
import { prefixOf, Sources } from './linePrefixes';

export type Findings = Omit<TextFindings, 'enclosed'>;

/** Texts that are read side by side; more sources than that share one. */
const MOST_TEXTS = 256;
/** So many bytes are looked at to find prefixes. */
const HEAD = 1 << 16;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class DocumentInput {
  private readonly texts = new Map<string, DocumentText>();
  private sources: Sources | undefined;
  private isBegun = false;
  private hasMarks = false;

  constructor(private readonly findings: Findings) {}

  /** Bytes that are held. */
  get byteLength(): number {
    let bytes = this.sources?.byteLength ?? 0;
    for (const text of this.texts.values()) bytes += text.byteLength;
    return bytes;
  }

  /** Lines have a prefix each: offsets are not those of the input. */
  get hasPrefixes(): boolean {
    return this.sources !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (!this.isBegun) this.begin(chunk);
    if (this.sources) this.sources.push(chunk);
    else this.textOf('').push(chunk);
  }

  end(): void {
    this.sources?.end();
    // A text that is enclosed in others is made while they are read, and stands behind them here.
    for (const text of this.texts.values()) text.end();
  }

  private begin(head: Uint8Array): void {
    this.isBegun = true;
    const text = decoder.decode(head.subarray(0, HEAD));
    // Each of several texts is read in pieces, of which the first may be what a mark belongs to.
    this.hasMarks = lineMarks.test(text);
    const pattern = prefixOf(text);
    if (pattern) this.sources = new Sources(pattern, (source, bytes) => this.textOf(source).push(bytes));
  }

  private textOf(source: string): DocumentText {
    const key = this.texts.size < MOST_TEXTS || this.texts.has(source) ? source : '';
    const known = this.texts.get(key);
    if (known) return known;
    const { findings } = this;
    const text = new DocumentText(
      {
        translated: (...found) => findings.translated(...found),
        known: (...found) => findings.known(...found),
        damaged: (...found) => findings.damaged(...found),
        enclosed: (name, line) =>
          this.textOf(`in ${source} ${name}`).push(encoder.encode(line.endsWith('\n') ? line : `${line}\n`)),
      },
      this.hasMarks,
    );
    this.texts.set(key, text);
    return text;
  }
}
