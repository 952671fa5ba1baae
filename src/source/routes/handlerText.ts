/**
 * What a registration says of its handler, in any notation: `listOrders`, `orders.list`, `asyncHandler(orders.list)`, `views.Order.as_view()`,
 * `[OrderController::class, 'show']`, `'OrderController@show'`, `orders#show`, `OrderController, :show`, or a function written on the spot.
 */

import { type Argument, argumentsAt, type Notation, stringOf } from './arguments';

export type Handler =
  /** Written where it is registered. */
  | { readonly kind: 'inline' }
  /** A function by its names, outermost first: `['orders', 'list']`. */
  | {
      readonly kind: 'function';
      readonly names: readonly string[];
      /** What it is where the first names nothing: of `orders.list(store)` the store, or what makes a handler of it. */
      readonly or?: Handler;
    }
  /** A class, one of whose methods answers. */
  | {
      readonly kind: 'class';
      readonly names: readonly string[];
      /** Which of them, by methods in upper case: `as_view({"get": "list"})` of Django REST framework. */
      readonly actions?: ReadonlyMap<string, string>;
    }
  /** A class by its name, and what tables call its action: `getOrders` and `ordersAction` are as good. */
  | { readonly kind: 'member'; readonly names: readonly string[]; readonly action: string | undefined }
  /** The key of a contract, and of what does as it says. */
  | { readonly kind: 'contract'; readonly key: string }
  /** The constant that describes a route, and is given to what registers it with its handler. */
  | { readonly kind: 'described'; readonly name: string }
  /** A function that takes a type of this name, which says the path. */
  | { readonly kind: 'typed'; readonly name: string }
  /** What bears the name of the route. */
  | { readonly kind: 'named'; readonly name: string }
  /** A controller and its action, found by the framework's habit: `admin/orders`, `show`. */
  | { readonly kind: 'action'; readonly controller: string; readonly action: string };

const inline: Handler = { kind: 'inline' };
const maxDepth = 5;
const maxText = 600;

