/**
 * What Tempo says of a trace beside its spans. Whole traces are for the engine; here only what stands around them is looked at, so this takes no longer
 * for a large trace. Source: grafana/tempo pkg/tempopb/tempo.proto (`TraceByIDResponse`: trace 1, metrics 2, status 3, message 4).
 */

import { looksLikeJson } from '../common/http';

export interface AroundTrace {
  /** There is no trace. */
  readonly isEmpty: boolean;
  /** Why it is not whole. */
  readonly partial?: string;
}

/** Bytes of JSON at whose end the status stands, and fields of the message that are looked at. */
const TAIL = 1 << 12;
const MAX_FIELDS = 64;
const MAX_MESSAGE = 500;
/** A length-delimited field. */
const DELIMITED = 2;

const decoder = new TextDecoder();

/** @param isWrapped it is a `TraceByIDResponse` where it is protobuf, and no bare trace */
export function aroundTrace(body: Uint8Array, isWrapped: boolean): AroundTrace {
  if (body.length === 0) return { isEmpty: true };
  if (looksLikeJson(body)) return aroundJson(body);
  return isWrapped ? aroundMessage(body) : { isEmpty: false };
}

function aroundJson(body: Uint8Array): AroundTrace {
  const tail = decoder.decode(body.subarray(Math.max(0, body.length - TAIL)));
  if (body.length < TAIL && /^\s*\{\s*(?:"trace"\s*:\s*\{\s*\}|"batches"\s*:\s*\[\s*\]|\})/.test(tail)) return { isEmpty: true };
  // Behind the trace, so not in a text of it: what follows the last of its brackets.
  const behind = /\]\s*\}\s*,((?:[^\]])*)\}\s*$/.exec(tail)?.[1] ?? '';
  if (!/"status"\s*:\s*"PARTIAL"/.test(behind)) return { isEmpty: false };
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(behind)?.[1] ?? '';
  return { isEmpty: false, partial: message.replaceAll(/\\(.)/g, '$1').slice(0, MAX_MESSAGE) };
}

function aroundMessage(body: Uint8Array): AroundTrace {
  let at = 0;
  let length = 0;
  let isPartial = false;
  let message = '';
  const varint = (): number => {
    let value = 0;
    for (let scale = 1, k = 0; k < 10 && at < body.length; k++, scale *= 128) {
      const byte = body[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  for (let fields = 0; at < body.length && fields < MAX_FIELDS; fields++) {
    const tag = varint();
    const value = varint();
    // Damaged, or of a later version: the decoder says what is wrong with it.
    if (Number.isNaN(tag) || Number.isNaN(value) || ((tag & 7) !== 0 && (tag & 7) !== DELIMITED)) break;
    if ((tag & 7) === 0) {
      if (tag >>> 3 === 3) isPartial = value === 1;
      continue;
    }
    if (tag >>> 3 === 1) length += value;
    if (tag >>> 3 === 4) message = decoder.decode(body.subarray(at, Math.min(at + value, at + MAX_MESSAGE)));
    at += value;
  }
  return { isEmpty: length === 0, ...(isPartial && { partial: message }) };
}
