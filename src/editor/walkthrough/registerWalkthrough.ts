/**
 * The walkthrough of package.json: opening it, and telling VS Code which of its steps were really done. A step that is done stays done, also in
 * other windows: VS Code remembers it.
 */

import { commands, type Disposable } from 'vscode';
import type { App } from '../../app/app';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import type { Event } from '../../base/emitter';
import { registerCommand } from '../adapters/registerCommand';
import type { SourceOpener } from '../source/sourceOpener';

/** Publisher, name, and the id in package.json. */
const walkthrough = 'spanhop.spanhop#start';

export interface WalkthroughServices extends Pick<App, 'capture' | 'problems'> {
  readonly views: Pick<TraceViews, 'onDidChangeVisible' | 'visible'>;
  readonly opener: Pick<SourceOpener, 'onDidShow'>;
}

export function registerWalkthrough({ views, opener, capture, problems }: WalkthroughServices): Disposable {
  // That a backend is there the backends tell themselves (`spanhop.hasBackends`).
  const milestones = [
    new Milestone('spanhop.sawTrace', views.onDidChangeVisible, () => views.visible.some(({ key }) => key !== undefined)),
    new Milestone('spanhop.hopped', opener.onDidShow, () => true),
    new Milestone('spanhop.captured', capture.onDidChange, () => capture.state.running && capture.state.counts.spans > 0),
  ];
  return new Disposables(
    ...milestones,
    registerCommand(problems, 'spanhop.openWalkthrough', async () => {
      await commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
      for (const each of milestones) each.repeat();
    }),
  );
}

/** Something that a person has done in this window. */
class Milestone implements Disposable {
  private readonly listening: Disposable;
  /** How often it was told. */
  private told = 0;

  constructor(
    private readonly context: string,
    event: Event<unknown>,
    isReached: () => boolean,
  ) {
    this.listening = event(() => {
      if (this.told === 0 && isReached()) this.tell();
    });
  }

  /** VS Code looks at contexts when they change, and at none before a walkthrough was opened: each time another value. */
  repeat(): void {
    if (this.told > 0) this.tell();
  }

  dispose(): void {
    this.listening.dispose();
  }

  private tell(): void {
    void commands.executeCommand('setContext', this.context, ++this.told);
  }
}
