// SQL, topics, addresses, tables and names of spans: the line of the string that a person wrote.
import { describe, expect, it } from 'vitest';
import { finish } from '../../../src/base/steps';
import { matchSql, sqlNeedles, sqlTokens } from '../../../src/source/queries/sql';
import { readLiterals } from '../../../src/source/search/lexer';
import { hintsOf, placeOf, shown } from './support/memory';

const sql = (text: string, language = '') => ({ name: 'SELECT shop', language, attributes: { 'db.query.text': text } });

describe('the strings of a file', () => {
  const texts = (text: string, language: Parameters<typeof readLiterals>[1]): readonly string[] =>
    finish(readLiterals(text, language)).map((literal) => `${literal.line}:${literal.column} ${literal.text}`);

  it('are told from code and comments', () => {
    expect(texts(`a('x'); // 'no'\n/* "no" */ b("y\\"z", \`m\${c('q')}\nn\`);`, 'javascript')).toEqual([
      '0:3 x',
      '1:14 y\\"z',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
      "1:22 m${c('q')}\nn",
    ]);
    expect(texts('f($"{deck}s?ids={string.Join("&", ids)}", "{{", "z")', 'csharp')).toEqual([
      '0:4 {deck}s?ids={string.Join("&", ids)}',
      '0:43 {{',
      '0:49 z',
    ]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    const inKotlin = 'f("$deck?ids=${ids.joinToString(",")}", "${", "z")';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    expect(texts(inKotlin, 'kotlin')).toEqual(['0:3 $deck?ids=${ids.joinToString(",")}', '0:41 ${', '0:47 z']);
    expect(texts("const r = /['\"]/; f('x')", 'javascript')).toEqual(['0:21 x']);
    expect(texts('a = """x\n"y" """ # "no"\nb = r\'z\'', 'python')).toEqual(['0:7 x\n"y" ', '2:6 z']);
    expect(texts('var c = \'"\'; f("x")', 'java')).toEqual(['0:16 x']);
    expect(texts('fn f<\'a>(x: &\'a str) { g("x", r#"y"z"#) }', 'rust')).toEqual(['0:26 x', '0:33 y"z']);
    expect(texts('a = `x\ny`\nb := "z"', 'go')).toEqual(['0:5 x\ny', '2:6 z']);
    expect(texts('q = <<~SQL\n  SELECT 1\nSQL\nx = "y"', 'ruby')).toEqual(['1:0   SELECT 1\n', '3:5 y']);
    expect(texts('<?php\n#[Route("/x")]\n# "no"\n$q = <<<SQL\nSELECT 1\nSQL;', 'php')).toEqual(['1:9 /x', '4:0 SELECT 1\n']);
    expect(texts("it's 'x'\nf('y')", 'javascript')).toEqual(['0:3 s ', '0:8 ', '1:3 y']);
  });
});

describe('SQL', () => {
  it('becomes tokens that do not differ by layout, letter case and placeholders', () => {
    const one = sqlTokens('SELECT a, b FROM "t" WHERE x = $1 AND y IN ($2, $3) LIMIT 10');
    expect(sqlTokens('select a,b\n  from t\n where x=? and y in (?,?,?) limit 20')).toEqual(one);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the hole of a template is what is read.
    expect(sqlTokens('SELECT a, b FROM `t` WHERE x = :x AND y IN (%s) LIMIT ${n}')).toEqual(one);
  });

  it('is compared as a whole, with gaps, and in large parts', () => {
    const source = sqlTokens('SELECT id, name FROM users WHERE email = ? ORDER BY name');
    expect(matchSql(sqlTokens('select id, name from users where email = ?'), source)).toEqual({ at: 0, share: 1, isExact: true });
    expect(matchSql(sqlTokens('SELECT ? FROM users WHERE email = ? ORDER BY ?'), source)?.share).toBe(0.8);
    expect(matchSql(sqlTokens('select id, name from users where email = ? limit ? offset ?'), source)?.isExact).toBe(false);
    expect(matchSql(sqlTokens('select * from carts where id = ?'), source)).toBeUndefined();
  });

  it('is asked for by pieces that stand on one line', () => {
    expect(sqlNeedles('SELECT id FROM orders ORDER BY id')[0]).toBe('SELECT id FROM orders ORDER BY id');
    expect(sqlNeedles('SELECT a\nFROM orders o\nWHERE o.id = $1')).toContain('FROM orders');
    expect(sqlNeedles('SELECT ? FROM orders')).toEqual(['FROM orders']);
    expect(sqlNeedles('?')).toEqual([]);
  });

  const files = {
    'src/orders.ts': `const list = 'SELECT id FROM orders';
const lines =
  'SELECT sku, quantity ' +
  'FROM order_lines ' +
  'WHERE order_id = $1';
const report = \`
  SELECT customer, sum(amount)
  FROM ledger
  WHERE day = \${day}
  GROUP BY customer
\`;
// SELECT old FROM orders
`,
    'shop/dao.py': `def find(c, pk):
    c.execute("""
        SELECT id, name
        FROM customers
        WHERE id = %s
    """, (pk,))
    c.execute("UPDATE customers SET name = %s WHERE id = %s", (n, pk))
`,
    'Dao.java': `class Dao {
    static final String Q = "select c.id from Cart c " +
        "where c.owner = :owner";
    @Query("""
        SELECT * FROM carts
        WHERE id = :id""")
    Cart one(long id);
}
`,
    'db/queries.sql': `-- name: GetInvoice :one
SELECT * FROM invoices
WHERE id = $1 LIMIT 1;
`,
  };
  it.each([
    ['SELECT id FROM orders', 'src/orders.ts:1'],
    ['SELECT sku, quantity FROM order_lines WHERE order_id = ?', 'src/orders.ts:3'],
    ['SELECT customer, sum(amount) FROM ledger WHERE day = $1 GROUP BY customer', 'src/orders.ts:7'],
    ['SELECT id, name\n        FROM customers\n        WHERE id = %s', 'shop/dao.py:3'],
    ['UPDATE customers SET name = ? WHERE id = ?', 'shop/dao.py:7'],
    ['select c.id from Cart c where c.owner = ?', 'Dao.java:2'],
    ['SELECT * FROM carts WHERE id = ?', 'Dao.java:5'],
    ['SELECT * FROM invoices WHERE id = $1 LIMIT 1', 'db/queries.sql:2'],
    ['SELECT ? FROM order_lines WHERE order_id = ?', 'src/orders.ts:3'],
    ['SELECT old FROM orders', ''],
    ['SELECT o1_0.id FROM shops o1_0 WHERE o1_0.id = ?', ''],
  ])('is found: %s', async (text, place) => {
    expect(await placeOf(sql(text), files)).toBe(place);
  });
});

describe('SQL that a function puts together', () => {
  const files = {
    'lib/Spools.php': `<?php
class Spools {
    public function query($filter) {
        $entries = [];
        $select = '
            SELECT spool.id,
                spool.yarn
        ';
        $body = ' FROM spool WHERE 1 = 1 ';
        if ($filter->yarn !== null) {
            $body .= ' AND spool.yarn = :yarn ';
        }
        foreach ($this->store->select($select . $body . ' ORDER BY spool.id', []) as $row) {
            $entries[] = $row;
        }
        $count = $this->store->select('SELECT COUNT(*) AS total ' . $body, []);
        return $entries;
    }

    public function empty($id) {
        $this->store->update('UPDATE spool SET is_empty = 1 WHERE id = :id AND yarn <> :yarn', []);
        $this->store->update('UPDATE spool SET is_empty = 1 WHERE id = :id', []);
    }
}
`,
  };
  it.each([
    ['SELECT spool.id, spool.yarn FROM spool WHERE 1 = 1 AND spool.yarn = :yarn ORDER BY spool.id', 'lib/Spools.php:6'],
    ['SELECT COUNT(*) AS total FROM spool WHERE 1 = 1 AND spool.yarn = :yarn', 'lib/Spools.php:16'],
    ['UPDATE spool SET is_empty = 1 WHERE id = :id', 'lib/Spools.php:22'],
    ['UPDATE spool SET is_empty = 1 WHERE id = "x"', 'lib/Spools.php:22'],
  ])('leads to its beginning, and no string goes on behind its end: %s', async (text, place) => {
    expect(await placeOf(sql(text, 'php'), files)).toBe(place);
  });
});

describe('the name of a span', () => {
  const files = {
    'src/worker.ts': `tracer.startActiveSpan('process job', async (span) => {});
const title = 'daily report';
tracer.startSpan(
  'send mail',
);
tracer.startSpan(\`process order \${id}\`);
tracer.startSpan('import row ' + row);
log('process job failed');
tracer.startSpan('daily report');
`,
    'shop/tasks.py': `with tracer.start_as_current_span(f"render page {n}"):
    pass
`,
  };
  it.each([
    ['process job', 'src/worker.ts:1'],
    ['send mail', 'src/worker.ts:4'],
    ['daily report', 'src/worker.ts:9'],
    ['process order 17', 'src/worker.ts:6'],
    ['import row 4', 'src/worker.ts:7'],
    ['render page 3', 'shop/tasks.py:1'],
    ['process jobs', ''],
    ['GET', ''],
  ])('is found where the span begins: %s', async (name, place) => {
    expect(await placeOf({ name }, files)).toBe(place);
  });

  it('is not looked for where an instrumentation made it', async () => {
    expect(await placeOf({ name: 'daily report', scope: '@opentelemetry/instrumentation-http' }, files)).toBe('');
  });
});

describe('topics, addresses and tables', () => {
  const files = {
    'src/queue.ts': `const topic = 'orders.created';
await producer.send({ topic: 'orders.placed', messages });
await consumer.subscribe({ topic: 'orders.placed' });
await fetch('http://inventory:8080/stock');
await axios.get(\`\${inventory}/stock/\${sku}/level\`);
app.get('/stock/:sku/level', level);
await knex('ledger').insert(row);
await knex('ledger')
  .where({ id })
  .delete();
await prisma.invoice.findMany({});
const name = 'ledger';
`,
  };
  it.each<[string, Record<string, string>, string]>([
    ['a producer', { 'messaging.destination.name': 'orders.placed', 'messaging.operation.name': 'publish' }, 'src/queue.ts:2'],
    ['a consumer', { 'messaging.destination.name': 'orders.placed', 'messaging.operation.name': 'receive' }, 'src/queue.ts:3'],
    ['a constant', { 'messaging.destination.name': 'orders.created' }, 'src/queue.ts:1'],
    ['an address', { 'url.full': 'http://inventory:8080/stock?x=1' }, 'src/queue.ts:4'],
    ['a path behind a host', { 'url.full': 'http://inventory:8080/stock/KB-101/level' }, 'src/queue.ts:5'],
    ['an insert', { 'db.collection.name': 'ledger', 'db.operation.name': 'insert' }, 'src/queue.ts:7'],
    ['a chain over lines', { 'db.collection.name': 'ledger', 'db.operation.name': 'delete' }, 'src/queue.ts:8'],
    ['a member', { 'db.collection.name': 'invoice', 'db.operation.name': 'find' }, 'src/queue.ts:11'],
  ])('of %s', async (_, attributes, place) => {
    expect(await placeOf({ attributes }, files)).toBe(place);
  });

  it('alone are no more than a guess', async () => {
    const [best] = shown(await hintsOf({ attributes: { 'db.collection.name': 'ledger' } }, files));
    expect(Number(best.split(' ')[1])).toBeLessThan(0.5);
  });
});
