/**
 * What of a span may stand in the source: the name of its function, and texts that a person wrote as a literal (a route, SQL, a topic, the
 * span's own name). Rungs 5 and 6 look for these; the engine collects them from whole traces, so that one search answers for all.
 */

import {
  addressHint,
  callKeys,
  callNeedles,
  cloudFunctionHint,
  isNamedJob,
  jobHint,
  jobNames,
  jobTopics,
  rpcForms,
  rpcHint,
  topicNeedles,
} from './calls/callHints';
import { typedNeedles } from './calls/generatedCalls';
import { frameworkNameKeys, isMiddleware, readFrameworkNames } from './frameworks/frameworkNames';
import { frameworkKeys, frameworkNeedles, readFrameworkTexts } from './frameworks/frameworkTexts';
import { readCodeLocation, textAttribute } from './model/attributes';
import type { NameHint, SourceHints, TextHint, TextKind } from './model/sourceHints';
import { isSql, otherStatement, otherStatementKeys, statementKeys } from './model/statementText';
import type { Relative, SpanSource } from './model/types';
import { looksLikeFunction, parseFunctionName } from './names/functionName';
import { maintenanceNeedles } from './queries/maintenance';
import { queryNeedles } from './queries/needles';
import { operationKeys, queryKeys, readQuery, tableKeys } from './queries/query';
import { procedureOf, sqlNeedles } from './queries/sql';
import { catchAllNeedles, isCatchAll } from './routes/catchAll';
import { likeNeedles } from './routes/likeNamed';
import { nameNeedles as nameNeedlesOfRoute } from './routes/namedRoutes';
import { bindingNeedle } from './routes/protoRoutes';
import { declarationNeedles } from './routes/route';
import { pathsBelowWildcard, routeKeys, routeNameHint, serverRouteHint } from './routes/routeHints';
import { spanNameNeedles } from './spanNames/template';
import { nameNeedles } from './symbols/findSymbols';

/** Of RabbitMQ: beside an exchange, and all that is told of a queue that is sent to. */
const routingKeys: readonly string[] = ['messaging.rabbitmq.destination.routing_key', 'messaging.rabbitmq.routing_key'];
const textKeys: readonly (readonly [string, TextKind])[] = [
  ['http.route', 'route'],
  ['db.query.text', 'sql'],
  ['db.statement', 'sql'],
  // Of Socket.IO, whose destination is a namespace: `/`.
  ['messaging.socket.io.event_name', 'topic'],
  ...routingKeys.map((key) => [key, 'topic'] as const),
  ['messaging.destination.name', 'topic'],
  ['messaging.destination', 'topic'],
];

const methodKeys: readonly string[] = ['http.request.method', 'http.method'];
const databaseKeys: readonly string[] = ['db.operation.name', 'db.operation'];
const messagingKeys: readonly string[] = ['messaging.operation.name', 'messaging.operation.type', 'messaging.operation'];
const moduleKeys: readonly string[] = ['code.module.name', 'code.namespace', 'target'];
const nameKeys: readonly string[] = ['router.name', 'koa.name', 'hook.callback.name'];

/** Attributes that `readHints` looks at: what a collector of hints needs of a span beside its name and scope. */
export const hintKeys: readonly string[] = [
  ...textKeys.map(([key]) => key),
  'code.function.name',
  'code.function',
  ...moduleKeys,
  'rpc.service',
  'rpc.method',
  ...callKeys,
  ...routeKeys,
  ...nameKeys,
  ...frameworkKeys,
  ...frameworkNameKeys,
  ...methodKeys,
  ...databaseKeys,
  ...messagingKeys,
  ...queryKeys,
  ...otherStatementKeys,
];

/** As OTLP numbers them. */
const internal = 1;
const server = 2;
const client = 3;
const producer = 4;
/** Spans around one that are asked. */
const maxAround = 4;
/** A search for twice as many takes no longer: ripgrep looks for all of them at once. */
const maxNeedles = 28;
const maxText = 4_000;

