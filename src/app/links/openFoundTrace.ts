/**
 * Opens the trace of an id that was found in a text, from wherever it is: open files, captures, the active backend, the others. That may
 * take a while, so it is shown and can be cancelled; the waterfall opens when there is something to show. Where nobody has the trace, the
 * message says who was asked and what would help.
 */

import { SpanhopError, toErrorData } from '../../base/errors';
import type { TraceKey } from '../../protocol/traces';
import type { Backends } from '../backends/backends';
import type { CaptureService } from '../captures/captureService';
import type { NextStep, Problems } from '../messages/problems';
import { withPatience } from '../messages/slowWork';
import type { UserInterface } from '../ports/userInterface';
import { requireTraceId, TraceService } from '../traces/traceService';
import type { OpenTraceOptions } from '../views/viewContext';
import type { SpanArgument } from './spanArgument';
import { shortId } from './traceLinks';

export interface OpenServices {
  readonly traces: Pick<TraceService, 'locate'>;
  readonly backends: Pick<Backends, 'list'>;
  readonly capture: Pick<CaptureService, 'state'>;
  readonly problems: Pick<Problems, 'show'>;
  readonly ui: Pick<UserInterface, 'showProgress' | 'run'>;
  readonly views: { openTrace(traceId: string, options: OpenTraceOptions): Promise<unknown> };
}

/** Never rejects: what goes wrong is shown. */
export async function openFoundTrace(
  services: OpenServices,
  found: SpanArgument,
  viewColumn?: OpenTraceOptions['viewColumn'],
): Promise<void> {
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

function locate({ traces, ui }: OpenServices, { traceId, backend }: SpanArgument): Promise<TraceKey> {
  const id = requireTraceId(traceId);
  return withPatience(ui, `Looking for trace ${shortId(id)}…`, (signal) => traces.locate(id, { backend, signal }));
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

function stepsFor({ backends, capture, ui }: OpenServices): NextStep[] {
  const run = (id: string, label: string): NextStep => ({ id, label, run: () => ui.run(`spanhop.${id}`) });
  const steps = [run('addBackend', 'Add Backend…')];
  if (backends.list().length === 0 && !capture.state.running) steps.push(run('startCapture', 'Start Capture'));
  return steps;
}
