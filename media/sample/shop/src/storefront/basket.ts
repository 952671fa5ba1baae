// The rules that a basket has to meet before money is asked for.
import { traced } from '../shared/traced';

export interface Order {
  readonly cartId: string;
  readonly card: string;
  readonly voucher?: string;
}

export function validateBasket(order: Order): Promise<void> {
  return traced('validate basket', { 'cart.id': order.cartId }, () => {
    if (!order.cartId) throw new RangeError('an order needs a cart');
    if (!luhn(order.card)) throw new RangeError('the number of the card is mistyped');
  });
}

/** The check digit of card numbers, ISO/IEC 7812-1. */
function luhn(card: string): boolean {
  const digits = [...card.replace(/\D/g, '')].reverse().map(Number);
  const doubled = (digit: number) => (digit > 4 ? digit * 2 - 9 : digit * 2);
  const sum = digits.reduce((total, digit, index) => total + (index % 2 ? doubled(digit) : digit), 0);
  return digits.length > 0 && sum % 10 === 0;
}
