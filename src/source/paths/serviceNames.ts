/**
 * Names of services, compared as people write them: `cart`, `shop-cart`, `CartService` and the container `shop-cart-1` are likely the same.
 * Spans say `service.name` and sometimes a container; build files say the key in a compose file, a container or `OTEL_SERVICE_NAME`.
 */

import { Lru } from '../../base/lru';
import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';

const nameKeys: readonly string[] = ['container.name', 'k8s.container.name', 'k8s.deployment.name'];
/** Words that say only that it is a service. */
const generic = /^(?:service|svc|srv|app|deployment)$/;

/** What a span says of its service, the surest first. */
export function servicesOf({ service, resource }: Pick<SpanSource, 'service' | 'resource'>): readonly string[] {
  const names = [service, ...nameKeys.map((key) => textAttribute(resource, key))];
  return [
    ...new Set(names.filter((name): name is string => name !== undefined && name !== '' && !/^unknown_service/.test(name))),
  ];
}

/** 2: the same name. 1: one is the end or the beginning of the other. 0: different. */
export function alike(a: string, b: string): 0 | 1 | 2 {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  if (!first.length || !second.length) return 0;
  if (first.join('') === second.join('')) return 2;
  const [short, long] = first.length <= second.length ? [first, second] : [second, first];
  const begins = short.every((word, i) => long[i] === word);
  const ends = short.every((word, i) => long[long.length - short.length + i] === word);
  return begins || ends ? 1 : 0;
}

/** The best of all pairs. */
export function bestLikeness(some: readonly string[], others: readonly string[]): 0 | 1 | 2 {
  let best: 0 | 1 | 2 = 0;
  for (const a of some) {
    for (const b of others) {
      const likeness = alike(a, b);
      if (likeness > best) best = likeness;
    }
  }
  return best;
}

const maxKnown = 2000;
const known = new Lru<string, readonly string[]>({ maxSize: maxKnown });

function wordsOf(name: string): readonly string[] {
  const before = known.get(name);
  if (before) return before;
  const words = split(name);
  known.set(name, words);
  return words;
}

function split(name: string): readonly string[] {
  const words = name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    // A name in one word, `cartservice`, is of the same thing.
    .map((word) => word.replace(/(?<=.{2})service$/, ''))
    .filter((word) => word !== '');
  // Compose numbers its containers: `shop-cart-1`.
  if (words.length > 1 && /^\d{1,3}$/.test(words[words.length - 1])) words.pop();
  const telling = words.filter((word) => !generic.test(word));
  return telling.length ? telling : words;
}
