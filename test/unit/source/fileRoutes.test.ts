// Routes that are files: the words of each framework's spans, and the file that its router would choose.
import { describe, expect, it } from 'vitest';
import { lineOfExport, lineOfMember } from '../../../src/source/fileRoutes/exports';
import { routeFiles, routesOfFile } from '../../../src/source/fileRoutes/routeFile';
import { matchSegments, routeSegments } from '../../../src/source/fileRoutes/segments';
import { hintsOf, placeOf, shown } from './support/memory';

/** `/orders/[id]`, as all notations become. */
function routeOf(path: string): string | undefined {
  const [first] = routesOfFile(path.split('/'));
  return (
    first &&
    `${first.verb ?? ''} /${first.segments
      .map((segment) =>
        segment.kind === 'fixed' ? segment.text : `${segment.isOptional ? '?' : ''}${segment.isRest ? '*' : ''}<${segment.name}>`,
      )
      .join('/')} ${first.role}`.trim()
  );
}

describe('the route of a file', () => {
  it.each([
    ['app/page.tsx', '/ page'],
    ['apps/web/src/app/(shop)/orders/[id]/page.tsx', '/orders/<id> page'],
    ['app/api/orders/[...path]/route.ts', '/api/orders/*<path> handler'],
    ['app/[[...slug]]/page.jsx', '/?*<slug> page'],
    ['app/@modal/login/page.tsx', '/login page'],
    ['app/orders/layout.tsx', '/orders layout'],
    ['app/orders/loading.tsx', '/orders part'],
    ['app/sitemap.ts', '/sitemap.xml metadata'],
    ['app/orders/[id]/opengraph-image.tsx', '/orders/<id>/opengraph-image metadata'],
    ['app/_parts/page.tsx', undefined],
    ['app/orders/(.)photo/page.tsx', undefined],
    ['app/orders/list.tsx', undefined],
    ['src/pages/orders/index.tsx', '/orders any'],
    ['pages/api/orders/[id].ts', '/api/orders/<id> handler'],
    ['pages/_app.tsx', undefined],
    ['src/pages/orders/[id].astro', '/orders/<id> any'],
    ['src/pages/feed.xml.ts', '/feed.xml any'],
    ['pages/orders/_id.vue', '/orders/<id> page'],
    ['pages/users-[group]/[id].vue', '/<users-[group]>/<id> page'],
    ['app/pages/orders/[[page]].vue', '/orders/?<page> page'],
    ['server/api/orders/[id].delete.ts', 'DELETE /api/orders/<id> any'],
    ['server/routes/feed.ts', '/feed any'],
    ['src/routes/orders/[id=integer]/+page.server.ts', '/orders/<id> load'],
    ['src/routes/(app)/orders/+server.ts', '/orders handler'],
    ['src/routes/+layout.svelte', '/ layout'],
    ['app/routes/orders.$id.tsx', '/orders/<id> any'],
    ['app/routes/_shop.orders_.$id.edit.tsx', '/orders/<id>/edit any'],
    ['app/routes/orders.$id/route.tsx', '/orders/<id> any'],
    ['app/routes/orders/$id.tsx', '/orders/<id> any'],
    ['app/routes/sitemap[.]xml.ts', '/sitemap.xml any'],
    ['app/routes/_index.tsx', '/ any'],
    ['app/routes/_shop+/orders+/$id.edit.tsx', '/orders/<id>/edit any'],
    ['src/routes/_shop+/s.$store+/index.tsx', '/s/<store> any'],
    ['app/routes/_shop+/_layout.tsx', '/ layout'],
    ['app/routes/files.$.tsx', '/files/*<> any'],
    ['src/routes/orders/[id].tsx', '/orders/<id> any'],
    ['api/orders/[id].ts', '/api/orders/<id> any'],
    ['functions/orders/[id].ts', '/orders/<id> any'],
    ['src/lib/orders.ts', undefined],
    ['app/routes/orders.test.tsx', undefined],
  ])('%s is %s', (path, route) => {
    expect(routeOf(path)).toBe(route);
    if (route !== undefined) expect(routeFiles.passes(path)).toBe(true);
  });

  it.each([
    ['/orders/[id]', '/orders/:id', true],
    ['/orders/[id]', '/orders/{id}', true],
    ['/orders/[...all]', '/orders/**', true],
    ['/orders/[...all]', '/orders/:all*', true],
    ['/orders/[[page]]', '/orders', true],
    ['/orders/new', '/orders/:id', false],
    ['/orders/[id]', '/orders/new', false],
    ['/orders', '/orders/new', false],
  ])('%s and %s', (file, span, isSame) => {
    const [a, b] = [routeSegments(file), routeSegments(span)];
    expect(a && b && matchSegments(a, b, false) !== undefined).toBe(isSame);
  });

  it('of a path takes what stands in its holes, in any depth', () => {
    const path = routeSegments('/files/a/b/c/edit') ?? [];
    expect(matchSegments(routeSegments('/files/[...all]/edit') ?? [], path, true)?.taken).toBe(3);
    expect(matchSegments(routeSegments('/[shop]/[...all]/[last]') ?? [], path, true)?.taken).toBe(5);
    const long = routeSegments(`/${'a/'.repeat(39)}b`) ?? [];
    const holes = routeSegments(`/${'[...x]/'.repeat(20)}c`) ?? [];
    expect(matchSegments(holes, long, true)).toBeUndefined();
  });
});

