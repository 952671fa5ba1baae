/** How much a call reads like one of a client for an address: by what it is called on, what it does, whom the file is called after. */

import type { Call } from '../outline/calls';
import type { Question } from '../question/question';
import { type Address, isPublic, isValue } from './address';
import { wordsOf } from './clients';
import { fitOfSdk, type Resource, resourceOf } from './sdkCalls';

const asks =
  /^(?:create|list|retrieve|update|delete|del|cancel|charge|refund|upload|download|send|search|query|sync|fetch|publish|notify|invite|verify|sign|translate|complete|generate)$/;
const clients =
  /^(?:fetch|axios|http|https|httpclient|client|api|rest|ajax|got|ky|faraday|httparty|typhoeus|excon|curl|guzzle|okhttp|urlopen|urllib|httpx|aiohttp|reqwest|ureq|hyper|undici|needle|superagent|resty|dio|httpoison|tesla|finch|unirest|connector|sdk|boto|boto3|minio|bucket|storage|blob|gcs|s3|xhr|httpurlconnection|curl|webclient|postmark|mailgun|slack|webclient|requests|gateway|webhook|octokit|soap|oauth)$/;
/** What these do is theirs, also where a program has them among its own files. */
export const libraries =
  /^(?:requests|httpx|aiohttp|urllib3?(?:\.request)?|axios|got|ky|undici|superagent|needle|Faraday|HTTParty|RestClient|Typhoeus|Excon|HTTPX?|Net::HTTP|reqwest|ureq)$/;
const connections = /^(?:conn|connection|session|agent|con)$/;
export const verbs = /^(?:get|post|put|patch|delete|head|options)$/;
const sends =
  /^(?:send|request|do|execute|exec|exchange|call|fetch|perform|invoke|retrieve|method|transfer|open|openconnection|urlopen|upload|download|notify|putobject|getobject|newcall|newrequest|connect)$/;

export const nothing: Asked = { words: new Set(), path: [], hosts: new Set(), method: undefined };

