"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.traced = traced;
exports.recordFailure = recordFailure;
// Spans of the shop's own, around a piece of its work.
const api_1 = require("@opentelemetry/api");
const callSite_1 = require("./callSite");
const tracer = api_1.trace.getTracer('shop', '1.4.0');
/** Runs `work` in a span of this name, which tells the line that asked for it and records what `work` throws. */
async function traced(name, attributes, work) {
    const code = (0, callSite_1.codeAttributes)(traced);
    return tracer.startActiveSpan(name, { attributes: { ...code, ...attributes } }, async (span) => {
        try {
            return await work(span);
        }
        catch (error) {
            recordFailure(span, error);
            throw error;
        }
        finally {
            span.end();
        }
    });
}
function recordFailure(span, error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    span.recordException(failure);
    span.setStatus({ code: api_1.SpanStatusCode.ERROR, message: failure.message });
}
//# sourceMappingURL=traced.js.map