"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.paymentsApp = paymentsApp;
const http_1 = require("../shared/http");
const gatewayClient_1 = require("./gatewayClient");
const paymentService_1 = require("./paymentService");
function paymentsApp() {
    const service = new paymentService_1.PaymentService(new gatewayClient_1.GatewayClient(110));
    const app = (0, http_1.createApp)();
    app.post('/payments', async (request, response) => {
        response.status(201).json(await service.charge(request.body));
    });
    return (0, http_1.answerFailures)(app);
}
//# sourceMappingURL=app.js.map