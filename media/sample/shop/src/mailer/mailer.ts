// Mails about orders. Bad news goes out at once, as part of the trace that failed; confirmations wait for a batch, which is a trace of
// its own with a link to each order.
import { setImmediate as nextTurn } from 'node:timers/promises';
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
    if (waiting.length >= BATCH_SIZE) void sendBatch();
    else timer ??= setTimeout(sendBatch, BATCH_WAIT_MS);
  });
}

/** Waits for the mails in hand, and sends the confirmations that wait for a batch. */
export async function finishMails(): Promise<void> {
  await nextTurn();
  await sendBatch();
}

async function sendBatch(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const batch = waiting;
  waiting = [];
  if (batch.length > 0) await processing('order.placed', batch, () => Promise.all(batch.map(confirm)));
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
