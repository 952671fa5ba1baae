/**
 * What is worked out of the lines of a file, kept by them. Spans of one trace ask the same of the same files, whose lines are the same array as long as
 * their text is kept (`context/splitLines.ts`). Nobody changes such an array.
 */

export class KeptByLines<T> {
  readonly #kept = new WeakMap<readonly string[], Map<string | number, T>>();

  /** @param maxAnswers of one file; when there are more, all are worked out anew */
  constructor(private readonly maxAnswers = 500) {}

  /** @param key what is asked, beside the lines */
  of(lines: readonly string[], key: string | number, work: () => T): T {
    const answers = this.#kept.get(lines) ?? new Map<string | number, T>();
    if (answers.size === 0) this.#kept.set(lines, answers);
    if (answers.has(key)) return answers.get(key) as T;
    const answer = work();
    if (answers.size >= this.maxAnswers) answers.clear();
    answers.set(key, answer);
    return answer;
  }
}
