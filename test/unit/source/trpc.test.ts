// Procedures of tRPC: what middlewares say of them, and the routers that lead there.
import { describe, expect, it } from 'vitest';
import { readProcedure } from '../../../src/source/trpc/procedureHints';
import { hintsOf, placeOf } from './support/memory';

const files = {
  'src/trpc/init.ts':
    'const t = initTRPC.create();\nexport const router = t.router;\nexport const mergeRouters = t.mergeRouters;\n',
  'src/trpc/app.ts': `import { mergeRouters, router } from './init';
import { depotRouter } from './depot';
import * as stock from './stock';
import staffRouter from '@/trpc/staff/router';
import { plainRecord as shelves } from './shelves';

// router({ depot: wrong })
export const appRouter = router({
  depot: depotRouter,
  stock: stock.stockRouter,
  'night-shift': staffRouter,
  shelves,
  merged: mergeRouters(depotRouter, staffRouter),
  slow: lazy(() => import('./slow')),
  ping: publicProcedure.query(() => 'depot: {'),
});
`,
  'src/trpc/depot/index.ts': "export * from './router';\n",
  'src/trpc/depot/router.ts': `import { router } from '../init';
import { addCrateRoute } from './add-crate';
import { sealCrate as sealRoute } from './seal-crate';

export const depotRouter = router({
  crate: {
    add: addCrateRoute,
    seal: sealRoute,
    labels: router({ print: publicProcedure.mutation(({ input }) => print(input)) }),
  },
  list: publicProcedure
    .input(z.object({ list: z.string() }))
    .query(async ({ ctx }) => {
      return ctx.db.find({ open: true });
    }),
  open,
});

const open = publicProcedure.query(() => []);
`,
  'src/trpc/depot/add-crate.ts': "import x from 'y';\n\nexport const addCrateRoute = publicProcedure\n  .mutation(() => 1);\n",
  'src/trpc/depot/seal-crate.ts': "import x from 'y';\nexport const sealCrate = publicProcedure.mutation(() => 1);\n",
  'src/trpc/stock.ts': 'export const stockRouter =\n  createTRPCRouter({\n    list: publicProcedure.query(() => []),\n  });\n',
  'src/trpc/staff/router.ts':
    'const own = router({\n  ...shared,\n  hire: publicProcedure.mutation(() => 1),\n});\nconst shared = {\n  fire: publicProcedure.mutation(() => 1),\n};\nexport default own;\n',
  'src/trpc/shelves.ts':
    'export const plainRecord = {\n  list: publicProcedure.query(() => []),\n} satisfies TRPCRouterRecord;\n',
  'src/trpc/slow.ts': 'export default router({\n  run: publicProcedure.query(() => []),\n});\n',
  'src/web/page.tsx': 'const router = useRouter();\nconst { data } = trpc.depot.list.useQuery({ list: 1 });\n',
};

describe('a procedure of tRPC', () => {
  it.each([
    ['depot.list', 'src/trpc/depot/router.ts:11'],
    ['depot.open', 'src/trpc/depot/router.ts:19'],
    ['depot.crate.add', 'src/trpc/depot/add-crate.ts:3'],
    ['depot.crate.seal', 'src/trpc/depot/seal-crate.ts:2'],
    ['depot.crate.labels.print', 'src/trpc/depot/router.ts:9'],
    ['stock.list', 'src/trpc/stock.ts:3'],
    ['night-shift.hire', 'src/trpc/staff/router.ts:3'],
    ['night-shift.fire', 'src/trpc/staff/router.ts:6'],
    ['shelves.list', 'src/trpc/shelves.ts:2'],
    ['merged.hire', 'src/trpc/staff/router.ts:3'],
    ['slow.run', 'src/trpc/slow.ts:2'],
    ['ping', 'src/trpc/app.ts:15'],
  ])('%s is %s', async (path, place) => {
    const span = { name: 'TRPC query', kind: 1, attributes: { path, type: 'query' }, language: 'javascript' } as const;
    expect(await placeOf(span, files)).toBe(place);
  });

  it('is nowhere where no router has it', async () => {
    const span = { name: 'trpc.query depot.none', kind: 1, attributes: {}, language: 'javascript' } as const;
    expect((await hintsOf(span, files)).candidates.filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
  });

  it('is found by its router where the root is not understood', async () => {
    const { 'src/trpc/app.ts': _, ...others } = files;
    const span = { name: 'trpc/stock.list', kind: 1, attributes: {}, language: 'javascript' } as const;
    const [best] = (await hintsOf(span, others)).candidates;
    expect([best?.line, best && best.confidence < 0.75]).toEqual([2, true]);
  });
});

describe('what a span says of a procedure', () => {
  it.each([
    ['TRPC query', { path: 'depot.list', type: 'query' }, 'depot.list'],
    ['trpc/depot.list', {}, 'depot.list'],
    ['trpc.query depot.list', {}, 'depot.list'],
    ['trpc.mutation.depot.list', {}, 'depot.list'],
    ['tRPC QUERY depot.list', {}, 'depot.list'],
    ['depot.list', { 'trpc.path': 'depot.list' }, 'depot.list'],
    ['x', { 'rpc.system': 'trpc', 'rpc.method': 'depot.list' }, 'depot.list'],
    ['x', { 'rpc.system': 'trpc', 'rpc.service': 'depot', 'rpc.method': 'list' }, 'depot.list'],
    ['x', { 'trpc.procedure': 'depot.list' }, 'depot.list'],
    ['TRPC query', {}, undefined],
    ['GET /orders', { path: 'orders.list' }, undefined],
    ['x', { 'rpc.system': 'grpc', 'rpc.method': 'List' }, undefined],
  ])('%s %j says %s', (name, attributes, path) => {
    expect(readProcedure({ name, attributes })?.paths[0].join('.')).toBe(path);
  });

  it.each([
    ['/api/trpc/*', '/api/trpc/depot.list?batch=1', 'depot.list'],
    [undefined, '/trpc/depot.list', 'depot.list'],
    ['/api/trpc/*', '/api/trpc/depot.list,stock.list?batch=1', undefined],
    ['/api/orders', '/api/trpc/depot.list', undefined],
  ])('route %s of a server, asked for %s: %s', (route, path, procedure) => {
    const attributes = { 'http.target': path, ...(route === undefined ? {} : { 'http.route': route }) };
    expect(readProcedure({ name: 'POST', kind: 2, attributes })?.paths[0].join('.')).toBe(procedure);
  });
});