describe('what a file of routes exports', () => {
  const lines = (text: string): readonly string[] => text.split('\n');

  it('is found in the notations that people use', () => {
    const text = lines(`import x from 'y';
export async function GET(request) {
}
export const POST = withAuth(async () => {
});
const remove = async () => {
};
export { remove as DELETE, other as PUT };
async function Page() {
}
export default withShop(Page);
`);
    expect(lineOfExport(text, ['GET'])).toEqual({ line: 1, name: 'GET' });
    expect(lineOfExport(text, ['POST'])?.line).toBe(3);
    expect(lineOfExport(text, ['DELETE'])?.line).toBe(5);
    expect(lineOfExport(text, ['PUT'])?.line).toBe(7);
    expect(lineOfExport(text, ['PATCH', 'default'])).toEqual({ line: 8, name: 'default' });
    expect(lineOfExport(text, ['PATCH'])).toBeUndefined();
    expect(lineOfExport(lines('module.exports = async (req, res) => {\n};\n'), ['default'])?.line).toBe(0);
    expect(lineOfExport(lines('export const { GET, POST } = handlers;\n'), ['POST'])?.line).toBe(0);
  });

  it('may be a router, or an object of methods', () => {
    const router = lines(`const handler = createRouter();
handler.get(list).post(create);
handler.put(async (req, res) => {
});
export default handler;
`);
    expect(lineOfExport(router, ['PUT', 'default'])?.line).toBe(2);
    expect(lineOfExport(router, ['GET', 'default'])?.line).toBe(1);
    const object = lines(`export const handler: Handlers = {
  async GET(request) {
    const POST = 1;
  },
  POST: create,
};
export const actions = {
  default: async () => {},
  remove: async () => {},
};
`);
    expect(lineOfExport(object, ['POST'])?.line).toBe(4);
    expect(lineOfMember(object, 'actions', 'remove')).toBe(8);
  });
});

const next = {
  'app/page.tsx': 'export default function Home() {\n  return <a href="/orders/[id]">x</a>;\n}\n',
  'app/layout.tsx': 'export const metadata = {};\nexport default function Root() {}\n',
  'app/(shop)/orders/page.tsx': 'async function Orders() {\n}\n\nexport default Orders;\n',
  'app/(shop)/orders/layout.tsx': 'export async function generateMetadata() {\n}\nexport default function Layout() {}\n',
  'app/(shop)/orders/[id]/page.tsx':
    'export async function generateMetadata({ params }) {\n}\n\nexport default async function Order() {\n}\n',
  'app/(shop)/orders/new/page.tsx': 'export default function New() {}\n',
  'app/api/orders/[id]/route.ts':
    "import { db } from '../db';\nexport async function GET() {\n}\nexport const PUT = async () => {\n};\n",
  'app/sitemap.ts': 'export default function sitemap() {}\n',
  'pages/old/[id].tsx': 'export async function getServerSideProps() {\n}\nexport default function Old() {}\n',
  'pages/api/old/[...all].ts': 'export default async function handler(req, res) {\n}\n',
  'middleware.ts': "import x from 'x';\nexport function middleware() {}\n",
  'components/link.tsx': 'const a = <Link href="/orders/[id]" />;\nrouter.get("/orders/[id]");\n',
};

const nextSpan = (name: string, attributes: Record<string, string> = {}) => ({
  name,
  scope: 'next.js',
  language: 'nodejs',
  attributes,
});

