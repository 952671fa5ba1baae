/** How alike lines and texts are, by the words in them: what a line became, and which file another one was. */

const word = /[\p{L}\p{N}_]+/gu;

/** 0 to 1: twice the words in common, of all words. Lines without words are alike when they are the same. */
export function lineSimilarity(a: string, b: string): number {
  const [left, right] = [a.trim(), b.trim()];
  if (left === right) return 1;
  const words = left.slice(0, 2000).match(word);
  const others = right.slice(0, 2000).match(word);
  if (!words || !others) return 0;
  const counts = new Map<string, number>();
  for (const each of words) counts.set(each, (counts.get(each) ?? 0) + 1);
  let common = 0;
  for (const each of others) {
    const left = counts.get(each) ?? 0;
    if (left === 0) continue;
    counts.set(each, left - 1);
    common++;
  }
  return (2 * common) / (words.length + others.length);
}

/** 0 to 1: twice the lines in common, of all lines that say something. For telling a renamed file from a new one. */
export function textSimilarity(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  let total = 0;
  for (const line of a) {
    const text = line.trim();
    if (!isTelling(text)) continue;
    counts.set(text, (counts.get(text) ?? 0) + 1);
    total++;
  }
  let common = 0;
  for (const line of b) {
    const text = line.trim();
    if (!isTelling(text)) continue;
    total++;
    const left = counts.get(text) ?? 0;
    if (left === 0) continue;
    counts.set(text, left - 1);
    common++;
  }
  return total === 0 ? 0 : (2 * common) / total;
}

/** Braces and bare keywords stand everywhere. */
export function isTelling(text: string): boolean {
  return (
    text.length > 3 &&
    /[\p{L}\p{N}_]{3}/u.test(text) &&
    !/^(?:else|end|try|return;?|break;?|pass|continue;?|\} else \{|finally \{?)$/.test(text)
  );
}
