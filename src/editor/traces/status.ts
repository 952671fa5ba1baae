/** Keeps what the Traces view says around its rows as the list is: message line, progress bar, context keys of its buttons. */

import { commands, type Disposable, type TreeView } from 'vscode';
import type { CaptureService } from '../../app/captures/captureService';
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
    setViewMessage(view, messageOf(model, capture));
    setViewDescription(view, describeNewer(model));
    for (const [key, value] of contextOf(model)) {
      if (published.has(key) && published.get(key) === value) continue;
      published.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
    if (model.loading && !endProgress) {
      const loading = new Promise<void>((resolve) => {
        endProgress = resolve;
      });
      void showProgress({ location: { viewId: 'spanhop.traces' } }, () => loading);
    } else if (!model.loading) {
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
      if (model.state === 'noTraces' || isOther) update();
    }),
    { dispose: () => endProgress?.() },
  );
}