describe('spans of Next.js', () => {
  it.each([
    ['GET /', { 'next.route': '/', 'next.span_type': 'BaseServer.handleRequest', 'http.method': 'GET' }, 'app/page.tsx:1'],
    ['GET /orders', { 'next.route': '/orders', 'http.route': '/orders' }, 'app/(shop)/orders/page.tsx:1'],
    ['render route (app) /orders/[id]', { 'next.route': '/orders/[id]' }, 'app/(shop)/orders/[id]/page.tsx:4'],
    ['GET /orders/new', { 'next.route': '/orders/new' }, 'app/(shop)/orders/new/page.tsx:1'],
    [
      'executing api route (app) /api/orders/[id]',
      { 'next.route': '/api/orders/[id]', 'next.span_type': 'AppRouteRouteHandlers.runHandler' },
      'app/api/orders/[id]/route.ts:2',
    ],
    [
      'PUT /api/orders/[id]/route',
      { 'next.route': '/api/orders/[id]/route', 'http.method': 'PUT' },
      'app/api/orders/[id]/route.ts:4',
    ],
    [
      'generateMetadata /(shop)/orders/[id]/page',
      { 'next.page': '/(shop)/orders/[id]/page', 'next.span_type': 'ResolveMetadata.generateMetadata' },
      'app/(shop)/orders/[id]/page.tsx:1',
    ],
    [
      'generateMetadata /orders/layout',
      { 'next.page': '/orders/layout', 'next.span_type': 'ResolveMetadata.generateMetadata' },
      'app/(shop)/orders/layout.tsx:1',
    ],
    [
      'generateMetadata /layout',
      { 'next.page': '/layout', 'next.span_type': 'ResolveMetadata.generateMetadata' },
      'app/layout.tsx:1',
    ],
    ['GET /sitemap.xml', { 'next.route': '/sitemap.xml/route' }, 'app/sitemap.ts:1'],
    ['getServerSideProps /old/[id]', { 'next.route': '/old/[id]' }, 'pages/old/[id].tsx:1'],
    ['render route (pages) /old/[id]', { 'next.route': '/old/[id]' }, 'pages/old/[id].tsx:3'],
    ['executing api route (pages) /api/old/[...all]', {}, 'pages/api/old/[...all].ts:1'],
    ['middleware GET', { 'next.span_type': 'Middleware.execute' }, 'middleware.ts:2'],
  ])('%s', async (name, attributes, place) => {
    expect(await placeOf(nextSpan(name, attributes), next)).toBe(place);
  });

  it('are sure, however often the route stands elsewhere', async () => {
    const span = nextSpan('GET /orders/[id]', { 'next.route': '/orders/[id]', 'http.route': '/orders/[id]' });
    expect(shown(await hintsOf(span, next))[0]).toBe('app/(shop)/orders/[id]/page.tsx:4 0.92');
  });

  it('of two programs are told apart by the service', async () => {
    const two = Object.fromEntries(
      ['shop', 'admin'].flatMap((program) => Object.entries(next).map(([path, text]) => [`apps/${program}/${path}`, text])),
    );
    const span = { ...nextSpan('GET /orders', { 'next.route': '/orders' }), service: 'admin' };
    expect(await placeOf(span, two)).toBe('apps/admin/app/(shop)/orders/page.tsx:1');
    const nobody = await hintsOf(nextSpan('GET /orders', { 'next.route': '/orders' }), two);
    expect(nobody.candidates[0].confidence).toBeLessThan(0.5);
  });
});

describe('spans of React Router', () => {
  const files = {
    'app/root.tsx': 'export async function loader() {}\nexport default function App() {}\n',
    'app/routes/_shop+/_layout.tsx':
      "import x from 'y';\nexport const middleware = [session];\nexport async function loader() {}\n",
    'app/routes/_shop+/orders+/$id.edit.tsx':
      'export async function loader() {}\nexport const action = async () => {};\nexport default function Edit() {}\n',
    'app/routes/_shop+/stores+/stats.tsx': "import x from 'y';\nexport const clientLoader = async () => {};\n",
    'app/routes/_staff+/stores+/stats.tsx': "import x from 'y';\n\nexport async function loader() {}\n",
  };
  it.each([
    ['loader', { routeId: 'routes/_staff+/stores+/stats', pattern: '/stores/stats' }, 'app/routes/_staff+/stores+/stats.tsx:3'],
    ['loader', { routeId: 'routes/_shop+/stores+/stats' }, 'app/routes/_shop+/stores+/stats.tsx:2'],
    ['action routes/_shop+/orders+/$id.edit', {}, 'app/routes/_shop+/orders+/$id.edit.tsx:2'],
    ['react-router.action', { 'route.id': 'routes/_shop+/orders+/$id.edit' }, 'app/routes/_shop+/orders+/$id.edit.tsx:2'],
    ['middleware', { routeId: 'routes/_shop+/_layout' }, 'app/routes/_shop+/_layout.tsx:2'],
    ['loader', { routeId: 'root', pattern: '/' }, 'app/root.tsx:1'],
    ['action', { pattern: '/orders/:id/edit' }, 'app/routes/_shop+/orders+/$id.edit.tsx:2'],
  ])('%s %j is %s', async (name, attributes, place) => {
    expect(await placeOf({ name, kind: 1, attributes, language: 'javascript' }, files)).toBe(place);
  });
});

