/** What a backend told in a list, as it may be shown. */

import type { Answer, AnswerWant } from '../../core/answers/answer';
import { redactedNames, redactedOverview } from './redactedOverview';
import type { Redactor } from './redactor';

/** The same object where nothing has to be hidden. What goes back to the server (ids, where the next page begins) stays as it is. */
export function redactedAnswer(answer: Answer, want: AnswerWant, redactor: Redactor): Answer {
  if (!redactor.active) return answer;
  const shown = (name: string): string => redactor.repeated(name);
  const { values, dependencies, message } = answer;
  return {
    ...answer,
    message: message === undefined ? undefined : redactor.text(message),
    names: want.forAsking ? answer.names : redactedNames(answer.names, redactor),
    traces: answer.traces.map((overview) => redactedOverview(overview, redactor)),
    ...(values && { values: redactedValues(values, want.key ?? '', redactor) }),
    ...(dependencies && {
      dependencies: dependencies.map((one) => ({ ...one, parent: shown(one.parent), child: shown(one.child) })),
    }),
  };
}

/** Values of one attribute, each once. */
export function redactedValues(
  values: readonly (string | number | boolean)[],
  key: string,
  redactor: Redactor,
): (string | number | boolean)[] {
  if (!redactor.active) return [...values];
  const shown = values.map((value) => redactor.value(key, value));
  const plain = shown.filter((value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean');
  return [...new Set(plain)];
}
