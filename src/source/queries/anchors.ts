/**
 * Where a statement of the source touches a table's model, and how: as what is called (`prisma.order.findMany(`, `Order::query()`,
 * `orders::table`, `knex('orders')`), as an argument (`select(Order)`, `.Find(&orders)`), or merely as a word (`const orders =`).
 */

import type { ModelNames } from './models';
import { type Identifier, identifiersOf, methodsOf } from './sourceWords';
import { isRelation, isVerb, takesModel, verbKey } from './verbs';

export interface Anchor {
  readonly kind: 'receiver' | 'argument' | 'relation' | 'word';
  /** 0 to 1. */
  readonly means: number;
  /** Offset in the text where the expression begins that is called. */
  readonly start: number;
  /** And where its chain of calls ends. */
  readonly end: number;
}

const follows = /\s{0,80}(?:\(\s*\)|\))?\s{0,80}(?:[?&]\.|!!?\.|\.|\?->|->|::)\s{0,20}<?([\p{L}_][\p{L}\p{N}_]{0,80})/uy;
/** Between a model and its methods. */
const between =
  /^(?:objects|query|table|dsl|entity|c|col|columns|_default_manager|as(?:no)?tracking\w*|asqueryable|as(?:split|single)query|(?:lambda|kt)(?:query|update)|ignorequeryfilters|tagwith|unscoped|model|class|java|prisma|client)$/i;

/** Behind scopes and the like, whose names are the program's own: `Order.open.limit(1).update_all(`, `Orders.AsNoTracking().FirstOrDefaultAsync(`. */
const goesOn =
  /^(?:find|first|last|take|count|exists|sum|where|orwhere|wherenot|order|orderby\w*|limit|pluck|updateall|deleteall|destroyall|findby|findeach|inbatches|joins|firstordefault|singleordefault|tolist|anyasync|executeupdate|executedelete)$/;

/** And behind those of a class of PHP. */
const ofScopes =
  /^(?:get|all|paginate|simplepaginate|cursorpaginate|cursor|chunk|chunkbyid|lazy|each|delete|forcedelete|restore|update|value|firstorfail|findorfail|firstwhere|increment|decrement|upsert|insert)$/;

export function anchorsIn(text: string, names: ModelNames, aliases: ReadonlyMap<string, number>): readonly Anchor[] {
  const found: Anchor[] = [];
  if (!names.mayBeIn(text) && ![...aliases.keys()].some((alias) => text.includes(alias))) return found;
  for (const identifier of identifiersOf(text)) {
    const plain = identifier.name.replace(/^[@$]+/, '');
    const alias = aliases.get(plain) ?? 0;
    // An edge of ent: `QueryOrders()`.
    const edge = /^Query(\p{Lu}\w{1,60})$/u.exec(plain)?.[1];
    const means = alias < 0 ? 0 : Math.max(alias, names.means(plain), edge === undefined ? 0 : names.means(edge));
    // What gives a query back is called.
    const isGiven = alias > 0 && means === alias && text[identifier.end] === '(';
    if (isGiven)
      found.push({ kind: 'receiver', means, start: startOf(text, identifier.at), end: chainEnd(text, identifier.end) });
    else if (means > 0) found.push(anchorOf(text, identifier, means));
    if (found.length >= 40) break;
  }
  return found;
}

/** Of maps, requests, settings, translations. */
const reads =
  /^(?:get|has|pop|set|getlist|get_?item|set_?item|setdefault|get_?attr|set_?attr|header|param|input|_|t|gettext|render|url_for|reverse)$/i;

