/**
 * Opens the trace of an id that was found in a text, from wherever it is: open files, captures, the active backend, the others. That may
 * take a while, so it is shown and can be cancelled; the waterfall opens when there is something to show. Where nobody has the trace, the
 * message says who was asked and what would help.
 */

import { commands, ProgressLocation, type ViewColumn } from 'vscode';
import type { App } from '../../app/app';
import type { SpanArgument } from '../../app/links/spanArgument';
import { shortId } from '../../app/links/traceLinks';
import type { NextStep } from '../../app/messages/problems';
import { requireTraceId, TraceService } from '../../app/traces/traceService';
import type { TraceViews } from '../../app/views/traceViews';
import { SpanhopError, toErrorData } from '../../base/errors';
import type { TraceKey } from '../../protocol/traces';
import { signalOf } from '../adapters/cancellation';
import { showProgress } from '../plain/messages';

export type OpenServices = Pick<App, 'traces' | 'backends' | 'problems' | 'capture'> & { readonly views: TraceViews };

/** What links of terminals and documents need. */
export type LinkServices = OpenServices & Pick<App, 'settings'>;

/** Looking takes so long before it is shown: most traces are there at once. */
const patienceMs = 400;

/** Never rejects: what goes wrong is shown. */
export async function openFoundTrace(services: OpenServices, found: SpanArgument, viewColumn?: ViewColumn): Promise<void> {
  const { views, problems } = services;
  try {
    const key = await locate(services, found);
    const { spanId } = found;
    await views.openTrace(key.traceId, { backend: TraceService.backendOf(key.dataset), spanId, viewColumn });
  } catch (error) {
    const isMissing = toErrorData(error).kind === 'NotFound';
    const again = (): Promise<void> => openFoundTrace(services, found, viewColumn);
    void problems.show(isMissing ? withAdvice(services, error) : error, {
      backend: found.backend,
      retry: again,
      steps: isMissing ? stepsFor(services) : [],
    });
  }
}

async function locate({ traces }: OpenServices, { traceId, backend }: SpanArgument): Promise<TraceKey> {
  const id = requireTraceId(traceId);
  const giveUp = new AbortController();
  const looking = traces.locate(id, { backend, signal: giveUp.signal });
  let done = false;
  const settled = looking.then(
    () => {
      done = true;
    },
    () => {
      done = true;
    },
  );
  const impatience = setTimeout(() => {
    if (done) return;
    void showProgress(
      { location: ProgressLocation.Notification, cancellable: true, title: `Looking for trace ${shortId(id)}…` },
      async (token) => {
        const link = signalOf(token);
        link.signal.addEventListener('abort', () => giveUp.abort());
        await settled;
        link.dispose();
      },
    );
  }, patienceMs);
  try {
    return await looking;
  } finally {
    clearTimeout(impatience);
  }
}

/** The same fact, and what would help. */
function withAdvice({ backends }: OpenServices, error: unknown): SpanhopError {
  const { message, detail } = toErrorData(error);
  const help = backends.list().length === 0 ? 'Add the backend that has it.' : 'If another backend has it, add that one.';
  return new SpanhopError(
    'NotFound',
    `${message} ${help} A program that still runs may not have sent its spans yet: try again then.`,
    detail,
  );
}

function stepsFor({ backends, capture }: OpenServices): NextStep[] {
  const run = (id: string, label: string): NextStep => ({ id, label, run: () => commands.executeCommand(`spanhop.${id}`) });
  const steps = [run('addBackend', 'Add Backend…')];
  if (backends.list().length === 0 && !capture.state.running) steps.push(run('startCapture', 'Start Capture'));
  return steps;
}
