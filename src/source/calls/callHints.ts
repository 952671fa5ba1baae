/**
 * What a span of a client, a producer, a job or a function in a cloud says: addresses in several attributes, the class of a job, the method of a
 * remote service. Who calls and who serves say the same of themselves; the kind of the span tells which side it is.
 */

import { textAttribute } from '../model/attributes';
import type { NameHint, TextHint } from '../model/sourceHints';
import type { SpanSource } from '../model/types';
import { addressNeedles } from './address';

type Span = Pick<SpanSource, 'name' | 'attributes' | 'scope' | 'kind'>;

const clientKind = 3;
const serverKind = 2;
const producerKind = 4;

/** Most telling first: a template tells which parts change. */
const addressKeys: readonly string[] = ['url.template', 'url.full', 'http.url'];
const hostKeys: readonly string[] = ['server.address', 'net.peer.name', 'http.host', 'net.peer.ip'];
const methodKeys: readonly string[] = ['http.request.method', 'http.method'];
const pathKeys: readonly string[] = ['url.path', 'http.target'];
/** Micrometer's, of a client as of a server; only a client has a name. */
const micrometer = { uri: 'uri', client: 'client.name' };

/** The class or the function of a job, and its method that does the work where only a class is told. */
const jobKeys: Readonly<Record<string, string>> = {
  'celery.task_name': '',
  'messaging.sidekiq.job_class': 'perform',
  'messaging.resque.job_class': 'perform',
  'messaging.que.job_class': 'run',
  'oban.job.worker': 'perform',
  'messaging.oban.worker': 'perform',
  'messaging.shoryuken.job_class': 'perform',
  'messaging.delayed_job.name': 'perform',
  'messaging.message.job_name': 'handle',
  'messaging.message.job_class': 'handle',
  'messaging.symfony.handler': '__invoke',
  'messaging.masstransit.consumer_type': 'Consume',
  'nservicebus.handler.handler_type': 'Handle',
  'job.type': 'Execute',
  'remoulade.actor_name': '',
  'dramatiq.actor_name': '',
  'rq.job.func_name': '',
  'rq.job.function': '',
  'rq.job.func': '',
  'messaging.rq.job.function': '',
  'huey.task.name': '',
  'huey.task_name': '',
  'arq.job.function': '',
  'taskiq.task_name': '',
  'apscheduler.job.func': '',
  'apscheduler.job.func_ref': '',
  'hangfire.job.type': '',
  'spring.cloud.task.runner.bean-name': '',
  'ctx.task.exportName': '',
};
/** Trigger.dev tells the task of all spans of a run; these are of the task itself. */
const ofTask = /^(?:Attempt \d+|run\(\))$/;

/** The class of what Symfony's Messenger carries: who sends it makes one, who handles it is given one. */
const messageKeys: readonly string[] = ['messaging.message', 'symfony.messenger.message', 'messaging.symfony.message_class'];
/** The type of what a bus of another language carries, as it tells it; Foundatio's last. */
const typeKeys: readonly string[] = [
  'messaging.masstransit.message_types',
  'nservicebus.enclosed_message_types',
  'messaging.message.type',
  'messaging.message_type',
  'messaging.message.class',
  'axon.message.type',
  'axon_payload_type',
  'paramore.brighter.request_type',
  'MessageType',
  'EntryType',
  'WorkItemType',
];
/** `Queue: PayBill`, `Work Item: Acme.PayBill, Acme`, `PayBill process`. */
const typedName =
  /^(?:[Qq]ueue|[Mm]essage|[Ww]ork ?[Ii]tem|[Ee]vent|[Cc]ommand|[Hh]andle[rs]?|[Cc]onsume[rs]?|[Pp]rocess(?:ing)?)(?::\s*|\s+)([\w.+]{4,200})(?:,|$)|^([\w.+]{4,200}) (?:process|receive|consume|handle|handler)$/;

