/** Calls of a library's own client, repository or manager, which are nobody's method of that name. */

import type { Call } from '../outline/calls';
import type { PlacedFunction } from './pythonCallees';

const manager = /Manager|QuerySet/i;

/**
 * What is left of the functions that a call may run: none for `this.prisma.order.update(` and `this.orders.update(` of a `Repository<Order>`, and
 * for `Order.objects.get(` those of the program's own managers.
 */
export function withoutStores(
  { receiver }: Call,
  lines: readonly string[],
  found: readonly PlacedFunction[],
): readonly PlacedFunction[] {
  if (/\.objects\.?$/.test(receiver))
    return found.filter(({ containers, file }) => !file.endsWith('.py') || containers.some((each) => manager.test(each)));
  if (/(?:^|\.)prisma\.\w{1,60}\.?$/.test(receiver)) return [];
  const name = /(?:^|\.)(\w{3,60})\.?$/.exec(receiver)?.[1];
  if (name === undefined || !found.some(({ file }) => /\.[jt]sx?$/.test(file))) return found;
  const declared = new RegExp(`\\b${name}!?\\s*:\\s*(?:Mongo|Tree)?(?:Repository|Model)<`);
  return lines.some((line) => line.length < 500 && line.includes(name) && declared.test(line)) ? [] : found;
}
