/** What lists and pictures say of whole traces, as it may be shown. */

import { skewMessage } from '../../core/analysis/skew';
import type { Defect, SpanTable, TraceOverview } from '../../core/model/table';
import type { Redactor } from './redactor';

/** The same object where nothing has to be hidden. */
export function redactedOverview(overview: TraceOverview, redactor: Redactor): TraceOverview {
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
export function redactedCorrections({ corrections, defects }: Corrected, redactor: Redactor): Corrected {
  if (!redactor.active) return { corrections, defects };
  const services = corrections.map((one) => ({ ...one, service: redactor.repeated(one.service) }));
  const redacted = (defect: Defect): Defect =>
    defect.kind === 'clockSkew' ? { ...defect, message: skewMessage(defect.count, services) } : defect;
  return { corrections: services, defects: defects.map(redacted) };
}

/** Keys for completion, each once. */
export function redactedKeys(keys: readonly string[], redactor: Redactor): string[] {
  return redactor.active ? [...new Set(keys.map((key) => redactor.key(key)))] : [...keys];
}

/** Names for completion, each once. */
export function redactedNames(names: readonly string[], redactor: Redactor): string[] {
  return redactor.active ? [...new Set(names.map((word) => redactor.repeated(word)))] : [...names];
}
