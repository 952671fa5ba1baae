/**
 * Names that Entity Framework gives parameters: after the variables of the method that asks, `@__orderId_0` before version 10 and `@orderId` since, a member's
 * as `@request_Id`, those of a list numbered. Source: https://github.com/dotnet/efcore/pull/35200, and
 * https://learn.microsoft.com/ef/core/what-is-new/ef-core-10.0/whatsnew
 */

import { identifiersOf, type Words } from './sourceWords';

const parameter = /(?<!\w)@(?:__)?(?:8__locals\d+_)?([A-Za-z]\w{1,80})/g;
/** What has no name in the source: a key that `Find` is given, values that are written. */
const unnamed = /^(?:p|param|P|Param)\d*$/;
const maxParameters = 12;

/** Each once, with the names it is made of. */
export function parametersOf(text: string): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [, written] of text.slice(0, 4_000).matchAll(parameter)) {
    const name = written.replace(/_\d+$/, '');
    const plain = unnamed.test(name) ? '' : name.replace(/\d+$/, '');
    if (plain === '' || found.size >= maxParameters) continue;
    found.set(
      plain,
      plain.split('_').filter((part) => part !== '' && !/^\d/.test(part)),
    );
  }
  return [...found.values()];
}

/** -0.8 where a call and its function name none of the variables, to 1.2 where the call has them all. */
export function byParameters(text: string, around: Words, parameters: readonly (readonly string[])[]): number {
  if (!parameters.length) return 0;
  const own = new Set(identifiersOf(text).map(({ name }) => name));
  const others = new Set(around.names);
  const share =
    parameters
      .map((parts) =>
        parts.every((part) => own.has(part)) ? 1 : parts.every((part) => own.has(part) || others.has(part)) ? 0.6 : 0,
      )
      .reduce<number>((sum, each) => sum + each, 0) / parameters.length;
  return 2 * share - 0.8;
}
