/** Has the backend of a trace put it aside, where it does not expire with the others. */

import { ProgressLocation } from 'vscode';
import type { App } from '../../app/app';
import type { SpanArgument } from '../../app/links/spanArgument';
import { TraceService } from '../../app/traces/traceService';
import { plain } from '../../core/text/plainText';
import { withSignal } from '../adapters/cancellation';
import { showProgress } from '../plain/messages';
import { showInStatusBar } from '../plain/statusBar';

/** Rejects with NotSupported where its backend has no such place. */
export async function archiveTrace(
  { traces, facts }: Pick<App, 'traces' | 'facts'>,
  { traceId, backend }: SpanArgument,
): Promise<void> {
  const name = backend ?? TraceService.backendOf((await traces.locate(traceId)).dataset);
  const title = `Archiving the trace in ${name}…`;
  await showProgress({ location: ProgressLocation.Window, title, cancellable: true }, (token) =>
    withSignal(token, (signal) => facts.archive(name, traceId, signal)),
  );
  showInStatusBar(plain`$(check) "${name}" keeps the trace in its archive`, 4000);
}
