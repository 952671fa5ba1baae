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
  return new Disposables(
    registerCommand(problems, 'spanhop.openWalkthrough', () =>
      commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false),
    ),
    // That a backend is there the backends tell themselves (`spanhop.hasBackends`).
    milestone('spanhop.sawTrace', views.onDidChangeVisible, () => views.visible.some(({ key }) => key !== undefined)),
    milestone('spanhop.hopped', opener.onDidShow, () => true),
    milestone('spanhop.captured', capture.onDidChange, () => capture.state.running && capture.state.counts.spans > 0),
  );
}

/** Sets a context once and for all, with the first event after which it is true. */
function milestone(context: string, event: Event<unknown>, isReached: () => boolean): Disposable {
  let isSet = false;
  return event(() => {
    if (isSet || !isReached()) return;
    isSet = true;
    void commands.executeCommand('setContext', context, true);
  });
}
