import express from 'express';
import { Redis } from 'ioredis';

const redis = new Redis(Number(process.env.REDIS_PORT), '127.0.0.1');
const app = express();

app.get('/orders/:id', async (request, response) => {
  const order = await findOrder(request.params.id);
  const stock = await fetch(`${address()}/stock/${order}`);
  response.json({ order, stock: await stock.text() });
});

app.get('/stock/:order', (request, response) => {
  response.send(`${request.params.order.length} left`);
});

function findOrder(id) {
  return redis.get(`order:${id}`);
}

const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`listening on ${address()}`));

function address() {
  return `http://127.0.0.1:${server.address().port}`;
}