describe('a file that answers all paths below one', () => {
  const file = `import { Hono } from 'hono';
import { handle } from 'hono/vercel';
const app = new Hono().basePath('/api/private');
app.get('/polls/:id', (c) => c.json(one(c)));
app.get('/polls/:id/results', async (c) => {
  return c.json(await resultsOf(c));
});
const handler = handle(app);
export { handler as GET, handler as POST };
`;
  const span = (target: string, route: string) => ({
    name: `GET ${route}`,
    kind: 2,
    scope: 'next.js',
    attributes: {
      'http.method': 'GET',
      'http.target': target,
      'next.route': route,
      'http.route': route,
      'next.span_type': 'BaseServer.handleRequest',
    },
  });

  it('leads to the route of the router in it, and is not sure itself', async () => {
    const files = { 'apps/web/src/app/api/private/[...route]/route.ts': file };
    const found = shown(await hintsOf(span('/api/private/polls/9fYcXkPq/results', '/api/private/[...route]'), files));
    expect(found[0]).toMatch(/route\.ts:5 0\.[78]/);
    const unknown = shown(await hintsOf(span('/api/private/other', '/api/private/[...route]'), files));
    expect(unknown[0]).toMatch(/route\.ts:[89] 0\.[56]/);
  });

  it('is the page itself where it is one', async () => {
    const files = { 'app/docs/[...slug]/page.tsx': 'export default function Docs() {\n  return null;\n}\n' };
    expect(shown(await hintsOf(span('/docs/a/b', '/docs/[...slug]'), files))[0]).toMatch(/page\.tsx:1 0\.92/);
  });
});

describe('a file that hands on what another one has', () => {
  const ask = {
    name: 'GET /orders',
    kind: 2,
    scope: 'next.js',
    attributes: { 'next.route': '/orders', 'http.route': '/orders' },
  };
  const asked = { ...ask, attributes: { ...ask.attributes, 'next.span_type': 'BaseServer.handleRequest', 'http.method': 'GET' } };
  const page = 'import x from "y";\n\nexport default function OrdersPage() {}\n';
  it.each<[string, Record<string, string>, string]>([
    [
      'by an alias',
      { 'app/orders/page.tsx': "export { default } from '@ee/pages/orders';\n", 'ee/pages/orders.tsx': page },
      'ee/pages/orders.tsx:3',
    ],
    [
      'by an alias, to the folder of all of its path',
      {
        'app/orders/page.tsx': "export { default } from '@ee/orders/pages/index';\n",
        'ee/branding/pages/index.tsx': page,
        'ee/orders/pages/index.tsx': page,
      },
      'ee/orders/pages/index.tsx:3',
    ],
    [
      'by its import',
      {
        'app/orders/page.tsx': "import Page from './orders-page';\n\nexport default Page;\n",
        'app/orders/orders-page.tsx': page,
      },
      'app/orders/orders-page.tsx:3',
    ],
    [
      'all of it',
      {
        'app/orders/route.ts': "export * from '../../server/orders';\n",
        'server/orders.ts': 'const a = 1;\nexport async function GET() {}\n',
      },
      'server/orders.ts:2',
    ],
    [
      'under another name',
      {
        'app/orders/route.ts': "export {\n  list as GET,\n} from '@/server/orders';\n",
        'server/orders.ts': 'const a = 1;\nexport async function list() {}\n',
      },
      'server/orders.ts:2',
    ],
  ])('leads there: %s', async (_, files, place) => {
    expect(await placeOf(asked, files)).toBe(place);
  });

  it('is not sure where that is not here', async () => {
    expect(shown(await hintsOf(asked, { 'app/orders/page.tsx': "export { default } from '@shop/orders';\n" }))).toEqual([
      'app/orders/page.tsx:1 0.55',
    ]);
  });

  it('comes before what a slot shows beside it', async () => {
    const files = { 'app/@aside/orders/page.tsx': page, 'app/(shop)/orders/page.tsx': page };
    expect(await placeOf(asked, files)).toBe('app/(shop)/orders/page.tsx:3');
  });
});
