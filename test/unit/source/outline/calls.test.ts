import { expect, it } from 'vitest';
import { callsIn } from '../../../../src/source/outline/calls';

const calls = (text: string, bare = false): string =>
  callsIn(text.split('\n'), 0, 99, bare)
    .map(({ receiver, name, line }) => `${line + 1} ${receiver === '' ? name : `${receiver} ${name}`}`)
    .join('\n');

it('names what is called, and what on', () => {
  expect(calls('const a = await prisma.order.findMany({ where: price(x) });\nthis.http.get<Order[]>(`/x`).pipe(map(f))')).toBe(
    '1 prisma.order findMany\n1 price\n2 this.http get\n2 . pipe\n2 map',
  );
  expect(calls('orders::table.filter(id.eq(1)).first::<Order>(conn)\nOrder::query()->where(1);$this->orders->find(2)')).toBe(
    ['1 orders::table filter', '1 id eq', '1 . first', '2 Order query', '2 -> where', '2 $this->orders find'].join('\n'),
  );
});

it('follows a chain over lines', () => {
  expect(calls('db.session\n  .query(Order)\n  .filter_by(id=1)')).toBe('2 db.session query\n3 db.session filter_by');
});

it('leaves statements, definitions and comments out', () => {
  expect(calls('if (a) return (b);\nfunction add(a) {\n// no(x)\nfor (x of all()) new Cart(1)')).toBe('4 all');
});

it('takes members without parentheses where that is a call', () => {
  expect(calls('@orders = Order.where(paid: true).first\norder.save!', true)).toBe('1 Order where\n1 . first\n2 order save');
});

it('is done with a hostile line at once', () => {
  const began = performance.now();
  callsIn(['a.'.repeat(900), `f<${'<'.repeat(1_900)}`, '('.repeat(1_999)], 0, 9);
  expect(performance.now() - began).toBeLessThan(500);
});
