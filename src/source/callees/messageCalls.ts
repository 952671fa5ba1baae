/** Calls of whoever handles a message that a mediator or a bus carries. */

import type { Call } from '../outline/calls';

/** Stands for the call that a mediator makes. */
export const handler = '@handler';

const carried =
  /(?:mediat(?:o?r|e)|sender|\bbus|dispatcher|publisher|commands|queries)\w{0,20}[?!]?\s*\.\s*(?:Send|Publish|Dispatch|Invoke|Ask|Query|Execute|Handle)\w{0,20}(?:<[^<>()]{0,100}>)?\(\s*new\s+(?:\w+\.)*(\p{Lu}\w{2,80})\b(?!\.)/iu;

/** `mediator.Send(new CreateOrderCommand(…))` calls who handles it; so does what is given a message that was made above. */
export function messagesIn(lines: readonly string[], start: number, end: number, isPhp: boolean): readonly Call[] {
  const found: Call[] = [];
  const made = new Map<string, string>();
  const last = Math.min(end, lines.length, start + 400);
  const note = (receiver: string, line: number, column: number): void => {
    // A job of PHP is handed to a queue.
    if (found.length < 20 && !(isPhp && receiver.endsWith('Job')) && !found.some((each) => each.receiver === receiver))
      found.push({ name: handler, receiver, line, column });
  };
  for (let line = start; line < last; line++) {
    const text = lines[line].slice(0, 1_000);
    // `new IdentifiedCommand<CancelOrderCommand, bool>(`: what is within is what is meant.
    for (const match of text.matchAll(
      /\bnew\s+\\?(?:\w+[.\\])*\w{3,80}<\s*(\w{3,80}(?:Command|Query|Request|Message|Event|Notification))\b/g,
    ))
      note(match[1], line, match.index);
    for (const match of text.matchAll(
      /\bnew\s+\\?(?:\w+[.\\])*(\w{3,80}(?:Command|Query|Request|Message|Event|Job|Notification))\b/g,
    ))
      note(match[1], line, match.index);
    // `new CloseCabin.Command(`
    for (const match of text.matchAll(/\bnew\s+(\p{Lu}\w{2,80})\.(?:Command|Query|Request|Event|Notification)\b/gu))
      note(match[1], line, match.index);
    for (const match of text.matchAll(
      /(?:^|[(,\s])(?:(\p{Lu}\w{2,80})\s+(\w{1,60})\s*[,)=]|(\w{1,60})\s*=\s*new\s+(\p{Lu}\w{2,80})\b)/gu,
    ))
      made.set(match[2] ?? match[3], match[1] === undefined || match[1] === 'var' ? (match[4] ?? '') : match[1]);
    // `mediator.Send(new CloseCabin(deck))`: who is given it and nothing else carries it, whatever it is called.
    const given = carried.exec(/[(,]\s*$/.test(text) ? `${text} ${lines[line + 1]?.slice(0, 200) ?? ''}` : text);
    if (given) note(given[1], line, given.index);
    const sent =
      /\.\s*(?:Send|Publish|Dispatch|Invoke|Ask|Query|Execute(?:Command|Query)?)(?:Async)?\s*(?:<[^<>()]{0,100}>)?\(\s*(\w{1,60})\s*[,)]/.exec(
        text,
      );
    const type = sent ? made.get(sent[1]) : undefined;
    if (sent && type !== undefined && type !== '') note(type, line, sent.index);
  }
  return found;
}

/** What handlers are called. */
const handling = ['Handle', 'handle', 'HandleAsync', 'Execute', 'execute', '__invoke', 'Consume', 'consume'];
const maxHandlers = 4;

/** Who handles a message that a mediator or a bus carries: `CreateOrderCommandHandler`, or `CreateOrderHandler`, or whoever says so. */
export async function handlersOf<T>(
  type: string,
  ask: {
    readonly inType: (type: string, method: string) => Promise<readonly T[]>;
    readonly named: (file: string, method: string) => Promise<readonly T[]>;
    readonly find: (needle: string) => Promise<readonly { readonly file: string; readonly text: string }[]>;
  },
): Promise<readonly T[]> {
  const plain = type.replace(/(?:Command|Query|Request|Message|Event|Job|Notification)$/, '');
  for (const name of new Set([`${type}Handler`, `${plain}Handler`, `${plain}Consumer`, type, plain])) {
    for (const method of handling) {
      const found = await ask.inType(name, method);
      if (found.length) return found;
    }
  }
  if (type.length < 6) return [];
  const says = new RegExp(`(?:Handler|Consumer|Listener|Subscriber)\\w*<\\s*${type}\\b`);
  const files = (await ask.find(`<${type}`)).filter(({ text }) => says.test(text)).map(({ file }) => file);
  const found: T[] = [];
  for (const file of [...new Set(files)].slice(0, maxHandlers))
    for (const method of handling) {
      const own = await ask.named(file, method);
      found.push(...own.slice(0, 1));
      if (own.length) break;
    }
  return found.slice(0, maxHandlers);
}