/** The type of the message that a span handles or sends. */
function typeOf({ name, attributes, scope }: Span): { readonly from: string; readonly text: string } | undefined {
  const isOwn = !/^@opentelemetry\/|^opentelemetry[._]|^io\.opentelemetry\.|^OpenTelemetry::/.test(scope?.name ?? '');
  const key = typeKeys.find((each) => textAttribute(attributes, each) !== undefined);
  const match = key === undefined && isOwn ? typedName.exec(name.slice(0, 300)) : null;
  const whole =
    key === undefined
      ? (match?.[1] ?? match?.[2])
      : textAttribute(attributes, key)
          ?.slice(0, 300)
          .split(/[,;[\s]/, 1)[0];
  const text = /(?:^|[.:+\\])(\p{Lu}\w{3,80})$/u.exec(whole ?? '')?.[1];
  // One word in a name is a word like any other.
  return text === undefined || (key === undefined && !/\p{Ll}\p{Lu}/u.test(text))
    ? undefined
    : { from: key ?? 'span name', text };
}

/** Of Rake. */
const taskKey = 'rake.task';
/** Of BullMQ and its kin; of Trigger.dev and Inngest. */
const jobNameKeys: readonly string[] = [
  'messaging.bullmq.job.name',
  'bullmq.job.name',
  'job.name',
  'messaging.bull.job.name',
  'bull.job.name',
  'agenda.job.name',
  'task.id',
  'trigger.task.id',
  'inngest.function.id',
  'inngest.fn.id',
];

const cloudKeys = {
  names: ['faas.invoked_name', 'faas.name'],
  arns: ['aws.lambda.invoked_arn', 'faas.id', 'cloud.resource_id'],
  marks: ['faas.trigger', 'faas.invocation_id', 'faas.execution', 'faas.coldstart'],
};

export const callKeys: readonly string[] = [
  ...addressKeys,
  ...hostKeys,
  ...pathKeys,
  ...Object.values(micrometer),
  ...Object.keys(jobKeys),
  ...jobNameKeys,
  'ctx.task.id',
  ...messageKeys,
  ...typeKeys,
  ...Object.values(cloudKeys).flat(),
  taskKey,
  'rpc.system',
  'rpc.system.name',
  'messaging.system',
];

/** The address that a client called; undefined of a server's span. */
export function addressHint({ name, attributes, kind }: Span): TextHint | undefined {
  if (kind === serverKind) return undefined;
  const [template, full, old] = addressKeys.map((key) => textAttribute(attributes, key));
  const isClient = kind === clientKind || textAttribute(attributes, micrometer.client) !== undefined;
  const uri = isClient ? textAttribute(attributes, micrometer.uri) : undefined;
  if (template !== undefined) return address('url.template', template);
  if (uri !== undefined && /^(?:\/|https?:)/.test(uri)) return address(micrometer.uri, uri);
  if (full !== undefined) return address('url.full', full);
  if (old !== undefined) return address('http.url', old);
  if (!isClient) return undefined;
  for (const key of pathKeys) {
    const path = textAttribute(attributes, key);
    if (path === undefined) continue;
    const host = hostKeys.map((each) => textAttribute(attributes, each)).find((each) => each !== undefined);
    return address(key, host === undefined || !path.startsWith('/') ? path : `http://${host}${path}`);
  }
  const inName = /^(?:HTTP )?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\/\S+|https?:\S+)$/.exec(
    name.trim().slice(0, 2_000),
  )?.[1];
  if (inName !== undefined) return address('span name', inName);
  // Its host and its method are all that some tell.
  const host = hostKeys.map((each) => textAttribute(attributes, each)).find((each) => each !== undefined);
  const isHttp = methodKeys.some((key) => textAttribute(attributes, key) !== undefined);
  return host !== undefined && isHttp && /^[\w.:-]{3,200}$/.test(host) ? address('server.address', `http://${host}`) : undefined;
}