export function askedOf(address: Address, { hints }: Question): Asked {
  const path = address.segments.flatMap((segment) => (segment === undefined || isValue(segment) ? [] : wordsOf(segment)));
  return {
    words: pathWords(address),
    path: path.map(singular),
    hosts: hostWords(address.host ?? ''),
    method: hints.method?.toLowerCase(),
    resource: isPublic(address.host) ? resourceOf(address.segments, hints.method?.toLowerCase()) : undefined,
  };
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

export interface Asked {
  readonly words: ReadonlySet<string>;
  /** All words of the path, each as one of many. */
  readonly path: readonly string[];
  readonly hosts: ReadonlySet<string>;
  readonly method: string | undefined;
  /** What an SDK would name; undefined for hosts of the program's own. */
  readonly resource?: Resource;
}

/** Hands a job over, whatever that is called like. */
const handsOver = /^(?:perform_\w+|deliver_(?:later|now)|enqueue\w*|dispatch\w*|delay\w*)$/i;

/** `MsgOptionUpdate(`: what a request is made with. */
const isOption = /(?:^|[a-z_])Option|^With[A-Z]/;
const serves = /^(?:router|routers|routes|mux|blueprint|group)$/;
/** What a gateway, an API or a client knows, and asks nobody for. */
const isThing =
  /^(?:account|transaction|config|configuration|properties|settings|request|response|result|results|detail|details|type|name|status|entity|model|dto|info|params|options|error|exception|payload|event)$/;
/** `makeRequest`, `sendHttpRequest`; `validateIncomingRequest` is none. */
const begins = /^(?:make|do|send|api|http|https|call|perform|execute|exec|rest|json|raw|signed|async|fetch|issue|submit)$/;

/** What is run so may be anything. */
const runs = /^(?:call|perform|execute|exec|invoke|do|method|notify|open|connect|transfer)$/i;

function singular(word: string): string {
  return word.replace(/(?:ies|s)$/, (end) => (end === 'ies' ? 'y' : ''));
}

/** From here on a call is of an SDK, and does what was asked for to the resource. */
export const ofSdk = 3.2;
const elsewhere = 1.2;

/**
 * 0: no call of a client.
 * @param chain what it is called on, with the calls before it
 */
export function scoreOf(call: Call, file: string, asked: Asked, chain = call.receiver): number {
  const score = ownScore(call, file, asked);
  const fit = asked.resource ? fitOfSdk({ ...call, receiver: chain }, asked.resource) : 0;
  if (fit === 0 || handsOver.test(call.name)) return score;
  if (fit < 0) return Math.min(score, elsewhere);
  const near = `${chain}${file.split('/').slice(-2).join('/')}`.toLowerCase();
  const isOfHost = [...asked.hosts].some((host) => near.includes(host));
  const isClient = wordsOf(chain).some((word) => clients.test(word));
  return isOfHost || (isClient && score > 0) ? ofSdk : score;
}

function ownScore({ name, receiver }: Call, file: string, { words, path, hosts, method }: Asked): number {
  if (handsOver.test(name) || /^(?:res|resp|response|reply)(?:\.|$)/.test(receiver)) return 0;
  const on = wordsOf(receiver);
  const does = wordsOf(name);
  // Routers declare.
  const owner = on[on.length - 1] ?? '';
  if (serves.test(owner)) return 0;
  // A hash of Ruby is asked so for what it has.
  if (name === 'fetch' && /\.(?:rb|rake|erb)$/.test(file) && !on.some((word) => clients.test(word))) return 0;
  // Who makes one needs no word for it in Kotlin; beside scripts, what fetches something is the program's own.
  if (receiver === '' && /^\p{Lu}/u.test(name) && /\.(?:kts?|scala|swift|py|dart)$/.test(file)) return 0;
  // Nor does what gives a client, or tells of one.
  if (
    /^(?:get|make|create|build|new|init|set)$/.test(does[0]) &&
    /^(?:client|session|connection)$/.test(does[1] ?? '') &&
    !on.some((word) => clients.test(word))
  )
    return 0;
  // What answers a request makes none.
  if (receiver === '' && /^(?:Http|JSON|Json|Streaming|Template|Plain)?\w*Response/.test(name)) return 0;
  // What begins with a capital makes an object, but where methods do.
  const isNamed = receiver !== '' && words.has(plain(name)) && (/^[^A-Z]/.test(name) || /\.(?:cs|fs|vb|go)$/.test(file));
  const isClient =
    [
      ...(isThing.test(owner) ? [] : on),
      ...(does[0] === 'fetch' && does.length > 1 && !/\.[cm]?[jt]sx?$/.test(file) ? does.slice(1) : does),
    ].some((word) => clients.test(word)) || does.some((word) => hosts.has(word));
  const isOfHost = [...hosts].some((host) => `${receiver}${file.slice(file.lastIndexOf('/'))}`.toLowerCase().includes(host));
  const verb = does.find((word) => verbs.test(word));
  const isSent = does.length > 1 && sends.test(does[does.length - 1]) && (isClient || begins.test(does[0] ?? ''));
  const isRequest =
    verb === undefined ? isSent || (sends.test(does[0] ?? '') && (isClient || !runs.test(name))) : verb === method;
  if (verb !== undefined && verb !== method && !isNamed) return 0;
  // `client.CreateChatCompletionStream(`
  const own = plain(name);
  if (!isNamed && receiver !== '' && (isClient || isOfHost))
    for (const word of words) if (word.length >= 8 && own.includes(word.replace(/s$/, ''))) return 2.5;
  if (isNamed) return isClient || isOfHost ? 3 : asks.test(plain(name)) ? 1 : 2;
  // `stripe.customers.create(` whatever it does.
  if (verb === undefined && on.some((word) => hosts.has(word)) && does.some((word) => asks.test(word)) && !isOption.test(name))
    return 2 + (words.has(plain(receiver.split('.').pop() ?? '')) ? 0.5 : 0) + (doesBy(does[0], method) ? 0.2 : 0);
  if (!isRequest) return 0;
  // `getAttribute`, `get_or_none`, `gateway.getName`: much is got that is nobody's answer.
  if (
    does.length > 1 &&
    verb !== undefined &&
    !/^(?:json|async|form|request|raw|text|bytes|url|api|for|object|entity|stream|string|page|pages|all|session|call|data)$/.test(
      does[does.length - 1],
    ) &&
    !(isClient && does.some((word) => path.includes(singular(word))))
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
