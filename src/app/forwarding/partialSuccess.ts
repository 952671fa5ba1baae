/**
 * What an endpoint that took a request did not take of it. Source: opentelemetry-proto, `ExportTracePartialSuccess` and `ExportLogsPartialSuccess` (the same
 * fields): rejected = 1, error_message = 2, in field 1 of the response.
 */

import { ProtoReader } from '../../core/format/proto/protoReader';

export interface PartialSuccess {
  /** Spans or log records. */
  readonly refused: number;
  readonly message: string;
}

const none: PartialSuccess = { refused: 0, message: '' };
const maxMessage = 300;
const LEN = 2;
const VARINT = 0;

/** Never throws: an answer that cannot be read says nothing. @param body protobuf */
export function refusedItems(body: Uint8Array): PartialSuccess {
  const reader = new ProtoReader();
  reader.open(body);
  let found = none;
  try {
    while (reader.at < body.length) {
      const tag = reader.varint(body.length);
      if (tag === ((1 << 3) | LEN)) found = partialOf(reader, reader.limit(body.length));
      else reader.skip(tag, body.length);
    }
    return found;
  } catch {
    return none;
  }
}

function partialOf(reader: ProtoReader, end: number): PartialSuccess {
  let { refused, message } = none;
  while (reader.at < end) {
    const tag = reader.varint(end);
    if (tag === ((1 << 3) | VARINT)) refused = reader.varint(end);
    else if (tag === ((2 << 3) | LEN)) {
      const stop = reader.limit(end);
      message = new TextDecoder().decode(reader.bytes.subarray(reader.at, Math.min(stop, reader.at + maxMessage)));
      reader.at = stop;
    } else reader.skip(tag, end);
  }
  return { refused: Number.isSafeInteger(refused) ? refused : 0, message };
}
