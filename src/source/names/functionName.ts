/**
 * The name of a function taken apart, in the notation of any language: what its definition is called, and which classes, modules and
 * packages are around it. Compilers and runtimes put names of their own between (lambdas, closures, proxies, state machines of
 * coroutines and iterators); they are taken away, so that what remains is what a person wrote.
 *
 * | as printed                                   | last     | qualifier                 |
 * |----------------------------------------------|----------|---------------------------|
 * | `main.(*Server).charge.func1`                | charge   | main, Server              |
 * | `com.acme.Cart$Line.add`                     | add      | com, acme, Cart, Line     |
 * | `FulfilmentQueue$$SpringCGLIB$$0.fulfil`     | fulfil   | FulfilmentQueue           |
 * | `Ns.Type.<Authorise>d__3.MoveNext`           | Authorise| Ns, Type                  |
 * | `block in Cart::Store#add`                   | add      | Cart, Store               |
 * | `new Cart`                                   | Cart     |                           |
 */

import { withoutGenerated } from './generated';

export interface FunctionName {
  /** What the definition is called; the class of a constructor or of an anonymous function; empty where nothing is named. */
  readonly last: string;
  /** All names around it, outermost first: packages, namespaces, modules, classes. */
  readonly qualifier: readonly string[];
  /** The classes of the qualifier, as far as the notation or the spelling tells, outermost first. */
  readonly containers: readonly string[];
  /** What of the qualifier is before the classes. */
  readonly packages: readonly string[];
  /** `last` is the class then. */
  readonly isConstructor: boolean;
  /** The function has no name; `last` is what is around it. */
  readonly isAnonymous: boolean;
  /** The compiler or the runtime made up a part of the name. */
  readonly isGenerated: boolean;
  /** What tells functions of one name apart, where it is printed: `add(Item, int)`, `add/2`. */
  readonly parameters?: Parameters;
  /** What it is given first, where that tells its clauses apart: `save` of `OrderLive.handle_event#save`. */
  readonly clause?: string;
}

/** Of Phoenix LiveView, whose events have any text for a name. */
const liveEvent = /^([\w.]{1,200}\.handle_event)#([^\s#"]{1,100})$/;

export interface Parameters {
  readonly count: number;
  /** Without their packages; empty where only the number is told. */
  readonly types: readonly string[];
}

const maxLength = 500;

/** What runtimes put around a name, outermost or next to it; further inside it is a package's (`Acme.Module.Orders.Order.add`). */
const runtimeContainers = new Set(
  'Object Module Function exports module default global globalThis window self undefined null'.split(' '),
);
/** Names of containers that say nothing. */
const emptyContainers = new Set(['__main__', 'Companion', 'DefaultImpls', 'Elixir', 'crate', 'prototype']);

const constructors = new Set(['.ctor', '.cctor', '<init>', '<clinit>', '__init__', '__new__', '__construct', 'constructor']);
/** Stand for code that no function is around. */
const nowhere =
  /^(?:<module>|<anonymous>|<lambda>|<listcomp>|<genexpr>|<dictcomp>|<setcomp>|<main>|<top \(required\)>|\{main\}|anonymous)$/;

