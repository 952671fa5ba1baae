// Takes the money.
import type { Express } from 'express';
import { answerFailures, createApp } from '../shared/http';
import { GatewayClient } from './gatewayClient';
import { PaymentService } from './paymentService';

export function paymentsApp(): Express {
  const service = new PaymentService(new GatewayClient(110));
  const app = createApp();

  app.post('/payments', async (request, response) => {
    response.status(201).json(await service.charge(request.body));
  });

  return answerFailures(app);
}
