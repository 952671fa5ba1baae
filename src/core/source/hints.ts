/**
 * What of a span may stand in the source: the name of its function, and texts that a person wrote as a literal (a route, SQL, a topic, the
 * span's own name). Rungs 5 and 6 look for these; the engine collects them from whole traces, so that one search answers for all.
 */

import { readCodeLocation, textAttribute } from './attributes';
import type { SpanSource } from './types';

export type TextKind = 'route' | 'sql' | 'topic' | 'url' | 'collection' | 'spanName';

export interface TextHint {
  readonly kind: TextKind;
  /** The attribute that it came from, `span name` for the name. */
  readonly from: string;
  readonly text: string;
}

export interface NameHint {
  /** As the span writes it: `main.(*Server).charge`, `com.acme.Cart.add`, `Cart::Store#add`. */
  readonly name: string;
  readonly from: string;
}

export interface SourceHints {
  /** Most telling first. */
  readonly names: readonly NameHint[];
  /** Most telling first. */
  readonly texts: readonly TextHint[];
}

const textKeys: readonly (readonly [string, TextKind])[] = [
  ['http.route', 'route'],
  ['url.template', 'route'],
  ['db.query.text', 'sql'],
  ['db.statement', 'sql'],
  ['messaging.destination.name', 'topic'],
  ['url.full', 'url'],
  ['http.url', 'url'],
  ['db.collection.name', 'collection'],
];

/** Attributes that `readHints` looks at: what a collector of hints needs of a span beside its name and scope. */
export const hintKeys: readonly string[] = [
  ...textKeys.map(([key]) => key),
  'code.function.name',
  'code.function',
  'code.namespace',
  'code.module.name',
  'router.name',
  'db.operation.name',
];

export function readHints(span: Pick<SpanSource, 'name' | 'attributes' | 'scope'>): SourceHints {
  const names: NameHint[] = [];
  const functionName = readCodeLocation(span.attributes)?.functionName;
  if (functionName !== undefined) names.push({ name: functionName, from: 'code.function.name' });
  if (span.name !== '') names.push({ name: span.name, from: 'span name' });
  const texts: TextHint[] = [];
  for (const [key, kind] of textKeys) {
    const text = textAttribute(span.attributes, key);
    if (text !== undefined) texts.push({ kind, from: key, text });
  }
  if (span.name !== '') texts.push({ kind: 'spanName', from: 'span name', text: span.name });
  return { names, texts };
}

/** The fixed strings, each on one line, that a search of the workspace's source has to look for so that all hints can be judged. */
export function needlesOf(hints: SourceHints): readonly string[] {
  const needles = new Set<string>();
  for (const { name } of hints.names) {
    const last = /[\p{L}\p{N}_]+$/u.exec(name)?.[0];
    if (last !== undefined) needles.add(last);
  }
  for (const { text } of hints.texts) needles.add(text);
  return [...needles];
}
