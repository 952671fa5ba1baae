/** Names of OTLP's enums, which protobuf's own JSON has in place of numbers. Source: opentelemetry/proto/trace/v1/trace.proto (v1.11.0). */

import { KeyTable } from '../json/keys';

export const kindNames = new KeyTable({
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
});
export const statusNames = new KeyTable({ STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 });
