/** Calls of whoever handles a message that a mediator or a bus carries. */

import type { Call } from '../outline/calls';

/** Stands for the call that a mediator makes. */
export const handler = '@handler';

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
    const sent =
      /\.\s*(?:Send|Publish|Dispatch|Invoke|Ask|Query|Execute(?:Command|Query)?)(?:Async)?\s*(?:<[^<>()]{0,100}>)?\(\s*(\w{1,60})\s*[,)]/.exec(
        text,
      );
    const type = sent ? made.get(sent[1]) : undefined;
    if (sent && type !== undefined && type !== '') note(type, line, sent.index);
  }
  return found;
}
