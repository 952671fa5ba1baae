/**
 * The calls that stand in some lines: what they call and on what, told from the text alone. A word before a parenthesis is one in every
 * language; Ruby and its kin leave the parentheses out, so a member that is named on a receiver counts as well where `bare` says so.
 */

export interface Call {
  /** `findMany` of `prisma.order.findMany(`. */
  readonly name: string;
  /** What it is called on, as written, without white space: `prisma.order`; empty where it is called on nothing. */
  readonly receiver: string;
  readonly line: number;
  /** Of the name, from 0. */
  readonly column: number;
}

const maxLines = 600;
const maxCalls = 600;
const maxLine = 2_000;
const noCall =
  /^(?:if|else|elif|elsif|for|foreach|while|until|unless|switch|case|when|match|catch|except|do|with|using|lock|synchronized|return|throw|await|yield|typeof|sizeof|select|go|defer|guard|loop|assert|in|of|and|or|not|function|func|fn|fun|def|defp|new|super|print|echo)$/;
const comment = /^\s*(?:\/\/|\*|\/\*|#(?![[!])|--\s)/;

/**
 * In the order of the text. `end`: the line after the last.
 *
 * @param bare members without parentheses count
 * @param chained what is called on the result of a call is called on what that was called on, and on its name: `client.put` of `client().put`
 */
export function callsIn(lines: readonly string[], start: number, end: number, bare = false, chained = false): readonly Call[] {
  const found: Call[] = [];
  for (let line = start; line < Math.min(end, lines.length, start + maxLines); line++) {
    const text = lines[line];
    if (text.length > maxLine || comment.test(text)) continue;
    for (const match of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*[!?]?/gu)) {
      const column = match.index;
      const receiver = receiverOf(text, column, chained ? maxChained : 0);
      const isCalled =
        opens(text, column + match[0].length) ||
        // A constant is no member.
        (bare && receiver !== '' && !/^\p{Lu}/u.test(match[0])) ||
        // `map(store::cabinOf)` of Java and Kotlin hands a method over to be called.
        (receiver !== '' &&
          !bare &&
          text.startsWith('::', column - 2) &&
          /^\s*(?:[),]|$)/.test(text.slice(column + match[0].length)));
      // `DB::select(` is called.
      if (!isCalled || ((receiver === '' || bare) && noCall.test(match[0])) || isDefined(text, column)) continue;
      found.push({
        name: match[0].replace(/[!?]$/, ''),
        receiver:
          gotten(text, column) ?? (/\S/.test(text.slice(0, column - receiver.length)) ? receiver : onLine(receiver, lines, line)),
        line,
        column,
      });
      if (found.length >= maxCalls) return found;
    }
  }
  return found;
}

/** A parenthesis follows, maybe after type arguments: `get<Order>(`, `collect::<Vec<_>>(`. */
function opens(text: string, end: number): boolean {
  let at = end;
  if (text.startsWith('::<', at)) at += 2;
  if (text[at] === '<') {
    let depth = 0;
    const limit = Math.min(text.length, at + 200);
    for (; at < limit; at++) {
      if (text[at] === '<') depth++;
      else if (text[at] === '>' && --depth === 0) break;
      else if (!/[\w\s.,?&:[\]|'"]/.test(text[at])) return false;
    }
    at++;
  }
  // Go's type arguments, which an index of functions looks like.
  const types = text[at] === '[' ? /^\[[\w.*, [\]]{1,200}\](?=\()/.exec(text.slice(at, at + 210)) : null;
  if (types) at += types[0].length;
  if (text[at] === '!') at++;
  return text[at] === '(';
}

/** What stands before a name and belongs to it: names with dots, arrows or colons between them. */
function receiverOf(text: string, column: number, chained: number): string {
  let at = column;
  const joint = /(?:[?&]\.|!!?\.|\.|->|\?->|::)$/;
  for (;;) {
    const before = joint.exec(text.slice(Math.max(0, at - 3), at));
    if (!before) return text.slice(at, column).replace(/(?:[?&]\.|!!?\.|\.|->|\?->|::)$/, '');
    const from = at - before[0].length;
    const closed = chained > 0 && text[from - 1] === ')' ? openOf(text, from - 1) : from;
    let start = closed;
    while (start > 0 && /[\p{L}\p{N}_$@]/u.test(text[start - 1])) start--;
    if (closed < from && start < closed) {
      const whole = receiverOf(text, start, chained - 1);
      return `${whole}${whole === '' ? '' : '.'}${text.slice(start, closed)}${at < column ? `.${text.slice(at, column)}` : ''}`.replace(
        /(?:[?&]\.|!!?\.|\.|->|\?->|::)$/,
        '',
      );
    }
    // What is called on the result of a call belongs to no name.
    if (start === from) return text.slice(at, column).replace(/(?:[?&]\.|!!?\.|\.|->|\?->|::)$/, '') || text.slice(from, column);
    at = start;
  }
}

const maxBack = 400;
/** Calls of a chain that are looked back over. */
const maxChained = 6;

/** Where the parenthesis is that one closes; its own place where that is not on the line. */
function openOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && i > close - maxBack; i--) {
    if (text[i] === ')') depth++;
    else if (text[i] === '(' && --depth === 0) return i;
  }
  return close + 1;
}

/** `OrderStore` of `getOrderStore().list(`: what a method gives that is called like its type. */
function gotten(text: string, column: number): string | undefined {
  return text.startsWith(').', column - 2)
    ? /(?:^|[^\w$])get(\p{Lu}\w{2,80})\(\)\.$/u.exec(text.slice(Math.max(0, column - 100), column))?.[1]
    : undefined;
}

/** What a call is made on with the calls before it, where they stand in its line: `client.v1.subscriptions` of `client.v1().subscriptions().list(`. */
export function chainedReceiver({ receiver, column }: Call, text: string): string {
  return /\w/.test(receiver) ? receiver : receiverOf(text.slice(0, maxLine), column, maxChained);
}

/** A line that begins with a dot goes on with the chain above. */
function onLine(receiver: string, lines: readonly string[], line: number): string {
  if (!/^(?:\?\.|!!?\.|\.|->|::)$/.test(receiver)) return receiver;
  for (let i = line - 1; i >= 0 && i > line - 12; i--) {
    const text = lines[i].trim();
    if (text === '' || /^(?:\?\.|\.|->|::|\)|\}|\/\/|#)/.test(text)) continue;
    return /([\p{L}_$@][\p{L}\p{N}_$@.]*)\s?(?:\([^()]*\))?$/u.exec(text.slice(-200))?.[1] ?? '';
  }
  return '';
}

function isDefined(text: string, column: number): boolean {
  return /\b(?:function\*?|func|fn|fun|def|defp|class|new)\s+$/.test(text.slice(Math.max(0, column - 20), column));
}