const functions =
  /^(?:async\s+)?(?:function\b|func\s*\(|fn\s*\(|static\s+(?:fn|function)\b|fun\b|lambda\b|proc\b|move\s*\||\||->|\([^()]*\)\s*(?::[^=]{0,80})?=>|\w+\s*(?:=>|->)|\(\s*\{|delegate\b|use\s*\()|^(?:async\s*)?\((?:[^()]|\([^()]*\))*\)\s*(?::[^=]{0,120})?(?:=>|->)/;

/** Undefined where the text can be no handler: a number, options, an unknown expression. */
export function handlerOf(text: string, notation: Notation, depth = 0): Handler | undefined {
  const code = text
    .slice(0, maxText)
    .trim()
    .replace(/^(?:&+|\.{3})\s*(?=[\w$])/, '')
    .replace(/^(?:await|new|ref|this\s*,)\s+(?=[\w$])/, '')
    .replace(/^([\w$.]+)\s+(?:as|satisfies)\s[\w$.<>[\], |]+$/, '$1');
  if (code === '' || depth > maxDepth) return undefined;
  if (code.startsWith('{')) return ofOptions(code, notation, depth);
  if (/^(?:true|false|null|nil|None|undefined|-?\d.*)$/.test(code)) return undefined;
  if (/^(?:async\s*)?\([^()]*$/.test(code) && /=>|->/.test(text)) return inline;
  if (functions.test(code)) return handedOn(code, text) ?? inline;
  const literal = stringOf(code);
  if (literal !== undefined) return ofString(literal);
  if (code.startsWith('[')) return ofPair(code, notation);
  return ofExpression(code, notation, depth);
}

/** `(req, res, next) => orders.list(req, res, next)`: who is handed all of it answers. */
function handedOn(code: string, text: string): Handler | undefined {
  const [, given, names] =
    /^(?:async\s*)?(?:\(\s*)?([\w$]{1,40})[^()=]{0,160}\)?\s*=>\s*(?:\{\s*)?(?:(?:return|await)\s+){0,2}(?:this\.)?([\w$]{1,80}\.[\w$]{1,80})\(\s*\1\s*[,)][^()]{0,120}\)?\s*;?\s*\}?$/.exec(
      code,
    ) ?? [];
  return names === undefined ||
    text.length > maxText ||
    names.startsWith(`${given}.`) ||
    /^(?:res|reply|h|next|Promise)\./.test(names)
    ? undefined
    : { kind: 'function', names: names.split('.'), or: inline };
}

/** `{ preHandler: [allowed], handler: list }` of Fastify and hapi; of options without one nothing is told. */
function ofOptions(code: string, notation: Notation, depth: number): Handler | undefined {
  for (const { text } of argumentsAt([code], 0, 0, notation)?.list ?? []) {
    const [, method, value] = /^(?:async\s+)?['"]?handler['"]?\s*(?:(\()|:\s*(.+)$|$)/s.exec(text) ?? [];
    if (value !== undefined) return handlerOf(value, notation, depth + 1);
    if (method !== undefined) return inline;
    if (text === 'handler') return { kind: 'function', names: [text] };
  }
  return undefined;
}

const optionLines = 60;

/** `const list = { schema, handler: listOrders }` or `exports.list = { async handler(request) {` from its first line: where `handler` is, or whom it names. */
export function optionAt(
  lines: readonly string[],
  line: number,
):
  | { readonly kind: 'function'; readonly names: readonly string[] }
  | { readonly kind: 'inline'; readonly line: number }
  | undefined {
  if (!/^[^'"`(]{0,200}[=:]\s*\{\s*$/.test(lines[line].slice(0, 400))) return undefined;
  const indent = /^\s*/.exec(lines[line])?.[0].length ?? 0;
  for (let at = line + 1; at < Math.min(lines.length, line + optionLines); at++) {
    const text = lines[at].slice(0, 400);
    if (/\S/.test(text) && text.search(/\S/) <= indent) return undefined;
    const [, before, method, names]: (string | undefined)[] =
      /^(\s*)(?:async\s+)?handler\s*(?:(\()|:\s*(?:([\w$]+(?:\.[\w$]+)*)\s*,?\s*$)?|,?\s*$)/.exec(text) ?? [];
    if (before === undefined || before.length > indent + 4) continue;
    if (method !== undefined || (names === undefined && text.includes(':'))) return { kind: 'inline', line: at };
    return { kind: 'function', names: names?.split('.') ?? ['handler'] };
  }
  return undefined;
}

function ofString(text: string): Handler | undefined {
  // `api::order.order.publish` of Strapi.
  const [, controller, action] = /^(?:api|plugin)::[\w-]+\.([\w-]+)\.(\w+)$/.exec(text) ?? [];
  if (controller !== undefined) return { kind: 'function', names: [controller, action] };
  const pair = /^\\?([\w\\/.-]*\w)(?:@|::?|->|#|\.)(\w+)(?:\/\$\d)*$/.exec(text);
  if (!pair) return namedClass.test(text) && text.includes('\\') ? { kind: 'class', names: classOf(text) ?? [] } : undefined;
  if (text.includes('#') && !/^#/.test(text)) return { kind: 'action', controller: pair[1], action: pair[2] };
  return { kind: 'function', names: [...pair[1].split(/[\\/.]/).filter((part) => part !== ''), pair[2]] };
}

/** A class of PHP in quotes. */
const namedClass = /^\\{0,2}\p{Lu}\w{0,80}(?:\\{1,2}\p{Lu}\w{0,80}){0,8}$/u;

/** `[C::class, 'm']`, `['C', 'm']`, `[C, 'm']`, `[$this, 'm']`, `[C]`, `['uses' => 'C@m']`, `[auth, list]`. */
function ofPair(code: string, notation: Notation): Handler | undefined {
  const parts = argumentsAt([code], 0, 0, notation)?.list ?? [];
  const uses = parts.map(({ text }) => /^['"]uses['"]\s*=>\s*(.+)$/s.exec(text)?.[1]).find((each) => each !== undefined);
  if (uses !== undefined) return handlerOf(uses, notation, 2);
  const method = parts.length === 2 ? stringOf(parts[1].text) : undefined;
  const quoted = method !== undefined && /^[a-z_]/.test(method) ? stringOf(parts[0].text) : undefined;
  const owner = parts.length ? classOf(quoted !== undefined && namedClass.test(quoted) ? quoted : parts[0].text) : undefined;
  if (owner && method !== undefined && /^\w+$/.test(method))
    return { kind: 'function', names: [...owner.filter((each) => each !== 'this'), method] };
  if (owner && parts.length === 1 && /::class$|^\p{Lu}/u.test(parts[0].text)) return { kind: 'class', names: owner };
  return last(parts, notation, 1);
}

function classOf(text: string): readonly string[] | undefined {
  const found = /^(?:\(\)\s*=>\s*import\(.*|\\?([\w$\\.]+?)(?:::class)?)$/.exec(text.trim())?.[1];
  return found === undefined
    ? undefined
    : found
        .replace(/^\$/, '')
        .split(/[\\.]/)
        .filter((part) => part !== '');
}

/** The last that may be a handler: what stands before it are middlewares. */
function last(list: readonly Argument[], notation: Notation, depth: number): Handler | undefined {
  for (let i = list.length - 1; i >= 0; i--) {
    const found = handlerOf(list[i].text, notation, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** `wrap(list, asReader)`: where the last is a value, the one before it is meant. */
function amongWrapped(list: readonly Argument[], notation: Notation, depth: number): Handler | undefined {
  // `allowed(orders.list, "orders:read")`: what stands in quotes beside a name is not what is wrapped.
  const unquoted = list.filter(({ text }) => stringOf(text) === undefined);
  const found = last(unquoted, notation, depth) ?? last(list, notation, depth);
  if (found?.kind !== 'function' || list.length < 2) return found;
  const named = unquoted.length ? unquoted : list;
  if (found.or && named.length < 3) return found;
  // `use(orders.list, limited, allowed(reading))`: whichever takes a request.
  let all: Handler = found;
  for (let i = named.length - 2; i >= 0 && i > named.length - 6; i--) {
    const before = handlerOf(named[i].text, notation, depth + 1);
    if (before?.kind === 'function') all = beside(all, before);
  }
  return all;
}

function beside(first: Handler, next: Handler): Handler {
  return first.kind === 'function' ? { ...first, or: first.or ? beside(first.or, next) : next } : first;
}

const path = /^[\\]?[\p{L}_$@][\p{L}\p{N}_$]*[!?]?(?:(?:\.|::|->|\?\.|\\)[\p{L}_$#][\p{L}\p{N}_$]*)*/u;

function ofExpression(code: string, notation: Notation, depth: number): Handler | undefined {
  const head = path.exec(code)?.[0];
  if (head === undefined) return ofPointer(code);
  const rest = code.slice(head.length).trim();
  const names = head
    .split(/\.|::|->|\?\.|\\/)
    .filter((name) => name !== '' && !/^(?:this|self|\$this|crate|super|default|module|exports)$/.test(name))
    .map((name) => name.replace(/^[$@#]/, ''));
  if (!names.length) return undefined;
  const tail = names[names.length - 1];
  if (rest === '' || /^[,;)]/.test(rest)) {
    if (tail === 'class' && names.length > 1) return { kind: 'class', names: names.slice(0, -1) };
    return { kind: 'function', names };
  }
  // `C::class . ':m'` of Slim.
  const joined = /^\.\s*['"]:(\w+)['"]$/.exec(rest)?.[1];
  if (joined !== undefined && tail === 'class') return { kind: 'function', names: [...names.slice(0, -1), joined] };
  // `Handler<Type>` and `Controller{}.method`.
  if (rest.startsWith('{')) {
    const member = /\}\s*\)?\.(\w+)$/.exec(rest)?.[1];
    return member === undefined ? { kind: 'class', names } : { kind: 'function', names: [...names, member] };
  }
  if (/^::?</.test(rest) || /^<[\w\s.,:<>]*>$/.test(rest)) return { kind: 'function', names };
  if (!rest.startsWith('(')) return undefined;
  const open = code.indexOf('(', head.length);
  const args = argumentsAt([code], 0, open, notation);
  if (/^(?:as_view|as_asgi)$/.test(tail) && names.length > 1) {
    const stated = [...rest.matchAll(/["'](get|post|put|patch|delete|head|options)["']\s*:\s*["'](\w{1,80})["']/g)];
    const actions = new Map(stated.map(([, verb, action]) => [verb.toUpperCase(), action]));
    return { kind: 'class', names: names.slice(0, -1), ...(actions.size ? { actions } : {}) };
  }
  if (/^(?:bind|apply|call|method)$/.test(tail) && names.length > 1) return { kind: 'function', names: names.slice(0, -1) };
  const after = args ? code.slice(args.endColumn + 1).trim() : '';
  const member = /^(?:\.|->|::)(\w+)$/.exec(after)?.[1];
  // `protect(key)(orders.list)`
  if (after.startsWith('(')) {
    const given = last(argumentsAt([after], 0, 0, notation)?.list ?? [], notation, depth);
    if (given) return given;
  }
  const inner = amongWrapped(args?.list ?? [], notation, depth);
  // `new OrderController(service).show`, `container.get(Orders).show`
  if (member !== undefined && !/^(?:bind|handler|build|with|as_view|to|into)$/.test(member)) {
    const owner = /^\p{Lu}/u.test(tail) ? names : inner?.kind === 'function' ? inner.names : names;
    return { kind: 'function', names: [...owner, member] };
  }
  const chained = /^(?:\.|->)(?:to|and_then|handler)\(/.exec(after);
  if (chained) return handlerOf(after.slice(chained[0].length).replace(/\)+$/, ''), notation, depth + 1);
  // `Orders(store)` of Python is the object that answers; `Resource(Orders)` is given its class.
  const isMade = notation.comment === '#' && /^\p{Lu}/u.test(tail) && after === '';
  if (isMade && !(inner?.kind === 'function' && /^\p{Lu}/u.test(inner.names[inner.names.length - 1])))
    return { kind: 'class', names };
  const outer: Handler = /^\p{Lu}/u.test(tail) && names.length === 1 ? { kind: 'class', names } : { kind: 'function', names };
  if (inner?.kind !== 'function') return inner ?? outer;
  // `orders.list(store)` makes a handler of a store; `wrap(orders.list)` wraps one.
  if (inner.names.length === 1 && names.length > 1 && outer.kind === 'function') return { ...outer, or: inner };
  // `showOrder(store, auth)` is given values, `guardHandler(showOrder)` is not.
  if (outer.kind === 'function' && /[hH]andler$/.test(tail) && inner.names.length === 1 && /^[a-z]{1,12}$/.test(inner.names[0]))
    return { ...outer, or: inner };
  return { ...inner, or: inner.or?.kind === 'function' ? { ...inner.or, or: inner.or.or ?? outer } : (inner.or ?? outer) };
}

/** `(*Orders).List`, `(Orders{}).List` */
function ofPointer(code: string): Handler | undefined {
  const found = /^\(\*?&?([\w.]+)(?:\{[^{}]*\})?\)\.(\w+)$/.exec(code);
  return found ? { kind: 'function', names: [...found[1].split('.'), found[2]] } : undefined;
}

/** Methods that a view of Django is given: `as_view({"get": "list"})`, `as_view(http_method_names=["get"])`; empty: any. */
export function methodsOfView(handler: Handler, list: readonly Argument[]): readonly string[] {
  const text = list.map((each) => each.text.slice(0, maxText)).join();
  const allowed = /http_method_names\s*=\s*\[([^\]]{0,100})\]/.exec(text)?.[1];
  if (allowed !== undefined) return allowed.match(/\w+/g)?.map((verb) => verb.toUpperCase()) ?? [];
  return handler.kind === 'class' ? [...(handler.actions?.keys() ?? [])] : [];
}

/** The handler among arguments that follow a path: named as one, or the last that may be one. */
export function handlerAmong(list: readonly Argument[], notation: Notation): Handler | undefined {
  for (const { text } of list) {
    const named =
      /^[:'"]?(?:view_func|handler|endpoint|callback|view|to|controller|uses|func|handle)['"]?\s*(?:=>|=(?!=)|:(?!:))\s*(.+)$/s.exec(
        text,
      )?.[1];
    if (named !== undefined) return handlerOf(named, notation);
  }
  return last(
    list.filter(({ text }) => !/^[:'"]?\w+['"]?\s*(?:=(?![=>])|:(?!:))\s*\S/s.test(text)),
    notation,
    0,
  );
}
