/** Keeps what the Traces view says around its rows as the list is: message line, progress bar, context keys of its buttons. */

import { commands, type Disposable, type TreeView } from 'vscode';
import type { CaptureService } from '../../app/captures/captureService';
import { describeSearch } from '../../app/queries/traceSearch';
import { contextOf, describeNewer, messageOf } from '../../app/traces/listStatus';
import type { TraceList } from '../../app/traces/traceList';
import type { TracesNode } from '../../app/traces/traceNodes';
import { Disposables } from '../../base/disposables';
import { showProgress } from '../plain/messages';
import { setViewDescription, setViewMessage } from '../plain/views';

/** Keeps message, progress and context keys as the model is, until it is disposed. */
export function showStatus(view: TreeView<TracesNode>, model: TraceList, capture: CaptureService): Disposable {
  const published = new Map<string, unknown>();
  let endProgress: (() => void) | undefined;
  let { leftMemory } = capture;
  const update = (): void => {
    const { main } = model;
    // Of several, each says its own.
    setViewMessage(view, model.others.length === 0 ? messageOf(main, capture) : describeSearch(main.search) || undefined);
    setViewDescription(view, describeNewer(main));
    for (const [key, value] of contextOf(main)) {
      if (published.has(key) && published.get(key) === value) continue;
      published.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
    if (model.isLoading && !endProgress) {
      const loading = new Promise<void>((resolve) => {
        endProgress = resolve;
      });
      void showProgress({ location: { viewId: 'spanhop.traces' } }, () => loading);
    } else if (!model.isLoading) {
      endProgress?.();
      endProgress = undefined;
    }
  };
  update();
  return new Disposables(
    model.onDidChangeStatus(update),
    capture.onDidChange(() => {
      const isOther = capture.leftMemory !== leftMemory;
      leftMemory = capture.leftMemory;
      if (model.main.state === 'noTraces' || isOther) update();
    }),
    { dispose: () => endProgress?.() },
  );
}
