// Which file an inferred or learned mapping leads to, how sure that is, and what it gives way to.
import { describe, expect, it } from 'vitest';
import { type InferredMapping, type ResolveOptions, type ResolveResult, resolveSpan, type SpanSource } from '../../../src/source';
import { Learning } from '../../../src/source/paths/learning';
import { pinOf } from '../../../src/source/paths/pin';
import { alike } from '../../../src/source/paths/serviceNames';
import { shortestMapping } from '../../../src/source/paths/shortestMapping';
import { memoryWorkspace } from './support/workspace';

const shop = 'file:///home/dev/shop';
const body = (name: string): string => `${'\n'.repeat(9)}export function ${name}() {\n${'  work();\n'.repeat(20)}`;

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly path: string;
  readonly service?: string;
  readonly functionName?: string;
  readonly container?: string;
  readonly mappings?: readonly InferredMapping[];
  readonly options?: Partial<ResolveOptions>;
}

function resolve({ files, path, service = 'cart', functionName, container, mappings, options }: Case): Promise<ResolveResult> {
  const workspace = memoryWorkspace(
    [shop],
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${shop}/${name}`, text])),
  );
  const span: SpanSource = {
    name: 'x',
    service,
    attributes: {
      'code.file.path': path,
      'code.line.number': 12,
      ...(functionName ? { 'code.function.name': functionName } : {}),
    },
    resource: container ? { 'container.name': container } : {},
    events: [],
  };
  return resolveSpan(span, { workspace }, { pathMappings: {}, inferredMappings: mappings, ...options });
}

const show = ({ candidates }: ResolveResult): readonly string[] =>
  candidates.map(({ file, confidence }) => `${file.replace(`${shop}/`, '')} ${confidence}`);

function mapping(prefix: string, folder: string, more: Partial<InferredMapping> = {}): InferredMapping {
  return {
    prefix,
    target: folder === '.' ? shop : `${shop}/${folder}`,
    origin: `compose.yaml, service ${more.services?.[0] ?? folder}`,
    kind: 'compose',
    ...more,
  };
}

const two = { 'services/cart/src/index.ts': body('add'), 'services/pay/src/index.ts': body('charge') };
const both = [mapping('/app', 'services/cart', { services: ['cart'] }), mapping('/app', 'services/pay', { services: ['pay'] })];

describe('an inferred mapping', () => {
  it('finds the file, says where it comes from, and is surer with the service and the function', async () => {
    const one = { 'services/cart/src/index.ts': body('add') };
    const path = '/usr/src/app/src/index.ts';
    const named = [mapping('/usr/src/app', 'services/cart', { services: ['cart'] })];
    const result = await resolve({ files: one, path, mappings: named });
    expect(show(result)).toEqual(['services/cart/src/index.ts 0.92']);
    expect(result.candidates[0]).toMatchObject({
      rung: 'pathMapping',
      statedPath: path,
      mapping: { prefix: '/usr/src/app', target: `${shop}/services/cart`, origin: 'compose.yaml, service cart' },
    });
    expect(result.candidates[0].reason).toBe(
      'from code.file.path, services/cart/src/index.ts found by the mapping of /usr/src/app in compose.yaml, service cart',
    );
    expect(show(await resolve({ files: one, path, mappings: named, functionName: 'Cart.add' }))).toEqual([
      'services/cart/src/index.ts 0.96',
    ]);
    const nameless = [mapping('/usr/src/app', 'services/cart')];
    expect(show(await resolve({ files: one, path, mappings: nameless, service: 'web' }))).toEqual([
      'services/cart/src/index.ts 0.88',
    ]);
    expect(show(await resolve({ files: one, path, mappings: nameless, service: 'web', functionName: 'add' }))).toEqual([
      'services/cart/src/index.ts 0.94',
    ]);
  });

  it('gives way to the user, and to the path itself', async () => {
    const files = { 'a/src/x.ts': body('add'), 'b/src/x.ts': body('add') };
    const mappings = [mapping('/app/src', 'a/src')];
    expect(
      show(await resolve({ files, path: '/app/src/x.ts', mappings, options: { pathMappings: { '/app': `${shop}/b` } } })),
    ).toEqual(['b/src/x.ts 0.97']);
    expect(show(await resolve({ files, path: '/home/dev/shop/b/src/x.ts', mappings: [mapping('/home', 'a')] }))).toEqual([
      'b/src/x.ts 0.98',
    ]);
  });

  it('whose file is not there is passed over, which is noted', async () => {
    const files = { 'lib/src/x.ts': body('add') };
    const mappings = [mapping('/app', 'services/cart', { services: ['cart'] })];
    const found = await resolve({ files, path: '/app/lib/src/x.ts', mappings });
    expect(show(found)).toEqual(['lib/src/x.ts 0.89']);
    expect(found.tried.map(({ outcome }) => outcome)).toContain(
      'the mapping of /app in compose.yaml, service cart leads to cart/lib/src/x.ts, which is not there',
    );
    const nothing = await resolve({ files, path: '/app/none.ts', mappings });
    expect(nothing.tried.find(({ rung }) => rung === 'pathMapping')?.outcome).toBe(
      'the mapping of /app in compose.yaml, service cart leads to cart/none.ts, which is not there, and no file named none.ts is in the workspace',
    );
    expect(nothing.foreign).toEqual(['/app/none.ts']);
  });

  it('may not lead out of the workspace', async () => {
    const mappings = [{ ...mapping('/app', '.'), target: 'file:///etc' }, mapping('/app', '../../../etc')];
    expect(show(await resolve({ files: { 'a.ts': '' }, path: '/app/passwd', mappings }))).toEqual([]);
  });

  it('of the longest prefix wins within one program', async () => {
    const files = { 'services/cart/src/x.ts': body('add'), 'mounted/x.ts': body('add') };
    const program = { owner: 'compose cart' };
    const mappings = [mapping('/app', 'services/cart', program), mapping('/app/src', 'mounted', program)];
    expect(show(await resolve({ files, path: '/app/src/x.ts', mappings, service: 'web' }))).toEqual(['mounted/x.ts 0.88']);
  });
});

describe('two services with the same container path', () => {
  const path = '/app/src/index.ts';
  it('are told apart by the name of the service, in any spelling, or of the container', async () => {
    for (const service of ['pay', 'shop-pay', 'PayService', 'payservice', 'pay-svc'])
      expect(show(await resolve({ files: two, path, mappings: both, service }))).toEqual(['services/pay/src/index.ts 0.92']);
    expect(
      show(await resolve({ files: two, path, mappings: both, service: 'unknown_service:node', container: 'shop-pay-1' })),
    ).toEqual(['services/pay/src/index.ts 0.92']);
    expect(show(await resolve({ files: two, path, mappings: both, service: 'cart', container: 'sidecar' }))).toEqual([
      'services/cart/src/index.ts 0.92',
    ]);
  });

  it('are not sure where the name is of neither, unless the function tells', async () => {
    expect(show(await resolve({ files: two, path, mappings: both, service: 'web' }))).toEqual([
      'services/cart/src/index.ts 0.4',
      'services/pay/src/index.ts 0.4',
    ]);
    const told = await resolve({ files: two, path, mappings: both, service: 'web', functionName: 'charge' });
    expect(show(told)[0]).toBe('services/pay/src/index.ts 0.75');
  });

  it('do not lend each other files', async () => {
    const files = { 'services/cart/src/index.ts': body('add') };
    const result = await resolve({ files, path, mappings: both, service: 'pay', functionName: 'add' });
    expect(show(result)).toEqual(['services/cart/src/index.ts 0.85']);
    expect(result.candidates[0].reason).toContain('which is not of pay');
  });

  it('are told apart by folders where mappings bear no names', async () => {
    const mappings = [mapping('/app', 'services/cart', { owner: '1' }), mapping('/app', 'services/pay', { owner: '2' })];
    expect(show(await resolve({ files: two, path, mappings, service: 'pay' }))).toEqual(['services/pay/src/index.ts 0.92']);
  });

  it('have working directories of their own', async () => {
    const mappings = [mapping('.', 'services/cart', { services: ['cart'] }), mapping('.', 'services/pay', { services: ['pay'] })];
    expect(show(await resolve({ files: two, path: 'src/index.ts', mappings, service: 'pay' }))).toEqual([
      'services/pay/src/index.ts 0.92',
    ]);
    expect(show(await resolve({ files: two, path: 'src/index.ts', mappings, service: 'web' }))).toHaveLength(2);
  });
});

describe('names of services', () => {
  it('are alike as people write them', () => {
    expect(alike('cart', 'Cart')).toBe(2);
    expect(alike('cart-service', 'cartService')).toBe(2);
    expect(alike('shop-cart-1', 'cart')).toBe(1);
    expect(alike('cart-worker', 'cart')).toBe(1);
    expect(alike('service', 'service')).toBe(2);
    for (const [a, b] of [
      ['cart', 'card'],
      ['cart', 'pay'],
      ['', ''],
      ['!', 'x'],
      ['service', 'cart'],
      ['web', 'websocket'],
    ])
      expect(alike(a, b)).toBe(0);
  });
});

const found = (service: string, name: string): { path: string; file: string; bySuffix: boolean } => ({
  path: `/usr/src/app/src/${name}`,
  file: `${shop}/services/${service}/src/${name}`,
  bySuffix: true,
});

describe('learning', () => {
  const learn = (learning: Learning, service: string, ...votes: Parameters<Learning['add']>[1]): boolean =>
    learning.add(service, votes, [shop], true);

  it('makes a mapping of three files that agree', () => {
    const learning = new Learning();
    expect(learn(learning, 'cart', found('cart', 'a.ts'), found('cart', 'b.ts'))).toBe(true);
    // The same file again is no further reason.
    learn(learning, 'cart', found('cart', 'a.ts'));
    expect(learning.mappings()).toEqual([]);
    expect(learn(learning, 'cart', found('cart', 'deep/c.ts'))).toBe(true);
    expect(learning.mappings()).toMatchObject([
      {
        prefix: '/usr/src/app',
        target: `${shop}/services/cart`,
        origin: 'learned from 3 files of cart that were found',
        kind: 'learned',
        services: ['cart'],
      },
    ]);
    // More of the same changes nothing.
    expect(learn(learning, 'cart', found('cart', 'd.ts'))).toBe(false);
  });

  it('takes it back for good where a file of the same root is elsewhere', () => {
    const learning = new Learning();
    learn(learning, 'cart', ...['a.ts', 'b.ts', 'c.ts'].map((name) => found('cart', name)));
    expect(learning.mappings()).toHaveLength(1);
    expect(learn(learning, 'cart', { ...found('pay', 'x.ts'), bySuffix: false })).toBe(true);
    expect(learning.mappings()).toEqual([]);
    learn(learning, 'cart', ...['d.ts', 'e.ts', 'f.ts'].map((name) => found('cart', name)));
    expect(learning.mappings()).toEqual([]);
  });

  it('keeps services apart, learns nothing from what is known, and is bounded', () => {
    const learning = new Learning();
    for (const service of ['cart', 'pay', 'web']) learn(learning, service, found('cart', `${service}.ts`));
    expect(learning.mappings()).toEqual([]);
    for (const name of ['1', '2', '3']) learn(learning, 'cart', { ...found('cart', `${name}.ts`), bySuffix: false });
    expect(learning.mappings()).toEqual([]);
    for (let i = 0; i < 1000; i++) learn(learning, `s${i}`, found('cart', 'a.ts'));
    for (let i = 0; i < 1000; i++)
      learn(learning, 'cart', { path: `/r${i}/src/a.ts`, file: `${shop}/f${i}/src/a.ts`, bySuffix: true });
    expect(Object.keys(learning.affinity()).length).toBeLessThanOrEqual(200);
    expect(learning.affinity().cart.length).toBeLessThanOrEqual(101);
    learn(learning, '__proto__', found('cart', 'a.ts'));
    learning.clear();
    expect(learning.mappings()).toEqual([]);
  });

  it('chooses between files that fit equally, and says why', async () => {
    const learning = new Learning();
    learn(learning, 'cart', found('cart', 'a.ts'), found('cart', 'b.ts'));
    const files = { 'services/cart/src/index.ts': body('start'), 'services/pay/src/index.ts': body('start') };
    const ask = (service: string, functionName?: string): Promise<ResolveResult> =>
      resolve({ files, path: '/usr/src/app/src/index.ts', service, functionName, options: { affinity: learning.affinity() } });
    const result = await ask('cart');
    expect(show(result)).toEqual(['services/cart/src/index.ts 0.75', 'services/pay/src/index.ts 0.4']);
    expect(result.candidates[0].reason).toContain('where other spans of cart are');
    expect(show(await ask('pay'))).toEqual(['services/cart/src/index.ts 0.4', 'services/pay/src/index.ts 0.4']);
    const twice = { ...files, 'services/cart/src/index.ts': body('openShop'), 'services/pay/src/index.ts': body('openShop') };
    const evident = await resolve({
      files: twice,
      path: '/usr/src/app/src/index.ts',
      functionName: 'openShop',
      options: { affinity: learning.affinity() },
    });
    expect(show(evident)[0]).toBe('services/cart/src/index.ts 0.85');
  });

  it('lets no service pass for another, of which the same file is here', async () => {
    const learning = new Learning();
    learn(learning, 'cart', ...['a.ts', 'b.ts', 'c.ts'].map((name) => found('cart', name)));
    const only = { 'services/cart/lib/src/index.ts': body('openShop') };
    const ask = (service: string): Promise<ResolveResult> =>
      resolve({
        files: only,
        path: '/usr/src/app/lib/src/index.ts',
        service,
        functionName: 'openShop',
        options: { affinity: learning.affinity() },
      });
    expect(show(await ask('cart'))).toEqual(['services/cart/lib/src/index.ts 0.91']);
    const other = await ask('pay');
    expect(show(other)).toEqual(['services/cart/lib/src/index.ts 0.75']);
    expect(other.candidates[0].reason).toContain('but spans of cart are there');
    // Until enough of its own are found there: then it is the same code.
    learn(learning, 'pay', ...['a.ts', 'b.ts', 'c.ts'].map((name) => found('cart', name)));
    expect(show(await ask('pay'))).toEqual(['services/cart/lib/src/index.ts 0.91']);
    // Build files that know both services say it without any span.
    const known = await resolve({
      files: only,
      path: '/srv/lib/src/index.ts',
      service: 'pay',
      functionName: 'openShop',
      mappings: both,
    });
    expect(known.candidates[0].reason).toContain('but it is of cart');
    expect(known.candidates[0].confidence).toBeLessThan(0.9);
  });
});

describe('the shortest mapping', () => {
  const pin = (path: string, file: string, folders: readonly string[] = [shop]): string => {
    const made = shortestMapping(path, file.includes('://') ? file : `${shop}/${file}`, folders, true);
    return made ? `${made.prefix} -> ${made.target.replace(shop, '.')} (${made.shared})` : 'none';
  };

  it('leaves out what both have in common', () => {
    expect(pin('/usr/src/app/src/a.ts', 'services/cart/src/a.ts')).toBe('/usr/src/app -> ./services/cart (2)');
    expect(pin('/builds/shop/src/a.ts', 'src/a.ts')).toBe('/builds/shop -> . (2)');
    expect(pin('C:\\build\\cart\\src\\a.cs', 'cart/src/A.cs')).toBe('C:\\build -> . (3)');
    expect(pin('\\\\host\\share\\src\\a.cs', 'x/src/a.cs')).toBe('\\\\host\\share -> ./x (2)');
    expect(pin('webpack://shop/./src/a.ts', 'web/src/a.ts')).toBe('webpack://shop/ -> ./web (2)');
    expect(pin('webpack:///src/a.ts', 'web/src/a.ts')).toBe('webpack:/// -> ./web (2)');
    expect(pin('file:///srv/app/a%20b.ts', 'x/a%20b.ts')).toBe('/srv/app -> ./x (1)');
    expect(pin('lib/src/a.ts', 'services/cart/src/a.ts')).toBe('lib -> ./services/cart (2)');
  });

  it('never maps everything, nor above the workspace folder', () => {
    expect(pin('/src/a.ts', 'services/cart/src/a.ts')).toBe('/src -> ./services/cart/src (1)');
    expect(pin('src/a.ts', 'services/cart/src/a.ts')).toBe('src -> ./services/cart/src (1)');
    expect(pin('a.ts', 'services/cart/a.ts')).toBe('a.ts -> ./services/cart/a.ts (0)');
    expect(pin('C:\\src\\a.cs', 'x/src/a.cs')).toBe('C:\\src -> ./x/src (1)');
    expect(pin('/x/dev/shop/src/a.ts', 'src/a.ts')).toBe('/x/dev/shop -> . (2)');
    expect(pin('/app/index.js', 'src/index.ts')).toBe('/app/index.js -> ./src/index.ts (0)');
    expect(pin('/app/src/a.ts', 'file:///opt/lib/src/a.ts')).toBe('/app -> file:///opt/lib (2)');
    for (const path of ['', '/', '<anonymous>', 'node:fs', '\0']) expect(pin(path, 'a.ts')).toBe('none');
  });

  it('leads where it was asked to lead', async () => {
    for (const path of [
      '/usr/src/app/src/a.ts',
      '/src/a.ts',
      'C:\\build\\src\\a.ts',
      'src/a.ts',
      'webpack://shop/./src/a.ts',
      '/dist/b.js',
      '../x/src/a.ts',
      'a.ts',
    ]) {
      const made = shortestMapping(path, `${shop}/services/cart/src/a.ts`, [shop], true);
      const files = { 'services/cart/src/a.ts': body('add'), 'services/pay/src/a.ts': body('add') };
      const options = { pathMappings: { [made?.prefix ?? '']: made?.target ?? '' } };
      expect([path, ...show(await resolve({ files, path, options }))]).toEqual([path, 'services/cart/src/a.ts 0.97']);
    }
  });
});

describe('a pin', () => {
  const candidate = { file: `${shop}/src/a.ts`, line: 0, rung: 'pathMapping', confidence: 0.4, reason: '' } as const;
  const pin = (more: object): string | undefined => pinOf({ ...candidate, ...more }, [shop], true)?.prefix;

  it('is offered where it says something new', () => {
    expect(pin({ statedPath: '/app/src/a.ts' })).toBe('/app');
    const inferred = { prefix: '/app', target: shop, origin: 'compose.yaml' };
    expect(pin({ statedPath: '/app/src/a.ts', mapping: inferred })).toBe('/app');
    expect(pin({ statedPath: '/app/src/a.ts', mapping: { prefix: '/app', target: shop } })).toBeUndefined();
    expect(pin({ statedPath: '/home/dev/shop/src/a.ts' })).toBeUndefined();
    expect(pin({})).toBeUndefined();
  });

  it('is of the generated file, where a source map led on', () => {
    const generated = { file: `${shop}/dist/a.js`, line: 1 };
    expect(pinOf({ ...candidate, statedPath: '/app/dist/a.js', generated }, [shop], true)).toEqual({
      prefix: '/app',
      target: shop,
      shared: 2,
      path: '/app/dist/a.js',
      file: `${shop}/dist/a.js`,
    });
  });
});

it('leads from code that was compiled elsewhere to the source of its name', async () => {
  const result = await resolve({
    files: { 'services/cart/src/index.ts': body('openShop'), 'services/pay/src/index.ts': body('openShop') },
    path: '/app/dist/index.js',
    functionName: 'openShop',
    mappings: both,
  });
  expect(show(result)).toEqual(['services/cart/src/index.ts 0.4']);
  expect(result.candidates[0]).toMatchObject({ guessed: true, line: 9 });
});
