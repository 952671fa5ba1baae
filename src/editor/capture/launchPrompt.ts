/**
 * The question whether a launched program's traces are captured. It is a quick pick: a notification goes to the bell, unseen, and the launch
 * would wait there for ever; a dialog would stop the whole window.
 */

import { QuickPickItemKind, ThemeIcon } from 'vscode';
import type { LaunchAnswer, LaunchPrompt } from '../../app/launches/launchAnswers';
import { plain } from '../../core/text/plainText';
import { type PickItem, PlainQuickPick } from '../plain/quickPick';
import { showInStatusBar } from '../plain/statusBar';

interface AnswerItem extends PickItem {
  readonly answer?: LaunchAnswer;
}

/** Enter takes the first. */
const items: readonly AnswerItem[] = [
  {
    label: 'Capture',
    description: 'this time',
    iconPath: new ThemeIcon('record'),
    answer: { capture: true, remember: false },
  },
  {
    label: 'Do Not Capture',
    description: 'this time',
    iconPath: new ThemeIcon('circle-slash'),
    answer: { capture: false, remember: false },
  },
  { label: 'remembered for this configuration', kind: QuickPickItemKind.Separator },
  { label: 'Always Capture', iconPath: new ThemeIcon('check'), answer: { capture: true, remember: true } },
  { label: 'Never Capture', iconPath: new ThemeIcon('close'), answer: { capture: false, remember: true } },
];

export const launchPrompt: LaunchPrompt = {
  ask(name, waitMs, signal) {
    const pick = new PlainQuickPick<AnswerItem>({
      title: `Capture the traces of "${name}"?`,
      placeholder: `Sets its OTEL_* variables; unanswered for ${Math.round(waitMs / 1000)} s, it starts without them`,
      ignoreFocusOut: true,
    });
    pick.items = items;
    return new Promise((resolve) => {
      const end = (answer: LaunchAnswer | undefined): void => {
        resolve(answer);
        signal.removeEventListener('abort', stop);
        pick.dispose();
      };
      const stop = (): void => end(undefined);
      signal.addEventListener('abort', stop);
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen) end(chosen.answer);
      });
      pick.onDidHide(stop);
      pick.show();
    });
  },
  unanswered: (name) => showInStatusBar(plain`$(info) ${name} starts without capture: nobody answered`, 10_000),
};
