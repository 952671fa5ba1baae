/**
 * From a topic's or a queue's name to the line that sends to it, or to the function that listens to it. The name is a string beside the call, a
 * constant, the value of a setting that the call names by its key, or what a queue was made with that is used elsewhere.
 */

import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt, functionsNamed } from '../outline/functions';
import type { Question } from '../question/question';
import { isCommentLine, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import { display } from '../uri/paths';
import { hasName, isImport, isTelling, nameAfter, nameBefore } from './addressNames';
import { type Callers, readCallers } from './callers';
import { CallFile, type Spot } from './callFile';
import { callsAround, lineOf } from './codeWindow';
import { argumentsOf } from './expression';
import { isMessaging, type Side, sideOf, sideOfName } from './messaging';
import { settingKeys } from './settings';

const maxJudged = 60;
const maxNames = 6;
const maxUses = 40;

interface Found {
  readonly file: CallFile;
  readonly line: number;
  readonly side: Side | 'declares' | undefined;
  readonly isMessaging: boolean;
  /** How many names were followed. */
  readonly steps: number;
}

export async function findTopic(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search, hints, span } = question;
  const side = sideOf(span.kind, hints.operation);
  const files = new Map<string, Promise<CallFile | undefined>>();
  const open = (uri: string): Promise<CallFile | undefined> => {
    const file = files.get(uri) ?? CallFile.read(uri, question);
    files.set(uri, file);
    return file;
  };
  const callers = await readCallers(question);
  const found: Found[] = [];
  const names: { readonly name: string; readonly file: CallFile; readonly line: number }[] = [];
  const keys = new Set<string>();
  let judged = 0;
  for (const hit of (await search.find(hint.text)).hits) {
    if (judged >= maxJudged) break;
    if (hit.text.length > 5_000 || isCommentLine(hit.text)) continue;
    const source = search.file(hit.file);
    if (!source || source.standing === 'documentation' || source.standing === 'output') continue;
    if (
      !quotedAround(hit, hint.text).some(
        ({ text }) => text === hint.text || (source.language === 'config' && text.includes(hint.text)),
      )
    )
      continue;
    judged++;
    if (source.language === 'config') {
      const lines = await search.context.lines(hit.file);
      for (const key of lines ? settingKeys(lines, hit.line, hint.text, hit.file) : []) keys.add(key);
      continue;
    }
    const file = await open(hit.file);
    for (let at = hit.text.indexOf(hint.text), n = 0; file && at >= 0 && n < 3; at = hit.text.indexOf(hint.text, at + 1), n++) {
      const spot = file.spotAt(hit.line, at);
      if (!spot || spot.literal.text !== hint.text) continue;
      found.push(...(await judge(file, spot, side, 0)));
      const name = nameOfSpot(file, spot);
      if (name !== undefined) names.push({ name, file, line: hit.line });
    }
  }
  // A key of the settings stands in code as `${key}`, or in a call that reads it.
  for (const key of [...keys].slice(0, 4)) {
    for (const hit of (await search.find(key)).hits.slice(0, maxUses)) {
      const source = search.file(hit.file);
      if (!source || source.language === 'config' || isCommentLine(hit.text)) continue;
      const file = await open(hit.file);
      const spot = file?.spotAt(hit.line, hit.text.indexOf(key));
      if (!file || !spot) continue;
      found.push(...(await judge(file, spot, side, 1)));
      const name = nameOfSpot(file, spot);
      if (name !== undefined) names.push({ name, file, line: hit.line });
    }
  }
  for (const { name, file, line } of names.slice(0, maxNames)) {
    const here = await usesIn(file, name, line, side);
    found.push(...here);
    if (here.some((each) => each.side === side) || !isTelling(name)) continue;
    let count = 0;
    for (const hit of (await search.find(name)).hits) {
      if (hit.file === file.source.file || hit.text.length > 2_000 || !hasName(hit.text, name) || isImport(hit.text)) continue;
      if (++count > maxUses) break;
      const other = await open(hit.file);
      if (other) found.push(...(await judgeName(other, hit.line, name, side, 1)));
    }
  }
  return found.map((each) => finding(each, hint, side, callers));
}

/** The name of what the string is the value of, or of what was made with it: a queue, a writer. */
function nameOfSpot({ lines }: CallFile, { literal, window, calls }: Spot): string | undefined {
  const own = nameBefore((lines[literal.line] ?? '').slice(0, literal.column));
  if (own !== undefined && (!calls.length || !/^(?:topics?|queues?|name|queuename|exchange|subject|channel)$/i.test(own)))
    return own;
  const outer = calls[calls.length - 1];
  if (!outer) return undefined;
  // `@InjectQueue('mails') private readonly mails: Queue`, `@Value("${topic}") private String topic`
  if (outer.callee.startsWith('@')) return nameAfter(window.code, outer.open);
  return nameBefore(window.code.slice(Math.max(0, outer.start - 200), outer.start));
}

