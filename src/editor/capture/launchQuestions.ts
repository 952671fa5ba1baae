/**
 * The question whether a launched program's traces are captured. It is a quick pick: a notification goes to the bell, unseen, and the launch
 * would wait there for ever; a dialog would stop the whole window. A launch waits for the answer no longer than a time-out, and never
 * when it is cancelled; without an answer the program starts as it is. Launches of a compound ask one after the other.
 */

import { type CancellationToken, QuickPickItemKind, ThemeIcon } from 'vscode';
import type { Memento } from '../../app/ports/memento';
import { OneAtATime } from '../../base/limit';
import { plain } from '../../core/text/plainText';
import { type PickItem, PlainQuickPick } from '../plain/quickPick';
import { showInStatusBar } from '../plain/statusBar';

const answersKey = 'capture.debugAnswers';
const timeoutMs = 30_000;

interface Answer extends PickItem {
  readonly capture?: boolean;
  /** For this configuration, from now on. */
  readonly remember?: boolean;
}

/** Enter takes the first. */
const answers: readonly Answer[] = [
  { label: 'Capture', description: 'this time', iconPath: new ThemeIcon('record'), capture: true },
  { label: 'Do Not Capture', description: 'this time', iconPath: new ThemeIcon('circle-slash'), capture: false },
  { label: 'remembered for this configuration', kind: QuickPickItemKind.Separator },
  { label: 'Always Capture', iconPath: new ThemeIcon('check'), capture: true, remember: true },
  { label: 'Never Capture', iconPath: new ThemeIcon('close'), capture: false, remember: true },
];

/** The launch that is asked about. */
export interface Launch {
  /** Address of its folder; empty without one. */
  readonly folder: string;
  readonly type: string;
  readonly name: string;
}

export class LaunchQuestions {
  /** One question at a time: a second quick pick would close the first. */
  private readonly turns = new OneAtATime();

  constructor(
    private readonly memento: Memento,
    private readonly waitMs = timeoutMs,
  ) {}

  /** Whether to capture: what was answered for the configuration, else what a person says now. False without an answer. */
  ask(launch: Launch, token?: CancellationToken): Promise<boolean> {
    return this.turns.run(() => this.answer(launch, token));
  }

  /** Asks again for every configuration. */
  async forget(): Promise<void> {
    if (this.memento.get(answersKey) !== undefined) await this.memento.update(answersKey, undefined);
  }

  /** What was answered for good, by configuration. */
  private get answers(): ReadonlyMap<string, unknown> {
    return new Map(Object.entries(this.memento.get(answersKey) ?? {}));
  }

  private async answer(launch: Launch, token: CancellationToken | undefined): Promise<boolean> {
    if (token?.isCancellationRequested) return false;
    const key = `${launch.folder}#${launch.type}#${launch.name}`;
    const remembered = this.answers.get(key);
    if (typeof remembered === 'boolean') return remembered;
    const answer = await pickAnswer(launch.name, this.waitMs, token);
    if (answer === 'none') {
      showInStatusBar(plain`$(info) ${launch.name} starts without capture: nobody answered`, 10_000);
      return false;
    }
    const capture = answer?.capture === true;
    if (answer?.remember) {
      await this.memento.update(answersKey, { ...Object.fromEntries(this.answers), [key]: capture });
    }
    return capture;
  }
}

/** Undefined when it was dismissed or the launch was cancelled, `none` when time ran out. */
function pickAnswer(name: string, waitMs: number, token: CancellationToken | undefined): Promise<Answer | 'none' | undefined> {
  const pick = new PlainQuickPick<Answer>({
    title: `Capture the traces of "${name}"?`,
    placeholder: `Sets its OTEL_* variables; unanswered for ${Math.round(waitMs / 1000)} s, it starts without them`,
    ignoreFocusOut: true,
  });
  pick.items = answers;
  return new Promise((resolve) => {
    const end = (answer: Answer | 'none' | undefined): void => {
      resolve(answer);
      clearTimeout(timer);
      cancelling?.dispose();
      pick.dispose();
    };
    const timer = setTimeout(() => end('none'), waitMs);
    const cancelling = token?.onCancellationRequested(() => end(undefined));
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) end(chosen);
    });
    pick.onDidHide(() => end(undefined));
    pick.show();
  });
}
