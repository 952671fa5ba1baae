/** Requests of OTLP, in protobuf or JSON, as what a sink takes. Whatever brings them: HTTP, or gRPC after its frame. */

import { SpanhopError } from '../../base/errors';
import type { Steps } from '../../base/steps';
import { type DecodeResult, decodingBytes } from '../../core/format/format';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import { isWholeMessage } from '../../core/format/proto/wholeMessage';
import type { RecordExport, SpanExport } from '../sink';
import type { Encoding } from './answers';
import { spansSentAsJson, spansSentAsProto } from './sentSpans';

/** Of an `ExportTraceServiceRequest`. */
export function spanExport(body: Uint8Array, encoding: Encoding): SpanExport {
  return {
    otlp: encoding === 'protobuf' ? body : undefined,
    sent: () => (encoding === 'json' ? spansSentAsJson(body) : spansSentAsProto(body)),
    *decode(strings): Steps<DecodeResult> {
      if (encoding === 'protobuf' && !isWholeMessage(body)) {
        throw new SpanhopError('BadData', `The body (${body.length} bytes) is not an ExportTraceServiceRequest.`);
      }
      const format = encoding === 'json' ? 'otlp-json' : 'otlp-proto';
      const result = yield* decodingBytes(body, { strings, name: 'The request', format });
      const unreadable = result.defects.find((defect) => defect.kind === 'unreadable');
      if (unreadable && (result.spanCount === 0 || (encoding === 'json' && !isJson(body)))) {
        throw new SpanhopError('BadData', unreadable.message);
      }
      return result;
    },
  };
}

/** Of an `ExportLogsServiceRequest`. */
export function recordExport(body: Uint8Array, encoding: Encoding): RecordExport {
  return {
    otlp: encoding === 'protobuf' ? body : undefined,
    decode() {
      const found = decodeLogs(body, encoding, 'others');
      if (found.total === 0 && found.unreadable > 0) {
        throw new SpanhopError('BadData', `The body (${body.length} bytes) is not an ExportLogsServiceRequest.`);
      }
      return found;
    },
  };
}

/** Only asked about bodies that turned out to be damaged. */
function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    return false;
  }
}