function address(from: string, text: string): TextHint {
  return { kind: 'url', from, text: text.trim().slice(0, 2_000) };
}

/** `shop.tasks.send_mail`, `App\Jobs\SendMail`, and the member that runs it. */
function jobOf({
  name,
  attributes,
  scope,
  kind,
}: Span): { readonly from: string; readonly name: string; readonly member: string } | undefined {
  for (const [key, member] of Object.entries(jobKeys)) {
    if (key.startsWith('ctx.') && !ofTask.test(name) && name !== textAttribute(attributes, 'ctx.task.id')) continue;
    // RQ writes the function with what it is given; APScheduler its module before a colon.
    const text = textAttribute(attributes, key)
      ?.slice(0, 300)
      .split(/[,(]/, 1)[0]
      .trim()
      .replace(/^([\w.]+):(\w+)$/, '$1.$2');
    if (text !== undefined && isName(text))
      // Delayed Job's own jobs name what they call; those of Active Job on it name their class.
      return { from: key, name: text, member: key.includes('delayed') && /[#.]/.test(text) ? '' : member };
  }
  const type = textAttribute(attributes, 'code.namespace');
  const isActiveJob = textAttribute(attributes, 'messaging.system') === 'active_job' || /ActiveJob/.test(scope?.name ?? '');
  if (type !== undefined && isActiveJob && textAttribute(attributes, 'code.function') === undefined && isName(type))
    return { from: 'code.namespace', name: type, member: 'perform' };
  const message = isHandOver(name) || kind === producerKind ? messageOf(attributes) : undefined;
  if (message) return { ...message, member: '' };
  const hangfire = /^JOB ([\w.+]{3,200})$/.exec(name)?.[1];
  if (hangfire !== undefined) return { from: 'span name', name: hangfire, member: '' };
  const temporal = /^(?:Start|Run|SignalWithStart|Execute)(?:Workflow|Activity|ChildWorkflow):([\w.]{3,200})$/.exec(name)?.[1];
  // Queues of Python write what is done before the function: `run/shop.tasks.send_mail`.
  const queued =
    temporal ??
    /^(?:run|process|execute|perform|async_task|enqueue|schedule|apply_async)\/((?:[a-z_]\w{0,60}\.){1,8}\w{1,80})$/.exec(
      name,
    )?.[1];
  return queued === undefined ? undefined : { from: 'span name', name: queued, member: '' };
}

function messageOf(attributes: Span['attributes']): { readonly from: string; readonly name: string } | undefined {
  for (const from of messageKeys) {
    const name = textAttribute(attributes, from)?.trim();
    if (name?.includes('\\') && isName(name)) return { from, name };
  }
  return undefined;
}

function isName(text: string): boolean {
  return text.length <= 200 && /^[\p{L}_][\p{L}\p{N}_.:\\#+$]*$/u.test(text);
}

/** Whether the class or the function of a job is told. */
export function isNamedJob(span: Span): boolean {
  return jobOf(span) !== undefined;
}

/** The function that runs a job; none of the span that hands it over. */
export function jobNames(span: Span): readonly NameHint[] {
  // What a job of Quartz does for Spring.
  const type = /quartz/.test(span.scope?.name ?? '') ? textAttribute(span.attributes, 'code.namespace') : undefined;
  if (type !== undefined && textAttribute(span.attributes, 'code.function') === 'execute')
    return [{ name: `${type.slice(0, 300)}.executeInternal`, from: 'code.namespace', isStated: true }];
  const job = span.kind === producerKind || isHandOver(span.name) ? undefined : jobOf(span);
  if (!job) return [];
  // Spring's runners by their beans: a class, or the function that makes one.
  if (job.from.endsWith('bean-name')) {
    const type = job.name.slice(0, 1).toUpperCase() + job.name.slice(1);
    return [`${type}.run`, job.name].map((name) => ({ name, from: job.from, isStated: true }));
  }
  // Mails and notifications of Laravel are jobs as well.
  const of = /\\(Mail|Notification)s?\\/.exec(job.member === 'handle' ? job.name : '')?.[1];
  if (of !== undefined)
    return (of === 'Mail' ? ['build', 'content'] : ['toMail', 'via']).map((name) => ({
      name: `${job.name}::${name}`,
      from: job.from,
      isStated: true,
    }));
  const member = job.member === '' ? '' : `${job.name.includes('\\') ? '::' : '.'}${job.member}`;
  return [{ name: `${job.name}${member}`, from: job.from, isStated: true }];
}

/** The job that a span hands over. */
export function jobHint(span: Span): TextHint | undefined {
  const job = span.kind === producerKind || isHandOver(span.name) ? jobOf(span) : undefined;
  return job && { kind: 'job', from: job.from, text: job.name };
}

/** The name of a job within its queue; and a command of Laravel's console. */
export function jobTopics(span: Span): readonly TextHint[] {
  const { name, attributes, scope } = span;
  const hints: TextHint[] = [];
  // `BatchJob nightly.load.Chunk` of Spring Batch: a job and its step are called so where they are built.
  const [, built, step] = /spring-batch/.test(scope?.name ?? '')
    ? (/^BatchJob ([^\s.]{3,80})(?:\.([^\s.]{3,80}))?/.exec(name) ?? [])
    : [];
  if (built !== undefined) hints.push({ kind: 'spanName', from: 'span name', text: step ?? built });
  // A job may be registered under another name than its function's.
  const own = span.kind === producerKind || isHandOver(name) ? undefined : jobOf(span);
  if (own && /[.:-]/.test(own.name)) hints.push({ kind: 'topic', from: own.from, text: own.name });
  const key = jobNameKeys.find((each) => textAttribute(attributes, each) !== undefined);
  const job = key === undefined ? undefined : textAttribute(attributes, key);
  if (key !== undefined && job !== undefined && !job.startsWith('__') && job.length <= 200)
    hints.push({ kind: span.kind === producerKind || isHandOver(name) ? 'topic' : 'namedJob', from: key, text: job });
  const message = isHandOver(name) || span.kind === producerKind ? undefined : messageOf(attributes);
  if (message) hints.push({ kind: 'namedJob', from: message.from, text: message.name });
  const type = message || own || job !== undefined ? undefined : typeOf(span);
  if (type) hints.push({ kind: isHandOver(name) || span.kind === producerKind ? 'job' : 'namedJob', ...type });
  const command = /^(?:Command |console |(?:php )?bin\/console )?([a-z][\w.-]*(?::[\w.-]+)+|(?<=Command )[\w.-]+)$/.exec(
    name.slice(0, 200),
  )?.[1];
  if (command !== undefined && /laravel|symfony|console|\.php\.|instrumentation-bundle/i.test(scope?.name ?? ''))
    hints.push({ kind: 'command', from: 'span name', text: command });
  // Django's and Rake's, by the words of their command lines.
  const other =
    /^(?:\S{0,40}python\S{0,10} )?(?:\.\/)?manage\.py (\w{3,60})\b/.exec(name)?.[1] ?? textAttribute(attributes, taskKey);
  if (other !== undefined && other.length <= 100) hints.push({ kind: 'command', from: 'span name', text: other });
  return hints;
}

function isHandOver(name: string): boolean {
  return /^(?:DISPATCH|SEND|create|publish|send) [A-Z]\w*\\|^(?:(?:apply_async|async_task|enqueue|schedule)\/|Start(?:Workflow|Activity)|SignalWithStart|StartChildWorkflow)|^(?:publish|enqueue) | (?:publish|create|enqueue|send)$/.test(
    name,
  );
}

/** The function of a cloud that ran; of one that was called, the name that the call has. */
export function cloudFunctionHint({ name, attributes, kind }: Span): TextHint | undefined {
  const first = (keys: readonly string[]): { readonly from: string; readonly text: string } | undefined => {
    for (const from of keys) {
      const text = textAttribute(attributes, from)?.trim().slice(0, 300);
      if (text) return { from, text };
    }
    return undefined;
  };
  const arn = first(cloudKeys.arns);
  const inArn = arn && /:function:([\w-]{1,140})/.exec(arn.text)?.[1];
  const stated = first(cloudKeys.names) ?? (arn && inArn ? { from: arn.from, text: inArn } : undefined);
  if (stated) return { kind: kind === clientKind || kind === producerKind ? 'topic' : 'faas', ...stated };
  if (!first(cloudKeys.marks) || kind === clientKind || !/^[\w-]{3,140}$/.test(name)) return undefined;
  return { kind: 'faas', from: 'span name', text: name };
}

/** As its settings may call it: without the application, the service and the stage that stand before it (`shop-dev-create`), and what a stack puts behind. */
export function cloudFunctionNames(text: string): readonly string[] {
  const whole = text.split('/').pop() ?? '';
  const parts = whole.split('-').filter((part) => part !== '');
  const isMade = parts.length > 1 && /^(?=.*\d)[A-Z0-9]{8,}$/i.test(parts[parts.length - 1]);
  const own = isMade ? parts.slice(0, -1) : parts;
  const names = [whole, own.join('-'), own.slice(2).join('-'), own.slice(1).join('-'), own[own.length - 1] ?? ''];
  const plain = names.flatMap((name) => [name, name.replace(/[A-F0-9]{8}$/, '')]);
  return [...new Set(plain)].filter((name) => name.length >= 3 && /^[\w-]+$/.test(name)).slice(0, 5);
}

/** The method of a remote service that a client called. */
export function rpcHint(
  { kind }: Span,
  rpc: { readonly service: string; readonly method: string } | undefined,
): TextHint | undefined {
  return kind === clientKind && rpc ? { kind: 'rpcCall', from: 'rpc.method', text: `${rpc.service}/${rpc.method}` } : undefined;
}

/** The forms in which languages write a method's name: as it is, `getOrder`, `get_order`. */
export function rpcForms(method: string): readonly string[] {
  const camel = method.slice(0, 1).toLowerCase() + method.slice(1);
  const snake = method
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
  const pascal = method.slice(0, 1).toUpperCase() + method.slice(1);
  return [...new Set([method, pascal, camel, snake])];
}

/** `SendMail` of `App\Jobs\SendMail`, `OrderJob` and `Run` of `OrderJob.Run`. */
export function jobWords(name: string): readonly string[] {
  const parts = name.split(/[.:\\#+$]+/).filter((part) => part !== '');
  const last = parts[parts.length - 1] ?? '';
  const before = parts[parts.length - 2];
  return before !== undefined && /^(?:perform|run|execute|handle|call|process|invoke|\w{1,3})$/i.test(last)
    ? [before, last]
    : [last];
}

/** A short word stands everywhere: between quotes first. */
export function topicNeedles(text: string): readonly string[] {
  return /^\w{1,12}$/.test(text) ? [`'${text}'`, `"${text}"`, text] : [text];
}

export function callNeedles(hint: TextHint): readonly string[] {
  switch (hint.kind) {
    case 'url':
      return addressNeedles(hint);
    case 'job':
      return jobWords(hint.text).slice(0, 1);
    case 'namedJob':
      return [hint.text.slice(hint.text.lastIndexOf('\\') + 1)];
    case 'faas':
      return cloudFunctionNames(hint.text);
    case 'command':
      return [hint.text.slice(hint.text.lastIndexOf(':') + 1), hint.text];
    case 'rpcCall':
      return rpcForms(hint.text.slice(hint.text.lastIndexOf('/') + 1));
    default:
      return [];
  }
}
