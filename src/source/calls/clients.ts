/**
 * Whether code calls an address or serves it, and by which method. In a repository with both the same path stands on both sides, in the same words:
 * `api.get('/orders')` and `router.get('/orders', list)`. What tells them apart is what is called, what it is called on, and what becomes of the
 * result.
 */

import type { SourceLanguage } from '../search/languages';
import { type CodeWindow, type EnclosingCall, literalIndex } from './codeWindow';
import { argumentsOf } from './expression';

export type Role = 'client' | 'likely' | 'unknown' | 'server';

export interface Judgement {
  readonly role: Role;
  /** In upper case; empty where the code doesn't tell. */
  readonly verbs: readonly string[];
  /** What a function that is called so mostly does, where the code doesn't tell. */
  readonly habit?: readonly string[];
  /** What stands for the call: a place in the code. */
  readonly at: number;
}

/** `listOrders(` gets, `create_order(` posts. */
const habits: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:list|get|fetch|find|read|load|search|query|download|retrieve|lookup)$/, ['GET']],
  [/^(?:create|add|insert|register|send|submit|start|trigger|publish|push|invoke)$/, ['POST']],
  [/^(?:update|edit|replace|change|modify)$/, ['PUT', 'PATCH', 'POST']],
  [/^(?:delete|remove|destroy)$/, ['DELETE']],
];

function habitOf(callee: string): readonly string[] | undefined {
  const member = /([\p{L}_$][\p{L}\p{N}_$]{0,80})(?:<[^()]{0,80}>|\[[^()]{0,80}\])?$/u.exec(callee.slice(-200))?.[1];
  const [first] = wordsOf(member ?? '');
  return first === undefined ? undefined : habits.find(([words]) => words.test(first))?.[1];
}

const makesText =
  /(?:^|[.:>])(?:s?printf|sprintf|format|formatted|concat|join|joinpath|urljoin|url_for|encodeuri(?:component)?|urlencode|array_\w+|in_array|str_\w+|preg_\w+|implode|explode|env|getenv|environ\.get|parse|create|touri|uri|url|newurl|newuri|newuribuilder|string|str|trim\w*|replace\w*|resolve|path|of|fromhttpurl|fromuristring|strconv\.\w+|to_string|buildurl|build_url|renderurl|mkurl|geturl|makeurl)$|^(?:new)?(?:URL|Uri|URI)$|^(?:encodeURI\w*|String|str|quote)$/i;

/** `getOrderUrl(`, `baseUrl(`: an address that is made, unless the name asks for it. */
const makesAddress =
  /(?:^|[.:>])(?!(?:re_|fetch|load|open|request|download|upload|send|post|put|patch|delete|ajax|call|from|read|set|import|visit|goto|use|with|query)\w*$)[a-z]\w{0,60}(?:ur[li]|href|path|endpoint)$/i;

/** `UriComponentsBuilder.fromUri(base).pathSegment(`. */
const buildsAddress = /\b(?:Ur[il]\w{0,20}Builder|URIBuilder|HttpUrl|URLComponents)\b/;
/** `RequestSigner.new(`, whatever that is made for. */
const makesOther = /\b(?:\p{Lu}\w*)?(?:Signer|Logger|Error|Exception|Matcher|Validator|Policy)(?:\.|::)new$/u;

/** What a thing holds is got and set as well: `archive.GetEntry(`, `element.getAttribute(`. */
const ofThing =
  /(?:^|[.:>])(?:get|create|add|set|has|remove|delete|find|try_?get)_?(?:entry|entries|headers?|attributes?|property|properties|param(?:eter)?s?|elements?|settings?|options?|columns?|cookies?|claims?|section|environment_?variable)$/i;

/** `webClient.get().uri(`, `HttpRequest.newBuilder().uri(`, `new Request.Builder().url(`: a part of a request that is built, and no text. */
const ofRequest =
  /(?:(?:request|client|http|rest)\w{0,40}|(?:get|post|put|patch|delete|head|options|method|builder|newbuilder))(?:\([^()]{0,80}\))?\.(?:uri|url)$/i;

