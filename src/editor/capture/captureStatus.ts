/** The capture in the status bar: `$(record) 4318 · 1,204 spans`, and what a click may do. There only while something is captured. */

import { commands, type Disposable, ThemeColor } from 'vscode';
import type { CaptureService } from '../../app/captures/captureService';
import { captureNotes, portText, registeredText } from '../../app/captures/captureText';
import type { Problems } from '../../app/messages/problems';
import { Disposables } from '../../base/disposables';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import type { CaptureState } from '../../protocol/capture';
import { pickOne } from '../plain/quickPick';
import { StatusItem } from '../plain/statusBar';

const menuCommand = 'spanhop.captureMenu';

export function registerStatusBar(capture: CaptureService, problems: Problems): Disposable {
  const disposables = new Disposables();
  const item = disposables.own(new StatusItem('spanhop.capture', 'Spanhop Capture', menuCommand));
  const update = (state: CaptureState): void => {
    if (!state.running) {
      item.hide();
      return;
    }
    const { counts, trouble } = state;
    const port = portText(state);
    item.show({
      text: trouble
        ? plain`$(error) ${port} · spans are not kept`
        : plain`$(record) ${port} · ${formatCount(counts.spans, 'span')}`,
      spoken: trouble
        ? `Captured traces are not kept: ${trouble}`
        : `Capturing traces on port ${state.httpPort}, ${formatCount(counts.spans, 'span')} received`,
      tooltip: tooltip(state, capture),
      background: backgroundOf(state),
    });
  };
  update(capture.state);
  disposables.add(
    capture.onDidChange(update),
    commands.registerCommand(menuCommand, () => problems.guard(() => openMenu(capture))),
  );
  return disposables;
}

function backgroundOf({ trouble, counts, untaken = [] }: CaptureState): ThemeColor | undefined {
  if (trouble !== undefined) return new ThemeColor('statusBarItem.errorBackground');
  return counts.rejected > 0 || untaken.length > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}

function tooltip(state: CaptureState, capture: CaptureService): readonly string[] {
  const { endpoint, leftMemory } = capture;
  const { counts, trouble } = state;
  const lines = [
    ...(trouble === undefined ? [] : [`${trouble} Nothing is acknowledged until it works again.`]),
    'Capturing traces.',
    `Listening at ${endpoint}${registeredText(state)}: OTLP over HTTP and gRPC, and Zipkin, at each of them.`,
    ...(state.foreignHost === undefined ? [] : [`Other machines with the token may send to ${state.foreignHost}, unencrypted.`]),
    `${formatCount(counts.spans, 'span')} in ${formatCount(counts.traces, 'trace')}`,
  ];
  if (counts.rejected > 0) lines.push(`${formatCount(counts.rejected, 'span')} or requests could not be read; the log says why.`);
  if (capture.forwarded.line !== undefined) lines.push(capture.forwarded.line);
  lines.push(...captureNotes(capture));
  if (counts.metricRequests + counts.logRequests > 0) {
    lines.push(
      `Also seen, and answered: ${formatCount(counts.metricRequests, 'metric request')}, ${formatCount(counts.logRequests, 'log request')}.`,
    );
  }
  if (leftMemory !== undefined) lines.push(leftMemory);
  return lines;
}

async function openMenu(capture: CaptureService): Promise<void> {
  const { endpoint } = capture;
  const items = [
    { label: plain`$(copy) Copy endpoint`, description: endpoint, command: 'spanhop.copyCaptureEndpoint' },
    {
      label: plain`$(terminal) Copy variables for a shell`,
      description: 'OTEL_EXPORTER_OTLP_ENDPOINT and protocol',
      command: 'spanhop.copyCaptureVariables',
    },
    ...(capture.state.foreignHost === undefined
      ? []
      : [
          {
            label: plain`$(key) Copy variables for another machine`,
            description: 'With the token: whoever has it can send here',
            command: 'spanhop.copyCaptureToken',
          },
        ]),
    {
      label: plain`$(symbol-variable) Show launch variables`,
      description: 'what programs are given, and why',
      command: 'spanhop.showLaunchVariables',
    },
    {
      label: plain`$(export) Forward to another endpoint…`,
      description: 'what is captured is sent there as well',
      command: 'spanhop.forwardCaptures',
    },
    { label: plain`$(list-tree) Show traces`, command: 'spanhop.traces.focus' },
    { label: plain`$(stop-circle) Stop capture`, command: 'spanhop.stopCapture' },
    { label: plain`$(clear-all) Clear captured traces…`, command: 'spanhop.clearCapture' },
    { label: plain`$(output) Show log`, command: 'spanhop.showLog' },
  ];
  const picked = await pickOne(items, { title: 'Spanhop capture' });
  if (picked) await commands.executeCommand(picked.command);
}
