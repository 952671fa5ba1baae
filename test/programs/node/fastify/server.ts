import { get } from 'node:http';
import Fastify from 'fastify';

interface Params {
  readonly id: string;
}

const app = Fastify();

app.get<{ Params: Params }>('/carts/:id', async ({ params }) => {
  return { cart: params.id, price: await priceOf(params.id) };
});

app.get('/prices/:id', async () => 'cheap');

async function priceOf(id: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${address()}/prices/${id}`, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    }).on('error', reject);
  });
}

function address(): string {
  const [{ port }] = app.addresses();
  return `http://127.0.0.1:${port}`;
}

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 0) });
console.log(`listening on ${address()}`);
