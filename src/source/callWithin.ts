/**
 * The line of a user's function that called a library, for a span of the library that says little: the function is that of a span around it, and
 * the call bears the words of the operation (`HSET`, `PutObject`) and of what it is done to (redis, S3).
 */

import { throwIfAborted } from '../base/errors';
import { Callees } from './callees/callees';
import { handler } from './callees/messageCalls';
import { isNamedJob, jobHint } from './calls/callHints';
import type { Caller } from './family/family';
import { textAttribute } from './model/attributes';
import { literalConfidence } from './model/confidence';
import { type Call, callsIn } from './outline/calls';
import { functionsNamed } from './outline/functions';
import type { AskedSpan, Question } from './question/question';
import type { Finding } from './search/rankFindings';
import { display } from './uri/paths';

/** Functions that a caller calls in its own file. */
const maxCalled = 8;
const maxFindings = 12;
/** Calls between the caller and the call; functions that are read on the way, and calls of each that are followed. */
const maxDepth = 3;
const maxFunctions = 30;
const maxCalls = 40;

const operationKeys: readonly string[] = [
  'db.operation.name',
  'db.operation',
  'rpc.method',
  'aws.operation',
  'messaging.operation.name',
  'messaging.operation',
];
const systemKeys: readonly string[] = ['db.system.name', 'db.system', 'rpc.service', 'messaging.system', 'rpc.system'];

/** What a call of the span would be written with; undefined where the span tells nothing of the kind. */
interface Words {
  /** In lower case, letters and digits only. */
  readonly operations: ReadonlySet<string>;
  readonly systems: readonly string[];
}

export async function findCallWithin({ span, family, search }: Question): Promise<readonly Finding[]> {
  // What hands over a job that is named bears its name.
  const words = isNamedJob(span) ? undefined : wordsOf(span);
  if (!words) return [];
  const findings: Finding[] = [];
  const note = (call: Call, file: string, least: number, before?: Call): void => {
    // `redis.opsForValue().get(key)`
    const isChained = before?.line === call.line && /^\.?$/.test(call.receiver) && before.receiver !== '';
    const fit = Math.max(
      fitOf(call, words),
      isChained && fitOf(call, words) >= 2 ? fitOf({ ...call, receiver: before.receiver }, words) : 0,
    );
    const source = fit < least || findings.length >= maxFindings ? undefined : search.file(file);
    if (source?.standing !== 'source') return;
    findings.push({
      source,
      line: call.line,
      column: call.column,
      rung: 'symbol',
      fit,
      confidence:
        fit >= 3
          ? literalConfidence.callWithin
          : fit >= 2
            ? literalConfidence.callWithinByName
            : literalConfidence.callWithinBySystem,
      reason: `from the span around it, the call of ${display(call.name, 60)} stands in its function`,
    });
  };
  const callers = await family.callers();
  for (const caller of callers) {
    if (search.file(caller.file)?.standing !== 'source') continue;
    const lines = (await family.lines(caller.file)) ?? [];
    const calls = [...(await family.calls(caller)), ...called(await family.calls(caller), lines, caller)];
    for (const [n, call] of calls.entries()) note(call, caller.file, 1, calls[n - 1]);
    if (findings.length) break;
  }
  // A call of both the operation and the system, further away, says more than one of either.
  if (findings.some(({ fit }) => fit >= 3)) return findings;
  const near = findings.splice(0);
  const callees = new Callees(search);
  const queue = callers.slice(0, 2).map((each) => ({ file: each.file, start: each.start, end: each.end, depth: 0 }));
  const seen = new Set(queue.map(({ file, start }) => `${file}:${start}`));
  for (let i = 0; i < queue.length && i < maxFunctions; i++) {
    throwIfAborted(search.context.signal);
    const { file, start, end, depth } = queue[i];
    if (depth > (queue[i - 1]?.depth ?? 0) && findings.length) break;
    const calls = (await callees.callsOf(file, start, end)).slice(0, maxCalls);
    for (const [n, call] of calls.entries()) {
      if (depth > 0) note(call, file, 3, calls[n - 1]);
      for (const next of depth < maxDepth ? await callees.definitions(call, file, depth === 0 && call.name.length >= 6) : []) {
        if (seen.has(`${next.file}:${next.start}`)) continue;
        seen.add(`${next.file}:${next.start}`);
        queue.push({ file: next.file, start: next.start, end: next.end, depth: depth + 1 });
      }
    }
  }
  return findings.length ? findings : near;
}

/** What hands a message or a job over, by its own name. */
const handsOver =
  /^(?:deliver_?later|perform_?(?:later|async|in|at|bulk|all_later)|apply_?async|send_?task|s?delay(?:ed)?|kiq|defer(?:_async)?|(?:enqueue|dispatch|publish|broadcast|produce|basic_publish)\w*|queue|later|sendToQueue|addJob|add_job|send_?message\w*)$/i;
