/**
 * Where an address stands in no string: the call of a library that a function makes to which a span around leads, or one that it calls. The
 * library's method is named after the path (`userinfo`, `transactions_sync`), or what it is called on is a client, or is called like the host.
 */

import { throwIfAborted } from '../../base/errors';
import { Callees, type PlacedFunction } from '../callees/callees';
import { callConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Call } from '../outline/calls';
import { headerAt } from '../outline/headers';
import type { Question } from '../question/question';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { type Address, isValue } from './address';
import { wordsOf } from './clients';
import { callsByHost } from './requestsByHost';

const asks =
  /^(?:create|list|retrieve|update|delete|del|cancel|charge|refund|upload|download|send|search|query|sync|fetch|publish|notify|invite|verify|sign|translate|complete|generate)$/;
const maxDepth = 4;
const maxFunctions = 40;
const maxCalls = 40;
/** The verb or a word for sending, on what is called like a client. */
const leastByHost = 1.5;
/** Lines over which the options of a request are told. */
const optionLines = 12;

const clients =
  /^(?:fetch|axios|http|https|httpclient|client|api|rest|ajax|got|ky|faraday|httparty|typhoeus|excon|curl|guzzle|okhttp|urlopen|urllib|httpx|aiohttp|reqwest|ureq|hyper|undici|needle|superagent|resty|dio|httpoison|tesla|finch|unirest|connector|sdk|boto|boto3|minio|bucket|storage|blob|gcs|s3|xhr|httpurlconnection|curl|webclient|postmark|mailgun|slack|webclient|requests|gateway|webhook|octokit|soap|oauth)$/;
/** What these do is theirs, also where a program has them among its own files. */
const libraries =
  /^(?:requests|httpx|aiohttp|urllib3?(?:\.request)?|axios|got|ky|undici|superagent|needle|Faraday|HTTParty|RestClient|Typhoeus|Excon|HTTPX?|Net::HTTP|reqwest|ureq)$/;
const connections = /^(?:conn|connection|session|agent|con)$/;
const verbs = /^(?:get|post|put|patch|delete|head|options)$/;
const sends =
  /^(?:send|request|do|execute|exec|exchange|call|fetch|perform|invoke|retrieve|method|transfer|open|openconnection|urlopen|upload|download|notify|putobject|getobject|newcall|newrequest|connect)$/;

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
      const score = (await isOfMethod(call, file, asked, callees)) ? scoreOf(call, file, asked) : 0;
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
  return /\(\s*(?:self,\s*)?(?:url|uri|path|endpoint|href|input|resource|address)\b/i.test(head);
}

/** Of places that call the same address, those in functions to which the spans around lead; all where that tells none from the others. */
export async function whereReached(
  findings: readonly Finding[],
  address: Address | undefined,
  question: Question,
): Promise<readonly Finding[]> {
  const places = new Set(findings.map(({ source, line }) => `${source.file}:${line}`));
  if (places.size < 2 || !(await question.family.callers()).length) return findings;
  const asked = address ? askedOf(address, question) : nothing;
  const { queue } = await walk(asked, question, new Callees(question.search));
  const isReached = ({ source, line }: Finding): boolean =>
    queue.some(({ file, start, end }) => file === source.file && line >= start && line < end);
  const reached = findings.filter(isReached);
  if (!reached.some(({ confidence }) => confidence >= callConfidence.least)) return findings;
  return findings.map((each) =>
    reached.includes(each)
      ? each
      : { ...each, fit: each.fit - unreached, confidence: Math.min(each.confidence, callConfidence.other) },
  );
}

const nothing: Asked = { words: new Set(), hosts: new Set(), method: undefined };
/** How far one stays behind to which nothing leads. */
const unreached = 0.8;

type Reached = Pick<PlacedFunction, 'file' | 'start' | 'end'> & { readonly depth: number };

interface Walk {
  readonly queue: readonly Reached[];
  readonly found: Candidate[];
}

