/**
 * Words of messaging: who sends, who receives. A topic's name stands in both, and in constants, settings and declarations of queues; only the
 * side of the span is meant.
 */

import type { AskedSpan } from '../question/question';
import { wordsOf } from './clients';

export type Side = 'sends' | 'receives';

const sendWords = new Set(
  'publish published publishing publisher produce producer producing send sender sending emit emitter enqueue push dispatch notify convert dispatcher broadcast raise submit schedule writer write xadd outbox perform delay async delayed sink bridge'.split(
    ' ',
  ),
);
const receiveWords = new Set(
  'subscribe subscriber subscription subscribes consume consumer consuming consumes listen listener listeners listening receive receiver received receiving process processor work handle handler handles worker workers poll reader read on each incoming incomingmessage callback pattern observe sqs trigger xread xreadgroup bind'.split(
    ' ',
  ),
);
const neutral = new Set('create declare assert delete purge exists describe'.split(' '));
const sendsOperation = /^(?:publish|produce|send|create|emit|enqueue|push|apply_async|add)/i;
const receivesOperation = /^(?:receive|process|consume|deliver|settle|poll|run|handle|ack)/i;

/** OTLP's number of the kind, else the operation. */
export function sideOf(kind: AskedSpan['kind'], operation: string | undefined): Side | undefined {
  if (kind === 4) return 'sends';
  if (kind === 5) return 'receives';
  if (operation === undefined) return undefined;
  return sendsOperation.test(operation) ? 'sends' : receivesOperation.test(operation) ? 'receives' : undefined;
}

/** Of BullMQ and its kin, and of Trigger.dev. */
const handsOver =
  /(?:queue|jobs?|agenda|boss|flow\w{0,20})(?:\??\.(?:get\w{0,20}|instance|current|default)(?:\(\))?)?\??\.(?:add|addBulk|addJob|now|every|schedule|send|enqueue|create)$|\.(?:t|batchT)rigger(?:AndWait|AndPoll)?$/i;

/** Which side a name of code is on; undefined where it tells nothing, or both. */
export function sideOfName(name: string): Side | 'declares' | undefined {
  if (handsOver.test(name.replace(/<[^()]*$/, '').slice(-80))) return 'sends';
  const words = wordsOf(name);
  const sends = words.some((word) => sendWords.has(word));
  const receives = words.some((word) => receiveWords.has(word));
  if (sends !== receives) return sends ? 'sends' : 'receives';
  if (sends) {
    // `KafkaListenerTemplate.send`: the last word is what is done.
    const last = [...words].reverse().find((word) => sendWords.has(word) || receiveWords.has(word));
    return last === undefined ? undefined : sendWords.has(last) ? 'sends' : 'receives';
  }
  return words.some((word) => neutral.has(word)) ? 'declares' : undefined;
}

/** A name that belongs to messaging at all. */
export function isMessaging(name: string): boolean {
  return /topic|queue|channel|exchange|routing|stream|kafka|rabbit|amqp|sqs|sns|nats|jms|pulsar|broker|message|event|job|task|binding|destination|outlet|mqtt|celery|bull/i.test(
    name,
  );
}