/** Words that any name of a job may have. */
const anyJob = /^(?:job|task|worker|message|event|publish|delivery|deliver|send|default|queue|active|later|async)$/;

/**
 * The line that hands over a job of a library's own class (mails, listeners, broadcasts), of which the program never writes the name: the one
 * call in the function of the span around it, or in what that calls, that hands anything over.
 */
export async function findHandOver({ span, family, search }: Question): Promise<readonly Finding[]> {
  const job = jobHint(span)?.text;
  if (job === undefined) return [];
  const name = job.split(/[.:\\#+$]+/).pop() ?? '';
  if (name.length >= 3 && (await isDefinedHere(name, search))) return [];
  const [caller] = await family.callers();
  if (!caller) return [];
  const callees = new Callees(search);
  const found: { readonly call: Call; readonly file: string }[] = [];
  const note = (calls: readonly Call[], file: string): void => {
    for (const call of calls) if (handsOver.test(call.name)) found.push({ call, file });
  };
  const own = await family.calls(caller);
  note(own, caller.file);
  for (const call of found.length ? [] : own.slice(0, maxCalls)) {
    throwIfAborted(search.context.signal);
    for (const { file, start, end } of (await callees.definitions(call, caller.file, call.name.length >= 6)).slice(0, 2))
      if (start !== caller.start || file !== caller.file) note(await callees.callsOf(file, start, end), file);
  }
  const lines = new Set(found.map(({ call, file }) => `${file}:${call.line}`));
  const words = wordsIn(name).filter((word) => !anyJob.test(word));
  const findings: Finding[] = [];
  for (const { call, file } of found.slice(0, maxFindings)) {
    const source = search.file(file);
    const text = ((await family.lines(file))?.[call.line] ?? '').slice(0, 500);
    if (source?.standing !== 'source') continue;
    const isNamed = wordsIn(text).some((word) => words.includes(word));
    findings.push({
      source,
      line: call.line,
      column: call.column,
      rung: 'symbol',
      fit: isNamed ? 1.8 : 1.5,
      confidence: lines.size === 1 || isNamed ? literalConfidence.handOver : literalConfidence.callWithinByName,
      ofFamily: true,
      reason: `from the span around it, ${display(call.name, 60)} hands over there`,
    });
  }
  return findings;
}

/** The job of a class of the program's own is named by who hands it over. */
async function isDefinedHere(name: string, search: Question['search']): Promise<boolean> {
  const { hits } = await search.find(name);
  return hits.some(
    ({ text }) =>
      text.length < 1_000 &&
      /\b(?:class|def|function|struct|record|object|func|defmodule)\s+[\w.:]*$/.test(text.slice(0, text.indexOf(name))),
  );
}

function wordsIn(text: string): readonly string[] {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.map((word) => word.replace(/(?:ers?|s)$/, '')).filter((word) => word.length >= 4);
}

/** What a client's library did for a request: the line that made the request. `tls.connect`, `dns.lookup`, the HTTP of an SDK. */
export async function findRequestAround({ family, search }: Question): Promise<readonly Finding[]> {
  const place = await family.request();
  const source = place && search.file(place.file);
  if (!place || !source) return [];
  const { line, column, confidence } = place;
  const reason = 'the request of the span around it is made here';
  return [
    { source, line, column, rung: 'symbol', fit: 1, confidence: Math.min(confidence, literalConfidence.ofRequest), reason },
  ];
}

/** Where nothing else is known: the function that a span around it is of, to begin reading at. */
export async function findCaller({ family, search }: Question): Promise<readonly Finding[]> {
  const [caller] = await family.callers();
  const source = caller && search.file(caller.file);
  if (!caller || !source) return [];
  const reason = `the function of a span around it${caller.name === undefined ? '' : `, ${display(caller.name, 60)}`}`;
  return [{ source, line: caller.start, rung: 'symbol', fit: 1, confidence: literalConfidence.caller, reason }];
}

function called(calls: readonly Call[], lines: readonly string[], caller: Caller): readonly Call[] {
  const names = [...new Set(calls.map(({ name }) => name))].filter((name) => name.length >= 3 && name !== caller.name);
  const functions = names.flatMap((name) => functionsNamed(lines, name).slice(0, 1)).slice(0, maxCalled);
  return functions.flatMap(({ start, end }) => callsIn(lines, start + 1, end));
}

/** 3: operation and system; 2: the operation; 1: the system. */
function fitOf({ name, receiver }: Call, { operations, systems }: Words): number {
  // What is made to be sent is no message here.
  const own = name === handler ? receiver : name;
  const called = plain(own);
  const isOperation = operations.has(called) || operations.has(called.replace(/(?:async|sync|command|with|ctx|context)+$/, ''));
  const around = plain(`${receiver}.${name}`);
  // `new PutCommand(` of the clients of AWS
  const isSystem = systems.some((system) => around.includes(system)) || (/\wCommand$/.test(own) && systems.includes('awsapi'));
  return (isOperation ? 2 : 0) + (isSystem ? 1 : 0);
}

function wordsOf(span: AskedSpan): Words | undefined {
  const text = (key: string): string | undefined => textAttribute(span.attributes, key)?.slice(0, 200);
  const last = (word: string): string => plain(word.split(/[./:#\s]/).pop() ?? '');
  const operations = new Set(operationKeys.flatMap((key) => text(key) ?? []).map(last));
  // `POST /orders/_search` of a search engine, of which the method of HTTP says nothing.
  const engine = /^[A-Z]{3,7} \/(?:\S{0,200}\/)?_(\w{2,40})/.exec(
    textAttribute(span.attributes, 'db.query.text') ?? text('db.statement') ?? '',
  )?.[1];
  for (const word of engine === undefined ? [] : [engine, ...(searches[engine] ?? [])]) operations.add(plain(word));
  const systems = systemKeys.flatMap((key) => text(key) ?? []).map(last);
  if (!operations.size && !systems.length) return calledOf(span.name);
  const [first = '', second = ''] = span.name.slice(0, 200).split(/[\s.:/-]+/);
  for (const word of systems.length && systems.includes(plain(first)) ? [second] : [first])
    if (word !== '') operations.add(plain(word));
  if (systems.includes('redis'))
    for (const word of [...operations]) for (const other of commands[word]?.split(' ') ?? []) operations.add(other);
  const library = /(?:instrumentation[-._/]|contrib\.)([\w-]+)/i.exec(span.scope?.name ?? '')?.[1];
  const all = [...systems, ...(library === undefined ? [] : [plain(library)])].filter((word) => word.length >= 3);
  // The client for documents has `put` for `PutItem`.
  for (const word of systems.includes('dynamodb') ? [...operations] : []) operations.add(word.replace(/item$/, ''));
  operations.delete('');
  return { operations, systems: [...new Set([...all, ...all.flatMap((word) => kin[word] ?? [])])] };
}

/** Libraries that trace themselves call a span like their own function: `gocloud.dev/pubsub.Topic.Send`, `BlobClient.upload`, `ServiceBusSender.send`. */
const ofLibrary = /(?:^|[/.])([A-Za-z]\w{1,60})\.(?:(\p{Lu}\w{1,60})\.)?([A-Za-z]\w{2,60})$/u;

function calledOf(name: string): Words | undefined {
  const [, outer, type, method] = ofLibrary.exec(name.slice(0, 200)) ?? [];
  if (outer === undefined || method === undefined) return undefined;
  const systems = [outer, type ?? '', (type ?? outer).replace(/(?:Async)?Client$/, '')].map(plain);
  return { operations: new Set([plain(method)]), systems: [...new Set(systems.filter((each) => each.length >= 3))] };
}

/** What clients of search engines call what their paths say otherwise. */
const searches: Readonly<Record<string, readonly string[]>> = {
  doc: ['index', 'get', 'delete'],
  create: ['index'],
  mget: ['multiGet'],
  msearch: ['multiSearch'],
};

/** What Spring's templates and StackExchange's client call commands of Redis. */
const commands: Readonly<Record<string, string>> = {
  get: 'stringget',
  set: 'stringset setifabsent',
  setex: 'set stringset',
  psetex: 'set stringset',
  setnx: 'setifabsent',
  del: 'delete keydelete remove',
  unlink: 'delete keydelete',
  exists: 'haskey keyexists',
  expire: 'keyexpire',
  pexpire: 'expire keyexpire',
  incr: 'increment stringincrement',
  incrby: 'increment stringincrement',
  hget: 'get hashget',
  hset: 'put hashset',
  hmset: 'putall hashset',
  hgetall: 'entries hashgetall',
  hdel: 'delete hashdelete',
  hincrby: 'increment hashincrement',
  sadd: 'add setadd',
  srem: 'remove setremove',
  smembers: 'members setmembers',
  sismember: 'ismember setcontains',
  zadd: 'add sortedsetadd',
  zrem: 'remove sortedsetremove',
  lpush: 'leftpush listleftpush',
  rpush: 'rightpush listrightpush',
  lpop: 'leftpop listleftpop',
  rpop: 'rightpop listrightpop',
  lrange: 'range listrange',
};

/** What clients of a system are called in programs. */
const kin: Readonly<Record<string, readonly string[]>> = {
  redis: ['cache', 'ioredis', 'rdb', 'lettuce', 'jedis', 'predis'],
  memcached: ['cache', 'memcache', 'dalli'],
  elasticsearch: ['elastic', 'search', 'esclient'],
  opensearch: ['search'],
  mongodb: ['mongo', 'collection'],
  dynamodb: ['dynamo', 'ddb', 'documentclient'],
  cassandra: ['session', 'cql'],
  awsapi: ['aws', 'client'],
};

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
