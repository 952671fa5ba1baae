// Carts and the products in them.
import type { Express } from 'express';
import { answerFailures, call, createApp } from '../shared/http';
import { traced } from '../shared/traced';
import { type CartLine, CartStore } from './cartStore';
import { openDatabase } from './database';

export async function cartApp(): Promise<Express> {
  const store = new CartStore(await openDatabase());
  const app = createApp();

  app.get('/products', async (_request, response) => {
    response.json(await store.cheapest(10));
  });

  app.get('/cart/:id', async (request, response) => {
    const lines = await store.lines(request.params.id);
    response.json(await traced('serialize', { 'cart.lines': lines.length }, () => summary(request.params.id, lines)));
  });

  app.get('/cart/:id/total', async (request, response) => {
    const amounts = await store.amounts(request.params.id);
    const vouchers = request.query.voucher ? [request.query.voucher] : [];
    response.json(await call('pricing', 'POST', '/price', { body: { amounts, vouchers, currency: 'EUR' } }));
  });

  return answerFailures(app);
}

function summary(id: string, lines: readonly CartLine[]) {
  const items = lines.map(({ product, quantity }) => ({ ...product, quantity, cents: product.price_cents * quantity }));
  return { id, items, cents: items.reduce((sum, item) => sum + item.cents, 0) };
}
