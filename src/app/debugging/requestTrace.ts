/**
 * From where a program stands in the debugger to the trace of what it is doing: by asking the debugger for the span that is under way, else by the
 * spans of that program that are in progress. What of a trace has not come yet is opened as soon as it does.
 */

import { toErrorData } from '../../base/errors';
import { visibleText } from '../../core/text/visibleText';
import type { EngineService } from '../engine/engineService';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import { type ActiveSpan, activeTraceQuestion, readActiveSpan } from './activeTrace';

/** Where a program stands. */
export interface StoppedFrame {
  /** Type and name of the debug configuration. */
  readonly type: string;
  readonly name: string;
  /** The id that the launch was given. */
  readonly launch: string | undefined;
  /** Asks the debugger in this frame; undefined where no frame is known. Rejects with what the debugger says. */
  readonly evaluate: ((expression: string) => Promise<unknown>) | undefined;
}

export interface RequestTraceOptions {
  readonly engine: Pick<EngineService, 'call'>;
  readonly capture: { readonly state: { readonly running: boolean } };
  readonly ui: Pick<UserInterface, 'showMessage'>;
  readonly memento: Memento;
  readonly open: (traceId: string, spanId: string | undefined) => Promise<unknown>;
  /** Opens a trace as soon as something of it comes. */
  readonly openWhenItComes: (traceId: string, spanId: string | undefined) => void;
  readonly record: (error: unknown) => void;
}

const allowedKey = 'debug.evaluate';

export class RequestTrace {
  constructor(private readonly own: RequestTraceOptions) {}

  async show(frame: StoppedFrame): Promise<void> {
    const { engine, open, ui } = this.own;
    const active = await this.ask(frame);
    if (active) {
      const [isKnown] = await engine.call('knownTraces', { traceIds: [active.traceId] });
      if (isKnown) await open(active.traceId, active.spanId);
      else void this.offerToWait(active);
      return;
    }
    const [inProgress] = frame.launch === undefined ? [] : await engine.call('spansInProgress', { session: frame.launch });
    if (inProgress) await open(inProgress.traceId, inProgress.spanId);
    else void ui.showMessage('info', visibleText(this.whyNone(frame)));
  }

  /** Nobody waits for the answer: the message stays while the program goes on. */
  private async offerToWait({ traceId, spanId }: ActiveSpan): Promise<void> {
    const wait = 'Open When It Comes';
    const message = `This request is in trace ${traceId.slice(0, 8)}…, and nothing of it has come yet: this program sends its spans when they end.`;
    if ((await this.own.ui.showMessage('info', message, wait)) === wait) this.own.openWhenItComes(traceId, spanId);
  }

  private async ask({ type, evaluate }: StoppedFrame): Promise<ActiveSpan | undefined> {
    const question = activeTraceQuestion(type);
    if (!question || !evaluate || (question.runsCode && !(await this.mayRun(question.expression)))) return undefined;
    try {
      return readActiveSpan(await evaluate(question.expression));
    } catch (error) {
      // A library that is not there, or a frame in which nothing can be evaluated.
      this.own.record(toErrorData(error).message);
      return undefined;
    }
  }

  /** In some languages the question runs code of the program: that is a person's to allow, once for a workspace or each time. */
  private async mayRun(expression: string): Promise<boolean> {
    const { memento, ui } = this.own;
    if (memento.get(allowedKey) === true) return true;
    const message = `To find the trace, the debugger evaluates an expression in the stopped program, which runs code of its libraries: ${expression}`;
    const answer = await ui.showMessage('info', message, 'Evaluate', 'Always Evaluate', 'Find by Time');
    if (answer === 'Always Evaluate') await memento.update(allowedKey, true);
    return answer === 'Evaluate' || answer === 'Always Evaluate';
  }

  private whyNone({ name, launch }: StoppedFrame): string {
    const { capture } = this.own;
    if (!capture.state.running)
      return 'No capture is running, so nothing is known of this request. Start a capture, and launch the program again.';
    if (launch === undefined)
      return `"${name}" was not launched with capture, so its spans are not known. Launch it again while a capture is running.`;
    return `No span is under way here: "${name}" stands outside of any request, or in code that is not traced.`;
  }
}
