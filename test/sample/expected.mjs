// What must be in the traces of the shop's requests (src/load.ts), with lines looked up in the sources.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** `visits` are the answers to all requests, in their order. */
export async function expectedOf(visits) {
  const [products, checkout, failedCheckout, cart, failedTotal, total] = visits;
  return [
    { ...products, services: ['cart', 'storefront'] },
    { ...checkout, services: ['cart', 'payments', 'pricing', 'storefront'] },
    {
      ...failedCheckout,
      services: ['cart', 'mailer', 'payments', 'pricing', 'storefront'],
      repeated: { span: 'SELECT product', count: 38 },
      failing: {
        service: 'payments',
        span: 'PaymentService.charge',
        exception: 'GatewayTimeout',
        ...(await placeOf('src/payments/paymentService.ts', 'throw new GatewayTimeout(')),
      },
    },
    { ...cart, services: ['cart', 'storefront'], repeated: { span: 'SELECT product', count: 38 } },
    {
      ...failedTotal,
      services: ['cart', 'pricing', 'storefront'],
      failing: {
        service: 'pricing',
        span: 'apply_discounts',
        exception: 'TypeError',
        ...(await placeOf('src/pricing/discounts.ts', 'return voucher.percent')),
      },
    },
    { ...total, services: ['cart', 'pricing', 'storefront'] },
  ];
}

/** The line, from 1, of a text that stands once in a source file. */
async function placeOf(file, text) {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`"${text}" stands ${found.length} times in ${file}`);
  return { file, line: found[0] };
}