export function parseFunctionName(text: string): FunctionName {
  const [, handling, clause] = liveEvent.exec(text) ?? [];
  if (handling !== undefined && clause !== undefined) return { ...parseFunctionName(handling), clause };
  const nested = /\[as [^\]]+\]/.test(text);
  const plain = unwrap(text.slice(0, maxLength).trim());
  const generated = withoutGenerated(plain.text);
  let isGenerated = generated.isGenerated || nested;
  let isAnonymous = plain.isAnonymous || generated.isAnonymous;
  let isConstructor = plain.isConstructor;
  const tied = new Set<string>();
  const parts: string[] = [];
  for (const part of split(generated.text, tied)) {
    if (part === '<locals>') {
      // What is before it is a function, not a class.
      if (parts.length > 1) parts.pop();
      continue;
    }
    if (nowhere.test(part)) {
      isAnonymous = true;
      continue;
    }
    if (/^\d+$/.test(part)) isGenerated = true;
    else if (part !== '') parts.push(part);
  }
  if (parts.length && constructors.has(parts[parts.length - 1])) {
    parts.pop();
    isConstructor = true;
  } else if (parts.length > 1 && /#initialize$/.test(plain.text)) {
    parts.pop();
    isConstructor = true;
  } else if (
    parts.length > 1 &&
    parts[parts.length - 1] === parts[parts.length - 2] &&
    /^\p{Lu}/u.test(parts[parts.length - 1])
  ) {
    // C++ and Dart name a constructor like its class.
    parts.pop();
    isConstructor = true;
  }
  const end = parts.length - 1;
  const isRuntimes = (part: string, i: number): boolean => runtimeContainers.has(part) && (i === 0 || i >= end - 1);
  const named = parts.filter((part, i) => i === end || !(emptyContainers.has(part) || isRuntimes(part, i)));
  const last = named.pop() ?? '';
  const isEmpty = isAnonymous && (emptyContainers.has(last) || runtimeContainers.has(last));
  // Go names the package twice where a closure was inlined; in the path before it (`example.com/shop/shop`) both count.
  const ofPath = generated.text.split('/').length - 1;
  const qualifier = named.filter((part, i) => i <= ofPath || part !== named[i - 1]);
  return {
    last: isEmpty ? '' : last,
    qualifier,
    ...partition(qualifier, tied, isConstructor),
    isConstructor,
    isAnonymous,
    isGenerated,
    ...(plain.parameters === undefined ? {} : { parameters: plain.parameters }),
  };
}

