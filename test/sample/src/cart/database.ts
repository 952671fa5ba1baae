// The shop's products and carts, in an embedded database in memory.
//
// knex talks to `libsql`, which speaks the interface of better-sqlite3 and comes compiled for every platform.
import { type Knex, knex } from 'knex';

const SqliteClient = require('knex/lib/dialects/better-sqlite3');

class LibsqlClient extends SqliteClient {
  _driver() {
    return require('libsql');
  }
}

const KINDS = ['Teapot', 'Cup', 'Plate', 'Bowl', 'Spoon', 'Kettle', 'Jar', 'Tray'];
const COLOURS = ['blue', 'green', 'white', 'grey', 'amber'];
const REVIEWS = 400_000;

export async function openDatabase(): Promise<Knex> {
  const db = knex({
    client: LibsqlClient as unknown as typeof Knex.Client,
    connection: { filename: ':memory:' },
    pool: { min: 1, max: 1, idleTimeoutMillis: 86_400_000 },
    useNullAsDefault: true,
  });
  await db.schema.createTable('product', (table) => {
    table.increments('id');
    table.string('name').notNullable();
    table.integer('price_cents').notNullable();
  });
  await db.schema.createTable('review', (table) => {
    table.integer('product_id').notNullable();
    table.integer('stars').notNullable();
  });
  await db.schema.createTable('cart_item', (table) => {
    table.string('cart_id').notNullable().index();
    table.integer('product_id').notNullable();
    table.integer('quantity').notNullable();
  });
  await fill(db);
  return db;
}

async function fill(db: Knex): Promise<void> {
  const products = COLOURS.flatMap((colour) => KINDS.map((kind) => `${kind}, ${colour}`));
  await db('product').insert(products.map((name, index) => ({ name, price_cents: 390 + 70 * index })));
  const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)';
  await db.raw(`${numbers} insert into review select 1 + i % ${products.length}, 1 + i * 7 % 5 from n`, [REVIEWS]);
  const carts = { regular: 3, wedding: 38 };
  for (const [cart_id, size] of Object.entries(carts)) {
    const items = products.slice(0, size).map((_, index) => ({ cart_id, product_id: index + 1, quantity: 1 + (index % 3) }));
    await db('cart_item').insert(items);
  }
}
