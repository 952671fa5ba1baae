/** What a topic's name is given to at a place: the side of the call or the annotation, and the line that stands for it. */

import { functionAt, functionsNamed } from '../outline/functions';
import { nameAfter, nameBefore } from './addressNames';
import type { CallFile, Spot } from './callFile';
import { lineOf } from './codeWindow';
import { argumentsOf } from './expression';
import { isMessaging, type Side, sideOfName } from './messaging';

const madeSteps = 2;

export interface Found {
  readonly file: CallFile;
  readonly line: number;
  readonly side: Side | 'declares' | undefined;
  readonly isMessaging: boolean;
  /** How many names were followed. */
  readonly steps: number;
  /** What of other files is given to do the work, as the call writes it. */
  readonly given?: readonly GivenName[];
}

/** `tasks.payBill`, `new PayBillHandler(…)`, `(job) => payBill(job)`. */
export interface GivenName {
  readonly receiver: string;
  readonly name: string;
}

/** A name in place of the string. */
export function judgeName(file: CallFile, spot: Spot, side: Side | undefined, steps: number): readonly Found[] {
  const { window, at } = spot;
  const { line } = spot.literal;
  // `mails.add('welcome', …)`: what is done with what has the name.
  const member = /^\w+\s*(?:\)?\s*(?:\?\.|\.|->|::)\s*(\w+)\s*(?:<[^<>]*>)?\s*\()/.exec(window.code.slice(at, at + 200))?.[1];
  // What a constant of an enum is asked for is the name again.
  if (
    member !== undefined &&
    !/^(?:get[A-Z]\w*|value|name|toString|exchange|queue|topic|routingKey|routeKey|key)$/.test(member)
  ) {
    const done =
      sideOfName(member) ??
      (/^(?:add|addBulk|put|post|write\w*)$/i.test(member)
        ? 'sends'
        : /^(?:on|each|get|pop|take)$/i.test(member)
          ? 'receives'
          : undefined);
    // `on('completed', …)` hears of the work, and does none.
    if (
      /^on(?:ce)?$/i.test(member) &&
      /['"](?:completed|failed|error|ready|stalled|progress|drained|active|closed?|connect\w*)['"]/.test(file.lines[line] ?? '')
    )
      return [];
    return done === undefined ? [] : [{ file, line, side: done, isMessaging: true, steps }];
  }
  const judged = judge(file, spot, side, steps);
  return judged.filter((each) => each.side !== undefined);
}

/** The name of what the string is the value of, or of what was made with it: a queue, a writer. */
export function nameOfSpot({ window, calls, at }: Spot): string | undefined {
  const own = nameBefore(window.code.slice(Math.max(0, at - 200), at));
  if (own !== undefined && (!calls.length || !/^(?:topics?|queues?|name|queuename|exchange|subject|channel)$/i.test(own)))
    return own;
  const outer = calls[calls.length - 1];
  if (!outer) return undefined;
  // `@InjectQueue('mails') private readonly mails: Queue`, `@Value("${topic}") private String topic`
  const mark = calls.find(({ callee }) => callee.startsWith('@'));
  if (mark) return nameAfter(window.code, mark.open);
  return nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start));
}

/** A string that is the name, or holds it. */
export function judge(file: CallFile, spot: Spot, side: Side | undefined, steps: number): readonly Found[] {
  const { window, literal } = spot;
  // `export const payer = async (job: Job<Queues.Bills>) =>`: nothing is called there.
  const calls = spot.calls.filter(({ callee }) => !/^(?:async|const|var)$/.test(callee));
  const [inner] = calls;
  const before = (file.lines[literal.line] ?? '').slice(0, literal.column);
  const isMark =
    inner !== undefined &&
    (inner.callee.startsWith('@') || /(?:^|\n)\s*#?\[\s*$/.test(window.code.slice(Math.max(0, inner.start - 60), inner.start)));
  if (isMark) {
    const sideOfMark = sideOfName(inner.callee);
    if (
      /^@?(?:Value|Inject\w*|ConfigProperty|Named|Qualifier|Column|Table|Entity|Controller|(?:\w+)?Route|Path|(?:Get|Post|Put|Patch|Delete|Request)(?:Mapping)?|Api\w*)$/.test(
        inner.callee,
      )
    )
      return [];
    const below = functionBelow(file.lines, lineOf(window, inner.open)) ?? literal.line;
    const line = workOf(file, below) ?? below;
    const isListener =
      sideOfMark === 'receives' || (sideOfMark === undefined && (isMessaging(inner.callee) || side === 'receives'));
    return [
      { file, line, side: isListener ? 'receives' : sideOfMark, isMessaging: isListener || isMessaging(inner.callee), steps },
    ];
  }
  const keyed =
    side === 'receives'
      ? /^\s*:\s*(?:this\.)?([\w$]{3,80})\s*[,}\n]/.exec(window.code.slice(spot.at + 1, spot.at + 160))?.[1]
      : undefined;
  const [listener] = keyed === undefined ? [] : functionsNamed(file.lines, keyed);
  // `{ 'orders.placed': onOrderPlaced }`
  if (listener) return [{ file, line: listener.start, side: 'receives', isMessaging: true, steps }];
  const inHead = headAt(file, spot);
  const named =
    calls.map(({ callee }) => sideOfName(callee)).find((each) => each !== undefined) ??
    (inHead && sideOfName(inHead.name) === 'receives' ? 'receives' : undefined);
  const words = calls.map(({ callee }) => callee).join(' ');
  const call = calls.find(({ callee }) => sideOfName(callee) !== undefined) ?? inner;
  const line = call && call.callee !== '' ? lineOf(window, call.name) : (inHead?.line ?? literal.line);
  const args = named === 'receives' && side === 'receives' && call ? argumentsOf(window.code, call.open) : [];
  const handler = handlerOf(file, args);
  const given = handler === undefined ? args.slice(1).flatMap((each) => givenName(each) ?? []) : [];
  const isAbout = isMessaging(words) || isMessaging(before) || named !== undefined;
  // What a writer or a reader is made with is sent and read where it is used.
  const isMade =
    call !== undefined &&
    /(?:Writer|Reader|Producer|Consumer|Publisher|Subscriber|Sender|Receiver|Topic|Queue)(?:Config|Options)?$/.test(call.callee);
  const own: Found = {
    file,
    line: nearest(line, literal.line),
    side: named,
    isMessaging: isAbout,
    steps: isMade ? steps + madeSteps : steps,
    ...(given.length ? { given } : {}),
  };
  return handler === undefined
    ? [own]
    : [
        { ...own, line: handler },
        { ...own, side: undefined },
      ];
}

