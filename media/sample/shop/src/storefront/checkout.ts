// An order from the basket to the mail that tells how it went.
import { type Link, trace } from '@opentelemetry/api';
import { call, UpstreamError } from '../shared/http';
import { publish } from '../shared/queue';
import { type Order, validateBasket } from './basket';

interface Cart {
  readonly id: string;
  readonly items: readonly { readonly cents: number }[];
}

interface Price {
  readonly cents: number;
  readonly currency: string;
}

export type Outcome = { readonly paid: true; readonly receipt: string } | { readonly paid: false; readonly reason: string };

/** The last failed try to pay for a cart: the next failure links to it. */
const failures = new Map<string, Link>();

export async function checkout(order: Order): Promise<Outcome> {
  await validateBasket(order);
  const cart = await call<Cart>('cart', 'GET', '/cart/:id', { params: { id: order.cartId } });
  const amounts = cart.items.map((item) => item.cents);
  const vouchers = order.voucher ? [order.voucher] : [];
  const price = await call<Price>('pricing', 'POST', '/price', { body: { amounts, vouchers, currency: 'EUR' } });
  try {
    const receipt = await call<{ id: string }>('payments', 'POST', '/payments', { body: { ...price, card: order.card } });
    publish('order.placed', { cartId: cart.id, receipt: receipt.id });
    return { paid: true, receipt: receipt.id };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const earlier = failures.get(cart.id);
    publish('order.failed', { cartId: cart.id, reason: error.message }, earlier ? [earlier] : []);
    remember(cart.id);
    return { paid: false, reason: 'the payment did not go through' };
  }
}

function remember(cartId: string): void {
  const context = trace.getActiveSpan()?.spanContext();
  if (context) failures.set(cartId, { context, attributes: { 'link.reason': 'earlier try to pay for this cart' } });
}
