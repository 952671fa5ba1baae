"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.TimeoutError = exports.UpstreamError = void 0;
exports.call = call;
exports.createApp = createApp;
exports.answerFailures = answerFailures;
// HTTP between the services: a client that throws on an error status, and an Express app that answers JSON.
const api_1 = require("@opentelemetry/api");
const express_1 = __importDefault(require("express"));
const addresses_1 = require("./addresses");
const callSite_1 = require("./callSite");
const spanDetails_1 = require("./spanDetails");
const traced_1 = require("./traced");
class UpstreamError extends Error {
    status;
    name = 'UpstreamError';
    constructor(service, status, request) {
        super(`${service} answered ${status} to ${request}`);
        this.status = status;
    }
}
exports.UpstreamError = UpstreamError;
class TimeoutError extends Error {
    name = 'TimeoutError';
}
exports.TimeoutError = TimeoutError;
/** Asks another service and returns its JSON. */
async function call(service, method, template, options = {}) {
    const path = template.replace(/:(\w+)/g, (_, name) => encodeURIComponent(options.params?.[name] ?? ''));
    const url = new URL(path, (0, addresses_1.addressOf)(service));
    url.search = new URLSearchParams(options.query).toString();
    const details = {
        ...(0, callSite_1.codeAttributes)(call),
        'url.template': template,
        'peer.service': service,
        'http.request.resend_count': options.resendCount || undefined,
    };
    const abort = new AbortController();
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = { 'content-type': 'application/json' };
    const answer = (0, spanDetails_1.withSpanDetails)(details, () => fetch(url, { method, body, headers, signal: abort.signal }));
    const limit = options.timeoutMs ?? 10_000;
    const timer = setTimeout(() => abort.abort(new TimeoutError(`${service} did not answer within ${limit} ms`)), limit);
    try {
        const response = await answer;
        if (!response.ok)
            throw new UpstreamError(service, response.status, `${method} ${template}`);
        return (await response.json());
    }
    finally {
        clearTimeout(timer);
    }
}
/** An app with JSON bodies; the answer names the trace, so that a person can look it up. */
function createApp() {
    const app = (0, express_1.default)();
    app.disable('x-powered-by');
    app.use(express_1.default.json());
    app.use((_request, response, next) => {
        const traceId = api_1.trace.getActiveSpan()?.spanContext().traceId;
        if (traceId)
            response.setHeader('x-trace-id', traceId);
        next();
    });
    return app;
}
/** The last handler of an app: what nobody caught is recorded on the request's span and answered with 500. */
function answerFailures(app) {
    app.use((error, _request, response, _next) => {
        const span = api_1.trace.getActiveSpan();
        if (span)
            (0, traced_1.recordFailure)(span, error);
        response.status(500).json({ error: error instanceof Error ? error.message : String(error) });
    });
    return app;
}
//# sourceMappingURL=http.js.map