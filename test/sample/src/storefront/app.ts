// What the shop's customers talk to.
import type { Express } from 'express';
import { answerFailures, call, createApp } from '../shared/http';
import { checkout } from './checkout';

export function storefrontApp(): Express {
  const app = createApp();

  app.get('/products', async (_request, response) => {
    response.json(await call('cart', 'GET', '/products'));
  });

  app.get('/cart/:id', async (request, response) => {
    response.json(await call('cart', 'GET', '/cart/:id', { params: request.params }));
  });

  app.get('/cart/:id/total', async (request, response) => {
    const query = request.query as Record<string, string>;
    response.json(await call('cart', 'GET', '/cart/:id/total', { params: request.params, query }));
  });

  app.post('/checkout', async (request, response) => {
    const outcome = await checkout(request.body);
    response.status(outcome.paid ? 201 : 402).json(outcome);
  });

  return answerFailures(app);
}
