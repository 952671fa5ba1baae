/**
 * What is done after a worker hung, so that the same thing does not hold the next one: programs send a request again that was not answered, views
 * ask again for what they show, and a capture's log may hold what cannot be read.
 */

import { SpanhopError } from '../base/errors';
import { SILENT_LOOKS } from './watchdog';

/** A call that was not answered. */
export interface UnderWay {
  readonly method: string;
  readonly params: unknown;
}

export interface HangSituation {
  /** What the worker had been asked before it fell silent. */
  readonly underWay: readonly UnderWay[];
  /** It had not taken over yet. */
  readonly starting: boolean;
  readonly capturing: boolean;
}

/** How the next worker starts. */
export interface HangPlan {
  /** What a person is told. */
  readonly message: string;
  /** Whether there is a next one; else calls are refused. */
  readonly restart: boolean;
  /** Whether the capture goes on. */
  readonly capture: boolean;
  /** Whether the newest capture's spans are read again by themselves. */
  readonly load: boolean;
}

const WINDOW_MS = 5 * 60_000;
/** Within the window: the capture stops with the second, everything with the fourth. */
const HANGS_TO_PAUSE = 2;
const HANGS_TO_REST = 4;
/** What is asked again by itself after a restart. */
const REPEATED: ReadonlySet<string> = new Set(['openFile', 'listFile', 'openTrace']);

const doing: Readonly<Record<string, string>> = {
  openFile: 'read a trace file',
  listFile: 'listed the traces of a file',
  addBytes: 'read the answer of a backend',
  readAnswer: 'read the answer of a backend',
  openTrace: 'opened a trace',
  findTraces: 'searched traces',
  findSpans: 'searched a trace',
  exportTrace: 'exported a trace',
  openCaptures: 'listed the kept captures',
  restoreCaptures: 'read the newest capture',
  loadCapture: 'read a kept capture',
};

export class Hangs {
  private times: number[] = [];
  private readonly suspects = new Map<string, number>();
  private loadsNewest = true;

  /** @param nowMs milliseconds of any clock that does not jump */
  plan({ underWay, starting, capturing }: HangSituation, nowMs: number): HangPlan {
    this.times = [...this.times.filter((time) => nowMs - time < WINDOW_MS), nowMs];
    for (const call of underWay) {
      const key = keyOf(call);
      if (key !== undefined) this.suspects.set(key, (this.suspects.get(key) ?? 0) + 1);
    }
    const restart = this.times.length < HANGS_TO_REST;
    const capture = capturing && this.times.length < HANGS_TO_PAUSE;
    if (underWay.some(({ method }) => method === 'restoreCaptures')) this.loadsNewest = false;
    const sentences = [`The trace engine did not answer for ${SILENT_LOOKS} s${duringWhat(underWay, starting, capturing)}.`];
    if (!restart) {
      sentences.push(
        `That was the ${HANGS_TO_REST}th time within five minutes, so it was ended. Captured spans are kept on disk. Reload the window to start it again.`,
      );
    } else {
      sentences.push('It was ended and is started again.');
      if (capture) sentences.push('Captured spans are kept on disk, and capturing goes on at the same port.');
      else if (capturing) {
        sentences.push(
          'Captured spans are kept on disk. Capturing is off, because a program may send again what held it: stop that program, or start the capture anyway.',
        );
      }
      if (!this.loadsNewest) sentences.push('The newest capture is not read again by itself; it is in the list of captures.');
      if (!starting && underWay.length > 0) sentences.push('What was under way has to be repeated.');
    }
    return { message: sentences.join(' '), restart, capture: capture && restart, load: this.loadsNewest };
  }

  /** Why a call is not made: it was under way each time that a worker hung, twice or more. */
  refusal(call: UnderWay): SpanhopError | undefined {
    if (this.suspects.size === 0) return undefined;
    const key = keyOf(call);
    if (key === undefined || (this.suspects.get(key) ?? 0) < 2) return undefined;
    return new SpanhopError(
      'TooLarge',
      `The trace engine hung twice when it ${doing[call.method]}, so this is not tried again. Reload the window to try it once more.`,
    );
  }
}

function keyOf({ method, params }: UnderWay): string | undefined {
  if (!REPEATED.has(method) || typeof params !== 'object' || params === null) return undefined;
  const { dataset, traceId }: { dataset?: unknown; traceId?: unknown } = params;
  return `${method} ${dataset} ${traceId}`;
}

function duringWhat(underWay: readonly UnderWay[], starting: boolean, capturing: boolean): string {
  if (starting) return ' when it started';
  const known = underWay.map(({ method }) => doing[method]).find((words) => words !== undefined);
  if (known !== undefined) return `, while it ${known}`;
  return underWay.length === 0 && capturing ? ', probably over what a program sent' : '';
}
