// What a basket costs. This service still sends the older names of the code attributes.
import type { Express } from 'express';
import { answerFailures, createApp } from '../shared/http';
import { applyDiscounts } from './discounts';
import { rateOf } from './rates';

export function pricingApp(): Express {
  const app = createApp();

  app.post('/price', async (request, response) => {
    const { amounts, vouchers, currency } = request.body as { amounts: number[]; vouchers: string[]; currency: string };
    const cents = amounts.reduce((sum, amount) => sum + amount, 0);
    const discounted = await applyDiscounts(cents, vouchers);
    const rate = await rateOf(currency);
    response.json({ cents: Math.round(discounted * rate), currency });
  });

  return answerFailures(app);
}
