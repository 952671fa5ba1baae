/**
 * From a topic's or a queue's name to the line that sends to it, or to the function that listens to it. The name is a string beside the call, a
 * constant, the value of a setting that the call names by its key, or what a queue was made with that is used elsewhere.
 */

import { Callees, type PlacedFunction } from '../callees/callees';
import { handler } from '../callees/messageCalls';
import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { functionAt } from '../outline/functions';
import type { Question } from '../question/question';
import { isCommentLine, quotedAround } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { LanguageHit, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { hasName, isImport, isTelling } from './addressNames';
import { CallFile, type Spot } from './callFile';
import { topicNeedles } from './callHints';
import { type Side, sideOf } from './messaging';
import { whereReached } from './requestsWithin';
import { settingKeys } from './settings';
import { topicConstantAt } from './topicConstants';
import { type Found, judge, judgeName, nameOfSpot } from './topicPlace';

const maxJudged = 60;
const maxNames = 6;
const maxUses = 40;
const maxKeys = 4;
/** Names that lead to names. */
const maxSteps = 2;

interface Named {
  readonly name: string;
  readonly file: CallFile;
  /** Where it gets its value. */
  readonly line: number;
  readonly steps: number;
  /** How other files write it, with what it is a member of. */
  readonly written: readonly string[];
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
  const found: Found[] = [];
  const names: Named[] = [];
  const take = (file: CallFile, line: number, text: string, from: string, steps: number): void => {
    for (let at = from.indexOf(text), n = 0; at >= 0 && n < 3; at = from.indexOf(text, at + 1), n++) {
      const spot = file.spotAt(line, at);
      if (!spot || (steps === 0 && spot.literal.text !== text)) continue;
      const constant = steps === 0 ? topicConstantAt(file.lines, line, at, file.source.file) : undefined;
      const judged = judge(file, spot, side, steps);
      // Where a constant gets its value, nothing is sent.
      found.push(...(constant ? judged.map((each): Found => ({ ...each, side: undefined, isMessaging: false })) : judged));
      const name = constant?.name ?? nameOfSpot(spot);
      if (name !== undefined) names.push({ name, file, line, steps: steps + 1, written: constant?.written ?? [] });
    }
  };
  const keys = new Set<string>();
  let judged = 0;
  const seen = new Set<string>();
  for (const hit of (await Promise.all(topicNeedles(hint.text).map(async (needle) => (await search.find(needle)).hits))).flat()) {
    if (judged >= maxJudged) break;
    const key = `${hit.file}:${hit.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const isConfig = search.file(hit.file)?.language === 'config';
    if (!mayHold(hit, hint.text, isConfig, search)) continue;
    judged++;
    const file = isConfig ? undefined : await open(hit.file);
    if (file) take(file, hit.line, hint.text, hit.text, 0);
    const lines = isConfig ? await search.context.lines(hit.file) : undefined;
    for (const key of lines ? settingKeys(lines, hit.line, hint.text, hit.file) : []) keys.add(key);
  }
  // A key of the settings stands in code as `${key}`, or in a call that reads it.
  const functions: Finding[] = [];
  for (const key of [...keys].slice(0, maxKeys)) {
    // A function of Spring Cloud Stream is bound by its name.
    const made = /^\w+$/.test(key)
      ? new RegExp(`\\b(?:Consumer|Function)<[^()]{0,200}>\\s+${key}\\s*\\(|\\bfun\\s+${key}\\s*\\(`)
      : undefined;
    for (const hit of (await search.find(key)).hits.slice(0, maxUses)) {
      const isCode = search.file(hit.file)?.language !== 'config' && !isCommentLine(hit.text);
      const source = side !== 'sends' && made?.test(hit.text.slice(0, 500)) ? search.file(hit.file) : undefined;
      if (source) {
        const reason = `from ${hint.from}, a binding gives what ${display(hint.text, 60)} has to this function`;
        functions.push({ source, line: hit.line, rung: 'literal', fit: 2, confidence: messagingConfidence.followed, reason });
      }
      const file = isCode ? await open(hit.file) : undefined;
      if (file) take(file, hit.line, key, hit.text, 1);
    }
  }
  for (const name of names.slice(0, maxNames)) found.push(...(await follow(name, side, open, search)));
  const callees = new Callees(search);
  const done: Finding[] = [];
  for (const each of found) {
    const placed = await inProcessor(each, open, search);
    const work = await handlerElsewhere(placed, callees);
    const own = finding(placed, hint, side);
    const source = work && search.file(work.file);
    if (work && source)
      done.push({ ...own, source, line: work.start, fit: own.fit + 0.1, reason: `${own.reason}, which is given it` });
    // What registers it is no more than where it is said.
    done.push(work ? { ...own, fit: own.fit - 0.6, confidence: messagingConfidence.alone } : own);
  }
  done.push(...functions);
  return side === 'sends' ? whereReached(done, undefined, question) : done;
}

/** `register(Queues.BILLS, payBill)`: what does the work stands in another file. */
async function handlerElsewhere({ file, line, given, side }: Found, callees: Callees): Promise<PlacedFunction | undefined> {
  if (side !== 'receives') return undefined;
  for (const { receiver, name } of (given ?? []).slice(0, 3)) {
    const call = { receiver, name, line, column: 0 };
    const [found] = await callees.definitions(call, file.source.file, name.length >= 6);
    // A class handles by a method of its own.
    const [method] =
      found || !/^\p{Lu}/u.test(name)
        ? []
        : await callees.definitions({ ...call, name: handler, receiver: name }, file.source.file);
    if (found ?? method) return found ?? method;
  }
  return undefined;
}

/** `queue.process('./visit.js')`: the file that does the work, at what it exports. */
async function inProcessor(
  found: Found,
  open: (uri: string) => Promise<CallFile | undefined>,
  search: SourceSearch,
): Promise<Found> {
  const text = found.file.lines[found.line] ?? '';
  const name =
    found.side === 'receives' && text.length < 1_000
      ? /['"](?:[\w.@-]+\/){0,8}([\w-]+\.[cm]?[jt]s)['"]/.exec(text)?.[1]
      : undefined;
  if (name === undefined) return found;
  const folder = found.file.source.file.slice(0, found.file.source.file.lastIndexOf('/'));
  const near = (await search.context.ports.workspace.findByBaseName(name)).find((uri) => uri.startsWith(folder));
  const file = near === undefined ? undefined : await open(near);
  const line = file?.lines.findIndex((each) => /^(?:module\.exports|exports\.default)\s*=|^export\s+default\b/.test(each)) ?? -1;
  return file && line >= 0 ? { ...found, file, line } : found;
}

function mayHold(hit: LanguageHit, text: string, isConfig: boolean, search: SourceSearch): boolean {
  const source = search.file(hit.file);
  if (!source || source.standing === 'documentation' || source.standing === 'output') return false;
  if (hit.text.length > 5_000 || isCommentLine(hit.text)) return false;
  return quotedAround(hit, text).some((each) => each.text === text || (isConfig && each.text.includes(text)));
}

/** What is done with what has the name: in its function or file, elsewhere where the name tells enough, and by way of what is made with it. */
async function follow(
  { name, file, line: own, steps, written }: Named,
  side: Side | undefined,
  open: (uri: string) => Promise<CallFile | undefined>,
  search: SourceSearch,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const take = async (at: CallFile, line: number, spot: Spot | undefined): Promise<void> => {
    if (!spot) return;
    found.push(...judgeName(at, spot, side, steps));
    if (side === 'receives') found.push(...(await listenersOfBean(at, line, steps + 1, open, search)));
    const made = steps < maxSteps ? nameOfSpot(spot) : undefined;
    if (made === undefined || made === name) return;
    for (const use of usesIn(at, made, line)) found.push(...judgeName(at, use, side, steps + 1));
  };
  for (const spot of usesIn(file, name, own)) await take(file, spot.literal.line, spot);
  const isFound = (): boolean => found.some((each) => each.side === side);
  if (isFound()) return found;
  for (const needle of [...written, ...(isTelling(name) ? [name] : [])]) {
    let count = 0;
    for (const hit of (await search.find(needle)).hits) {
      if (hit.file === file.source.file || hit.text.length > 2_000 || !hasName(hit.text, name) || isImport(hit.text)) continue;
      if (++count > maxUses) break;
      const other = await open(hit.file);
      // Spring's expressions are strings: `queues = "#{T(shop.Queues).ORDERS}"`.
      const inText = hit.text.includes('#{') ? other?.spotAt(hit.line, hit.text.indexOf(name)) : undefined;
      // `BillQueue.instance.add(Queues.BillQueue, …)`: a class may be called like the constant.
      const whole = needle === name ? undefined : other?.spotOfName(hit.line, needle);
      const spot = whole ? { ...whole, at: whole.at + needle.length - name.length } : other?.spotOfName(hit.line, name);
      if (other) await take(other, hit.line, spot ?? inText);
    }
    if (isFound()) break;
  }
  return found;
}

/** `@Bean Queue orderQueue()` is listened to as `#{orderQueue.name}`. */
async function listenersOfBean(
  file: CallFile,
  line: number,
  steps: number,
  open: (uri: string) => Promise<CallFile | undefined>,
  search: SourceSearch,
): Promise<readonly Found[]> {
  const bean = functionAt(file.lines, line);
  if (
    bean?.name === undefined ||
    !file.lines.slice(Math.max(0, bean.start - 4), bean.start + 1).some((text) => /@Bean\b/.test(text))
  )
    return [];
  const found: Found[] = [];
  for (const hit of (await search.find(`#{${bean.name}`)).hits.slice(0, 8)) {
    const other = hit.text.length > 2_000 ? undefined : await open(hit.file);
    const spot = other?.spotAt(hit.line, hit.text.indexOf(`#{${bean.name}`) + 2);
    if (other && spot) found.push(...judge(other, spot, 'receives', steps));
  }
  return found;
}

/** A variable of a function is used in the function; what a constructor keeps, in all of the file. */
function usesIn(file: CallFile, name: string, own: number): readonly Spot[] {
  const around = functionAt(file.lines, own);
  const isLocal =
    around !== undefined &&
    around.start < own &&
    around.name !== undefined &&
    !/constructor|__init__|initialize|init|setup|^new/i.test(around.name);
  const found: Spot[] = [];
  for (let line = isLocal ? own : 0; line < (isLocal ? around.end : file.lines.length) && found.length < maxUses; line++) {
    const text = file.lines[line];
    if (line === own || text.length > 2_000 || !hasName(text, name) || isImport(text)) continue;
    const spot = file.spotOfName(line, name);
    if (spot) found.push(spot);
  }
  return found;
}

function finding(
  { file, line, side: written, isMessaging: isAbout, steps }: Found,
  hint: TextHint,
  side: Side | undefined,
): Finding {
  const isSide = side !== undefined && written === side;
  const isOther = side !== undefined && written !== undefined && written !== side;
  let sure: number = isSide ? messagingConfidence.side : isAbout ? messagingConfidence.about : messagingConfidence.alone;
  if (isSide && steps > 0) sure = messagingConfidence.followed;
  if (isOther) sure = messagingConfidence.other;
  const what = steps > 0 ? 'what has the name' : 'the name';
  return {
    source: file.source,
    line,
    rung: 'literal',
    fit: 1 + (isAbout ? 0.3 : 0) + (isSide ? 0.5 : isOther ? -0.5 : 0) - steps * 0.1,
    confidence: sure,
    reason: `from ${hint.from}, ${what} ${display(hint.text, 60)} stands in ${display((file.lines[line] ?? '').trim(), 80)}`,
  };
}
