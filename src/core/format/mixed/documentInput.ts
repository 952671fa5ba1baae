/** The texts of an input in which documents are looked for: itself, or those of several sources that it holds. */

import { DocumentText, type TextFindings } from './documentText';
import { joined, prefixOf, Sources } from './linePrefixes';

export type Findings = Omit<TextFindings, 'enclosed'>;

/** Texts that are read side by side; more sources than that share one, which has a name that no source has. */
const MOST_TEXTS = 256;
const OTHERS = '\n';
/** So many bytes are looked at to find prefixes. */
const HEAD = 1 << 16;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Of the name of a source. */
const LONGEST_NAME = 300;

export class DocumentInput {
  private readonly texts = new Map<string, DocumentText>();
  /** Lines that were found in others, in their order: a text is never given more while it is read. */
  private readonly enclosed: { readonly source: string; readonly line: string }[] = [];
  private sources: Sources | undefined;
  /** The beginning as text, in which kinds of lines have their marks. */
  private marks = '';
  /** The beginning, until so much of it is there that prefixes are found. */
  private head: Uint8Array | undefined = new Uint8Array(0);

  constructor(private readonly findings: Findings) {}

  /** Bytes that are held. */
  get byteLength(): number {
    let bytes = (this.sources?.byteLength ?? 0) + (this.head?.length ?? 0);
    for (const text of this.texts.values()) bytes += text.byteLength;
    return bytes;
  }

  /** Lines have a prefix each: offsets are not those of the input. */
  get hasPrefixes(): boolean {
    return this.sources !== undefined;
  }

  push(chunk: Uint8Array): void {
    if (!this.head) {
      this.take(chunk);
      return;
    }
    const head = this.head.length === 0 ? chunk : joined(this.head, chunk);
    if (head.length >= HEAD) this.begin(head);
    else this.head = head.slice();
  }

  end(): void {
    if (this.head) this.begin(this.head);
    this.sources?.end();
    this.readEnclosed();
    // A text that is enclosed in others is made after they are read, and stands behind them here.
    for (const text of this.texts.values()) {
      text.end();
      this.readEnclosed();
    }
  }

  /** What is found in these lines stands behind them. */
  private readEnclosed(): void {
    const { enclosed } = this;
    for (const { source, line } of enclosed) this.textOf(source).push(encoder.encode(line.endsWith('\n') ? line : `${line}\n`));
    enclosed.length = 0;
  }

  private take(chunk: Uint8Array): void {
    if (this.sources) this.sources.push(chunk);
    else this.textOf('').push(chunk);
    this.readEnclosed();
  }

  private begin(head: Uint8Array): void {
    this.head = undefined;
    const text = decoder.decode(head.subarray(0, HEAD));
    // Each of several texts is read in pieces, of which the first may be what a mark belongs to.
    this.marks = text;
    const pattern = prefixOf(text);
    if (pattern) this.sources = new Sources(pattern, (source, bytes) => this.textOf(source).push(bytes));
    this.take(head);
  }

  private textOf(name: string): DocumentText {
    const source = name.slice(0, LONGEST_NAME);
    const key = this.texts.size < MOST_TEXTS || this.texts.has(source) ? source : OTHERS;
    const known = this.texts.get(key);
    if (known) return known;
    const { findings } = this;
    const text = new DocumentText(
      {
        translated: (...found) => findings.translated(...found),
        known: (...found) => findings.known(...found),
        damaged: (...found) => findings.damaged(...found),
        enclosed: (member, line) => this.enclosed.push({ source: `in ${source} ${member.slice(0, LONGEST_NAME)}`, line }),
      },
      this.marks,
    );
    this.texts.set(key, text);
    return text;
  }
}
