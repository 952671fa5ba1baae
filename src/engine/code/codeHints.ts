/**
 * What spans say of their source where they state no file: their name and the few attributes that may stand in the source as text. Each
 * distinct one is kept once; which line it means is found out by the host, which has the source.
 */

import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import type { CodeHint } from '../../protocol/code';
import { hintKeys } from '../../source/hints';
import { sdkLanguage } from '../store/sdkLanguage';
import { CodeRepeats } from './codeRepeats';

/** Beyond this, spans that say something new are not counted: names that are made up for each request must not fill the memory. */
const maxHints = 5_000;
/** UTF-16 units of a value; a longer one stands in no line of source. */
const maxText = 2_000;
const ROUTE_KEYS: readonly string[] = ['http.route', 'url.template'];
const URL_KEYS: readonly string[] = ['url.full', 'http.url'];

export class CodeHints {
  /** The one with number `n` is at `n - 1`. */
  readonly all: CodeHint[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param limit of distinct hints */
  constructor(private readonly limit = maxHints) {}

  /** Prepares for the rows of one batch. */
  reader(batch: SpanBatch): HintReader {
    const all = indices(batch, hintKeys);
    // A URL is another one in every call, and says nothing where the route is known: such rows are not told apart by it.
    const routes = indices(batch, ROUTE_KEYS);
    const others = new Set([...all].filter((key) => !indices(batch, URL_KEYS).has(key)));
    const columns = [batch.name, batch.resource, batch.scope, batch.kind];
    const ways = [others, all].map((keys) => ({ keys, repeats: new CodeRepeats(batch, keys, columns) }));
    return {
      number: (row) => {
        const { keys, repeats } = ways[hasAny(batch, row, routes) ? 0 : 1];
        const known = repeats.find(row);
        if (known !== undefined) return known;
        const number = this.number(hintOf(batch, row, keys));
        repeats.note(row, number);
        return number;
      },
    };
  }

  private number(hint: CodeHint): number {
    if (hint.name === '' && Object.keys(hint.attributes).length === 0) return 0;
    const key = keyOf(hint);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.all.length >= this.limit) return 0;
    const number = this.all.push(hint);
    this.numbers.set(key, number);
    return number;
  }
}

/** Numbers and ids inside of texts (`/orders/17`, `id = 'a3f…'`) are of one call; what is left is of the source. */
function keyOf({ name, kind, service, language, scope, attributes }: CodeHint): string {
  let key = `${kind}\n${service}\n${language}\n${scope}\n${shapeOf(name)}`;
  for (const attribute in attributes) {
    const text = attributes[attribute];
    key += `\n${attribute}\n${shapeOf(/^(?:url|http)\./.test(attribute) ? text.replace(/\?.*$/s, '') : text)}`;
  }
  return key;
}

function shapeOf(text: string): string {
  return /\d/.test(text) ? text.replace(/\w+/g, (word) => (/\d/.test(word) ? '#' : word)) : text;
}

export interface HintReader {
  /** Number from 1 of a row's hint; 0 when there are too many. */
  number(row: number): number;
}

function indices(batch: SpanBatch, keys: readonly string[]): Set<number> {
  return new Set(keys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
}

function hasAny({ attributes, attributeStart, attributeEnd }: SpanBatch, row: number, keys: ReadonlySet<number>): boolean {
  if (keys.size === 0) return false;
  for (let i = attributeStart[row]; i < attributeEnd[row]; i++) if (keys.has(attributes.key[i])) return true;
  return false;
}

function hintOf(batch: SpanBatch, row: number, keys: ReadonlySet<number>): CodeHint {
  const { strings } = batch;
  const attributes: Record<string, string> = {};
  for (let i = batch.attributeStart[row]; i < batch.attributeEnd[row]; i++) {
    if (!keys.has(batch.attributes.key[i])) continue;
    const value = readValue(batch, i);
    if (typeof value === 'string') attributes[strings.get(batch.attributes.key[i])] = value.slice(0, maxText);
  }
  const scope = batch.scopes[batch.scope[row]];
  const resource = batch.resources[batch.resource[row]];
  return {
    name: strings.get(batch.name[row]).slice(0, maxText),
    kind: batch.kind[row],
    service: resource ? strings.get(resource.service) : '',
    language: sdkLanguage(batch, row) ?? '',
    scope: scope ? strings.get(scope.name) : '',
    attributes,
  };
}
