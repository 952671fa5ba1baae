/**
 * Where an address stands in no string: the call of a library that a function makes to which a span around leads, or one that it calls. The
 * library's method is named after the path (`userinfo`, `transactions_sync`), or what it is called on is a client, or is called like the host.
 */

import { throwIfAborted } from '../../base/errors';
import { Callees, type PlacedFunction } from '../callees/callees';
import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { type Call, chainedReceiver } from '../outline/calls';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type Address, isValue } from './address';
import { wordsOf } from './clients';
import { type Asked, askedOf, libraries, nothing, ofSdk, scoreOf, verbs } from './requestScore';
import { callsByHost, type HostCall, ownersOf } from './requestsByHost';
import { callsOfHooks, isHook } from './webhookCalls';
import type { Weighed } from './weigh';

const maxDepth = 4;
const maxFunctions = 40;
const maxCalls = 40;
/** Calls of which it is asked whether they are links of one chain, and lines that a chain may take. */
const maxCompared = 40;
const maxChain = 12;
/** The verb or a word for sending, on what is called like a client. */
const leastByHost = 1.5;
/** Lines over which the options of a request are told. */
const optionLines = 12;

interface Candidate {
  readonly file: string;
  readonly call: Call;
  readonly score: number;
  readonly depth: number;
}

/** The functions that the spans around lead to and what these call, and the calls of clients that they make. */
async function walk(asked: Asked, { family, search }: Question, callees: Callees): Promise<Walk> {
  const queue: Reached[] = (await family.callers()).map((each) => ({ ...each, depth: 0 }));
  // What runs before an action asks as well.
  for (const { file, start } of [...queue])
    queue.push(...(await callees.filtersOf(file, start)).map((each) => ({ ...each, depth: 1 })));
  const seen = new Set(queue.map(({ file, start }) => `${file}:${start}`));
  const found: Candidate[] = [];
  for (let i = 0; i < queue.length && i < maxFunctions; i++) {
    throwIfAborted(search.context.signal);
    const { file, start, end, depth } = queue[i];
    if (search.file(file)?.standing !== 'source') continue;
    let followed = 0;
    for (const call of await callees.callsOf(file, start, end)) {
      const score = await scoreAt(call, file, asked, callees);
      const next =
        depth < maxDepth && followed < maxCalls && !(score > 0 && libraries.test(call.receiver))
          ? await callees.definitions(call, file, depth === 0 && (score === 0 || wordsOf(call.name).length >= 3))
          : [];
      // Who is given the address asks for anybody.
      const isWrapper = score > 0 && next.length > 0 && (await takesAddress(next[0], callees));
      if (isWrapper) found.push({ file, call, score, depth });
      for (const each of isWrapper ? [] : next) {
        const key = `${each.file}:${each.start}`;
        if (seen.has(key)) continue;
        seen.add(key);
        followed++;
        queue.push({ ...each, depth: depth + 1 });
      }
      if (!next.length && score > 0) found.push({ file, call, score, depth });
    }
  }
  return { queue, found };
}

