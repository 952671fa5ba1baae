/** A handler as the settings of a deployment write it (`src/orders.create`, `com.shop.Handler::handle`), to the function that it names. */

import { functionsNamed } from '../outline/functions';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';

interface HandlerPlace {
  readonly source: SourceFile;
  /** From 0. */
  readonly line: number;
  /** The file has the function. */
  readonly isFunction: boolean;
}

const endings = ['ts', 'js', 'mjs', 'tsx', 'cjs', 'py', 'rb', 'go'];
const ofClasses = ['java', 'kt', 'cs'];
const maxFiles = 60;
const maxBelow = 16;

export async function statedHandler(stated: string, from: SourceFile, search: SourceSearch): Promise<HandlerPlace | undefined> {
  const byClass = stated.split('::').filter((part) => part !== '');
  const isClass = byClass.length > 1;
  const type = isClass ? byClass[byClass.length - 2] : undefined;
  const path = isClass
    ? (type ?? '').split('.')
    : stated
        .slice(0, Math.max(0, stated.lastIndexOf('.')))
        .split(/[/\\]/)
        .filter((part) => part !== '' && part !== '.');
  const member = isClass ? byClass[byClass.length - 1] : stated.slice(stated.lastIndexOf('.') + 1);
  const modules = path.length === 1 && !isClass ? (path[0] ?? '').split('.') : path;
  const stem = modules[modules.length - 1];
  if (stem === undefined || stem === '' || !/^[\w$-]+$/.test(member)) return undefined;
  const found: { readonly source: SourceFile; readonly score: number }[] = [];
  for (const ending of isClass ? ofClasses : endings) {
    for (const uri of (await search.context.ports.workspace.findByBaseName(`${stem}.${ending}`)).slice(0, maxFiles)) {
      const source = search.file(uri);
      if (source && source.standing !== 'output')
        found.push({ source, score: tail(modules, source.path) * 4 + head(from.path, source.path) });
    }
  }
  found.sort((a, b) => b.score - a.score);
  for (const { source } of found.slice(0, 3)) {
    const lines = (await search.context.lines(source.file)) ?? [];
    const [named] = functionsNamed(lines, member);
    const line = named?.start ?? lines.findIndex((text) => text.length < 1_000 && isExported(text, member));
    // `export const handler = middy(createOrder)`
    const inner = /=\s*[\w$.]{1,80}\(\s*([\w$]{2,80})\s*[,)]/.exec(lines[line]?.slice(0, 400) ?? '')?.[1];
    const [wrapped] = inner === undefined ? [] : functionsNamed(lines, inner);
    if (line >= 0) return { source, line: wrapped?.start ?? line, isFunction: true };
  }
  return found[0] && { source: found[0].source, line: 0, isFunction: false };
}

function isExported(text: string, name: string): boolean {
  return (
    text.includes(name) &&
    new RegExp(`^\\s*(?:export\\s+(?:const|let|var)\\s+${name}\\b|(?:module\\.)?exports\\.${name}\\s*=|${name}\\s*=\\s)`).test(
      text,
    )
  );
}

/** The function below an annotation. */
export function handlerBelow(lines: readonly string[], line: number): number | undefined {
  for (let i = line + 1; i < Math.min(lines.length, line + maxBelow); i++) {
    const text = lines[i].slice(0, 500);
    if (/^\s*(?:@|\[[\w.]+(?:\(.*\))?\]\s*$|\/\/|#)/.test(text)) continue;
    if (/^\s*(?:public|private|internal|static|async|def|fun|function)\b/.test(text)) return i;
  }
  return undefined;
}

/** Parts of the path at the end of a file's. */
function tail(parts: readonly string[], path: readonly string[]): number {
  let count = 1;
  while (count < parts.length && count < path.length && parts[parts.length - 1 - count] === path[path.length - 1 - count])
    count++;
  return count;
}

function head(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length - 1 && count < b.length - 1 && a[count] === b[count]) count++;
  return count;
}