/** The function among whose parameters a name is. */
function headAt({ lines }: CallFile, { literal }: Spot): { readonly name: string; readonly line: number } | undefined {
  const around = functionAt(lines, literal.line);
  if (around?.name === undefined || literal.line - around.start > 6) return undefined;
  const head = [...lines.slice(around.start, literal.line), (lines[literal.line] ?? '').slice(0, literal.column)].join('\n');
  return /[{;]\s*$|=>|\)\s*[:{]/m.test(head.slice(0, 1_000)) ? undefined : { name: around.name, line: around.start };
}

const noName = /^(?:async|await|function|new|true|false|null|nil|None|undefined|lambda|self|this|it|_|ctx|context)$/;

function givenName(text: string): GivenName | undefined {
  const [, type, member] = /^\s*new\s+([\w$]{1,80})\([^()]{0,200}\)\.(\w{1,80})/.exec(text.slice(0, 400)) ?? [];
  if (type !== undefined) return { receiver: type, name: member };
  const own = /^\s*(?:[&*]|new\s+)?((?:\$?[A-Za-z_][\w$]*(?:\.|::|->))*[A-Za-z_][\w$]*)\s*(?:\(|$|::class|<)/.exec(
    text.slice(0, 200),
  )?.[1];
  const inner =
    /^\s*(?:async\s+)?(?:\([^()]{0,200}\)|\w+)\s*=>\s*\{?\s*(?:return\s+)?(?:await\s+)?((?:[\w$]+\.)*[A-Za-z_$][\w$]*)\(/.exec(
      text.slice(0, 400),
    )?.[1];
  const parts = (inner ?? own)?.replace(/\.(?:class|new|bind)$/, '').split(/\.|::|->/) ?? [];
  const name = parts.pop() ?? '';
  return name.length < 3 || noName.test(name) ? undefined : { receiver: parts.join('.'), name };
}

/** A call over many lines is shown where the name stands. */
function nearest(call: number, literal: number): number {
  return literal - call > 12 ? literal : call;
}

/** `consume('orders', this.onOrder)`, `on('orders', (order) => this.onOrder(order))`: the function, where the file has it. */
function handlerOf({ lines }: CallFile, given: readonly string[]): number | undefined {
  for (const each of given.slice(1)) {
    const name = (/^\s*(?:(?:this|self)\.|&?\w+\.)?([A-Za-z_]\w*)(?:\.bind\(\w+\))?\s*$/.exec(each) ??
      /^\s*(?:async\s+)?(?:\([^()]{0,200}\)|\w+)\s*=>\s*(?:await\s+)?(?:this\.)?([A-Za-z_]\w*)\([^()]{0,200}\)\s*$/.exec(
        each,
      ))?.[1];
    const found = name === undefined || name.length < 3 ? [] : functionsNamed(lines, name);
    if (found.length === 1) return found[0].start;
  }
  return undefined;
}

/** Of a class that listens as a whole, the member that does the work. */
export function workOf({ lines }: CallFile, line: number): number | undefined {
  if (!/\bclass\s/.test(lines[line] ?? '')) return undefined;
  for (const name of [
    'process',
    'handle',
    'consume',
    'Consume',
    'onMessage',
    'receive',
    'perform',
    'run',
    '__invoke',
    'Handle',
    'execute',
  ]) {
    const found = functionsNamed(lines, name).find(({ start }) => start > line && start < line + 400);
    if (found) return found.start;
  }
  return undefined;
}

/** The function that an annotation is of. */
function functionBelow(lines: readonly string[], line: number): number | undefined {
  let depth = 0;
  for (let i = line; i < Math.min(lines.length, line + 16); i++) {
    const text = lines[i];
    const isMark = /^\s*(?:@|#?\[|\/\/|\*|#)/.test(text);
    if (
      i > line &&
      depth <= 0 &&
      !isMark &&
      text.trim() !== '' &&
      /[\w$]\s*(?:<[^>]*>)?\s*\(|\bclass\b|\bdef\b|\bfun\b/.test(text)
    )
      return i;
    for (const char of text.slice(0, 500)) {
      if (char === '(' || char === '[' || char === '{') depth++;
      else if (char === ')' || char === ']' || char === '}') depth--;
    }
    if (depth < 0) return undefined;
  }
  return undefined;
}
