// Mails about orders. Bad news goes out at once, as part of the trace that failed; confirmations wait for a batch, which is a trace of
// its own with a link to each order.
import { context, type Link, SpanKind, trace } from '@opentelemetry/api';
import { codeAttributes } from '../shared/callSite';
import { linkToSender, type Message, senderOf, subscribe } from '../shared/queue';
import { recordFailure, traced } from '../shared/traced';

const BATCH_SIZE = 5;
const BATCH_WAIT_MS = 1500;

const tracer = trace.getTracer('shop.mailer', '1.4.0');
let waiting: Message[] = [];
let timer: NodeJS.Timeout | undefined;

export function startMailer(): void {
  subscribe('order.failed', (message) => {
    context.with(senderOf(message), () => void processing('order.failed', [message], () => mail('apology', message)));
  });
  subscribe('order.placed', (message) => {
    waiting.push(message);
    if (waiting.length >= BATCH_SIZE) sendBatch();
    else timer ??= setTimeout(sendBatch, BATCH_WAIT_MS);
  });
}

/** Sends the confirmations that are waiting. */
export function sendBatch(): void {
  clearTimeout(timer);
  timer = undefined;
  const batch = waiting;
  waiting = [];
  if (batch.length > 0) void processing('order.placed', batch, () => Promise.all(batch.map(confirm)));
}

async function processing(queue: string, messages: readonly Message[], work: () => unknown): Promise<void> {
  const links: Link[] = messages.flatMap(linkToSender);
  const attributes = {
    ...codeAttributes(processing),
    'messaging.system': 'shop-queue',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
    'messaging.batch.message_count': messages.length,
  };
  await tracer.startActiveSpan(`${queue} process`, { kind: SpanKind.CONSUMER, attributes, links }, async (span) => {
    try {
      await work();
    } catch (error) {
      recordFailure(span, error);
    } finally {
      span.end();
    }
  });
}

function confirm(message: Message): Promise<string> {
  return traced('render confirmation', { 'messaging.message.id': message.id }, () => mail('confirmation', message));
}

function mail(subject: string, message: Message): string {
  const fields = Object.entries(message.body as Record<string, unknown>);
  return [`Subject: ${subject}`, '', ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
}
