/**
 * Which of many texts a line holds. Thousands of texts are looked for at once, and a line must not be read once for each of them: a text is
 * looked at only where three characters in a row are the three of it that are rarest among all texts. (Routes and SQL begin alike, so the
 * first three would tell little.)
 */

const gram = 3;
const slots = 1 << 16;
/** Characters of a text among which its rarest three are chosen. */
const lookAt = 200;

/** The shortest text that is looked for: shorter ones stand everywhere, and say nothing of where. */
export const minNeedle = gram;
/** Longer lines are no line that a person wrote, so no longer text stands in one. */
export const maxNeedle = 1000;

interface Placed {
  readonly needle: number;
  /** Where in the text its rarest three characters are. */
  readonly offset: number;
}

export class NeedleScanner {
  private readonly bySlot = new Map<number, Placed[]>();
  private readonly isTaken = new Uint8Array(slots);
  /** Number of the last line that each text was seen in, so that it is told once a line. */
  private readonly seen: Uint32Array;
  private line = 0;

  /** @param needles distinct, of `minNeedle` to `maxNeedle` UTF-16 units */
  constructor(readonly needles: readonly string[]) {
    this.seen = new Uint32Array(needles.length);
    const uses = new Uint32Array(slots);
    for (const text of needles) for (let at = 0; at < last(text); at++) uses[slotAt(text, at)]++;
    needles.forEach((text, needle) => {
      let offset = 0;
      for (let at = 1; at < last(text); at++) if (uses[slotAt(text, at)] < uses[slotAt(text, offset)]) offset = at;
      const slot = slotAt(text, offset);
      this.isTaken[slot] = 1;
      const placed = this.bySlot.get(slot);
      if (placed) placed.push({ needle, offset });
      else this.bySlot.set(slot, [{ needle, offset }]);
    });
  }

  /** Tells each text that the line holds, by its index, and where it stands first. */
  scan(line: string, found: (needle: number, column: number) => void): void {
    if (++this.line === 0xffffffff) {
      this.seen.fill(0);
      this.line = 1;
    }
    const end = line.length - gram;
    for (let at = 0; at <= end; at++) {
      const slot = slotAt(line, at);
      if (this.isTaken[slot] === 0) continue;
      for (const { needle, offset } of this.bySlot.get(slot) ?? []) {
        if (this.seen[needle] === this.line || !line.startsWith(this.needles[needle], at - offset) || at < offset) continue;
        this.seen[needle] = this.line;
        found(needle, at - offset);
      }
    }
  }
}

function last(text: string): number {
  return Math.min(text.length, lookAt) - gram + 1;
}

function slotAt(text: string, at: number): number {
  return ((text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) * 31 + text.charCodeAt(at + 2)) & (slots - 1);
}
