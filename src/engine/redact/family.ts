/** The spans around one, on their way to the ladder: what they say of their source, and no more. */

import type { SpanTable } from '../../core/model/table';
import type { Relative, SpanFamily } from '../../source';
import { hintKeys } from '../../source/hints';
import { locationKeys } from '../../source/model/attributes';
import type { Redactor } from './redactor';
import { spanDataOf } from './spanData';

const maxAncestors = 8;
const maxBefore = 12;
const maxChildren = 8;
/** Siblings that are looked at: a span may have a hundred thousand. */
const maxLooked = 2_000;
/** UTF-16 units of a value. */
const maxText = 4_000;
const keys: ReadonlySet<string> = new Set([...hintKeys, ...locationKeys]);

/** To be resolved, never to be shown. @param row of the table */
export function familyOf(table: SpanTable, row: number, redactor: Redactor): SpanFamily {
  const relative = (at: number): Relative => relativeOf(table, at, redactor);
  const ancestors: Relative[] = [];
  for (let at = table.parent[row]; at >= 0 && ancestors.length < maxAncestors; at = table.parent[at])
    ancestors.push(relative(at));
  const parent = table.parent[row];
  return {
    ancestors,
    before: parent < 0 ? [] : children(table, parent, row).slice(-maxBefore).map(relative),
    children: children(table, row, table.subtreeEnd[row]).slice(0, maxChildren).map(relative),
  };
}

/** Rows of the children of a row, those before a row; in pre-order, which is the order of their starts. */
function children({ subtreeEnd }: SpanTable, parent: number, before: number): number[] {
  const found: number[] = [];
  for (let at = parent + 1; at < before && found.length < maxLooked; at = subtreeEnd[at]) found.push(at);
  return found;
}

function relativeOf(table: SpanTable, row: number, redactor: Redactor): Relative {
  const span = spanDataOf(table.batches[table.batch[row]], table.batchRow[row], [], redactor, true);
  const language = span.resource['telemetry.sdk.language'];
  const attributes = Object.entries(span.attributes)
    .filter(([key]) => keys.has(key))
    .map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, maxText) : value]);
  return {
    name: span.name,
    service: span.service,
    kind: span.kind,
    ...(typeof language === 'string' ? { language } : {}),
    ...(span.scope ? { scope: span.scope.name } : {}),
    attributes: Object.fromEntries(attributes),
  };
}