/** A string that is the name, or holds it. */
async function judge(
  file: CallFile,
  { at, window, calls, literal }: Spot,
  side: Side | undefined,
  steps: number,
): Promise<readonly Found[]> {
  const [inner] = calls;
  const before = (file.lines[literal.line] ?? '').slice(0, literal.column);
  const isMark =
    inner !== undefined &&
    (inner.callee.startsWith('@') || /(?:^|\n)\s*#?\[\s*$/.test(window.code.slice(Math.max(0, inner.start - 60), inner.start)));
  if (isMark) {
    const sideOfMark = sideOfName(inner.callee);
    if (/^@?(?:Value|Inject\w*|ConfigProperty|Named|Qualifier|Column|Table)$/.test(inner.callee)) return [];
    const below = functionBelow(file.lines, lineOf(window, inner.open)) ?? literal.line;
    const line = workOf(file, below) ?? below;
    const isListener =
      sideOfMark === 'receives' || (sideOfMark === undefined && (isMessaging(inner.callee) || side === 'receives'));
    return [
      { file, line, side: isListener ? 'receives' : sideOfMark, isMessaging: isListener || isMessaging(inner.callee), steps },
    ];
  }
  const named = calls.map(({ callee }) => sideOfName(callee)).find((each) => each !== undefined);
  const words = calls.map(({ callee }) => callee).join(' ');
  const call = calls.find(({ callee }) => sideOfName(callee) !== undefined) ?? inner;
  const line = call && call.callee !== '' ? lineOf(window, call.name) : literal.line;
  const handler =
    named === 'receives' && side === 'receives' && call ? handlerOf(file, argumentsOf(window.code, call.open)) : undefined;
  const isAbout = isMessaging(words) || isMessaging(before) || named !== undefined;
  const own: Found = { file, line: nearest(line, literal.line), side: named, isMessaging: isAbout, steps };
  void at;
  return handler === undefined
    ? [own]
    : [
        { ...own, line: handler },
        { ...own, side: undefined },
      ];
}

/** A call over many lines is shown where the name stands. */
function nearest(call: number, literal: number): number {
  return literal - call > 12 ? literal : call;
}

/** `consume('orders', this.onOrder)`: the function, where the file has it. */
function handlerOf({ lines }: CallFile, given: readonly string[]): number | undefined {
  for (const each of given.slice(1)) {
    const name = /^\s*(?:(?:this|self)\.|&?\w+\.)?([A-Za-z_]\w*)(?:\.bind\(\w+\))?\s*$/.exec(each)?.[1];
    const found = name === undefined || name.length < 3 ? [] : functionsNamed(lines, name);
    if (found.length === 1) return found[0].start;
  }
  return undefined;
}

/** Of a class that listens as a whole, the member that does the work. */
function workOf({ lines }: CallFile, line: number): number | undefined {
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
export function functionBelow(lines: readonly string[], line: number): number | undefined {
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

async function usesIn(file: CallFile, name: string, own: number, side: Side | undefined): Promise<readonly Found[]> {
  const around = functionAt(file.lines, own);
  const isLocal =
    around !== undefined &&
    around.start < own &&
    around.name !== undefined &&
    !/constructor|__init__|initialize|init|setup|^new/i.test(around.name);
  const found: Found[] = [];
  for (let line = isLocal ? own : 0, n = 0; line < (isLocal ? around.end : file.lines.length) && n < maxUses; line++) {
    const text = file.lines[line];
    if (line === own || text.length > 2_000 || !hasName(text, name) || isImport(text)) continue;
    n++;
    found.push(...(await judgeName(file, line, name, side, 1)));
  }
  return found;
}

/** A name in place of the string. */
async function judgeName(
  file: CallFile,
  line: number,
  name: string,
  side: Side | undefined,
  steps: number,
): Promise<readonly Found[]> {
  const spot = file.spotOfName(line, name);
  if (!spot) return [];
  const { window, at } = spot;
  // `mails.add('welcome', …)`: what is done with what has the name.
  const member = /^\w+\s*(?:\)?\s*(?:\?\.|\.|->|::)\s*(\w+)\s*(?:<[^<>]*>)?\s*\()/.exec(window.code.slice(at, at + 200))?.[1];
  if (member !== undefined) {
    const done =
      sideOfName(member) ??
      (/^(?:add|addBulk|put|post|write\w*)$/i.test(member)
        ? 'sends'
        : /^(?:on|each|get|pop|take)$/i.test(member)
          ? 'receives'
          : undefined);
    return done === undefined ? [] : [{ file, line, side: done, isMessaging: true, steps }];
  }
  const judged = await judge(file, { ...spot, calls: callsAround(window.code, at) }, side, steps);
  return judged.filter((each) => each.side !== undefined);
}

function finding(
  { file, line, side: written, isMessaging: isAbout, steps }: Found,
  hint: TextHint,
  side: Side | undefined,
  callers: Callers,
): Finding {
  const isSide = side !== undefined && written === side;
  const isOther = side !== undefined && written !== undefined && written !== side;
  const near =
    side === 'receives' ? 0 : callers.isInside(file.source.file, line) ? 2 : callers.isCalled(file.lines, line) ? 1 : 0;
  let sure: number = isSide ? messagingConfidence.side : isAbout ? messagingConfidence.about : messagingConfidence.alone;
  if (isSide && steps > 0) sure = messagingConfidence.followed;
  if (isOther) sure = messagingConfidence.other;
  if (isSide && near > 0) sure = messagingConfidence.inCaller;
  const what = steps > 0 ? 'what has the name' : 'the name';
  return {
    source: file.source,
    line,
    rung: 'literal',
    fit: 1 + (isAbout ? 0.3 : 0) + (isSide ? 0.5 : isOther ? -0.5 : 0) - steps * 0.1 + near * 0.3,
    confidence: sure,
    reason: `from ${hint.from}, ${what} ${display(hint.text, 60)} stands in ${display((file.lines[line] ?? '').trim(), 80)}`,
  };
}