/** What a file says of its calls as a whole. */
export interface FileFacts {
  /** It declares an interface that a library implements by calls: Feign, Retrofit, Refit, HTTP interfaces of Spring, Micronaut, MicroProfile. */
  readonly isDeclared: boolean;
  /** It draws routes in Ruby, where `get '/orders'` alone is one; in other files it is a call of what the program made. */
  readonly drawsRoutes: boolean;
}

const declared =
  /@FeignClient|@HttpExchange|@(?:Get|Post|Put|Delete|Patch)Exchange|@RegisterRestClient|\bretrofit2?\b|import io\.micronaut\.http\.client\.annotation|\busing Refit\b|@RestClient\b|@RequestLine/;

const draws = /\broutes\.draw\b|\bSinatra\b|\bGrape\b|\bRoda\b|\bHanami\b|^[ \t]{0,40}(?:resources?|namespace|scope) [:'"]/m;

export function fileFacts(text: string): FileFacts {
  const head = text.slice(0, 200_000);
  return { isDeclared: declared.test(head), drawsRoutes: draws.test(head) };
}

/** Words of what is called: libraries, and what people call their own clients. */
const clientWords = new Set(
  'fetch ofetch axios http https client clients request requests rest ajax got ky session conn connection faraday httparty typhoeus excon curl guzzle feign okhttp urlopen urllib urllib3 httpx aiohttp reqwest surf ureq hyper isahc flurl restsharp refit undici needle superagent wretch swr xhr resty sling req dio alamofire af urlsession httpoison tesla finch hackney unirest jersey webservice gateway remote upstream endpoint uri url download upload useQuery beacon websocket eventsource'.split(
    ' ',
  ),
);
const verbs = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options']);
const serverRoots =
  /^(?:@|\$)?(?:this\.|self\.)?(?:app|application|router?s?|server|fastify|express|mux|engine|blueprint|bp|e|r|g|rg|srv|web|group|grp|scope|v\d|\w*(?:router|routes|blueprint|_bp|group|mux))(?:\.|->|::|$)/i;
const serverNames =
  /(?:^|[.:>@])(?:route|routes|handle|handlefunc|handler|map(?:get|post|put|patch|delete|methods|group|controllers)?|mount|nest|resource|resources|namespace|scope|path|re_path|use|all|any|group|register_blueprint|include_router|redirect_to|middleware|requestmapping|controller|(?:get|post|put|patch|delete)mapping)$/i;
/** Where a browser goes is asked for by nobody's code. */
const navigates =
  /(?:router|history|navigation|location)\.(?:push|replace|assign|navigate\w*)$|^(?:navigate\w*|redirect\w*|link|href|useNavigate|revalidatePath|revalidateTag|touch)$|\.(?:redirect|navigate\w*|sendRedirect)$/i;
const listens =
  /mockmvc|mockwebserver|nock|wiremock|msw|intercept|respond|stub|when(?:request)?\b|supertest|setupserver|testclient/i;

/** @param calls those around the address, innermost first */
export function judgeCall(
  window: CodeWindow,
  at: number,
  calls: readonly EnclosingCall[],
  facts: FileFacts,
  language: SourceLanguage,
): Judgement {
  const { code } = window;
  // `"https://…".GetStringAsync()`, `"https://…".httpGet()`: what is asked is the address itself.
  const asked = /^(?:csharp|kotlin)$/.test(language) ? ofText.exec(code.slice(at + 1, at + 400))?.[1] : undefined;
  if (asked !== undefined) return { role: 'client', verbs: [asked.toUpperCase()], at };
  const around = calls.length ? calls : bareCall(code, at, language);
  const block = language === 'ruby' && around.length ? requestBlock(code, around[0]) : undefined;
  if (block) return block;
  // What only makes a text of texts is no call of it.
  const named = around
    .filter((call) => {
      const end = call.callee.slice(-60);
      // What is only begun there is sent elsewhere.
      if (ofRequest.test(call.callee.slice(-160)) && isWhole(window, call)) return true;
      // `Uri request = new(base, "/orders")`
      if (end === 'new' && /\bUri\??\s+\w+\s*=\s*$/.test(code.slice(Math.max(0, call.start - 80), call.start))) return false;
      return (
        !makesText.test(end) &&
        !makesAddress.test(end) &&
        !buildsAddress.test(call.callee) &&
        !makesOther.test(end) &&
        !ofThing.test(end)
      );
    })
    .map((call) => ({ ...call, callee: withoutArguments(call.callee) }));
  // `<Link href={…}>`
  if (/\b(?:href|to|src|as|pathname|route|redirectTo)\s*[=:]\s*\{?\s*$/.test(code.slice(Math.max(0, at - 40), at)))
    return { role: 'server', verbs: [], at };
  // What is kept of an answer has a name, which may be the address.
  const isKey = /\b(?:queryKey|mutationKey|cacheKey)\s*:\s*\[?\s*$/.test(code.slice(Math.max(0, at - 60), at));
  // What a contract of ts-rest says is called by its key.
  const isContract = /\.router$/.test(named[0]?.callee ?? '') && /\bpath\s*:\s*$/.test(code.slice(Math.max(0, at - 40), at));
  if (!named.length || isKey || isContract) return { role: 'unknown', verbs: [], at };
  // What an object of Ruby keeps begins so, and a module's constants in Elixir do.
  const mark = language !== 'ruby' && language !== 'elixir' && annotationOf(code, named[0]);
  if (mark) {
    const verb = verbOf(named[0].callee, true);
    return { role: facts.isDeclared ? 'client' : 'server', verbs: verb ? [verb] : methodsIn(window, named), at: named[0].name };
  }
  const isServer = named.some((call) => isServing(window, call, language, facts));
  const words = named.flatMap(({ callee }) => wordsOf(withoutTypes(callee)));
  const isKnown =
    words.some((word) => clientWords.has(word)) ||
    named.some(({ callee }) =>
      /\$(?:fetch|http|\.(?:get|post|ajax))|createApi|\bbuild(?:er)?\.(?:query|mutation)|useSWR|getFor(?:Object|Entity)|postFor|\.exchange\b|AsJsonAsync|FromJsonAsync|(?:Get|Post|Put|Delete|Send|GetString|GetStream)Async\b|NewRequest|file_get_contents|open-uri|URI\.open/.test(
        callee,
      ),
    );
  const isDeclared = named.some((call) => isRouted(code, call) || declares(code, call, language, isKnown));
  const isTest = named.some(({ callee }) => listens.test(callee) || navigates.test(callee));
  const [verb] = named.map(({ callee }) => verbOf(callee, false)).filter((each) => each !== undefined);
  const told = verb === undefined ? methodsIn(window, named) : [verb];
  const call =
    named.find(({ callee }) => wordsOf(withoutTypes(callee)).some((word) => clientWords.has(word) || verbs.has(word))) ??
    named[0];
  const isUsed = isAwaited(code, call);
  const role: Role =
    isTest || isDeclared || (isServer && (!isUsed || named.some((each) => hasHandler(code, each))))
      ? 'server'
      : isKnown || (verb !== undefined && isUsed && words.includes('api'))
        ? 'client'
        : isUsed || verb !== undefined
          ? 'likely'
          : 'unknown';
  const isGet = told.length === 0 && role !== 'server' && getsBy(withoutTypes(named[0].callee), argumentsOf(code, named[0].open));
  const habit = isGet || told.length ? undefined : habitOf(call.callee);
  return { role, verbs: isGet ? ['GET'] : told, ...(habit ? { habit } : {}), at: call.name };
}

/** Names and dots of a chain, without what its calls are given. */
function withoutArguments(callee: string): string {
  let names = '';
  let depth = 0;
  for (let i = callee.length - 1; i >= 0; i--) {
    if (callee[i] === ')') depth++;
    else if (callee[i] !== '(') names = depth > 0 ? names : callee[i] + names;
    else if (depth-- === 0) break;
  }
  return names;
}

/** `useMutation` of `useMutation<Order, HttpError>`: types say nothing of what is called. */
function withoutTypes(callee: string): string {
  return callee.replace(/<[^()]*$/, '');
}

const ofText =
  /^(?:\s*\.\s*(?:With\w+|AppendPathSegments?|SetQueryParams?)\((?:[^()]|\([^()]*\)){0,100}\)){0,6}\s*\.\s*(?:http(?=[GPHD])|(?=\w+Async\b))(Get|Post|Put|Patch|Delete|Head)\w{0,20}\(/;

/** What gets unless it is told another method: with the address alone, or with options that were written on the spot and tell none. */
function getsBy(callee: string, [, options, ...others]: readonly string[]): boolean {
  if (/(?:^|\.)use\w{0,40}SWR(?:Infinite|Immutable)?$/.test(callee)) return true;
  if (options !== undefined && (others.length || !/\{/.test(options) || /\bmethod\b|\.\.\./.test(options))) return false;
  return options === undefined
    ? /(?:^|\.)\$?(?:use)?(?:o?fetch|axios|got|ky|urlopen|request|RestRequest|Resource|AppendPathSegments?|Get|swr)$|file_get_contents|URI\.open|\bbuild(?:er)?\.query$/i.test(
        callee,
      )
    : /(?:^|\.)\$?(?:use)?o?fetch$/i.test(callee);
}

/** Whether a request that is built is given its method in the same statement, or is ready at its end. */
function isWhole(window: CodeWindow, call: EnclosingCall): boolean {
  if (verbOf(call.callee, false) !== undefined || methodsIn(window, [call]).length > 0) return true;
  const end = endOf(window.code, call.open);
  return /\.\s*(?:build|retrieve|exchange)\w*\(/.test(window.code.slice(end, end + 300).split(';')[0]);
}

/** `conn.post do |req|`, `conn.send(:post) do |req|` around `req.url('/orders')` of Ruby. */
function requestBlock(code: string, { callee, start }: EnclosingCall): Judgement | undefined {
  const name = /^(\w{1,30})\.(?:url|path)$/.exec(callee)?.[1];
  if (name === undefined) return undefined;
  const from = Math.max(0, start - 600);
  const block = [
    ...code.slice(from, start).matchAll(/(?:\.|\(:)(get|post|put|patch|delete|head)\b[^\n]{0,120}\bdo\s*\|\s*(\w{1,30})\s*\|/g),
  ].pop();
  return block?.[2] === name ? { role: 'client', verbs: [block[1].toUpperCase()], at: from + block.index } : undefined;
}

/** `RestClient.get "#{base}/orders"` and `get '/orders'` of Ruby and Elixir. */
function bareCall(code: string, at: number, language: SourceLanguage): readonly EnclosingCall[] {
  if (language !== 'ruby' && language !== 'elixir' && language !== 'groovy') return [];
  const from = code.lastIndexOf('\n', at - 1) + 1;
  const match = /([A-Za-z_@][\w.:@]*[?!]?)\s+(?::\w+,\s*)?(?:[\w.]+\s*\+\s*)?$/.exec(code.slice(Math.max(from, at - 200), at));
  if (!match) return [];
  const start = Math.max(from, at - 200) + match.index;
  const name = start + Math.max(match[1].lastIndexOf('.'), match[1].lastIndexOf(':')) + 1;
  return [{ callee: match[1], start, name, open: at - 1 }];
}

/** `@GetMapping("/x")`, `[HttpGet("x")]`, `#[get("/x")]`. */
function annotationOf(code: string, call: EnclosingCall): boolean {
  if (call.callee.startsWith('@')) return true;
  return /(?:^|[\n,])\s*#?\[\s*(?:[\w., ()]*,\s*)?$/.test(code.slice(Math.max(0, call.start - 120), call.start));
}

function isServing(window: CodeWindow, call: EnclosingCall, language: SourceLanguage, { drawsRoutes }: FileFacts): boolean {
  const { code } = window;
  const { callee } = call;
  if (/^(?:new)?(?:url|uri)/i.test(callee)) return language === 'python' && /^url$/.test(callee);
  const words = wordsOf(callee);
  const isClient = words.some((word) => clientWords.has(word));
  if (serverNames.test(callee) && !isClient && !/path$/i.test(callee)) return true;
  if (/^(?:re_)?path$/.test(callee)) return language === 'python';
  if (serverRoots.test(callee) && !isClient) return true;
  // `orders := api.Group("orders")` above `orders.PUT("lines", …)`
  const router = /^\$?(\w{1,60})(?:\.|->)(?:get|post|put|patch|delete|handlefunc|handle)$/i.exec(callee)?.[1];
  if (
    router !== undefined &&
    new RegExp(`\\b${router}\\s*:?=\\s*[\\w.$]{1,80}(?:\\.|->)(?:[Gg]roup|Subrouter|Route)\\(`).test(code)
  )
    return true;
  if (hasHandler(code, call) && words.some((word) => verbs.has(word))) return true;
  // `get("/orders") { … }` of Ktor, `get '/orders' do` of Sinatra, `get '/orders', to: …` of Rails.
  if (!callee.includes('.') && verbs.has(callee.toLowerCase())) {
    const rest = code.slice(call.open, call.open + 400);
    if (/^\([^()]*\)\s*\{/.test(rest) || /\bto:\s|=>\s*[\ue000-\ue7ff]|\bdo\b/.test(rest.split('\n', 1)[0])) return true;
    return (language === 'ruby' && drawsRoutes) || language === 'kotlin';
  }
  return false;
}

const routed = /\n[ \t]*\.(?:get|post|put|patch|delete)\([^\n]{0,250}\)[ \t]*\n?[ \t]*$/;

/** `.get('/orders', this.list)` below `.get('/cabins', this.cabins)`: clients make no such chains. */
function isRouted(code: string, { callee, start }: EnclosingCall): boolean {
  const members = /^\w*((?:\.(?:get|post|put|patch|delete))+)$/.exec(callee)?.[1];
  return members !== undefined && (/\.\w+\./.test(members) || routed.test(code.slice(Math.max(0, start - 300), start)));
}

/** Methods of routers that no client has, whatever becomes of what they return: routers are kept in variables and given to others. */
const declaring =
  /(?:^|[.:>])(?:(?:handlefunc|map(?:get|post|put|patch|delete|methods|group)|nest|nest_service|pathprefix|add_\w{0,40}?resources?|add_url_rule|add_api_route|include_router|register_blueprint|blueprint|apirouter)|(?<=[.:>])(?:route|group|mount|scope))$/i;
/** Those that in Rust need nothing that they are called on. */
const declaringInRust = /(?:^|[.:>])(?:scope|resource|route)$/;

function declares(code: string, call: EnclosingCall, language: SourceLanguage, isKnown: boolean): boolean {
  const { callee } = call;
  const words = wordsOf(callee);
  if (words.some((word) => clientWords.has(word))) return false;
  if (declaring.test(callee) || (language === 'rust' && declaringInRust.test(callee))) return true;
  if (language === 'php' && callee.startsWith('Route::')) return true;
  return !isKnown && words.some((word) => verbs.has(word)) && hasHandler(code, call);
}

/** A function on the spot that takes a request follows the address. */
function hasHandler(code: string, call: EnclosingCall): boolean {
  const given = argumentsOf(code, call.open);
  return given
    .slice(1)
    .some((each) =>
      /^\s*(?:async\s+)?(?:function\b|\(?\s*(?:\{[^}]*\b(?:params|req|request|cookies)\b[^}]*\}|(?:req|request|ctx|context|c|_req|event|_)\b)[^()=]*\)?\s*(?::[^=]+)?=>|func\s*\(|\|)/.test(
        each.slice(0, 200),
      ),
    );
}

/** The result is waited for, kept, returned or gone on with. */
function isAwaited(code: string, call: EnclosingCall): boolean {
  const before = code.slice(Math.max(0, call.start - 80), call.start);
  if (/(?:\bawait|\breturn|\byield|[=(,?:]|=>|\bfrom\b|\btry)\s*(?:await\s+|new\s+|self\.|this\.)?$/.test(before)) return true;
  const end = endOf(code, call.open);
  return /^\s*(?:\??\.\s*(?:then|pipe|subscribe|catch|toPromise|json|text|body|retrieve|send|execute|await|unwrap|map_err|get|block)|\?|\.await)/.test(
    code.slice(end, end + 120),
  );
}

function endOf(code: string, open: number): number {
  let depth = 0;
  for (let i = open; i < Math.min(code.length, open + 4_000); i++) {
    const char = code[i];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if ((char === ')' || char === ']' || char === '}') && --depth === 0) return i + 1;
  }
  return code.length;
}

/** Words of names: `restTemplate.getForObject` is rest, template, get, for, object. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 300)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Members that are called like a method and ask for something else: `headers.get(`. */
const stores =
  /(?:headers?|params?|config|env|environ|cache|map|store|storage|cookies?|settings|options|props|query|body|state|context|session_?storage)\??(?:\.|->|::)(?:get|put|delete)$/i;

/** `UrlPostToJson`, `doGetOrder`. */
const does = /^(?:url|http|send|do|make|rest|json|web|execute|async)$/;

function verbOf(callee: string, isMark: boolean): string | undefined {
  if (stores.test(callee)) return undefined;
  const members = callee.replace(/\([^()]*\)/g, '').split(/\?\.|\.|->|::/);
  for (const member of members.reverse()) {
    const words = wordsOf(member);
    const found = words.find(
      (word, i) =>
        verbs.has(word) &&
        (i === 0 || i === words.length - 1 || isMark || /^(?:use|api)$/.test(words[0]) || (i === 1 && does.test(words[0]))),
    );
    if (found !== undefined) return found.toUpperCase();
    if (words[0] === 'del' || words[words.length - 1] === 'del') return 'DELETE';
  }
  return undefined;
}

/** Methods that arguments and what follows tell, from the inside out. */
function methodsIn(window: CodeWindow, calls: readonly EnclosingCall[]): readonly string[] {
  const { code, literals } = window;
  for (const { callee, open } of calls) {
    const end = endOf(code, open);
    const inside = code.slice(open, end);
    const found: string[] = [];
    for (const [, member] of inside.matchAll(
      /\b(?:Http)?Method(?:s)?(?:\.|::)?(Get|Post|Put|Patch|Delete|Head|Options)\b|(?<![\w.]):(get|post|put|patch|delete)\b/gi,
    ))
      if (member) found.push(member.toUpperCase());
    // `useMutation('/orders', client.post)`
    const given = /[(,]\s*[\w.]{0,80}\.(get|post|put|patch|delete)\s*[,)]/i.exec(inside)?.[1];
    if (!found.length && given !== undefined) found.push(given.toUpperCase());
    if (!found.length) {
      for (const match of inside.matchAll(/(?:(method|type|verb)\s*[:=]>?\s*)?([\ue000-\ue7ff])/gi)) {
        const text = literals[literalIndex(match[2])]?.text ?? '';
        // `request('post', '/orders')`
        const isFirst = /^\(\s*$/.test(inside.slice(0, match.index)) && /^\s*,/.test(inside.slice(match.index + match[0].length));
        if (verbs.has(text.toLowerCase()) && (match[1] !== undefined || isFirst || text === text.toUpperCase()))
          found.push(text.toUpperCase());
      }
    }
    // `Request.Builder().url(x).post(body)`
    const after =
      /^(?:\s*\??\.\s*(?!get\b)\w+\((?:[^()]|\([^()]*\)){0,200}\)){0,6}?\s*\.\s*(GET|POST|PUT|PATCH|DELETE|Get|Post|Put|Patch|Delete|get|post|put|patch|delete|method)\s*\(\s*([\ue000-\ue7ff])?/.exec(
        code.slice(end, end + 400),
      );
    if (!found.length && after && after[1] !== 'method' && after[1] !== 'get') found.push(after[1].toUpperCase());
    else if (!found.length && after?.[2]) found.push((literals[literalIndex(after[2])]?.text ?? '').toUpperCase());
    if (found.length) return [...new Set(found)];
    // What is around a request may have others.
    if (/\bbuild(?:er)?\.|request|fetch|axios|ajax|http/i.test(callee)) break;
  }
  return [];
}
