"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.PaymentService = exports.GatewayTimeout = void 0;
// Charges a card. The gateway gets three tries with a growing pause between them.
const promises_1 = require("node:timers/promises");
const http_1 = require("../shared/http");
const traced_1 = require("../shared/traced");
const TRIES = 3;
class GatewayTimeout extends Error {
    name = 'GatewayTimeout';
}
exports.GatewayTimeout = GatewayTimeout;
class PaymentService {
    gateway;
    constructor(gateway) {
        this.gateway = gateway;
    }
    charge(charge) {
        const attributes = {
            'payment.amount': charge.cents / 100,
            'payment.currency': charge.currency,
            'payment.card': charge.card,
            'retry.count': TRIES,
        };
        return (0, traced_1.traced)('PaymentService.charge', attributes, () => this.chargeWithRetries(charge));
    }
    async chargeWithRetries(charge) {
        let cause;
        for (let resend = 0; resend < TRIES; resend++) {
            if (resend > 0)
                await (0, promises_1.setTimeout)(45 * resend);
            try {
                return await this.gateway.post(charge, resend);
            }
            catch (error) {
                if (!(error instanceof http_1.TimeoutError))
                    throw error;
                cause = error;
            }
        }
        throw new GatewayTimeout(`no answer after ${TRIES} tries`, { cause });
    }
}
exports.PaymentService = PaymentService;
//# sourceMappingURL=paymentService.js.map