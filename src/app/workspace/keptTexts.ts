/**
 * Texts of files, as they were a moment ago. Resolving reads the same files for one span after the other, and to open, read and close a file costs
 * the shared thread more than most of what is looked for in it. After that moment a file is looked at, and read again where it is another.
 */

import type { FileStat } from '../ports/workspace';

/** Milliseconds that a text is believed without a look at its file. */
const keptMs = 2_000;
/** UTF-16 units of all texts together. */
const maxUnits = 24 * 1024 * 1024;
/** A file that was written so short a time before it was read may have been written again in the same tick of the disk's clock. */
const settledMs = 3_000;

/** What is asked of the files. */
export interface TextReader {
  stat(uri: string): Promise<FileStat | undefined>;
  /** Undefined where it cannot be read, is no file, or is longer. */
  read(uri: string, maxBytes: number): Promise<ReadText | undefined>;
}

/** A text, and the file that it was read from as it was then. */
export interface ReadText {
  readonly text: string;
  readonly size: number;
  readonly savedAtMs: number;
}

interface Kept {
  readonly found: Promise<Found | undefined>;
  readonly atMs: number;
  /** A longer file was not read. */
  readonly maxBytes: number;
  /** Of its text, once it is there. */
  units: number;
}

interface Found extends ReadText {
  /** By the clock of the disk it could not have been written since. */
  readonly isSettled: boolean;
}

export class KeptTexts {
  /** The one that was read last comes last. */
  private readonly kept = new Map<string, Kept>();
  private units = 0;

  constructor(private readonly reader: TextReader) {}

  async read(uri: string, maxBytes: number): Promise<string | undefined> {
    const now = performance.now();
    let kept = this.kept.get(uri);
    if (!kept || kept.maxBytes < maxBytes || now - kept.atMs >= keptMs) {
      kept = { found: this.look(uri, maxBytes, kept), atMs: now, maxBytes, units: 0 };
      this.put(uri, kept);
    }
    const found = await kept.found;
    return found && found.size <= maxBytes ? found.text : undefined;
  }

  /** It changed, or may have. */
  forget(uri: string): void {
    this.units -= this.kept.get(uri)?.units ?? 0;
    this.kept.delete(uri);
  }

  clear(): void {
    this.kept.clear();
    this.units = 0;
  }

  private async look(uri: string, maxBytes: number, before: Kept | undefined): Promise<Found | undefined> {
    const known = await before?.found;
    if (known?.isSettled) {
      const stat = await this.reader.stat(uri);
      if (stat?.kind !== 'file' || stat.size > maxBytes) return undefined;
      if (known.size === stat.size && known.savedAtMs === stat.savedAtMs) return known;
    }
    const read = await this.reader.read(uri, maxBytes);
    return read && { ...read, isSettled: Date.now() - read.savedAtMs > settledMs };
  }

  private put(uri: string, kept: Kept): void {
    this.forget(uri);
    this.kept.set(uri, kept);
    void kept.found.then(
      (found) => {
        if (this.kept.get(uri) !== kept) return;
        kept.units = found?.text.length ?? 0;
        this.units += kept.units;
        for (const oldest of this.kept.keys()) {
          if (this.units <= maxUnits) break;
          this.forget(oldest);
        }
      },
      () => this.forget(uri),
    );
  }
}