/** Whether a text, such as a span's name, has the shape of a function's name. */
export function looksLikeFunction(text: string): boolean {
  if (text.length < 3 || text.length > 300) return false;
  if (liveEvent.test(text)) return true;
  if (/^(?:[\p{L}_$][\p{L}\p{N}_$]*)(?:(?:\.|::|#|@|\\|\/|->)[\p{L}_$(*][\p{L}\p{N}_$()*]*)*(?:\(\))?$/u.test(text))
    return !/^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|HTTP|SELECT|INSERT|UPDATE|BEGIN|COMMIT|ROLLBACK)$/.test(
      text,
    );
  return false;
}

interface Unwrapped {
  readonly text: string;
  readonly isAnonymous: boolean;
  readonly isConstructor: boolean;
  readonly parameters?: Parameters;
}

/** Words around the name, and its arguments. */
function unwrap(text: string): Unwrapped {
  let rest = text.replace(/ \[as [^\]]*\]$/, '').replace(/ \((?:<anonymous>|index \d+)\)$/, '');
  let isConstructor = false;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(
      /^(?:async|function|static|fn|func|def|fun|bound|get|set|(?:block|rescue|ensure)(?: \(\d+ levels\))? in|class) (?=\S)/,
      '',
    );
    if (/^new /.test(rest)) {
      rest = rest.slice(4);
      isConstructor = true;
    }
  }
  // `Object.get total`
  rest = rest.replace(/\.(?:get|set|async|static) (?=[#\w$]+$)/, '.');
  // A closure of PHP 8.4 names what it is in: `{closure:Shop\Cart::add():12}`.
  const inner = /\{closure:([^{}]+?)(?:\(\))?:\d+\}/.exec(rest);
  if (inner) return { text: inner[1], isAnonymous: true, isConstructor };
  // Before, of its class and of the namespace of the file.
  rest = rest.replace(/^(.+?)(?:::|->)[\w\\]*\{closure\}/, '$1::{closure}');
  // Elixir
  rest = rest.replace(/^anonymous fn\/\d+ in /, '{closure}');
  const parameters = parametersOf(rest);
  const bare = withoutArguments(rest).trimEnd();
  // Some print what it returns as well.
  rest = bare !== rest && /^[\w.$<>[\]&*]+ \S/.test(bare) ? bare.slice(bare.lastIndexOf(' ') + 1) : bare;
  const isAnonymous = /\{\{?closure(?:[#:]\d+)?\}?\}|\{anonymous|^fn\(|<anonymous/.test(rest);
  rest = rest.replace(/(?:::|\\|\.|->)?\{\{?[\w#: -]*\}?\}/g, '');
  return { text: rest, isAnonymous, isConstructor, ...(parameters ? { parameters } : {}) };
}

/** None where there are no parentheses, or nothing in them: many put those behind any name. */
function parametersOf(text: string): Parameters | undefined {
  const arity = /[\w?!"]\/(\d{1,2})$/.exec(text)?.[1];
  if (arity !== undefined) return { count: Number(arity), types: [] };
  const inside = text.endsWith(')') ? text.slice(withoutArguments(text).length + 1, -1) : '';
  if (!/^[\p{L}_]/u.test(inside) || inside.length > maxLength) return undefined;
  const types: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= inside.length; i++) {
    if (/[<[({]/.test(inside[i] ?? '')) depth++;
    else if (/[>\])}]/.test(inside[i] ?? '')) depth--;
    else if (depth === 0 && (inside[i] === ',' || i === inside.length)) {
      types.push(typeOf(inside.slice(from, i)));
      from = i + 1;
    }
  }
  return { count: types.length, types };
}

/** `System.String name` is `String`. */
function typeOf(parameter: string): string {
  const type = parameter
    .replace(/[<[].*/s, '')
    .trim()
    .split(/\s/, 1)[0];
  return type.slice(type.lastIndexOf('.') + 1);
}

/** `Charge(Int32 id)` is `Charge`; `(*Server).charge` stays. */
function withoutArguments(text: string): string {
  if (!text.endsWith(')')) return text.replace(/\/\d{1,2}$/, '');
  let depth = 0;
  for (let i = text.length - 1; i > 0; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth === 0) return text[i - 1] === '.' ? text : text.slice(0, i);
  }
  return text;
}

/** Into names; `tied` gets those that a notation ties to the next one as classes are (`Outer$Inner`, `Outer+Inner`, `Cart#add`). */
function split(text: string, tied: Set<string>): readonly string[] {
  const plain = text
    .replace(/\(\*?([\w.]+)\)/g, '$1')
    .replace(/-fm$/, '')
    .replace(/%2e/gi, '.')
    .replace(/\.#/g, '.')
    .replace(/^#/, '');
  const chunks = ofPath(plain);
  const names: string[] = [];
  for (const chunk of chunks) {
    const pieces = chunk.whole ? [chunk.text] : chunk.text.replace(/\.\.(c?ctor)$/, '.<init>').split(/(::|->|[.#$+\\@:])/);
    for (let i = 0; i < pieces.length; i += 2) {
      const name = pieces[i].replace(/`\d+$/, '');
      if (name !== '' && /^(?:[$+#]|->)$/.test(pieces[i + 1] ?? '')) tied.add(name);
      names.push(name);
    }
  }
  return names;
}

/** Slashes are of a Go import path, whose elements stay whole (`github.com`), or of an RPC method (`shop.Cart/Add`). */
function ofPath(text: string): readonly { text: string; whole: boolean }[] {
  const elements = text.split('/');
  const tail = elements.pop() ?? '';
  if (!elements.length) return [{ text: tail, whole: false }];
  const isMethod = !tail.includes('.');
  const before = elements.map((element, i) => ({ text: element, whole: !(isMethod && i === elements.length - 1) }));
  return [...before, { text: tail, whole: false }].filter((chunk) => chunk.text !== '');
}

/** The innermost name is a class if it is written like one; those tied to it are, too. */
function partition(
  qualifier: readonly string[],
  tied: ReadonlySet<string>,
  isConstructor: boolean,
): { containers: readonly string[]; packages: readonly string[] } {
  let from = qualifier.length;
  const innermost = qualifier[from - 1];
  if (innermost !== undefined && ((!isConstructor && /^_*\p{Lu}/u.test(innermost)) || tied.has(innermost))) from--;
  while (from > 0 && from < qualifier.length && tied.has(qualifier[from - 1])) from--;
  return { containers: qualifier.slice(from), packages: qualifier.slice(0, from) };
}
