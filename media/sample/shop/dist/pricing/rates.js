"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.rateOf = rateOf;
// Exchange rates of the central bank, asked for anew each time: its answer may be stale, which the span's events tell.
const http_1 = require("../shared/http");
const traced_1 = require("../shared/traced");
function rateOf(currency) {
    return (0, traced_1.traced)('exchange_rate', { 'rate.currency': currency }, async (span) => {
        span.addEvent('cache.miss', { 'cache.key': `rates/${currency}` });
        const answer = await (0, http_1.call)('centralbank', 'GET', '/rates', { query: { base: 'EUR' } });
        span.addEvent('cache.store', { 'rate.published_at': answer.publishedAt });
        return answer.rates[currency] ?? 1;
    });
}
//# sourceMappingURL=rates.js.map