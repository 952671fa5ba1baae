/**
 * Asks the instrumentation of a launch's language what the program gets, if the person wants it for that language. The launch waits a second at most,
 * and what goes wrong is told in the log: the program starts all the same.
 */

import { languageOf } from '../../capture/languages';
import { visibleText } from '../../core/text/visibleText';
import type { Log } from '../ports/log';
import type { Settings } from '../settings/settings';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';

/** Milliseconds. */
const mostMs = 1_000;

export interface InstrumentsOptions {
  readonly all: readonly Instrumentation[];
  readonly settings: Pick<Settings, 'instruments' | 'codeAttributes'>;
  readonly log: Pick<Log, 'warn'>;
}

export class Instruments {
  constructor(private readonly own: InstrumentsOptions) {}

  /** Undefined where nothing is to be done. Never rejects. */
  async prepare(launch: InstrumentedLaunch, cancelled: AbortSignal): Promise<Prepared | undefined> {
    const language = languageOf(launch.type);
    if (language === undefined || !this.own.settings.instruments(language)) return undefined;
    const found = this.own.all.find((each) => each.language === language);
    if (!found || cancelled.aborted) return undefined;
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(), mostMs);
    const signal = AbortSignal.any([cancelled, timeUp.signal]);
    const over = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    try {
      const prepared = await Promise.race([found.prepare(launch, signal), over]);
      if (timeUp.signal.aborted && !cancelled.aborted) this.tell(launch, `took more than ${mostMs / 1000} s`);
      return prepared && !this.own.settings.codeAttributes ? withoutCode(prepared) : prepared;
    } catch (error) {
      if (!cancelled.aborted) this.tell(launch, `failed: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  private tell({ name, type }: InstrumentedLaunch, what: string): void {
    this.own.log.warn(visibleText(`"${name}" (${type}) is launched without instrumentation: preparing it ${what}.`));
  }
}

/** Instrumentations of ours ask for this variable. */
function withoutCode(prepared: Prepared): Prepared {
  const off = { name: 'SPANHOP_CODE_ATTRIBUTES', value: '0', reason: 'spans are not to say where in the code they began' };
  return { ...prepared, variables: [...prepared.variables, off] };
}
