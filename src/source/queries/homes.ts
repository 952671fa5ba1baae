/** How surely a place is the table's own by what is around it: a file, a class, what is added to a class. */

import { functionAt } from '../outline/functions';
import { headerAt } from '../outline/headers';
import { baseMeans, type ModelNames } from './models';
import type { Query } from './query';
import { mentions } from './reach';
import { Words } from './sourceWords';
import { fitsOperation } from './verbs';

/** `order_repository.py` is the table's own file. */
export function homeOf(file: string, names: ModelNames): number {
  const stem = decodeURIComponent(file.slice(file.lastIndexOf('/') + 1)).replace(/\.\w+$/, '');
  return names.means(stem);
}

/** Of several models of Python in one file, another than the one that the file is called like. */
export function isOfNeighbour(lines: readonly string[], start: number, file: string, names: ModelNames): boolean {
  const around = file.endsWith('.py') ? functionAt(lines, start)?.containers[0]?.replace(/\W+$/, '') : undefined;
  if (around === undefined || names.means(around) > 0 || homeOf(file, names) === 0) return false;
  return lines.some((text) => {
    const name = text.startsWith('class ') ? /^class (\w{1,80})/.exec(text)?.[1] : undefined;
    return name !== undefined && names.means(name) >= 0.9;
  });
}

/** The class around a function is the table's own: several may stand in one file. */
export function homeOfFunction(lines: readonly string[], start: number, names: ModelNames): number {
  const extended = names.means(added.exec(lines[start]?.slice(0, 300) ?? '')?.[1] ?? '');
  const around = headerAt(lines, start)?.kind === 'function' ? (functionAt(lines, start)?.containers ?? []) : [];
  const name = around[around.length - 1]?.replace(/\W+$/, '');
  if (name === undefined) return extended;
  let line = start;
  while (line > 0 && !(lines[line].includes(name) && headerAt(lines, line)?.kind === 'container')) line--;
  return Math.max(extended, names.means(name), baseMeans(lines.slice(line, line + 3).join(' '), names));
}

/** `orderSchema.statics.open = function () {`: what is added to a model. */
const added = /^\s*([\w$]+)\.(?:statics|methods|query|prototype)\.[\w$]+\s*=/;

/** A file that is called like this is of the table; what its methods call themselves. */
export const ownHome = 0.7;
export const selves = ['this', 'self', 'static', 'cls', 'super'];

/** What a class for all tables calls the one that it is about. */
export const generic: readonly (readonly [string, number])[] =
  'model dbSet entityClass modelClass _dbSet DbSet repository repo _repository _repo TEntity collection _collection'
    .split(' ')
    .map((name) => [name, 0.45]);

/** A base class, the table's own repository, or a function that is given the model. */
export function isForAll(file: string, head: string, names: ModelNames): boolean {
  return (
    homeOf(file, names) > 0 ||
    /(?:generic|base|abstract|common|crud)[^/]*$|\/repository\.\w+$/i.test(file) ||
    /\(.*\b(?:model|entity_?class|model_?class)\b/i.test(head.slice(0, 500))
  );
}

/** `UpdateOrder` is where an order is updated, or `update` of what reaches orders. */
export function calledLike(name: string, { operation }: Query, names: ModelNames, home: number): number {
  const fits = fitsOperation(name, operation);
  // Who changes a row looks for it before.
  if (fits < 0) return operation === 'select' ? 0 : -0.3;
  return fits > 0 && (home >= ownHome || mentions(name, names) > 0) ? 0.4 : 0;
}

export const paged = /\b(?:limit|offset|skip|page(?:_?size|_?index|able)?|per_?page)\b/i;

/** Notes what variables a statement fills, for calls below that are given them: `order := Order{State: state}`, `example.or().andStateEqualTo(…)`. */
export function fill(made: Map<string, Words>, text: string): void {
  const begun = text.slice(0, 300);
  const name = madeBefore.exec(begun)?.[1];
  if (name !== undefined) {
    if (made.size < 40) made.set(name, new Words(text.slice(0, 3_000)));
    return;
  }
  const [, part, of] = /^\s*(?:[\w.]{1,80}\s+)?(\w{1,60})\s*=\s*(\w{1,60})\.(?:or|and|createCriteria)\(\)/.exec(begun) ?? [];
  const whole = of === undefined ? undefined : made.get(of);
  if (part !== undefined && whole) made.set(part, whole);
  else made.get(/^\s*\$?(\w{1,60})(?:\.|->|\[)/.exec(begun)?.[1] ?? '')?.add(text.slice(0, 2_000));
}

const madeBefore =
  /^\s*(?:(?:const|let|var|val|final|auto)\s+)?(?:[\p{Lu}][\w.<>]{0,80}\s+)?\$?(\w{1,60})\s*(?::[^=]{1,80})?:?=\s*(?:&|new\s+)?(?:[\w.\\]{0,120}\s?\{|\[|array\(|\p{Lu}[\w.]{0,80}\()/u;
