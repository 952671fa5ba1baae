/**
 * From the name of a job within its queue to what does the work: the handler beside the name in a registry (`jobs[name]`), in the object that
 * declares the job (`defineJob({ id: 'bills', run })`), or in the call that registers it (`agenda.define('bills', …)`).
 */

import { Callees } from '../callees/callees';
import { messagingConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCode } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { isImport } from './addressNames';
import { topicConstantAt } from './topicConstants';

const maxJudged = 60;
const maxConstants = 3;
const maxBelow = 60;
const maxLine = 1_000;

interface Place {
  readonly source: SourceFile;
  readonly line: number;
  readonly confidence: number;
  readonly fit: number;
}

export async function findNamedJob(hint: TextHint, question: Question): Promise<readonly Finding[]> {
  const { search } = question;
  const callees = new Callees(search);
  const places: Place[] = [];
  const constants = new Set<string>();
  const judge = async (needle: string, isText: boolean): Promise<void> => {
    let judged = 0;
    for (const { file, line, text } of (await search.find(needle)).hits) {
      const source = search.file(file);
      // A template or a page tells of jobs, and does none.
      if (!source || source.standing === 'documentation' || source.standing === 'output' || !isCode(source.language)) continue;
      if (text.length > maxLine || isCommentLine(text) || isImport(text)) continue;
      if (judged++ >= maxJudged) break;
      const lines = await callees.lines(file);
      if (!lines) continue;
      for (let at = text.indexOf(needle), n = 0; at >= 0 && n < 3; at = text.indexOf(needle, at + needle.length), n++) {
        if (/[\w$-]/.test(text[at - 1] ?? '') || /[\w$-]/.test(text[at + needle.length] ?? '')) continue;
        const place = await placeAt(lines, line, [at, at + needle.length], source, { callees, search });
        if (place) places.push(place);
        else if (isText && /["'`]/.test(text[at - 1] ?? ''))
          for (const each of topicConstantAt(lines, line, at, file)?.written ?? []) constants.add(each);
      }
    }
  };
  await judge(hint.text, true);
  for (const each of [...constants].slice(0, maxConstants)) await judge(each, false);
  return places.map(({ source, line, confidence, fit }) => ({
    source,
    line,
    rung: 'literal',
    fit,
    confidence,
    reason: `from ${hint.from}, what does ${display(hint.text, 60)} is registered there`,
  }));
}

const work = /^\s*(?:async\s+)?(?:run|handler|handle|process(?:or)?|perform|execute|work|task|fn|callback)\s*(?:[:(,]|$)/;
const declares = /(?:^|[\s{(,])(?:id|name|jobName|slug|key|type|identifier|taskIdentifier)\s*:\s*["'`]?$/;
const registers =
  /(?:define\w*|process|register\w*|work|handle\w*|on|add_?handler|every|set|task|job|addProcessor|addWorker|createFunction)\s*(?:<[^<>]{0,80}>)?\(\s*["'`]?$/i;
const names = /^\s*(?:(?:this|self)\.)?([A-Za-z_$][\w$.]*?)(?:\.bind\([^()]*\))?\s*(?:[,)};]|$)/;

async function placeAt(
  lines: readonly string[],
  line: number,
  [start, end]: readonly [number, number],
  source: SourceFile,
  { callees, search }: { readonly callees: Callees; readonly search: SourceSearch },
): Promise<Place | undefined> {
  const text = lines[line] ?? '';
  const before = text.slice(Math.max(0, start - 200), start);
  const after = text.slice(end, end + 300).replace(/^["'`]/, '');
  const of = (found: number, confidence: number, fit: number, file = source): Place => ({
    source: file,
    line: found,
    confidence,
    fit,
  });
  const named = async (name: string | undefined): Promise<Place | undefined> => {
    if (name === undefined || /^(?:async|function|new|true|false|null|undefined|lambda)$/.test(name)) return undefined;
    const parts = name.split('.');
    const last = parts.pop() ?? '';
    // `send.handler` of an import is the member of a module.
    for (const called of [
      { name: last, receiver: parts.join('.') },
      ...(parts.length ? [{ name: parts[0], receiver: '' }] : []),
    ]) {
      const [found] = await callees.definitions({ ...called, line, column: start }, source.file, last.length >= 6);
      const file = found && search.file(found.file);
      if (found && file) return of(found.start, messagingConfidence.side, 2, file);
    }
    return undefined;
  };
  const isInMark = /@\w+\(\s*(?:\{\s*name:\s*)?["'`]?$/.test(before);
  if (isInMark) return undefined;
  if (declares.test(before)) {
    const indent = text.search(/\S/);
    const own = /\b(?:run|handler|handle|process|perform|execute)\s*:\s*([^,}]{1,100})/.exec(after)?.[1];
    if (own !== undefined) return (await named(names.exec(own)?.[1])) ?? of(line, messagingConfidence.followed, 1.9);
    for (let i = line + 1; i < Math.min(lines.length, line + maxBelow); i++) {
      const below = lines[i].slice(0, maxLine);
      const deep = below.search(/\S/);
      if (deep >= 0 && deep < indent) {
        // `createFunction({ id: 'bills' }, { event }, async () => …)`
        const callback = /=>\s*\{?\s*$|\bfunction\b/.test(below) && /^\s*\}?,?.*(?:async\b|\()/.test(below);
        return callback ? of(i, messagingConfidence.followed, 1.8) : undefined;
      }
      if (deep === indent && /^\s*(?:async\b|\(|function\b).{0,300}(?:=>\s*\{?|\{)\s*$/.test(below))
        return of(i, messagingConfidence.followed, 1.8);
      if (deep !== indent || !work.test(below)) continue;
      const name = names.exec(below.replace(/^\s*\w+\s*:\s*/, ''))?.[1];
      return (await named(/[:,]|^\s*\w+\s*$/.test(below) ? name : undefined)) ?? of(i, messagingConfidence.side, 2);
    }
    const isWithCallback = /=>|\bfunction\b/.test(after);
    return isWithCallback ? of(line, messagingConfidence.followed, 1.8) : undefined;
  }
  // `'bills': payBills,`, `[Jobs.bills]: payBills`, `jobs['bills'] = payBills`, `"bills" => $this->pay(…)`
  const value = /^\]?\s*(?::|=>?|->)\s*(?:async\s+)?(.{1,120})/.exec(after)?.[1];
  if (value !== undefined && /(?:^|[{,[(])\s*(?:\w+\s*\[)?["'`]?$/.test(before) && !/^["'`\d[{=]/.test(value)) {
    const called = /=>\s*(?:await\s+)?([\w$.]{2,80})\s*\(/.exec(value)?.[1];
    const found = await named(called ?? names.exec(value)?.[1]);
    if (found) return found;
    return /=>|\bfunction\b|^\(/.test(value) ? of(line, messagingConfidence.followed, 1.8) : undefined;
  }
  // `case 'bills':`, `if (job.name === 'bills')`
  const isCase = /^\s*(?:case|when)\s+["'`]?$/.test(before) || /\bname\s*={2,3}\s*["'`]?$/.test(before);
  if (isCase) {
    for (let i = line; i < Math.min(lines.length, line + 4); i++) {
      const called =
        /(?:\breturn\b|\bawait\b|^\s*|=>|:)\s*(?:return\s+)?(?:await\s+)?((?:this\.|self\.)?[A-Za-z_$][\w$.]*)\s*\(/.exec(
          i === line ? after : lines[i].slice(0, maxLine),
        )?.[1];
      // `case Queues.Bills: return BillQueue.getInstance()`: what has the job's name, and not its work.
      const found = /(?:^|\.)get[A-Z]\w*$/.test(called ?? '') ? undefined : await named(called?.replace(/^(?:this|self)\./, ''));
      if (found) return { ...found, confidence: messagingConfidence.followed };
      if (i > line && /^\s*(?:case\b|break\b|\})/.test(lines[i])) break;
    }
    return of(line, messagingConfidence.alone, 1);
  }
  if (registers.test(before) && !/\bqueue\w*\.(?:add|enqueue)/i.test(before)) {
    const given = /^\s*,\s*(?:\{[^{}]{0,100}\}\s*,\s*)?(?:\d+\s*,\s*)?(.{1,120})/.exec(after)?.[1];
    if (given === undefined) return undefined;
    // `new BillJob().run`
    const found = await named(names.exec(given.replace(/^new\s+(\w{1,80})\([^()]*\)(?=\.)/, '$1'))?.[1]);
    return found ?? (/=>|\bfunction\b|\bdef\b|\bdo\b/.test(given) ? of(line, messagingConfidence.side, 1.9) : undefined);
  }
  return undefined;
}
