/** Requests of OTLP, in protobuf or JSON, as what a sink takes. Whatever brings them: HTTP, or gRPC after its frame. */

import { SpanhopError } from '../../base/errors';
import type { Steps } from '../../base/steps';
import { type DecodeResult, decodingBytes } from '../../core/format/format';
import { decodeLogs } from '../../core/format/otlp/otlpLogs';
import { isWholeMessage } from '../../core/format/proto/wholeMessage';
import { isZipkinList } from '../../core/format/zipkin/zipkinProto';
import type { StringTable } from '../../core/model/strings';
import type { RecordExport, SpanExport } from '../sink';
import type { Encoding } from './answers';
import { spansSentAsJson, spansSentAsProto, zipkinSpansSent } from './sentSpans';

const NAME = 'The request';

/** Of an `ExportTraceServiceRequest`; JSON may be of any format in which tools write spans, and protobuf of Zipkin's. */
export function spanExport(body: Uint8Array, encoding: Encoding): SpanExport {
  if (encoding === 'protobuf' && isZipkinList(body)) return zipkinExport(body);
  return {
    otlp: encoding === 'protobuf' ? body : undefined,
    sent: () => (encoding === 'json' ? spansSentAsJson(body) : spansSentAsProto(body)),
    *decode(strings): Steps<DecodeResult> {
      if (encoding === 'protobuf' && !isWholeMessage(body)) {
        throw new SpanhopError('BadData', `The body (${body.length} bytes) is not an ExportTraceServiceRequest.`);
      }
      const result = yield* encoding === 'json'
        ? decodingJson(body, strings)
        : decodingBytes(body, { strings, name: NAME, format: 'otlp-proto' });
      const { spanCount, otherSignals, format } = result;
      // What holds other signals is put where it belongs.
      if (spanCount === 0 && otherSignals.logs + otherSignals.metrics > 0) return result;
      const unreadable = result.defects.find((defect) => defect.kind === 'unreadable');
      if (unreadable && (spanCount === 0 || (format === 'otlp-json' && encoding === 'json' && !isJson(body)))) {
        throw new SpanhopError('BadData', unreadable.message);
      }
      return result;
    },
  };
}

/** Of a `ListOfSpans`. */
function zipkinExport(body: Uint8Array): SpanExport {
  return {
    otlp: undefined,
    sent: () => zipkinSpansSent(body),
    *decode(strings): Steps<DecodeResult> {
      const result = yield* decodingBytes(body, { strings, name: NAME, format: 'zipkin-proto' });
      const unreadable = result.defects.find(({ kind }) => kind === 'unreadable');
      if (unreadable && result.spanCount === 0) throw new SpanhopError('BadData', unreadable.message);
      return result;
    },
  };
}

/** What begins so late that no format is found is read as OTLP; if nothing comes of that, it is none. */
function* decodingJson(bytes: Uint8Array, strings: StringTable): Steps<DecodeResult> {
  try {
    return yield* decodingBytes(bytes, { strings, name: NAME });
  } catch (error) {
    if (!(error instanceof SpanhopError && error.kind === 'BadData')) throw error;
    const result = yield* decodingBytes(bytes, { strings, name: NAME, format: 'otlp-json' });
    if (result.spanCount + result.otherSignals.logs + result.otherSignals.metrics === 0) throw error;
    return result;
  }
}

/** Of an `ExportLogsServiceRequest`. */
export function recordExport(body: Uint8Array, encoding: Encoding): RecordExport {
  return {
    otlp: encoding === 'protobuf' ? body : undefined,
    decode() {
      const found = decodeLogs(body, encoding, 'others', 'all');
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
