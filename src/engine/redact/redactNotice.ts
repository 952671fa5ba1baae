/** Tells a person of redaction patterns that cannot be used, each once, until it is corrected. */

import type { Emit } from '../store/notifier';
import type { RedactionProblem } from './textRules';

const keyOf = ({ pattern }: RedactionProblem): string => `redact.patterns:${pattern}`;

/** @param before the problems of the settings until now */
export function tellOfPatterns(emit: Emit, before: readonly RedactionProblem[], now: readonly RedactionProblem[]): void {
  for (const problem of before) {
    if (!now.some(({ pattern }) => pattern === problem.pattern)) {
      emit('notice', { key: keyOf(problem), level: 'info', message: '', over: true });
    }
  }
  for (const problem of now) {
    const pattern = problem.pattern.length > 80 ? `${problem.pattern.slice(0, 80)}…` : problem.pattern;
    const message = `The pattern ${pattern} of the setting spanhop.redact.patterns cannot be used: ${problem.reason}. Until it is corrected or removed, all texts are hidden, in views and in exports, and captures are stored by the other rules.`;
    emit('notice', { key: keyOf(problem), level: 'error', message, step: 'redaction' });
  }
}