async function takesAddress({ file, start }: PlacedFunction, callees: Callees): Promise<boolean> {
  const head =
    (await callees.lines(file))
      ?.slice(start, start + 4)
      .join(' ')
      .slice(0, 400) ?? '';
  return /\(\s*(?:&?(?:mut\s)?self,\s*|ctx[^(),]{0,40},\s*)?(?:\$?\w*method[^(),]{0,40},\s*|(?:string|String) \$?\w*method,\s*)?(?:[\w<>.\\?]{1,60}\s)?[$&]?(?:url|uri|path|endpoint|href|input|resource|address|request|req)\b/i.test(
    head,
  );
}

/** Of places that call the same address, those in functions to which the spans around lead; all where that tells none from the others. */
export async function whereReached(
  findings: readonly Weighed[],
  address: Address | undefined,
  question: Question,
): Promise<readonly Finding[]> {
  const places = new Set(findings.map(({ source, line }) => `${source.file}:${line}`));
  if (places.size < 2 || !(await question.family.callers()).length) return findings;
  const asked = address ? askedOf(address, question) : nothing;
  const { queue } = await walk(asked, question, new Callees(question.search));
  const isReached = ({ source, line }: Weighed): boolean =>
    queue.some(({ file, start, end }) => file === source.file && line >= start && line < end);
  const reached = findings.filter(isReached);
  if (!reached.some(({ confidence, isCall }) => isCall !== false && confidence >= callConfidence.oneOfCalls)) return findings;
  return findings.map((each) =>
    reached.includes(each)
      ? each
      : { ...each, fit: each.fit - unreached, confidence: Math.min(each.confidence, callConfidence.other) },
  );
}

/** How far one stays behind to which nothing leads. */
const unreached = 0.8;

type Reached = Pick<PlacedFunction, 'file' | 'start' | 'end'> & { readonly depth: number };

interface Walk {
  readonly queue: readonly Reached[];
  readonly found: Candidate[];
}

/** @param isGuessed a place is known that has the path: one of which only the host is known says less */
export async function findRequestsWithin(
  hint: TextHint,
  address: Address,
  question: Question,
  isGuessed: boolean,
): Promise<readonly Finding[]> {
  const { search } = question;
  const callees = new Callees(search);
  const asked = askedOf(address, question);
  const { found } = await walk(asked, question, callees);
  if (!found.length) found.push(...(await byName(address, asked, search)));
  // What was read on the way counts for the way.
  if (!found.length) return isGuessed ? [] : byHost(hint, address, asked, new Callees(search), question);
  const first = found.sort((a, b) => b.score - a.score || a.depth - b.depth).slice(0, maxCompared);
  const best = (await withoutLinks(first, callees)).slice(0, 6);
  // Far away others may ask as well.
  const isOne = best.length < 2 || best[0].score > best[1].score || best[0].depth + 1 < best[1].depth;
  const findings = best.flatMap(({ file, call, score, depth }): readonly Finding[] => {
    const source = search.file(file);
    if (!source) return [];
    return [
      {
        source,
        line: call.line,
        column: call.column,
        rung: 'symbol',
        fit: score - depth * 0.1,
        confidence: isOne
          ? score >= 3
            ? callConfidence.namedCall
            : score >= 2
              ? callConfidence.onlyCall
              : callConfidence.anyCall
          : callConfidence.oneOfCalls,
        reason: `from ${hint.from}, ${display(call.name, 60)} is called where the span around it leads to`,
      },
    ];
  });
  return findings;
}

/** `.get()` and `.retrieve()` of one chain are one call. */
async function withoutLinks(found: readonly Candidate[], callees: Callees): Promise<Candidate[]> {
  const own: Candidate[] = [];
  for (const each of found) {
    const lines = (await callees.lines(each.file)) ?? [];
    const goesOn = (from: number): boolean => lines.slice(from + 1, each.call.line + 1).every((text) => /^\s*\??\./.test(text));
    const isLink = found.some(
      ({ file, call, score }) =>
        file === each.file &&
        score >= each.score &&
        call.line < each.call.line &&
        each.call.line - call.line <= maxChain &&
        goesOn(call.line),
    );
    if (!isLink) own.push(each);
  }
  return own;
}

/** Nobody is known who called. */
async function byHost(
  hint: TextHint,
  address: Address,
  asked: Asked,
  callees: Callees,
  question: Question,
): Promise<readonly Finding[]> {
  const { search, span } = question;
  const { host = '' } = address;
  const isCall = async (call: Call, file: string): Promise<boolean> => (await scoreAt(call, file, asked, callees)) >= leastByHost;
  const isSure = async (call: Call, file: string): Promise<boolean> => (await scoreAt(call, file, asked, callees)) >= ofSdk;
  // Of its own program every file is called so.
  const isOwn = span.language === 'webjs' && ownersOf(host).some((owner) => span.service.toLowerCase().includes(owner));
  const named = isOwn
    ? []
    : await callsByHost(host, { isCall, ...(asked.resource ? { isSure, resource: asked.resource.name } : {}) }, callees, search);
  const isForHooks = !named.length && !isOwn && isHook(address);
  const all = isForHooks ? await callsOfHooks(isCall, callees, search) : named;
  const scored: (HostCall & { readonly score: number })[] = [];
  for (const each of all) scored.push({ ...each, score: await scoreAt(each.call, each.file, asked, callees) });
  const sorted = scored.sort((a, b) => b.score - a.score).slice(0, maxCompared);
  const found: (typeof sorted)[number][] = [];
  for (const each of sorted) {
    if (found.length && each.score < found[0].score) break;
    // What the program has itself asks by itself, unless it is given the address.
    const [own] = libraries.test(each.call.receiver) ? [] : await callees.definitions(each.call, each.file, each.score >= ofSdk);
    if (!own || (await takesAddress(own, callees))) found.push(each);
  }
  const lines = new Set(found.map(({ file, call }) => `${file}:${call.line}`));
  const findings = found.slice(0, 24).flatMap(({ file, call, isOfHost }): readonly Finding[] => {
    const source = search.file(file);
    if (!source) return [];
    return [
      {
        source,
        line: call.line,
        column: call.column,
        rung: 'symbol',
        fit: isOfHost ? 1 : 0.5,
        // A page asks its own server, which is called like the program.
        confidence:
          isOfHost && lines.size === 1 && span.language !== 'webjs'
            ? isForHooks || found[0].score >= ofSdk
              ? callConfidence.onlyCall
              : callConfidence.hostFile
            : callConfidence.oneOfCalls,
        reason: `from ${hint.from}, ${display(call.name, 60)} is called ${isForHooks ? 'for webhooks' : `in a file of ${display(host, 60)}`}`,
      },
    ];
  });
  return findings;
}

async function scoreAt(call: Call, file: string, asked: Asked, callees: Callees): Promise<number> {
  if (!(await isOfMethod(call, file, asked, callees))) return 0;
  const lines = (await callees.lines(file)) ?? [];
  const score = scoreOf(call, file, asked, chainedReceiver(call, lines[call.line] ?? ''));
  if (score > 0 || call.name.toLowerCase() !== asked.method) return score;
  // `$request = Http::timeout(20)` above `$request->head(…)`.
  const made = madeAs(call, lines);
  return made === undefined ? 0 : scoreOf({ ...call, receiver: made }, file, asked);
}

const maxAbove = 16;

/** What the variable was made with that something is called on. */
function madeAs({ receiver, line }: Call, lines: readonly string[]): string | undefined {
  const name = /^\$?(\w{2,60})$/.exec(receiver)?.[1];
  if (name === undefined) return undefined;
  const made = new RegExp(`(?:^|[\\s(])\\$?${name}\\s*:?=\\s*(?:await\\s+|new\\s+)?([\\w$.:>\\\\-]{3,80})\\(`);
  for (let i = line - 1; i >= Math.max(0, line - maxAbove); i--) {
    const found = lines[i].length < 500 ? made.exec(lines[i])?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `fetch` tells its method beside the address; where it tells none it gets, and with options that were made elsewhere it may be any. */
async function isOfMethod({ name, line, column }: Call, file: string, { method }: Asked, callees: Callees): Promise<boolean> {
  const all = await callees.lines(file);
  // A method that is defined there is not called.
  if (all && !verbs.test(name) && headerAt(all, line)?.name === name) return false;
  if (method === undefined || !/^(?:\$?fetch|ofetch)$/.test(name)) return true;
  const lines = all?.slice(line, line + optionLines) ?? [];
  const given = argumentsAt(
    lines
      .map((each) => each.slice(0, 1_000))
      .join('\n')
      .slice(column),
  );
  const told = /\bmethod\s*:\s*["'`](\w{3,7})["'`]/.exec(given)?.[1];
  if (told !== undefined) return told.toLowerCase() === method;
  return method === 'get' || /,\s*\w+\s*$|\bmethod\b|\.\.\./.test(given);
}

/** Up to the bracket that closes the first one. */
function argumentsAt(code: string): string {
  const open = code.indexOf('(');
  let depth = 0;
  for (let i = open; i >= 0 && i < code.length; i++) {
    if (code[i] === '(') depth++;
    else if (code[i] === ')' && --depth === 0) return code.slice(open + 1, i);
  }
  return code.slice(open + 1);
}

/** Clients that are made of a description of an API call their methods after the end of the path. */
async function byName({ path }: Address, asked: Asked, search: SourceSearch): Promise<readonly Candidate[]> {
  const [before, last] = path
    .split('/')
    .filter((part) => part !== '' && !isValue(part))
    .slice(-2)
    .map((part) => part.toLowerCase().replace(/[^a-z0-9]+/g, '_'));
  if (last === undefined || before.length < 4) return [];
  const snake = `${before}_${last}`;
  const found: Candidate[] = [];
  const names = [...new Set([snake, camel(snake)])];
  const answers = await Promise.all(names.map((name) => search.find(`.${name}(`)));
  for (const [i, name] of names.entries()) {
    for (const hit of answers[i].hits.slice(0, 20)) {
      const column = hit.text.indexOf(`.${name}(`) + 1;
      const call = {
        name,
        receiver: /[\w.@$]*$/.exec(hit.text.slice(Math.max(0, column - 60), column - 1))?.[0] ?? '',
        line: hit.line,
        column,
      };
      if (isCommentLine(hit.text) || hit.text.length > 2_000) continue;
      found.push({ file: hit.file, call, score: scoreOf(call, hit.file, asked), depth: 0 });
    }
  }
  return found;
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
