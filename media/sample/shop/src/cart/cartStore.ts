// Reads carts from the database. Every query's span tells the line here that asked for it.
import type { Knex } from 'knex';
import { codeAttributes } from '../shared/callSite';
import { withSpanDetails } from '../shared/spanDetails';

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly price_cents: number;
}

export interface CartLine {
  readonly product: Product;
  readonly quantity: number;
}

interface CartItem {
  readonly product_id: number;
  readonly quantity: number;
}

export class CartStore {
  constructor(private readonly db: Knex) {}

  cheapest(count: number): Promise<Product[]> {
    return this.read(this.db('product').orderBy('price_cents').limit(count));
  }

  /** The lines of a cart with their products and ratings. */
  async lines(cartId: string): Promise<CartLine[]> {
    const items = await this.read<CartItem>(this.db('cart_item').where({ cart_id: cartId }));
    const rating = this.db.raw('(select avg(stars) from review where product_id = product.id) as stars');
    const lines: CartLine[] = [];
    for (const item of items) {
      // Slow on purpose: one query for each item, and each looks at all reviews, which have no index.
      const [product] = await this.read<Product>(this.db('product').select('*', rating).where({ id: item.product_id }));
      lines.push({ product, quantity: item.quantity });
    }
    return lines;
  }

  /** The price of each line in cents, in one query. */
  async amounts(cartId: string): Promise<number[]> {
    const items = this.db('cart_item').join('product', 'product.id', 'cart_item.product_id').where({ cart_id: cartId });
    const rows = await this.read<{ cents: number }>(items.select(this.db.raw('price_cents * quantity as cents')));
    return rows.map((row) => row.cents);
  }

  private read<Row>(query: Knex.QueryBuilder): Promise<Row[]> {
    return withSpanDetails(codeAttributes(this.read), async () => query);
  }
}
