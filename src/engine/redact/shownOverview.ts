/** What lists and pictures say of whole traces, as it may be shown. */

import { skewMessage } from '../../core/analysis/skew';
import type { Defect, SpanTable, TraceOverview } from '../../core/model/table';
import type { Redactor } from './redactor';

/** The same object where nothing has to be hidden. */
export function shownOverview(overview: TraceOverview, redactor: Redactor): TraceOverview {
  if (!redactor.active) return overview;
  const { rootName, rootService, services, session } = overview;
  return {
    ...overview,
    rootName: redactor.repeated(rootName),
    rootService: redactor.repeated(rootService),
    ...(services ? { services: services.map((name) => redactor.repeated(name)) } : {}),
    ...(session === undefined ? {} : { session: redactor.repeated(session) }),
  };
}

type Corrected = Pick<SpanTable, 'corrections' | 'defects'>;

/** Of a table what names services in words: which clocks were corrected, and the defect that says so. */
export function shownCorrections({ corrections, defects }: Corrected, redactor: Redactor): Corrected {
  if (!redactor.active) return { corrections, defects };
  const shown = corrections.map((one) => ({ ...one, service: redactor.repeated(one.service) }));
  const told = (defect: Defect): Defect =>
    defect.kind === 'clockSkew' ? { ...defect, message: skewMessage(defect.count, shown) } : defect;
  return { corrections: shown, defects: defects.map(told) };
}

/** Keys for completion, each once. */
export function shownKeys(keys: readonly string[], redactor: Redactor): string[] {
  return redactor.active ? [...new Set(keys.map((key) => redactor.key(key)))] : [...keys];
}

/** Names for completion, each once. */
export function shownWords(words: readonly string[], redactor: Redactor): string[] {
  return redactor.active ? [...new Set(words.map((word) => redactor.repeated(word)))] : [...words];
}
