// Of several places that fit, the one that the spans around it lead to.
import { expect, it } from 'vitest';
import { hintResolver, type Relative, resolveSpan, type SourcePorts, type SpanFamily } from '../../../src/source';
import { fitsService } from '../../../src/source/search/serviceFolder';
import { memorySearch } from './support/search';
import { memoryWorkspace } from './support/workspace';

const files = {
  'file:///w/orders/list.ts': `export function listOrders() {
  return query("SELECT id FROM orders WHERE open = ?", 1);
}
`,
  'file:///w/orders/close.ts': `export function closeOrders() {
  const open = loadOpen();
  return query("UPDATE orders SET open = 0", open);
}

function loadOpen() {
  return query("SELECT id FROM orders WHERE open = ?", 1);
}
`,
  'file:///w/orders/twice.ts': `export function twice() {
  query("SELECT id FROM lines WHERE open = ?", 1);
  query("SELECT id FROM lines WHERE open = ?", 2);
}
`,
};
const ports: SourcePorts = { workspace: memoryWorkspace(['file:///w'], files), search: memorySearch(files) };
const sql = 'SELECT id FROM orders WHERE open = ?';
const relative = (name: string, attributes: Record<string, unknown>): Relative => ({
  name,
  service: 'shop',
  kind: 1,
  attributes,
});

async function place(text: string, family: Partial<SpanFamily>): Promise<string> {
  const span = { name: 'SELECT', service: 'shop', kind: 3, attributes: { 'db.query.text': text }, resource: {}, events: [] };
  const whole = { ancestors: [], before: [], children: [], ...family };
  const [best] = (await resolveSpan({ ...span, family: whole }, ports, { pathMappings: {} })).candidates;
  return best ? `${best.file.replace('file:///w/', '')}:${best.line + 1} ${best.confidence}` : '';
}

it('is in the function of the span around it', async () => {
  expect(await place(sql, {})).toMatch(/ 0\.4$/);
  expect(await place(sql, { ancestors: [relative('x', { 'code.function.name': 'listOrders' })] })).toBe('orders/list.ts:2 0.89');
});

it('is in a function that this one calls', async () => {
  expect(await place(sql, { ancestors: [relative('x', { 'code.function.name': 'closeOrders' })] })).toBe(
    'orders/close.ts:7 0.89',
  );
});

it('is looked for once for equal spans of one function, where it is not their order that tells', async () => {
  const answers = async (text: string, of: string): Promise<readonly [string, boolean]> => {
    const resolve = hintResolver(ports, { pathMappings: {} });
    const own = { name: 'SELECT', service: 'shop', kind: 3, attributes: { 'db.query.text': text } };
    const ancestors = [relative('x', { 'code.function.name': of })];
    const turns = [0, 1, 2].map((turn) => ({
      ...own,
      family: { ancestors: [...ancestors], before: Array(turn).fill(own), children: [] },
    }));
    const all = await Promise.all(turns.map((hints) => resolve(hints)));
    return [all.map(({ candidates: [best] }) => `${best.line + 1} ${best.confidence}`).join(', '), all[0] === all[2]];
  };
  expect(await answers(sql, 'listOrders')).toEqual(['2 0.89, 2 0.89, 2 0.89', true]);
  expect(await answers('SELECT id FROM lines WHERE open = ?', 'twice')).toEqual(['2 0.75, 3 0.75, 2 0.4', false]);
});

it('is the second of two where an equal span came before it', async () => {
  const text = 'SELECT id FROM lines WHERE open = ?';
  const ancestors = [relative('x', { 'code.function.name': 'twice' })];
  const earlier: Relative = { name: 'SELECT', service: 'shop', kind: 3, attributes: { 'db.query.text': text } };
  expect(await place(text, { ancestors })).toBe('orders/twice.ts:2 0.75');
  expect(await place(text, { ancestors, before: [earlier] })).toBe('orders/twice.ts:3 0.75');
});

it('is no method of the name of another class', async () => {
  const own = {
    'file:///w/bills.controller.ts': `export class BillsController {
  async create(body) {
    return this.billService.create(body);
  }
}
`,
    'file:///w/tills.service.ts': `export class TillService {
  async create() {
    return this.queue.add('watch', {});
  }
}
`,
    'file:///w/bills.service.ts': `export class BillService {
  async create() {
    return this.queue.add('watch', {});
  }
}
`,
  };
  const all: SourcePorts = { workspace: memoryWorkspace(['file:///w'], own), search: memorySearch(own) };
  const ancestors = [relative('x', { 'code.function.name': 'BillsController.create' })];
  const attributes = { 'bullmq.job.name': 'watch' };
  const span = { name: 'add q.watch', service: 'shop', kind: 4, attributes, resource: {}, events: [] };
  const family = { ancestors, before: [], children: [] };
  const { candidates } = await resolveSpan({ ...span, family }, all, { pathMappings: {} });
  expect(candidates[0]?.file).toBe('file:///w/bills.service.ts');
});

it('knows the folder of a service by its words', () => {
  const fits = (path: string, service: string): number => fitsService(path.split('/'), service);
  expect(fits('shop-customers-service/src/a.ts', 'customers')).toBe(1);
  expect(fits('customers/a.ts', 'x-customers-service')).toBe(1);
  expect(fits('services/customers-api/a.ts', 'customers-service')).toBe(2);
  expect(fits('apps/api/src/a.ts', 'api')).toBe(2);
  expect(fits('src/main/java/a.java', 'main-service')).toBe(0);
  expect(fits('orders/a.ts', 'customers')).toBe(0);
  expect(fits('src/Shop.Core/Pier.cs', 'shop')).toBe(2);
  expect(fits('src/Shop.Web/Pier.cs', 'shop')).toBe(2);
  expect(fits('src/Shop.Billing.EntityFramework/Pier.cs', 'shop')).toBe(2);
  expect(fits('src/shop-billing/pier.ts', 'shop')).toBe(1);
});

it('knows the method of an interface by the statement above it', async () => {
  const own = {
    'file:///w/PierDao.java': `interface PierDao {
  @SqlQuery("SELECT * FROM piers WHERE name = :name")
  Optional<Pier> findBy(String name);

  @SqlQuery(
      """
      SELECT * FROM piers WHERE name = :name
      """)
  Optional<PierRow> findRow(String name);
}
`,
    'file:///w/PierDesk.java': `class PierDesk {
  Response get(String name) {
    return ok(piers.findBy(name));
  }
  Response row(String name) {
    return ok(piers.findRow(name));
  }
}
`,
  };
  const all: SourcePorts = { workspace: memoryWorkspace(['file:///w'], own), search: memorySearch(own) };
  const attributes = { 'db.system': 'postgresql', 'db.statement': 'SELECT * FROM piers WHERE name = ?' };
  const lines: (string | undefined)[] = [];
  for (const name of ['PierDesk.get', 'PierDesk.row']) {
    const family = { ancestors: [relative('x', { 'code.function.name': name })], before: [], children: [] };
    const span = { name: 'SELECT ferry.piers', service: 'shop', kind: 3, attributes, resource: {}, events: [], family };
    const [best] = (await resolveSpan(span, all, { pathMappings: {} })).candidates;
    lines.push(`${(best?.line ?? -1) + 1} ${(best?.confidence ?? 0) >= 0.5}`);
  }
  expect(lines).toEqual(['2 true', '7 true']);
});
