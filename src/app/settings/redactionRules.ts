/** Which redaction rules of a person another list of rules does without. */

/**
 * Keys (`*` stands for any run of characters, letter case does not count) that no key of another list covers. One that hides more covers:
 * `*pass*` hides all that `*password*` does.
 */
export function keysLost(mine: readonly string[], theirs: readonly string[]): readonly string[] {
  const kept = theirs.map(shapeOf).filter((key) => key !== '');
  return mine.filter((key) => shapeOf(key) !== '' && !kept.some((other) => covers(other, shapeOf(key))));
}

/** Regular expressions that are not in another list, letter for letter: which of two hides more nobody can tell. */
export function patternsLost(mine: readonly string[], theirs: readonly string[]): readonly string[] {
  return mine.filter((pattern) => pattern !== '' && !theirs.includes(pattern));
}

function shapeOf(key: string): string {
  return key.trim().toLowerCase();
}

/** Whether `wide` matches all that `narrow` does. A `*` of `narrow` is a character like others, which only a `*` of `wide` matches. */
function covers(wide: string, narrow: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < narrow.length; ) {
    if (wide[at] === '*') {
      star = at++;
      resume = i;
    } else if (at < wide.length && wide[at] === narrow[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (wide[at] === '*') at++;
  return at === wide.length;
}
