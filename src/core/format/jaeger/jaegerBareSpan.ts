/**
 * A span of Jaeger's alone, as people copy one out of a trace: its process stands elsewhere, so that its service is not known.
 * Source: jaegertracing/jaeger internal/uimodel/model.go.
 */

import type { DocumentKind } from '../documents/kind';
import { jaegerTrace } from './jaegerTrace';

export const jaegerBareSpan: DocumentKind = {
  format: 'jaeger',
  is: ({ traceID, spanID, operationName, process, processID, startTime }) =>
    typeof traceID === 'string' &&
    typeof spanID === 'string' &&
    operationName !== undefined &&
    typeof processID === 'string' &&
    process === undefined &&
    typeof startTime === 'number',
  translate: (span) => jaegerTrace([span]),
};
