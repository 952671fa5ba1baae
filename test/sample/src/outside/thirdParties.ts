// The world outside the shop, which sends no spans: a payment gateway that never answers for some cards, and a central bank.
import { setTimeout as pause } from 'node:timers/promises';
import express, { type Express } from 'express';

/** The gateway takes the request for a card that ends in these digits, and stays silent. */
export const SILENT_CARD = '4000 0000 0000 0002';
export const GOOD_CARD = '4242 4242 4242 4242';

export function gatewayApp(): Express {
  const app = express().use(express.json());
  app.post('/v1/charges', async (request, response) => {
    if (request.body.card === SILENT_CARD) return;
    await pause(60);
    response.status(201).json({ id: `ch_${Date.now().toString(36)}` });
  });
  return app;
}

export function centralBankApp(): Express {
  const app = express();
  app.get('/rates', async (_request, response) => {
    await pause(40);
    response.json({ publishedAt: new Date().toISOString().slice(0, 10), rates: { EUR: 1, GBP: 0.86, USD: 1.09 } });
  });
  return app;
}
