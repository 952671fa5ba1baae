/** A problem in place of a trace: what, why, and what can be done. */

import type { ShownProblem } from '../../src/protocol/view';
import { pushButton } from '../elements/controls';
import { element, setLines } from '../elements/dom';
import { icon } from '../elements/icons';

export function problemPage(problem: ShownProblem, run: (id: string) => void): HTMLElement {
  const message = element('p', {});
  setLines(message, problem.message);
  return element(
    'div',
    { class: problem.isNote ? 'problem note' : 'problem', role: 'alert' },
    element('h1', {}, icon(problem.isNote ? 'info' : 'error'), problem.title),
    message,
    element(
      'div',
      { class: 'problem-actions' },
      ...problem.actions.map((action, index) =>
        pushButton(action.label, () => run(action.id), index === 0 ? 'primary' : 'secondary'),
      ),
    ),
  );
}