/** @param ancestors of the span, nearest first: what it leaves out, a span around it may say */
export function readHints(span: Span, ancestors: readonly Relative[] = []): SourceHints {
  const method = firstText(span, methodKeys) ?? methodAround(span, ancestors);
  const operation = (firstText(span, databaseKeys) ?? firstText(span, messagingKeys))?.split(/\s/, 1)[0];
  const query = readQuery(span);
  const frameworks = readFrameworkTexts(span, method, ancestors);
  const asked = pathsBelowWildcard(span);
  const below = [...asked.flatMap(({ text }) => declarationNeedles(text)), ...(asked.length ? [bindingNeedle] : [])];
  const needles = [...below, ...(query ? queryNeedles(query, span) : [])];
  const isOwn = frameworks.some((text) => text.isOwn) || isMiddleware(span.attributes);
  return {
    names: [...readFrameworkNames(span.attributes, ancestors), ...readNames(span, isOwn)],
    texts: [
      ...frameworks,
      ...queryTexts(span, query?.from),
      ...readTexts(span, isOwn ? (asked.length ? 'router' : 'framework') : 'any'),
    ],
    ...(needles.length ? { needles } : {}),
    ...(method === undefined ? {} : { method }),
    ...(operation === undefined ? {} : { operation }),
  };
}

/** What handles a request for a framework says its route, and the span of the request its method. */
function methodAround({ attributes, kind }: Span, ancestors: readonly Relative[]): string | undefined {
  if (kind !== internal || textAttribute(attributes, 'http.route') === undefined) return undefined;
  for (const relative of ancestors.slice(0, maxAround)) {
    const method = firstText(relative, methodKeys);
    if (method !== undefined) return method;
  }
  return undefined;
}

/** Where nobody tells the kind, what a span of any kind would mean is looked for. */
type Span = Pick<SpanSource, 'name' | 'attributes' | 'scope' | 'kind'> & { readonly language?: string | undefined };

