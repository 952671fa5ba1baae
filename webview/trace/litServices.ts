/** Services that stand out, by their names: a name holds for every revision of a trace. The others are dimmed, none is hidden. */

import { serviceOf } from '../../src/protocol/columns';
import type { TraceModel } from './model';

export interface LitServices {
  /** Those of the trace; none: all are as ever. */
  readonly names: readonly string[];
  /** By service 1 when it is dimmed; empty where none is. */
  readonly isDim: Uint8Array;
}

export const noneLit: LitServices = { names: [], isDim: new Uint8Array(0) };

/** @param wanted what is not of the trace is left out */
export function litServices({ snapshot: { services } }: TraceModel, wanted: Iterable<string>): LitServices {
  const names = new Set(wanted);
  const isDim = Uint8Array.from(services, (service) => (names.has(service) ? 0 : 1));
  const here = [...names].filter((name) => services.includes(name));
  return here.length === 0 ? noneLit : { names: here, isDim };
}

/** Whether the span's service is none of those that stand out. */
export function isDim({ isDim }: LitServices, trace: TraceModel, span: number): boolean {
  return isDim.length > 0 && isDim[serviceOf(trace, span)] === 1;
}
