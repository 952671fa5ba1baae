import { Lru } from './lru';

/**
 * The same function of a text, which answers at once what it was asked before. What it gives is nobody's to change.
 * @param maxSize answers that are kept at least; twice as many at most
 * @param maxLength UTF-16 units; a longer text is worked out each time, for keeping it would hold much memory
 */
export function remembered<T extends object | string>(
  work: (text: string) => T,
  maxSize: number,
  maxLength: number,
): (text: string) => T {
  const known = new Lru<string, T>({ maxSize });
  return (text) => {
    if (text.length > maxLength) return work(text);
    let answer = known.get(text);
    if (answer === undefined) {
      answer = work(text);
      known.set(text, answer);
    }
    return answer;
  };
}
