// Exchange rates of the central bank, asked for anew each time: its answer may be stale, which the span's events tell.
import { call } from '../shared/http';
import { traced } from '../shared/traced';

interface Rates {
  readonly publishedAt: string;
  readonly rates: Readonly<Record<string, number>>;
}

export function rateOf(currency: string): Promise<number> {
  return traced('exchange_rate', { 'rate.currency': currency }, async (span) => {
    span.addEvent('cache.miss', { 'cache.key': `rates/${currency}` });
    const answer = await call<Rates>('centralbank', 'GET', '/rates', { query: { base: 'EUR' } });
    span.addEvent('cache.store', { 'rate.published_at': answer.publishedAt });
    return answer.rates[currency] ?? 1;
  });
}
