// A message queue between processes. The launcher is its broker; within one process (demo.ts) messages are handed over directly.
//
// As the conventions for messaging say: the sender's span context travels in the message, so that the receiver can continue or link it.
import { context, type Link, propagation, SpanKind, trace } from '@opentelemetry/api';
import { codeAttributes } from './callSite';

export interface Message {
  readonly queue: string;
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

type Handler = (message: Message) => void;

const tracer = trace.getTracer('shop.queue', '1.4.0');
const handlers = new Map<string, Handler>();
let transport: (message: Message) => void = deliver;
let sent = 0;

/** Messages go to the broker from now on. */
export function useBroker(send: (message: Message) => void): void {
  transport = send;
}

export function subscribe(queue: string, handler: Handler): void {
  handlers.set(queue, handler);
}

/** Hands a message that arrived to who subscribed to its queue. */
export function deliver(message: Message): void {
  const handler = handlers.get(message.queue);
  if (handler) setImmediate(handler, message);
}

/** Sends without waiting for the receiver. `links` name other traces that led to this message. */
export function publish(queue: string, body: unknown, links: Link[] = []): void {
  const id = `${queue}-${process.pid}-${++sent}`;
  const attributes = {
    ...codeAttributes(publish),
    'messaging.system': 'shop-queue',
    'messaging.operation.type': 'send',
    'messaging.destination.name': queue,
    'messaging.message.id': id,
  };
  const span = tracer.startSpan(`${queue} send`, { kind: SpanKind.PRODUCER, attributes, links });
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(context.active(), span), headers);
  transport({ queue, id, headers, body });
  span.end();
}

/** The span context that a message came with, to link to or to continue. */
export function senderOf(message: Message) {
  return propagation.extract(context.active(), message.headers);
}

export function linkToSender(message: Message): Link[] {
  const spanContext = trace.getSpanContext(senderOf(message));
  return spanContext ? [{ context: spanContext, attributes: { 'messaging.message.id': message.id } }] : [];
}
