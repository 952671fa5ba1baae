/**
 * Whether a folder is a service's, by their words: `x-customers-service` has `customers`, and so has `services/customers-api`. Words that every
 * service has tell nothing, unless a service has no other.
 */

const common = new Set(
  'service services svc server srv api app apps application backend micro microservice ms web worker the my prod production dev staging local main'.split(
    ' ',
  ),
);
/** Folders that hold code of any service. */
const general = new Set(
  'src lib libs internal pkg cmd packages modules projects java kotlin python js ts main com org net io test tests common shared core'.split(
    ' ',
  ),
);

/** Parts of one program: `Shop.Core` and `shop-dao` are as much of the service `shop` as `Shop.Web` is. */
const parts = new Set(
  'core common shared domain infrastructure infra data dal dao persistence repository application contract model library lib module plugin'.split(
    ' ',
  ),
);

/** How well a path's folders fit a service: 0 not at all, 1 its words are among a folder's or the other way round, 2 they are the same. */
export function fitsService(path: readonly string[], service: string): 0 | 1 | 2 {
  const wanted = wordsOf(service);
  if (!wanted.length) return 0;
  const telling = wanted.filter((word) => !common.has(word));
  let best: 0 | 1 | 2 = 0;
  for (const folder of path.slice(0, -1)) {
    const words = wordsOf(folder);
    if (!words.length || words.every((word) => general.has(word))) continue;
    // `webapp` in `WebApp`
    if (words.join('') === wanted.join('')) return 2;
    const own = words.filter((word) => !common.has(word));
    // A service that is called `api` alone is in the folder `api`.
    if (!telling.length) {
      if (words.length <= 2 && wanted.every((word) => words.includes(word))) return 2;
      continue;
    }
    if (!own.length) continue;
    if (own.length === telling.length && own.every((word) => telling.includes(word))) return 2;
    const whole = own.filter((word) => !parts.has(word));
    if (whole.length === telling.length && whole.every((word) => telling.includes(word))) return 2;
    // The projects of one solution of .NET: `Shop`, `Shop.Orders.EntityFramework`.
    if (/^\p{Lu}\w*(?:\.\p{Lu}\w*)+$/u.test(folder) && telling.every((word, i) => own[i] === word)) return 2;
    if (telling.every((word) => own.includes(word)) || (own.every((word) => telling.includes(word)) && telling.length <= 3))
      best = 1;
  }
  return best;
}

/** In lower case, without the plural's end. */
function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (word.length > 4 ? word.replace(/s$/, '') : word));
}