/** @param isFrameworks the span's name is a framework's */
function readNames(span: Span, isFrameworks: boolean): readonly NameHint[] {
  const { name, attributes, scope, kind } = span;
  const names: NameHint[] = [];
  const functionName = readCodeLocation(attributes)?.functionName;
  if (functionName !== undefined) names.push({ name: functionName, from: 'code.function.name', isStated: true });
  // A job or a component of which only the class is told.
  const jobs = jobNames(span);
  const isJob = jobs.length > 0 || jobHint(span) !== undefined;
  const type = functionName === undefined && !isJob ? textAttribute(attributes, 'code.namespace') : undefined;
  if (type !== undefined && /(?:^|[.:\\])\p{Lu}\w*$/u.test(type))
    names.push({ name: type, from: 'code.namespace', isStated: true });
  for (const key of nameKeys) {
    const text = textAttribute(attributes, key);
    // A router's own layers, and handlers without a name.
    if (text !== undefined && looksLikeFunction(text) && !/^(?:anonymous|router|query|expressInit|jsonParser|bound)$/.test(text))
      names.push({ name: text, from: key, isStated: true });
  }
  names.push(...jobs, ...handlerNames(span));
  const rpc = kind === client ? undefined : rpcOf(name, attributes);
  // Who implements a service calls its methods by the habit of the language.
  if (rpc) {
    const isSnake = /^(?:rust|ruby|elixir)$/.test(span.language ?? '');
    const habit = isSnake ? rpcForms(rpc.method).slice(-1) : [rpc.method[0].toLowerCase() + rpc.method.slice(1)];
    for (const method of new Set(isSnake ? [...habit, rpc.method] : [rpc.method, ...habit]))
      names.push({ name: `${rpc.service}.${method}`, from: 'rpc.method', isStated: false, isRpc: true });
  }
  // It names what others run.
  if (kind === client && rpcOf(name, attributes)) return names;
  if (jobHint(span)) return names;
  const own = name.replace(/\(\)$/, '');
  // What calls an action of PHP for a framework is stated; the action is in the name.
  if (isAction.test(own) && own !== functionName && !isOfModel(span))
    names.push({ name: own, from: 'span name', isStated: false });
  else if (
    functionName === undefined &&
    !isFrameworks &&
    !isOfModel(span) &&
    !isOperation(span, own) &&
    !isNotification(own) &&
    looksLikeFunction(own) &&
    !(isInstrumentation(scope?.name) && !/[\p{Lu}][\p{L}\p{N}_]*[.#:]/u.test(own))
  ) {
    const module = moduleOfSpan(attributes);
    if (module !== undefined && /^[a-z_]\w*$|^\w+(?:::\w+)+$/.test(own))
      names.push({ name: `${module}::${own}`, from: 'span name and its module', isStated: false });
    names.push({ name: own, from: 'span name', isStated: false });
  }
  return names;
}

const isAction = /^(?:\w{1,80}\\){1,8}\w{1,80}(?:->|::)\w{1,80}$/;

/** A message of a mediator or a bus, by the habit of its type's name. */
const message = /(?:^|[\s.+:])(\p{Lu}\w{3,80}(?:Command|Query|Request|Event|Notification|Message))(?:$|[\s,])/u;

/** Behaviours around all handlers and buses of one's own name spans after the type of the message: who handles it is what ran. */
function handlerNames({ name, kind, scope, attributes, language }: Span): readonly NameHint[] {
  const text = name.slice(0, 200);
  const type = message.exec(text)?.[1];
  if (type === undefined || kind === server || kind === producer || isInstrumentation(scope?.name)) return [];
  if (
    /\b(?:publish|send|produce|enqueue|create)\w*\b/i.test(text.replace(type, '')) ||
    textAttribute(attributes, 'db.system') !== undefined
  )
    return [];
  const methods = language === 'dotnet' || language === undefined ? ['Handle', 'HandleAsync'] : ['handle'];
  return methods.map((method) => ({ name: `${type}Handler.${method}`, from: 'the message of the span name', isStated: false }));
}

/**
 * The module that a span of Rust's `tracing` says beside its name, which for `#[instrument]` is the function's.
 * https://docs.rs/tracing-opentelemetry/latest/tracing_opentelemetry/struct.OpenTelemetryLayer.html#method.with_target
 */
function moduleOfSpan(attributes: SpanSource['attributes']): string | undefined {
  const module = firstText({ attributes }, moduleKeys)?.slice(0, 200);
  return module !== undefined && /^[a-z_]\w*(?:::\w+)+$/.test(module) ? module : undefined;
}

/** The class is a model, and its method one that all models have. */
function isOfModel(span: Span): boolean {
  return /active_?record|php\.laravel|eloquent|mongoid/i.test(span.scope?.name ?? '') && readQuery(span)?.model !== undefined;
}

/** A query that is no SQL. @param from the attribute that tells what was asked of a database */
function queryTexts({ name, attributes }: Span, from: string | undefined): readonly TextHint[] {
  const isText =
    statementKeys.some((key) => isSql(textAttribute(attributes, key) ?? '')) || otherStatement(attributes) !== undefined;
  return from === undefined || isText ? [] : [{ kind: 'query', from, text: name }];
}

/**
 * @param of `framework`: its route and its name are no texts that a person wrote, and it tells the route in a notation of its own; `router`: below that
 * another one decides, so that the route is looked for as well
 */
function readTexts(span: Span, of: 'framework' | 'router' | 'any'): readonly TextHint[] {
  const texts: TextHint[] = [];
  const has = (kind: TextKind): boolean => texts.some((each) => each.kind === kind && !routingKeys.includes(each.from));
  for (const [key, kind] of textKeys) {
    const text = textAttribute(span.attributes, key)?.trim().slice(0, maxText);
    // The queue of a job that is named is one of the settings.
    if (text === undefined || has(kind) || (kind === 'topic' && isNamedJob(span))) continue;
    if (kind === 'route' && (of === 'framework' || rpcPath.test(text))) continue;
    if (kind === 'sql' && !isSql(text) && !(isRelational(span) && procedureOf(text) !== undefined)) continue;
    // Express reports all paths of one handler: `/orders/,/:id`.
    texts.push({ kind, from: key, text: kind === 'route' ? text.replace(/(?<=.),\/.*$/s, '') : text });
  }
  // Of amqplib it is the span's name alone that tells the queue.
  const queue = texts.some(({ from }) => routingKeys.includes(from)) ? /^(\S{2,200}) process$/.exec(span.name)?.[1] : undefined;
  if (queue !== undefined && !texts.some(({ text }) => text === queue))
    texts.push({ kind: 'topic', from: 'span name', text: queue });
  const other = otherStatement(span.attributes);
  if (other && !has('sql')) texts.push({ kind: 'sql', from: other.key, text: other.text.trim().slice(0, maxText) });
  // The address of a request that has a route is the caller's.
  const calls = [
    cloudFunctionHint(span),
    has('route') ? undefined : addressHint(span),
    rpcHint(span, rpcOf(span.name, span.attributes)),
    jobHint(span),
  ];
  texts.unshift(...calls.filter((hint) => hint !== undefined), ...jobTopics(span));
  if (of !== 'any') return texts;
  const name = span.name.trim().slice(0, maxText);
  const route = has('route') || rpcPath.test(name) ? undefined : serverRouteHint(span);
  const named = route && routeNameHint(span);
  if (route) texts.push(...(named ? [named] : []), route);
  else if (
    name.length >= 3 &&
    !isMethod(name) &&
    !isOperation(span, name) &&
    !rpcPath.test(name) &&
    !isInstrumentation(span.scope?.name) &&
    !isNotification(name)
  )
    texts.push({ kind: 'spanName', from: 'span name', text: name });
  return texts;
}

/** Whose statement may be the name of a stored procedure alone. */
function isRelational(span: Span): boolean {
  return /sql|oracle|db2|maria|sybase/i.test(firstText(span, ['db.system.name', 'db.system']) ?? '');
}

/** A span of a database that is called like what it does: `SELECT`, as a word, stands in every file of SQL. */
function isOperation({ attributes }: Span, name: string): boolean {
  // Drivers of .NET call it like the database.
  if (['db.name', 'db.namespace'].some((key) => textAttribute(attributes, key) === name)) return true;
  // `Order.find` of a collection and a command.
  const [table, verb] = /^\w+\.\w+$/.test(name) ? name.split('.') : [undefined, name];
  const isSaid = (text: string, keys: readonly string[]): boolean =>
    keys.some((key) => textAttribute(attributes, key)?.toUpperCase() === text.toUpperCase());
  return /^\w+$/.test(verb) && isSaid(verb, operationKeys) && (table === undefined || isSaid(table, tableKeys));
}

/** `/shop.CartService/AddItem`, as gRPC calls it over HTTP; some put the method or their own name before it. */
const rpcPath = /^(?:POST |grpc\.)?\/?((?:[\w]+\.)+[\p{Lu}]\w*)\/([\p{L}]\w*)$/u;

function rpcOf(
  name: string,
  attributes: SpanSource['attributes'],
): { readonly service: string; readonly method: string } | undefined {
  const full = textAttribute(attributes, 'rpc.method');
  const service = textAttribute(attributes, 'rpc.service');
  // The newest conventions put both into the method; what speaks it over plain HTTP tells the path alone.
  const [, inName, ofName] =
    rpcPath.exec(full ?? '') ??
    rpcPath.exec(textAttribute(attributes, 'http.route') ?? '') ??
    rpcPath.exec(name) ??
    rpcPath.exec(pathOf(attributes)) ??
    [];
  if (inName !== undefined) return { service: inName, method: ofName };
  return full !== undefined && service !== undefined && /^[\p{L}]\w*$/u.test(full) ? { service, method: full } : undefined;
}

function pathOf(attributes: SpanSource['attributes']): string {
  const url = firstText({ attributes }, ['url.path', 'http.target', 'url.full', 'http.url'])?.slice(0, maxText) ?? '';
  return url
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .replace(/[?#].*$/s, '')
    .replace(/^.*(?=\/[^/]+\/[^/]+$)/s, '');
}

function isMethod(name: string): boolean {
  return /^(?:HTTP )?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE)(?: \/\S*)?$/.test(name);
}

/** What Rails and its kin notify of: who subscribes to it names spans after it, and did not make what it tells of. */
function isNotification(name: string): boolean {
  return /^!?\w{1,60}[?!]?\.(?:active_(?:record|job|support|storage|model_serializers)|action_(?:controller|view|dispatch|mailer|mailbox|cable)|railties|sequel|rom|graphql|faraday|sidekiq)$/.test(
    name.slice(0, 120),
  );
}

/** Spans of an instrumentation are named by it; of annotations, by the user. */
function isInstrumentation(scope: string | undefined): boolean {
  return (
    scope !== undefined &&
    /^@opentelemetry\/|^opentelemetry[._]|^io\.opentelemetry\.|^go\.opentelemetry\.io\/|\/otel[a-z]+$|^@\w+\/otel$|^OpenTelemetry[.:]|^(?:Microsoft|System|MongoDB|StackExchange|Oracle|Elastic|Npgsql|MySqlConnector)(?:\.|$)|^next\.js$|[./-]instrumentation[./]/i.test(
      scope,
    ) &&
    !/annotations/.test(scope)
  );
}

function firstText({ attributes }: Pick<Span, 'attributes'>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textAttribute(attributes, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The fixed strings, each on one line, that a search of the workspace's source has to look for so that all hints can be judged. */
export function needlesOf(hints: SourceHints): readonly string[] {
  const byName = (isStated: boolean): readonly string[] =>
    hints.names.filter((hint) => hint.isStated === isStated).flatMap(({ name }) => nameNeedles(parseFunctionName(name)));
  const byText = (isName: boolean): readonly string[] =>
    hints.texts.filter(({ kind }) => (kind === 'spanName') === isName).flatMap(needlesOfText);
  // Most telling first: what a span is called is often no text of the user's.
  const typed = hints.texts.flatMap((hint) => (hint.kind === 'url' && hints.method ? typedNeedles(hint, hints.method) : []));
  const alike = hints.texts.flatMap(({ kind, text }) => (kind === 'route' ? likeNeedles(text) : []));
  const all = [
    ...byName(true),
    ...byText(false),
    ...(hints.needles ?? []),
    ...byName(false),
    ...byText(true),
    ...alike,
    ...typed,
  ].filter((needle) => needle.length >= 3 && needle.length <= 200 && !/[\r\n]/.test(needle));
  return [...new Set(all)].slice(0, maxNeedles);
}

function needlesOfText(hint: TextHint): readonly string[] {
  const { kind, text } = hint;
  switch (kind) {
    case 'route':
      return [...declarationNeedles(text), ...nameNeedlesOfRoute(text), ...(isCatchAll(text) ? catchAllNeedles(text) : [])];
    case 'sql':
      return [...maintenanceNeedles(text), ...sqlNeedles(text)];
    case 'spanName':
      return spanNameNeedles(text);
    case 'topic':
      return topicNeedles(text);
    case 'query':
      return [];
    case 'fileRoute':
    case 'view':
    case 'graphql':
    case 'procedure':
      return frameworkNeedles(hint);
    case 'url':
    case 'job':
    case 'namedJob':
    case 'faas':
    case 'command':
    case 'rpcCall':
      return callNeedles(hint);
  }
}
