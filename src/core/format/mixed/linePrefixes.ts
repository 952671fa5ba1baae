/**
 * Logs of containers put a prefix before each line of what a program prints, and lines of several programs into one file. Here the prefixes are
 * taken off, and the lines of each source put together again.
 */

import { utf8Text } from '../../model/jsonText';

/** Each begins a line; what stands in it but the times tells the sources apart. */
const prefixes: readonly { readonly pattern: RegExp; source(match: RegExpExecArray): string }[] = [
  // Kubernetes: `2024-06-10T06:13:21.123456789Z stdout F text`
  { pattern: /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP]) /, source: (match) => match[1] },
  // Docker Compose: `web-1  | text`, with or without a time
  { pattern: /^([\w.-]{1,100}) +\| ?(?:\d{4}-\d\d-\d\dT[\d:.]+Z )?/, source: (match) => match[1] },
  // kubectl logs --prefix: `[pod/web-5/app] text`
  { pattern: /^(\[pod\/[^\]\s]{1,300}\]) /, source: (match) => match[1] },
  // docker logs --timestamps, GitHub's workflows: `2024-06-10T06:13:21.123456789Z text`
  { pattern: /^\d{4}-\d\d-\d\dT[\d:.]+Z /, source: () => '' },
  // GitHub's workflows by its command line tool: `job<tab>step<tab>time text`
  { pattern: /^[^\t{}]{1,200}\t[^\t{}]{1,200}\t\d{4}-\d\d-\d\dT[\d:.]+Z /, source: () => '' },
  // journald: `Jun 10 06:13:21 host unit[123]: text`
  { pattern: /^\w{3} [ \d]\d \d\d:\d\d:\d\d (\S{1,100} [^\s:[\]]{1,100}(?:\[\d+\])?): /, source: (match) => match[1] },
];

/** So many lines are looked at. */
const LOOKED_AT = 40;
const NEWLINE = 10;
/** So many lines that begin with one text have a prefix; a longer text is none. */
const FEWEST_ALIKE = 5;
const LONGEST_ALIKE = 100;
/** Of a line so much is looked at. */
const PREFIX_BYTES = 512;

/** The prefix that the lines of a text have; undefined where they have none. */
export function prefixOf(head: string): RegExp | undefined {
  const lines = head.split('\n', LOOKED_AT + 1).filter((line) => line.trim() !== '');
  // The last one may be cut.
  if (lines.length > 1) lines.pop();
  const known = prefixes.find(
    ({ pattern }) => lines.length > 0 && lines.filter((line) => pattern.test(line)).length >= lines.length * 0.8,
  )?.pattern;
  return known ?? sameText(lines);
}

/** What all lines begin with, up to its last space: a name in brackets, of whatever tool. Not a part of a document, and not its indentation. */
function sameText(lines: readonly string[]): RegExp | undefined {
  if (lines.length < FEWEST_ALIKE) return undefined;
  let length = Math.min(LONGEST_ALIKE, lines[0].length);
  for (const line of lines) {
    let same = 0;
    while (same < length && line[same] === lines[0][same]) same++;
    length = same;
  }
  const text = /^[^{}"']*(?=[{}"']|$)/.exec(lines[0].slice(0, length))?.[0] ?? '';
  const prefix = text.slice(0, text.lastIndexOf(' ') + 1);
  return /[|:>\]] $/.test(prefix) ? new RegExp(`^${prefix.trimEnd().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')} ?`) : undefined;
}

/** Takes the prefixes off. */
export class Sources {
  /** The beginning of a line, too short to tell its prefix. */
  private held: Uint8Array = new Uint8Array(0);
  /** The prefix of the line at hand was taken off, and more of it follows. */
  private isInside = false;
  /** The line goes on in the next one. */
  private isPartial = false;
  private source = '';

  /** @param take gets the bytes of each source, in the order of the text */
  constructor(
    private readonly pattern: RegExp,
    private readonly take: (source: string, bytes: Uint8Array) => void,
  ) {}

  get byteLength(): number {
    return this.held.length;
  }

  push(chunk: Uint8Array): void {
    for (let start = 0; start < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, start);
      const stop = newline < 0 ? chunk.length : newline + 1;
      this.part(chunk.subarray(start, stop), newline >= 0);
      start = stop;
    }
  }

  end(): void {
    if (this.held.length > 0) this.begin(this.held, true);
    this.held = new Uint8Array(0);
  }

  /** A line or a piece of one, which may be of any length: it is not held. */
  private part(bytes: Uint8Array, ends: boolean): void {
    if (this.isInside) {
      this.give(bytes, ends);
      return;
    }
    const line = this.held.length === 0 ? bytes : joined(this.held, bytes);
    const isEnough = ends || line.length >= PREFIX_BYTES;
    this.held = isEnough ? new Uint8Array(0) : line.slice();
    if (isEnough) this.begin(line, ends);
  }

  private begin(line: Uint8Array, ends: boolean): void {
    const text = utf8Text(line, 0, Math.min(PREFIX_BYTES, line.length));
    const match = this.pattern.exec(text);
    // Kubernetes cuts long lines: `P` says that the next one goes on with it.
    this.isPartial = match?.[2] === 'P';
    if (!match) {
      this.give(line, ends);
      return;
    }
    const known = prefixes.find(({ pattern }) => pattern === this.pattern);
    this.source = known?.source(match) ?? '';
    // Prefixes are ASCII where they match, but for a name: bytes are counted.
    this.give(line.subarray(new TextEncoder().encode(match[0]).length), ends);
  }

  private give(bytes: Uint8Array, ends: boolean): void {
    this.isInside = !ends;
    const stop = ends && this.isPartial && bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
    if (stop > 0) this.take(this.source, bytes.subarray(0, stop));
  }
}

/** The bytes of both. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