function askedOf(address: Address, { hints }: Question): Asked {
  return { words: pathWords(address), hosts: hostWords(address.host ?? ''), method: hints.method?.toLowerCase() };
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
  if (!found.length) return isGuessed ? [] : byHost(hint, address, asked, callees, question);
  const best = found.sort((a, b) => b.score - a.score || a.depth - b.depth).slice(0, 6);
  // Far away others may ask as well.
  const isOne = best.length < 2 || best[0].score > best[1].score || best[0].depth + 1 < best[1].depth;
  return best.flatMap(({ file, call, score, depth }): readonly Finding[] => {
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
}

/** Nobody is known who called. */
async function byHost(
  hint: TextHint,
  { host = '' }: Address,
  asked: Asked,
  callees: Callees,
  { search, span }: Question,
): Promise<readonly Finding[]> {
  const isCall = async (call: Call, file: string): Promise<boolean> =>
    scoreOf(call, file, asked) >= leastByHost && (await isOfMethod(call, file, asked, callees));
  const all = await callsByHost(host, isCall, callees, search);
  const best = Math.max(...all.map(({ file, call }) => scoreOf(call, file, asked)));
  const found = all.filter(({ file, call }) => scoreOf(call, file, asked) === best);
  const lines = new Set(found.map(({ file, call }) => `${file}:${call.line}`));
  return found.slice(0, 6).flatMap(({ file, call, isOfHost }): readonly Finding[] => {
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
          isOfHost && lines.size === 1 && span.language !== 'webjs' ? callConfidence.hostFile : callConfidence.oneOfCalls,
        reason: `from ${hint.from}, ${display(call.name, 60)} is called in a file of ${display(host, 60)}`,
      },
    ];
  });
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

/** `transactions`, `sync`, `transactionssync`: the last words, alone and together. */
function pathWords({ segments }: Address): ReadonlySet<string> {
  const words = segments.filter((segment): segment is string => segment !== undefined && !isValue(segment)).map(plain);
  const last = words.slice(-2);
  return new Set([...last.slice(-1), last.join('')].filter((word) => word.length >= 4));
}

function hostWords(host: string): ReadonlySet<string> {
  const parts = host.replace(/:\d+$/, '').split('.');
  const names = parts.length > 1 && !/^\d+$/.test(parts[parts.length - 1]) ? parts.slice(0, -1) : parts;
  return new Set(
    names
      .flatMap((part) => part.split('-'))
      .filter(
        (part) =>
          (part.length >= 4 || /^s3$/.test(part)) && !/^(?:localhost|example|service|gateway|server|internal)$/.test(part),
      ),
  );
}

interface Asked {
  readonly words: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly method: string | undefined;
}

/** Hands a job over, whatever that is called like. */
const handsOver = /^(?:perform_\w+|deliver_(?:later|now)|enqueue\w*|dispatch\w*|delay\w*)$/i;

/** 0: no call of a client. */
function scoreOf({ name, receiver }: Call, file: string, { words, hosts, method }: Asked): number {
  if (handsOver.test(name) || /^(?:res|resp|response|reply)(?:\.|$)/.test(receiver)) return 0;
  const on = wordsOf(receiver);
  const does = wordsOf(name);
  // What answers a request makes none.
  if (receiver === '' && /^(?:Http|JSON|Json|Streaming|Template|Plain)?\w*Response/.test(name)) return 0;
  // What begins with a capital makes an object, but where methods do.
  const isNamed = receiver !== '' && words.has(plain(name)) && (/^[^A-Z]/.test(name) || /\.(?:cs|fs|vb|go)$/.test(file));
  const isClient = [...on, ...does].some((word) => clients.test(word)) || does.some((word) => hosts.has(word));
  const isOfHost = [...hosts].some((host) => `${receiver}${file.slice(file.lastIndexOf('/'))}`.toLowerCase().includes(host));
  const verb = does.find((word) => verbs.test(word));
  const isRequest = verb === undefined ? sends.test(does[0] ?? '') || sends.test(does[does.length - 1] ?? '') : verb === method;
  if (verb !== undefined && verb !== method && !isNamed) return 0;
  // `client.CreateChatCompletionStream(`
  const own = plain(name);
  if (!isNamed && receiver !== '' && (isClient || isOfHost))
    for (const word of words) if (word.length >= 8 && own.includes(word.replace(/s$/, ''))) return 2.5;
  if (isNamed) return isClient || isOfHost ? 3 : asks.test(plain(name)) ? 1 : 2;
  // `stripe.customers.create(` whatever it does.
  if (verb === undefined && on.some((word) => hosts.has(word)) && does.some((word) => asks.test(word)))
    return 2 + (words.has(plain(receiver.split('.').pop() ?? '')) ? 0.5 : 0) + (doesBy(does[0], method) ? 0.2 : 0);
  if (!isRequest) return 0;
  // `getAttribute`, `get_or_none`: in a file of the host much is got that is nobody's answer.
  if (
    !isClient &&
    does.length > 1 &&
    verb !== undefined &&
    !/^(?:json|async|form|request|raw|text|bytes|url|api)$/.test(does[does.length - 1])
  )
    return 0;
  // A connection may be a database's, but that has no verbs of HTTP.
  if (!isClient && !isOfHost) return verb !== undefined && on.some((word) => connections.test(word)) ? 1.2 : 0;
  return 1 + (isClient ? 0.5 : 0) + (isOfHost ? 0.5 : 0);
}

/** Whether a method of a library is of the request's. */
function doesBy(word: string, method: string | undefined): boolean {
  switch (method) {
    case 'get':
      return /^(?:list|retrieve|search|fetch|download)$/.test(word);
    case 'delete':
      return /^(?:delete|del|cancel|remove)$/.test(word);
    default:
      return method !== undefined && !/^(?:list|retrieve|delete|del)$/.test(word);
  }
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
