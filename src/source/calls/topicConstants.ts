/**
 * A name of a topic that is a constant's: an argument of an enum's constant with getters, a field of an object or a class of constants. Code
 * elsewhere writes what it is called (`QueueEnum.ORDERS`, `QUEUES.orders`), never the text.
 */

import { indentOf, isBlank } from '../outline/textLines';
import { nameBefore } from './addressNames';

export interface TopicConstant {
  readonly name: string;
  /** As code elsewhere writes it: `Queues.ORDERS`, `Queues::ORDERS`. */
  readonly written: readonly string[];
}

const maxAbove = 400;
const maxLevels = 4;
const holder =
  /^[\w\s@]{0,100}\b(?:enum\s+class|enum|class|object|interface|struct|module|namespace)\s+([A-Za-z_]\w*)|^\s*(?:export\s+)?(?:default\s+)?(?:const|let|var|val)\s+([A-Za-z_$]\w*)\s*(?::[^={]{1,80})?=\s*(?:Object\.freeze\(\s*)?\{|^\s*([A-Za-z_]\w*)\s*[:=]\s*\{\s*$/;

/** @param column from 0, of the string's text */
export function topicConstantAt(lines: readonly string[], line: number, column: number, file: string): TopicConstant | undefined {
  const text = lines[line] ?? '';
  if (text.length > 1_000) return undefined;
  const before = text.slice(0, column);
  const start = entryLine(lines, line);
  // `ORDERS("shop.orders", "shop"),`
  const entry = /^\s*([A-Z][A-Z0-9_]*|[A-Z]\w*)\s*\(/.exec(start === line ? before : (lines[start] ?? '').slice(0, 300))?.[1];
  const name = entry ?? nameBefore(before) ?? /\b([A-Za-z_]\w*)\s*[:=]\s*["'`]$/.exec(before.slice(-200))?.[1];
  if (name === undefined) return undefined;
  const inLine = /\b(?:const|let|var|val)\s+([A-Za-z_$]\w*)\s*(?::[^={]{1,80})?=\s*(?:Object\.freeze\(\s*)?\{/.exec(before)?.[1];
  const around = inLine === undefined ? holdersOf(lines, start) : { names: [inLine], isEnum: false };
  if (!around || (entry !== undefined && !around.isEnum)) return undefined;
  const path = [...around.names, name];
  const short = path.slice(-2);
  return {
    name,
    written: [
      ...new Set(
        /\.(?:php|rs|rb|cc|cpp|h|hpp)$/.test(file) ? [short.join('::')] : [path.join('.'), ...(inLine ? [] : [short.join('.')])],
      ),
    ],
  };
}

/** Arguments of an enum's constant may stand on lines of their own. */
function entryLine(lines: readonly string[], line: number): number {
  if (!/^\s*["']/.test(lines[line] ?? '')) return line;
  for (let i = line - 1; i >= 0 && i > line - 6; i--) if (/^\s*[A-Z]\w*\s*\(/.test(lines[i].slice(0, 300))) return i;
  return line;
}

/** Outermost first; undefined where it is in no class and no object, or in a function. */
function holdersOf(
  lines: readonly string[],
  line: number,
): { readonly names: readonly string[]; readonly isEnum: boolean } | undefined {
  const names: string[] = [];
  let isEnum = false;
  let limit = indentOf(lines[line] ?? '');
  for (let i = line - 1, level = 0; i >= 0 && i > line - maxAbove && limit > 0 && level < maxLevels; i--) {
    const text = lines[i].slice(0, 300);
    if (isBlank(text) || indentOf(text) >= limit || /^\s*(?:[@#*)\]}{]|\/[/*])/.test(text)) continue;
    limit = indentOf(text);
    level++;
    if (/\bcompanion\s+object\b/.test(text)) continue;
    const match = holder.exec(text);
    const name = match?.[1] ?? match?.[2] ?? match?.[3];
    if (name === undefined) break;
    isEnum ||= names.length === 0 && /\benum\b/.test(text);
    names.unshift(name);
    if (match?.[3] === undefined) break;
  }
  return names.length ? { names, isEnum } : undefined;
}
