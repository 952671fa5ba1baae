/** Names of functions and packages that are no program's own. */

import type { Call } from '../outline/calls';

/** Names that stand for anything, and lead nowhere. */
export const common =
  /^(?:(?:get|set|find|create|update|delete|remove|insert|select|filter|forEach|toString|toList|collect|reduce|includes|indexOf|push|concat|replace|execute|query|fetch|render|redirect|respond|parseInt|require|subscribe|findOne|findAll|findMany|findById|getAll|getById|isEmpty|append|extend|format|printf|println|sprintf|errorf|where|first|order|limit|select|values|parse|stringify|commit|rollback|flush|save|saveAll|logger|warning|saveChanges|saveChangesAsync|default|unwrap|expect|and_then|map_err|to_string|clone|into_iter|collect|status|header|headers)|(?:assert|console|Promise)\w*)$/i;

/** https://pkg.go.dev/std */
export const ofGo =
  /^(?:archive|bufio|bytes|cmp|compress|container|context|crypto|database|debug|embed|encoding|errors|expvar|flag|fmt|go|hash|html|image|index|io|iter|log|maps|math|mime|net|os|path|plugin|reflect|regexp|runtime|slices|sort|strconv|strings|sync|syscall|testing|text|time|unicode|unique|unsafe)(?:\/|$)/;

/** Names of what a call is made on, without those for who calls. */
export function calledOn({ receiver }: Call): readonly string[] {
  return receiver
    .split(/[^\p{L}\p{N}_$@]+/u)
    .filter((part) => part !== '' && !/^(?:this|self|Self|super|cls|static|parent|@|\$this)$/.test(part));
}

/** Whether a file may call what another has by its name alone. */
export function mayCall(near: string, receiver: string | undefined, file: string): boolean {
  // Actions of Rails are called by routes alone.
  if (receiver !== undefined) return !file.endsWith('_controller.rb');
  // A package of Go is one folder.
  const folder = near.slice(0, near.lastIndexOf('/') + 1);
  return !near.endsWith('.go') || (file.startsWith(folder) && !file.includes('/', folder.length));
}

/** `OrderStore`, `orderStore`, `PostgresOrderStore` and `OrderStoreImpl` of the interface `OrderStore`, or `IOrderStore`. */
export function mayImplement(own: string, type: string): boolean {
  const plain = type.replace(/^I(?=\p{Lu}\p{Ll})|(?:Interface|Iface)$/gu, '').toLowerCase();
  const given = own.toLowerCase();
  return given === plain || (plain.length >= 6 && (given.endsWith(plain) || given === `${plain}impl`));
}

/** What is called by a usual name on what another call gives: `source.getRepository(Order).findOne(`. */
export function isOfResult(
  { receiver, name, column }: { readonly receiver: string; readonly name: string; readonly column: number },
  text = '',
): boolean {
  return !/\w/.test(receiver) && common.test(name) && /\)\??\.$/.test(text.slice(Math.max(0, column - 3), column));
}

/** What a class of Java calls on itself and neither it nor its bases have: a library's, and nobody's of that name. */
export function isOfLibrary({ receiver }: Call, file: string): boolean {
  return /^(?:this|super)$/.test(receiver) && /\.(?:java|kt)$/.test(file);
}

/** Whether a function stands in what is called like a receiver: `OrderModel` is of `order.server.model`. */
export function isCalledLike(receiver: string, around: readonly string[]): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const hint = plain(receiver);
  const words = receiver.split(/(?<=[a-z0-9])(?=[A-Z])|_/).map((word) => word.toLowerCase());
  return (
    hint.length >= 3 &&
    around.some((each) => plain(each).includes(hint) || (words.length > 1 && words.every((word) => plain(each).includes(word))))
  );
}

/** Whether a head of Go is of a method of a type. */
export function isOfType(head: string, type: string): boolean {
  const of = /^func\s*\(\s*\w*\s*\*?(\w{1,80})/.exec(head)?.[1];
  return of !== undefined && mayImplement(of, type);
}

/** Languages in which a head may stand without a body. */
export const declaring = /\.(?:java|kt|cs|ts|php|rs)$/;

/** Those in which a line is. */
export function within<T extends { readonly start: number; readonly end: number }>(all: readonly T[], line: number): T[] {
  return all.filter(({ start, end }) => line >= start && line < end);
}
