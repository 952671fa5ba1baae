/** What `use` of Rust brings into a file: `use fen::{reeds::{list, show as show_reed}, sedges::{self, *}};`. */

export interface Uses {
  /** Paths by the name that they have in the file. */
  readonly names: ReadonlyMap<string, string>;
  /** Modules all of whose names are taken, in order. */
  readonly globs: readonly string[];
}

const maxLines = 3_000;
const maxStatement = 300;
const maxLine = 1_000;
const maxNames = 2_000;
const begins = /^\s*(?:pub(?:\([^()]{0,60}\))?\s+)?use\s+(.*)$/;

const known = new WeakMap<readonly string[], Uses>();

export function usesOf(lines: readonly string[]): Uses {
  const kept = known.get(lines);
  if (kept) return kept;
  const names = new Map<string, string>();
  const globs: string[] = [];
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end && names.size < maxNames; i++) {
    const first = lines[i].length > maxLine ? undefined : begins.exec(lines[i])?.[1];
    if (first === undefined) continue;
    let text = first.replace(/\/\/.*$/, '');
    for (let n = 0; n < maxStatement && !text.includes(';') && i + 1 < end; n++) {
      i++;
      text += ` ${lines[i].slice(0, maxLine).replace(/\/\/.*$/, '')}`;
    }
    readTree(text.split(';', 1)[0], names, globs);
  }
  const uses = { names, globs };
  known.set(lines, uses);
  return uses;
}

function readTree(text: string, names: Map<string, string>, globs: string[]): void {
  const outer: (readonly string[])[] = [];
  let base: readonly string[] = [];
  let path: string[] = [];
  let alias: string | undefined;
  let isAlias = false;
  const finish = (): void => {
    const full = path[path.length - 1] === 'self' ? [...base, ...path.slice(0, -1)] : [...base, ...path];
    const name = alias ?? full[full.length - 1];
    if (path.length && name !== undefined && name !== '_' && !names.has(name)) names.set(name, full.join('::'));
    path = [];
    alias = undefined;
    isAlias = false;
  };
  for (const [token] of text.matchAll(/\w+|[{},*]/g)) {
    if (token === '{') {
      outer.push(base);
      base = [...base, ...path];
      path = [];
    } else if (token === '}') {
      finish();
      base = outer.pop() ?? [];
    } else if (token === ',') finish();
    else if (token === '*') {
      if (base.length + path.length) globs.push([...base, ...path].join('::'));
      path = [];
    } else if (token === 'as') isAlias = true;
    else if (isAlias) alias = token;
    else path.push(token);
  }
  finish();
}