function anchorOf(text: string, { name: own, at, end }: Identifier, means: number): Anchor {
  const quote = text[at - 1];
  const isQuote = quote === '"' || quote === "'" || quote === '`';
  const isQuoted = isQuote && (text[end] === quote || text[end] === ' ');
  // `'orders.create'` is the name of a route, a view or a permission.
  if (isQuote && !isQuoted && /^(?:\.\w{1,60}){1,4}(["'`])/.exec(text.slice(end, end + 250))?.[1] === quote)
    return { kind: 'word', means: means * 0.3, start: startOf(text, at), end };
  // `['order' => …]` is what it is called there.
  if (isQuoted && /^["'`]\s{0,20}(?:=>|:(?!:))/.test(text.slice(end, end + 24)))
    return { kind: 'word', means: means * 0.3, start: startOf(text, at), end };
  const opener = openerOf(text, isQuoted ? at - 1 : at);
  // `List<Order> orders =` is a type, `Set<Order>()` a call.
  const taker = opener?.isType && !/^[^<>()]{0,80}>+[?!]?\s{0,4}[(.:]/.test(text.slice(end, end + 100)) ? undefined : opener;
  const start = startOf(text, at);
  if (isQuoted || (quote === ':' && text[at - 2] !== ':')) {
    // `args.get("order")` is no table's.
    if (isQuoted && taker !== undefined && reads.test(taker.name)) return { kind: 'word', means: means * 0.3, start, end };
    // `knex('orders').where(`: what the parenthesis makes is what is called.
    if (taker !== undefined && isRelation(taker.name)) return { kind: 'relation', means, start, end: chainEnd(text, end) };
    if (taker !== undefined && !isLookup(text, taker) && (takesModel(taker.name) || (isQuoted && text[end + 1] === ')'))) {
      const from = startOf(text, taker.at);
      const anchor: Anchor = { kind: 'receiver', means, start: from, end: chainEnd(text, taker.at + taker.name.length) };
      // `Repo.aggregate(assoc(user, :orders), :count)`
      return taker.name === 'assoc' ? outer(text, anchor) : anchor;
    }
    return { kind: 'word', means: isQuoted ? means * 0.7 : means, start, end };
  }
  // `from order in db.Orders where …` of LINQ is asked as a whole.
  const [begun = '', word] = inWords.exec(text.slice(Math.max(0, start - 100), start)) ?? [];
  if (word === 'from') return { kind: 'receiver', means, start: start - begun.trimStart().length, end: text.length };
  if (word === 'join') return { kind: 'relation', means, start: start - begun.trimStart().length, end };
  follows.lastIndex = end;
  const member = follows.exec(text)?.[1];
  // `order.get("code")` reads what a map has.
  if (member === 'get' && /^\s?\.\s?get\(\s*["'][\w-]{1,60}["']\s*[,)]/.test(text.slice(end, end + 90)))
    return { kind: 'word', means: means * 0.3, start, end };
  // `x.inner_join(orders::table)`
  if (taker !== undefined && /join/i.test(taker.name))
    return { kind: 'relation', means, start: startOf(text, taker.at), end: chainEnd(text, taker.at + taker.name.length) };
  // `Order::onlyTrashed()->byUser()->get()` of Eloquent.
  const isScoped = text.startsWith('::', end) && /^\p{Lu}/u.test(own);
  const isAsked =
    member !== undefined &&
    !isField(text, end) &&
    // `order.SaveInput{}` of Go makes a value.
    !/^\s{0,80}\)|^\.\w{1,80}\{/.test(text.slice(end, end + 90)) &&
    (isVerb(member) ||
      between.test(member) ||
      methodsOf(text.slice(end, chainEnd(text, end))).some(
        (each) => goesOn.test(verbKey(each)) || (isScoped && ofScopes.test(verbKey(each))),
      ));
  if (isAsked) return outer(text, { kind: 'receiver', means, start, end: chainEnd(text, end) });
  // `execute(sql, self.id)` is given a value of one.
  if (member !== undefined && /^(?:self|this)$/.test(own)) return { kind: 'word', means: means * 0.3, start, end };
  // The method itself is named after the table: `selectFrom(orders)` and `createOrder(` are not alike.
  if (taker !== undefined && isRelation(taker.name))
    return { kind: 'relation', means, start: startOf(text, taker.at), end: chainEnd(text, taker.at + taker.name.length) };
  if (taker !== undefined && takesModel(taker.name))
    return { kind: 'argument', means, start: startOf(text, taker.at), end: chainEnd(text, taker.at + taker.name.length) };
  return { kind: 'word', means, start, end };
}

const inWords = /\b(from|join)\s+(?:[\w<>]{1,60}\s+)?\w{1,60}\s+in\s+\(?$/;

/** `$order->id` of PHP asks for nothing, but for the rows of a relation. */
function isField(text: string, end: number): boolean {
  return /^\??->\w{1,80}(?![\w(]|\s{0,80}\??->)/.test(text.slice(end, end + 200));
}

/** `context.Get(r, "order")` and `session.fetch('orders')` ask no database for what they name. */
function isLookup(text: string, { name, at }: { readonly name: string; readonly at: number }): boolean {
  return (
    /^(?:get|value|has|fetch|load|read|lookup|add|set|put|push|save|store|find|first|exists?|contains|search|item|param|header)$/.test(
      verbKey(name),
    ) &&
    !/(?:db|database|builder|quer(?:y|ies)|qb|conn(?:ection)?|tx|trx|knex|sql|session)\s{0,4}(?:\(\))?(?:\.|->|::)$/i.test(
      text.slice(Math.max(0, at - 60), at),
    )
  );
}

/** With the calls that it is given to: `diesel::delete(orders::table.filter(…)).execute(`, `session.execute(select(Order))`. */
function outer(text: string, anchor: Anchor): Anchor {
  let { start, end } = anchor;
  for (let steps = 0; steps < 3; steps++) {
    const taker = openerOf(text, start);
    // `additional(['order' => Order::find(id)])`: what a key is given asks for itself.
    if (/(?:=>|["'\w]:)\s{0,80}$/.test(text.slice(Math.max(0, start - 90), start))) break;
    // `Promise.all([orders.find(…), …])` asks for nothing itself.
    if (!taker || !isVerb(taker.name) || text.endsWith('Promise.', taker.at)) break;
    start = startOf(text, taker.at);
    end = chainEnd(text, taker.at + taker.name.length);
  }
  return { ...anchor, start, end };
}

const maxBack = 300;

/** The name before the bracket that is open at a place: `Find` at `&orders` of `.Find(&orders)`. */
function openerOf(
  text: string,
  at: number,
): { readonly name: string; readonly at: number; readonly isType: boolean } | undefined {
  let depth = 0;
  let types = 0;
  for (let i = at - 1; i >= 0 && i > at - maxBack; i--) {
    const char = text[i];
    if (char === ')' || char === ']' || char === '}') depth++;
    // `List<Order> orders = store.find()`: what is closed holds nothing.
    else if (char === '>' && /[\p{L}\p{N}_>?\]]/u.test(text[i - 1] ?? '')) types++;
    else if (char === '<' && types > 0) types--;
    else if (char === '(' || char === '[' || char === '{' || (char === '<' && /[\p{L}\p{N}_]/u.test(text[i - 1] ?? ''))) {
      if (depth-- > 0) continue;
      depth = 0;
      // `({ where: …` and `([` go on outwards.
      const name = /([\p{L}_$][\p{L}\p{N}_$]{0,80})[!?]?(?:::)?(?:<[\w\s.,<>?]{0,80}>)?\s?$/u.exec(
        text.slice(Math.max(0, i - 180), i),
      );
      if (name && char !== '{') return { name: name[1], at: Math.max(0, i - 180) + name.index, isType: char === '<' };
      if (char === '{' && name) return undefined;
    }
  }
  return undefined;
}

/** Back over the calls that an expression begins with: `this.prisma.` of `this.prisma.order`, `db.Where("x").` of `.Find`. */
function startOf(text: string, at: number): number {
  let start = at;
  for (let steps = 0; steps < 16; steps++) {
    const joint = /(?:[?&]\.|!!?\.|\.|\?->|->|::)\s{0,4}$/.exec(text.slice(Math.max(0, start - 8), start));
    if (!joint) break;
    let from = start - joint[0].length;
    while (from > 0 && /\s/.test(text[from - 1]) && start - from < 120) from--;
    for (let groups = 0; groups < 3 && /[)\]}]/.test(text[from - 1] ?? ''); groups++) from = openOf(text, from - 1);
    const name = /[\p{L}_$@][\p{L}\p{N}_$]{0,80}[!?]?$/u.exec(text.slice(Math.max(0, from - 90), from));
    if (!name && from === start - joint[0].length) break;
    start = from - (name?.[0].length ?? 0);
  }
  return start;
}

/** Where the bracket is that one closes. */
function openOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && i > close - 3_000; i--) {
    const char = text[i];
    if (char === ')' || char === ']' || char === '}') depth++;
    else if ((char === '(' || char === '[' || char === '{') && --depth === 0) return i;
  }
  return close;
}

/** Where a chain of calls ends that goes on behind a name. */
function chainEnd(text: string, from: number): number {
  let at = from;
  for (let steps = 0; steps < 60; steps++) {
    const rest = text.slice(at, at + 200);
    const generic = /^(?:::)?<[\w\s.,<>?]{0,80}>/.exec(rest);
    if (generic) at += generic[0].length;
    const open = /^[!?]?\s?[([]|^\s\{/.exec(text.slice(at, at + 4));
    if (open) {
      at = closeOf(text, at + open[0].length - 1);
      continue;
    }
    const joint = /^[\s)]{0,120}?(?:[?&]\.|!!?\.|\.|\?->|->|::)\s{0,40}[\p{L}_$][\p{L}\p{N}_$]{0,80}/u.exec(rest);
    if (!joint) break;
    at += joint[0].length;
  }
  return at;
}

/** After the bracket that closes the one at a place. */
function closeOf(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'" || char === '`') {
      const close = text.indexOf(char, i + 1);
      if (close > 0 && close - i < 500) i = close;
    } else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') {
      if (--depth === 0) return i + 1;
    }
  }
  return text.length;
}

/** `int count() { return dsl.fetchCount(BOOK); }`, `fun remove(id: Int) = database.delete(Orders) { … }`: a function of one line. */
export function isInBody(text: string, { kind, start }: Anchor): boolean {
  const body = /\)[^{}()=\n]{0,80}?(?:\{|(?<![=!<>])=(?![=>]))[^\S\n]*(?=[^\s}])/.exec(text.slice(0, 400));
  return kind !== 'word' && body !== null && start >= body.index + body[0].length;
}
