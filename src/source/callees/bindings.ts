/**
 * What the names of a file stand for, told from its text: which module an import binds a name to, which types a field, a parameter or a
 * variable has, which classes a class goes on from.
 */

import type { Steps } from '../../base/steps';
import { KeptByLines } from '../outline/keptByLines';

const maxHead = 300;
const maxText = 20_000;
const maxLine = 600;

export interface Bound {
  /** As the import writes it. */
  readonly module: string;
  /** What it is called there, where it has another name here. */
  readonly name: string;
}

/** Names that imports bind, first of all in JavaScript, Python, Go, Rust and PHP; classes of the others are found by their name. */
export function importsOf(lines: readonly string[]): ReadonlyMap<string, Bound> {
  return imports.of(lines, '', () => readImports(lines));
}

const imports = new KeptByLines<ReadonlyMap<string, Bound>>();

function readImports(lines: readonly string[]): ReadonlyMap<string, Bound> {
  const found = new Map<string, Bound>();
  // Without white space in a row: expressions that begin and end with some would look at it again and again.
  const head = lines
    .slice(0, maxHead)
    .map((line) => line.slice(0, maxLine).replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, maxText);
  const note = (clause: string, module: string): void => {
    for (const part of clause.split(',').slice(0, 100)) {
      const [, name, other] =
        /^[\s({]*(?:type\s+|default\s+)?([\w$*]+)\s*(?:(?:\s+as\s+|:\s*)([\w$]+))?[\s)}]*$/.exec(part.slice(0, 200)) ?? [];
      if (name !== undefined && !/^(?:import|from)$/.test(name)) found.set(other ?? name, { module, name });
    }
  };
  for (const [, clause, module] of head.matchAll(
    /^\s*(?:import|export)\s+(?:type\s+)?([\w$*{][^;'"]{0,2000}?)\s+from\s+['"]([^'"\n]{1,200})['"]/gm,
  ))
    note(clause.replace(/[{}]/g, ' '), module);
  for (const [, clause, module] of head.matchAll(
    /^\s*(?:const|let|var)\s+([\w$]+|\{[^={}]{1,1500}\})\s*=\s*(?:await\s+)?(?:require|import)\(\s*['"]([^'"\n]{1,200})['"]/gm,
  ))
    note(clause.replace(/[{}]/g, ' '), module);
  for (const [, module, clause] of head.matchAll(/^\s*from\s+([\w.]{1,200})\s+import\s+(\([^()]{1,2000}\)|[^\n]{1,300})/gm)) {
    note(clause.replace(/#[^\n]*/g, '').replace(/[()]/g, ' '), module);
    // What is imported may be a module itself.
    for (const [name, bound] of found)
      if (bound.module === module) found.set(name, { module: `${module}.${bound.name}`, name: bound.name });
  }
  for (const [, module, name] of head.matchAll(/^\s*import\s+([\w.]{1,200})(?:\s+as\s+(\w+))?\s*$/gm))
    found.set(name ?? lastOf(module), { module, name: lastOf(module) });
  for (const [, name, module] of head.matchAll(/^\s*(?:import\s+)?(\w+)?\s*"([\w./@-]{2,200})"\s*$/gm))
    found.set(name ?? lastOf(module).replace(/^v\d+$/, ''), { module, name: lastOf(module) });
  for (const [, path] of head.matchAll(/^\s*(?:pub\s+)?use\s+([\w:\\]{3,200})\s*(?:;|as\b)/gm))
    found.set(lastOf(path), { module: path, name: lastOf(path) });
  return found;
}

const makes =
  /^\s*(?:export\s+)?(?:(?:const|let|var)\s+)?([\w$]+)\s*(?::[^=]{1,80})?=\s*(?:await\s+)?([A-Za-z_$][\w$]*)(?:<[^()]{0,80}>)?\(/;

/** What functions the values of a file are made by: `orders` of `const orders = makeOrders(db)`. */
export function makersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  return makers.of(lines, '', () => readMakers(lines));
}

const makers = new KeptByLines<ReadonlyMap<string, string>>();

function readMakers(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, name, by] = (line.length < maxLine && line.includes('=') && makes.exec(line)) || [];
    if (name !== undefined && by !== undefined && found.size < maxTyped) found.set(name, by);
  }
  return found;
}

function lastOf(path: string): string {
  return path.split(/[/.\\:]+/).pop() ?? path;
}

/** Modules from which a file gives on what it does not hold itself: `export * from './website'`, `from .orders import *`. */
export function passedOn(lines: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const line of lines.slice(0, maxHead)) {
    if (line.length > maxLine) continue;
    const module =
      /^\s*export\s+(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s+)?from\s+['"]([^'"]{1,200})['"]/.exec(line) ??
      /^from\s+(\.[\w.]*)\s+import\b/.exec(line) ??
      /^\s*\w+:\s*require\(['"]([^'"]{1,200})['"]\)/.exec(line);
    if (module && found.length < 60) found.push(module[1]);
  }
  return found;
}

const type = '([\\p{Lu}][\\p{L}\\p{N}_]{1,80})';
const variable = '([\\p{L}_$][\\p{L}\\p{N}_$]{0,60})';
/** `Type name;` and `Type<X> $name`; `name: Type`; `name := &pkg.Type{`, `name = new Type(`, `name = Type.new`. */
const typed = [
  {
    pattern: new RegExp(`(?:^|[\\s(,<.*\\\\])${type}(?:<[^<>()]{0,80}>)?[?]?\\s+[$&]?${variable}\\s{0,4}(?:[;=,){]|$)`, 'gu'),
    name: 2,
  },
  { pattern: new RegExp(`(?:^|[\\s(,@.])[$]?${variable}[?!]?\\s{0,4}:\\s{0,4}(?:[\\w]+[.\\[]){0,3}${type}`, 'gu'), name: 1 },
  {
    pattern: new RegExp(
      `(?:^|[.@$\\s])${variable}\\s{0,4}:?=\\s{0,4}(?:new\\s+|inject\\(|await\\s+|&)?(?:\\w+[.:]{1,2}){0,3}(?:(?:get|resolve)\\(\\s?)?${type}\\s{0,2}(?:[({.]|::|\\))`,
      'gu',
    ),
    name: 1,
  },
  // What a container gives: `$store = app(OrderStore::class)`, `context.getBean(OrderStore.class)`, `GetRequiredService<OrderStore>()`.
  {
    pattern: new RegExp(
      `(?:^|[.@$\\s>])${variable}\\s{0,30}=(?![=>])[^=;'"]{0,80}?[(<]\\s{0,2}\\\\?(?:\\w{1,60}[.\\\\]){0,8}${type}(?:::class|\\.class|>\\s{0,2}\\()`,
      'gu',
    ),
    name: 1,
  },
  // What a property of Python returns.
  {
    pattern: new RegExp(`^\\s+(?:async\\s+)?def\\s+${variable}\\([^()]{0,200}\\)\\s*->\\s*["']?(?:\\w+[.[]){0,3}${type}`, 'gu'),
    name: 1,
  },
] as const;
/** `store *pkg.Type` of Go; `store orderStore` of the package itself. */
const typedInGo = new RegExp(
  `(?:^|[\\s(,])${variable}\\s+\\*?(?:(?:\\w+\\.)?${type}|([a-z][a-z0-9]{0,40}[A-Z]\\w{0,80})\\s*(?:[,)\`]|$))`,
  'gu',
);
const maxTyped = 3_000;
/** Lines of one step. */
const stepLines = 256;

/** Types that a text gives to names: of fields, parameters and variables. */
export function* typesIn(lines: readonly string[], isGo: boolean): Steps<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  const note = (name: string, of: string): void => {
    const known = found.get(name);
    if (known) known.add(of);
    else if (found.size < maxTyped) found.set(name, new Set([of]));
  };
  for (const [i, line] of lines.entries()) {
    if (i % stepLines === stepLines - 1) yield;
    if (line.length > maxLine || !/\p{Lu}/u.test(line) || /^\s*\/\//.test(line)) continue;
    for (const { pattern, name } of typed) for (const match of line.matchAll(pattern)) note(match[name], match[3 - name]);
    if (isGo) for (const match of line.matchAll(typedInGo)) note(match[1], match[2] ?? match[3]);
  }
  return found;
}

/** Lines of a function of Go above a use. */
const maxAbove = 80;

/** The type that a function of Go gives to a variable of its own above a line: `input := bound[*pkg.Type](c)`, `input := &pkg.Type{`, `var input pkg.Type`. */
export function localTypeInGo(lines: readonly string[], line: number, name: string): string | undefined {
  if (!/^\w{1,60}$/.test(name)) return undefined;
  const given = new RegExp(
    `^\\s*(?:var\\s+${name}\\s+\\*?(?:\\w+\\.)?|${name}(?:,\\s*\\w+)?\\s*:=\\s*(?:[\\w.]{1,80}\\[\\*?|&|new\\()?(?:\\w+\\.)?)${type}(?:\\]\\(|\\{|\\)|\\s*$)`,
    'u',
  );
  for (let i = line - 1; i >= Math.max(0, line - maxAbove) && !/^func\b/.test(lines[i]); i--) {
    const found = lines[i].length < maxLine && lines[i].includes(name) ? given.exec(lines[i])?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Classes, traits and modules that the classes of a file go on from: methods that are not in it may be there. */
export function basesOf(lines: readonly string[]): readonly string[] {
  return bases.of(lines, '', () => readBases(lines));
}

const bases = new KeptByLines<readonly string[]>();

function readBases(lines: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const line of lines) {
    if (line.length > maxLine || found.size >= 12) continue;
    const heads =
      /^\s*(?:[\w@]+\s+){0,6}class\s+[\w:]+(?:<[^<>]{0,80}>)?(?:\([^()]{0,200}\))?\s*(?:<|:|extends\s|\()\s*([\w:., <>\\]{1,200})/.exec(
        line,
      ) ?? /^\s+(?:include|extend|prepend|use)\s+([\p{Lu}\\][\w:\\, ]{1,200});?$/u.exec(line.trimEnd());
    for (const name of heads?.[1].split(/[^\w:\\]+/) ?? []) {
      const last = lastOf(name);
      if (/^\p{Lu}\w{2,}$/u.test(last)) found.add(last);
    }
  }
  return [...found];
}

/** What is called like a class and bound by nothing has a file of its name: `Order` of `Order.queries.open()`. */
export function isGlobal(name: string): boolean {
  return /^\p{Lu}\p{Ll}/u.test(name);
}

/** The module that a file of Ruby names around a type. */
export function outerOf(type: string, file: string, lines: readonly string[]): string | undefined {
  if (!file.endsWith('.rb') || !/^\w+$/.test(type)) return undefined;
  const named = new RegExp(`\\b([A-Z]\\w*)::${type}\\b`);
  for (const text of lines) {
    const outer = text.length < 500 && text.includes(`::${type}`) ? named.exec(text)?.[1] : undefined;
    if (outer !== undefined) return outer;
  }
  return undefined;
}
