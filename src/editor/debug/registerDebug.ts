/** Debug sessions: when debuggers hold programs, and from where one stands to its trace. */

import { type DebugSession, type Disposable, debug } from 'vscode';
import type { App } from '../../app/app';
import { DebugHolds } from '../../app/debugging/debugHolds';
import { RequestTrace, type StoppedFrame } from '../../app/debugging/requestTrace';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import { launchOf, trackDebugSessions } from './debugTracker';

export interface DebugServices extends Pick<App, 'engine' | 'capture' | 'ui' | 'memento' | 'problems' | 'traces'> {
  readonly views: TraceViews;
}

export function registerDebug({ engine, capture, ui, memento, problems, traces, views }: DebugServices): Disposable {
  const record = (error: unknown): void => {
    problems.record(error);
  };
  const holds = new DebugHolds();
  const open = (traceId: string, spanId: string | undefined): Promise<unknown> =>
    views.openTrace(traceId, { backend: LOCAL_DATASET, spanId });
  /** The trace that is opened when it comes: the last that was asked for. */
  let waiting: { readonly traceId: string; readonly spanId: string | undefined } | undefined;
  const request = new RequestTrace({
    engine,
    capture,
    ui,
    memento,
    record,
    open,
    openWhenItComes: (traceId, spanId) => {
      waiting = { traceId, spanId };
    },
  });
  return new Disposables(
    trackDebugSessions(holds, { engine, record }),
    traces.onDidChange(({ traceIds }) => {
      if (!waiting || !traceIds.includes(waiting.traceId)) return;
      const { traceId, spanId } = waiting;
      waiting = undefined;
      void problems.guard(() => open(traceId, spanId));
    }),
    registerCommand(problems, 'spanhop.showTraceOfRequest', (of: unknown) => request.show(frameOf(of))),
  );
}

/** The frame of the call stack that is meant: the one that has the focus, else the top one of the session or thread that a menu names. */
function frameOf(of: unknown): StoppedFrame {
  const item = debug.activeStackItem;
  const { sessionId, threadId }: { sessionId?: unknown; threadId?: unknown } = typeof of === 'object' && of !== null ? of : {};
  const isActive = item && (sessionId === undefined || sessionId === item.session.id);
  const session = isActive ? item.session : debug.activeDebugSession;
  if (!session) return { type: '', name: 'The program', launch: undefined, evaluate: undefined };
  const { type, name } = session;
  const frameId = isActive && 'frameId' in item ? item.frameId : undefined;
  const thread = typeof threadId === 'number' ? threadId : isActive ? item.threadId : undefined;
  return { type, name, launch: launchOf(session), evaluate: (expression) => evaluate(session, expression, frameId, thread) };
}

async function evaluate(
  session: DebugSession,
  expression: string,
  frameId: number | undefined,
  threadId: number | undefined,
): Promise<unknown> {
  const frame = frameId ?? (threadId === undefined ? undefined : await topFrame(session, threadId));
  const answer: unknown = await session.customRequest('evaluate', { expression, frameId: frame, context: 'watch' });
  return typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined;
}

async function topFrame(session: DebugSession, threadId: number): Promise<number | undefined> {
  const answer: unknown = await session.customRequest('stackTrace', { threadId, startFrame: 0, levels: 1 });
  const frames: unknown =
    typeof answer === 'object' && answer !== null && 'stackFrames' in answer ? answer.stackFrames : undefined;
  const first: unknown = Array.isArray(frames) ? frames[0] : undefined;
  return typeof first === 'object' && first !== null && 'id' in first && typeof first.id === 'number' ? first.id : undefined;
}
