// The ladder from code attributes and stacks to lines: paths of other machines, mappings, ties, and input that means harm.
import { describe, expect, it } from 'vitest';
import {
  parseStack,
  type ResolveResult,
  resolveAttributes,
  resolveFrame,
  resolveSpan,
  type SourcePorts,
  type SpanSource,
} from '../../../src/source';
import { advise, shouldAsk } from '../../../src/source/advice';
import { readCodeLocation } from '../../../src/source/model/attributes';
import { parsePath } from '../../../src/source/uri/paths';
import { memoryWorkspace } from './support/workspace';

const shop = 'file:///home/dev/shop';
const text = `${'line\n'.repeat(9)}function charge() {\n${'line\n'.repeat(20)}`;

function workspace(files: readonly string[], folders: readonly string[] = [shop], caseSensitive = true): SourcePorts {
  const uris = files.map((file) => (file.includes('://') ? file : `${folders[0]}/${encodeURI(file)}`));
  return { workspace: memoryWorkspace(folders, Object.fromEntries(uris.map((uri) => [uri, text])), caseSensitive) };
}

function show({ candidates, tried }: ResolveResult): string {
  if (!candidates.length) return tried.map(({ rung, what, outcome }) => `${rung} ${what}: ${outcome}`).join('\n');
  return candidates
    .map(
      ({ file, line, column, rung, confidence }) =>
        `${file.replace(`${shop}/`, '')}:${line + 1}${column === undefined ? '' : `:${column + 1}`} ${rung} ${confidence}`,
    )
    .join('\n');
}

async function attributes(
  values: Record<string, unknown>,
  ports: SourcePorts,
  pathMappings: Record<string, string> = {},
): Promise<string> {
  return show(await resolveAttributes(values, ports, { pathMappings }));
}

const at = (path: string, line: unknown = 12): Record<string, unknown> => ({ 'code.file.path': path, 'code.line.number': line });

describe('code attributes', () => {
  it('reads stable and legacy names, numbers in any form, and joins the namespace', () => {
    expect(
      readCodeLocation({
        'code.file.path': '/a.ts',
        'code.line.number': '12',
        'code.column.number': 4n,
        'code.function.name': 'shop.charge',
      }),
    ).toEqual({
      path: '/a.ts',
      pathKey: 'code.file.path',
      line: 12,
      column: 4,
      functionName: 'shop.charge',
      problems: [],
    });
    expect(
      readCodeLocation({
        'code.filepath': '/a.py',
        'code.lineno': 7,
        'code.column': '3',
        'code.namespace': 'shop.Cart',
        'code.function': 'add',
      }),
    ).toEqual({
      path: '/a.py',
      pathKey: 'code.filepath',
      line: 7,
      column: 3,
      functionName: 'shop.Cart.add',
      problems: [],
    });
    expect(readCodeLocation({ 'code.namespace': 'Shop::Cart', 'code.function': 'add' })?.functionName).toBe('Shop::Cart::add');
    expect(readCodeLocation({ 'code.namespace': 'App\\Cart', 'code.function': 'add' })?.functionName).toBe('App\\Cart::add');
    expect(readCodeLocation({ 'code.namespace': 'com.Cart', 'code.function.name': 'com.Cart.add' })?.functionName).toBe(
      'com.Cart.add',
    );
    expect(readCodeLocation({ 'code.function': 'add' })?.functionName).toBe('add');
    // The stable name wins, the legacy one fills in.
    expect(
      readCodeLocation({ 'code.file.path': '', 'code.filepath': '/b.ts', 'code.line.number': 'x', 'code.lineno': 3 }),
    ).toMatchObject({ path: '/b.ts', line: 3 });
    expect(readCodeLocation({ 'http.route': '/a' })).toBeUndefined();
  });

  it('takes no line that is none', () => {
    for (const line of [
      -1,
      0,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '-3',
      '1e3',
      '0x10',
      '',
      ' ',
      'twelve',
      '99999999999',
      2 ** 40,
      null,
      undefined,
      [],
      {},
      true,
    ]) {
      expect(readCodeLocation({ 'code.file.path': '/a.ts', 'code.line.number': line })?.line).toBeUndefined();
    }
    for (const line of [12, '12', ' 12 ', '12.0', 12n, 12.0]) expect(readCodeLocation(at('/a.ts', line))?.line).toBe(12);
  });

  it('does not read what an object inherits', async () => {
    expect(readCodeLocation(Object.create({ 'code.file.path': '/a.ts' }))).toBeUndefined();
    expect(await attributes(at('/x/__proto__/constructor'), workspace(['src/a.ts']))).toContain('no file named constructor');
  });
});

describe('a file of the workspace', () => {
  it('is found at its own path, in every spelling', async () => {
    const ports = workspace(['src/a b.ts']);
    for (const path of [
      '/home/dev/shop/src/a b.ts',
      'file:///home/dev/shop/src/a%20b.ts',
      '/home/dev/shop/./lib/../src/a b.ts',
      'vscode-remote://wsl+ubuntu/home/dev/shop/src/a%20b.ts',
    ]) {
      expect(await attributes(at(path), ports)).toBe('src/a%20b.ts:12 attributes 0.98');
    }
  });

  it('is found in remote, virtual and Windows folders', async () => {
    const remote = 'vscode-remote://dev-container%2B7b/workspaces/shop';
    expect(await attributes(at('/workspaces/shop/src/a.ts'), workspace(['src/a.ts'], [remote]))).toBe(
      `${remote}/src/a.ts:12 attributes 0.98`,
    );
    const windows = 'file:///c%3A/Users/Ada/shop';
    const ports = workspace(['src/Cart.cs'], [windows], false);
    for (const path of [
      'C:\\Users\\Ada\\shop\\src\\Cart.cs',
      'c:/users/ada/shop/src/cart.cs',
      'file:///C:/Users/Ada/shop/src/Cart.cs',
      '\\\\?\\C:\\Users\\Ada\\shop\\src\\Cart.cs',
    ]) {
      expect((await attributes(at(path), ports)).toLowerCase()).toBe(`${windows}/src/cart.cs:12 attributes 0.98`.toLowerCase());
    }
    const share = 'file://server/share/shop';
    expect(await attributes(at('\\\\server\\share\\shop\\src\\a.cs'), workspace(['src/a.cs'], [share], false))).toBe(
      `${share}/src/a.cs:12 attributes 0.98`,
    );
  });

  it('says so when the line is unknown or beyond the end', async () => {
    const ports = workspace(['src/a.ts']);
    const unknown = await resolveAttributes(at('/home/dev/shop/src/a.ts', 0), ports, { pathMappings: {} });
    expect(unknown.candidates).toMatchObject([{ line: 0, lineUnknown: true, confidence: 0.6 }]);
    const beyond = await resolveAttributes(at('/home/dev/shop/src/a.ts', 900), ports, { pathMappings: {} });
    expect(beyond.candidates).toMatchObject([{ line: 899, confidence: 0.45 }]);
    expect(beyond.candidates[0].reason).toContain('the file has only 30 lines now');
  });
});

describe('a path of another machine', () => {
  it('is found by its longest suffix, on any host', async () => {
    const ports = workspace(['services/cart/src/store.ts', 'services/pay/src/store.ts']);
    expect(await attributes(at('/usr/src/app/cart/src/store.ts'), ports)).toBe('services/cart/src/store.ts:12 pathMapping 0.84');
    expect(await attributes(at('D:\\a\\_work\\1\\s\\services\\pay\\src\\store.ts'), ports)).toBe(
      'services/pay/src/store.ts:12 pathMapping 0.89',
    );
    // Windows paths ignore letter case, others do not.
    expect(await attributes(at('D:\\a\\Services\\Pay\\SRC\\store.ts'), ports)).toBe(
      'services/pay/src/store.ts:12 pathMapping 0.89',
    );
    expect(await attributes(at('http://localhost:3000/cart/src/store.ts?t=17'), ports)).toBe(
      'services/cart/src/store.ts:12 pathMapping 0.84',
    );
  });

  it('is surer where the function stands near the line', async () => {
    const ports = workspace(['src/store.ts']);
    expect(await attributes(at('/usr/src/app/src/store.ts'), ports)).toBe('src/store.ts:12 pathMapping 0.86');
    expect(await attributes({ ...at('/usr/src/app/src/store.ts'), 'code.function.name': 'Store.charge' }, ports)).toBe(
      'src/store.ts:12 pathMapping 0.93',
    );
    expect(await attributes({ ...at('/usr/src/app/src/store.ts'), 'code.function.name': 'Store.refund' }, ports)).toBe(
      'src/store.ts:12 pathMapping 0.86',
    );
  });

  it('gives every file that fits equally, none of them surely', async () => {
    const ports = workspace(['a/src/store.ts', 'b/src/store.ts', 'dist/src/store.ts', 'node_modules/x/src/store.ts']);
    expect(await attributes(at('/app/src/store.ts'), ports)).toBe(
      'a/src/store.ts:12 pathMapping 0.4\nb/src/store.ts:12 pathMapping 0.4',
    );
    expect(shouldAsk((await resolveAttributes(at('/app/src/store.ts'), ports, { pathMappings: {} })).candidates)).toBe(true);
  });

  it('is told from its equals by the function, where that stands in one of them only', async () => {
    const files = { [`${shop}/a/src/store.ts`]: text, [`${shop}/b/src/store.ts`]: text.replace('charge', 'refund') };
    const ports: SourcePorts = { workspace: memoryWorkspace([shop], files) };
    const named = (name: string): Record<string, unknown> => ({ ...at('/app/src/store.ts'), 'code.function.name': name });
    expect(await attributes(named('Store.refund'), ports)).toBe(
      'b/src/store.ts:12 pathMapping 0.75\na/src/store.ts:12 pathMapping 0.4',
    );
    expect(await attributes(named('Store.other'), ports)).toBe(
      'a/src/store.ts:12 pathMapping 0.4\nb/src/store.ts:12 pathMapping 0.4',
    );
  });

  it('is found among thousands of its name, or not at all', async () => {
    const ports = workspace(Array.from({ length: 2000 }, (_, i) => `packages/x${i}/src/index.ts`));
    expect(await attributes(at('/app/packages/x77/src/index.ts'), ports)).toBe('packages/x77/src/index.ts:12 pathMapping 0.89');
    expect(await attributes(at('/app/src/index.ts'), ports)).toContain('too many files are named index.ts to tell which');
  });

  it('is a low guess by file name alone', async () => {
    const ports = workspace(['lib/deep/store.ts']);
    expect(await attributes(at('/app/other/store.ts'), ports)).toBe('lib/deep/store.ts:12 pathMapping 0.45');
    expect(await attributes(at('store.ts'), ports)).toBe('lib/deep/store.ts:12 pathMapping 0.7');
  });

  it('is no file of the workspace when it is a library', async () => {
    const ports = workspace(['http/client.py', 'src/ops/function.rs', 'express/index.js', 'trace/span.go']);
    for (const path of [
      '/usr/lib/python3.11/http/client.py',
      '/rustc/59807/library/core/src/ops/function.rs',
      '/app/node_modules/express/index.js',
      '/go/pkg/mod/go.opentelemetry.io/otel/sdk@v1.4.0/trace/span.go',
    ]) {
      expect(await attributes(at(path), ports)).toContain("a library's file");
    }
  });

  it('ignores letter case where the file system does', async () => {
    expect(await attributes(at('/app/SRC/Store.ts'), workspace(['src/store.ts'], [shop], false))).toBe(
      'src/store.ts:12 pathMapping 0.86',
    );
    expect(await attributes(at('/app/SRC/Store.ts'), workspace(['src/store.ts']))).toContain('no file named Store.ts');
  });
});

describe('compiled code that is not here', () => {
  const source = `${'line\n'.repeat(4)}export class Pricing {\n  async charge(id: number) {\n    this.charge(id);\n${'line\n'.repeat(9)}`;
  const ports: SourcePorts = {
    workspace: memoryWorkspace([shop], { [`${shop}/src/cart/pricing.ts`]: source, [`${shop}/src/index.ts`]: text }),
  };
  const resolve = (frames: string): Promise<ResolveResult> =>
    resolveSpan(
      {
        name: 'x',
        service: 's',
        attributes: {},
        resource: {},
        events: [{ name: 'exception', attributes: { 'exception.stacktrace': `Error: x\n${frames}` } }],
      },
      ports,
      { pathMappings: {} },
    );

  it('leads to the function in the source of its name, as a guess', async () => {
    const result = await resolve('    at Pricing.charge (/usr/src/app/dist/cart/pricing.js:200:9)');
    expect(result.candidates).toMatchObject([{ file: `${shop}/src/cart/pricing.ts`, line: 5, confidence: 0.4, guessed: true }]);
    expect(result.candidates[0].reason).toBe(
      'from exception.stacktrace, the line that threw, cart/pricing.js is not in the workspace, src/cart/pricing.ts has its name, charge is defined there',
    );
    expect(advise(result, true).map(({ kind }) => kind)).toContain('buildSourceMaps');
    expect((await resolve('    at /usr/src/app/dist/cart/pricing.js:200:9')).candidates).toMatchObject([
      { line: 0, lineUnknown: true, confidence: 0.3 },
    ]);
  });

  it('is none of a minified bundle, unless it has the function', async () => {
    const result = await resolve('    at t (/usr/src/app/dist/cart/pricing.js:1:5931)');
    expect(result.candidates).toEqual([]);
    expect(show(result)).toContain('it is minified, and the build that has its source map is not in the workspace');
    expect(advise(result, true).map(({ kind }) => kind)).toContain('buildSourceMaps');
    expect((await resolve('    at charge (/usr/src/app/dist/cart/pricing.js:1:5931)')).candidates).toMatchObject([{ line: 5 }]);
  });

  it('gives way to a frame that is here, and needs more than a file name', async () => {
    expect(
      show(await resolve('    at charge (/usr/src/app/dist/cart/pricing.js:2:9)\n    at f (/home/dev/shop/src/index.ts:3:1)')),
    ).toBe('src/index.ts:3:1 stack 0.75');
    expect(show(await resolve('    at charge (/other/lib/pricing.js:2:9)'))).toContain('no file named pricing.js');
    expect(show(await resolve('    at charge (/app/node_modules/cart/pricing.js:2:9)'))).toContain('libraries');
  });
});

describe('path mappings', () => {
  const ports = workspace(['api/src/a.ts', 'src/a.ts', 'file:///opt/lib/b.ts']);

  it('take the longest prefix, at whole segments', async () => {
    expect(await attributes(at('/app/src/a.ts'), ports, { '/app': '/home/dev/shop', '/app/src': '/home/dev/shop/api/src' })).toBe(
      'api/src/a.ts:12 pathMapping 0.97',
    );
    expect(await attributes(at('/application/src/a.ts'), ports, { '/app': '/home/dev/shop/api' })).toBe(
      'src/a.ts:12 pathMapping 0.4\napi/src/a.ts:12 pathMapping 0.4',
    );
  });

  it('take paths, URIs and folders below the workspace, with and without a slash at the end', async () => {
    for (const target of ['/home/dev/shop/api', '/home/dev/shop/api/', 'file:///home/dev/shop/api', 'api', './api/']) {
      expect(await attributes(at('/app/src/a.ts'), ports, { '/app/': target })).toBe('api/src/a.ts:12 pathMapping 0.97');
    }
    expect(await attributes(at('C:\\Build\\src\\a.ts'), ports, { 'c:/build': 'api' })).toBe('api/src/a.ts:12 pathMapping 0.97');
    expect(await attributes(at('webpack://shop/./src/a.ts'), ports, { 'webpack://shop/': 'api' })).toBe(
      'api/src/a.ts:12 pathMapping 0.97',
    );
    expect(await attributes(at('/src/a.ts'), ports, { '/': 'api' })).toBe('api/src/a.ts:12 pathMapping 0.97');
  });

  it('may lead out of the workspace, and say so', async () => {
    const { candidates } = await resolveAttributes(at('/x/b.ts'), ports, { pathMappings: { '/x': '/opt/lib' } });
    expect(candidates).toMatchObject([{ file: 'file:///opt/lib/b.ts', outsideWorkspace: true, confidence: 0.97 }]);
  });

  it('fall back when nothing is there, and say where they led', async () => {
    expect(await attributes(at('/app/src/a.ts'), ports, { '/app': '/home/dev/shop/web' })).toBe(
      'src/a.ts:12 pathMapping 0.4\napi/src/a.ts:12 pathMapping 0.4',
    );
    expect(await attributes(at('/app/none.ts'), ports, { '/app': '/home/dev/shop/web' })).toBe(
      'pathMapping /app/none.ts: the path mapping of /app leads to /home/dev/shop/web/none.ts, which is not there, and no file named none.ts is in the workspace',
    );
  });
});

describe('input that means harm', () => {
  it('cannot climb out of the workspace', async () => {
    const ports = workspace(['src/a.ts', 'file:///etc/passwd', 'file:///home/dev/secret.ts']);
    for (const path of [
      '../secret.ts',
      '/home/dev/shop/../secret.ts',
      '../../../etc/passwd',
      'file:///home/dev/shop/%2e%2e/secret.ts',
      '/etc/passwd',
      'src/../../secret.ts',
      '..\\secret.ts',
    ]) {
      expect(await attributes(at(path), ports)).toContain('is in the workspace');
    }
    expect(await attributes(at('/app/../../secret.ts'), ports, { '/': '..' })).toContain('is in the workspace');
  });

  it('is refused where it is no path', async () => {
    const ports = workspace(['src/a.ts']);
    for (const path of [
      'src/a.ts\0',
      'src/\u001b[31ma.ts',
      'src\n/a.ts',
      '\u202e/a.ts',
      'a'.repeat(5000),
      '<anonymous>',
      '/',
      'C:\\',
      '..',
      'file:///',
      'node:fs',
    ]) {
      const answer = await attributes(at(path), ports);
      expect(answer).toContain('is no path that can be looked for');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not get through
      expect(answer).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  it('reads Windows paths by their form', () => {
    expect(parsePath('C:\\a\\..\\b\\c.cs')).toMatchObject({ kind: 'absolute', windows: true, segments: ['c:', 'b', 'c.cs'] });
    expect(parsePath('src\\a.cs')).toMatchObject({ kind: 'relative', windows: true, segments: ['src', 'a.cs'] });
    expect(parsePath('/srv/odd\\name.rb')).toMatchObject({ kind: 'absolute', windows: false, segments: ['srv', 'odd\\name.rb'] });
    expect(parsePath('\\\\server\\share\\a.cs')).toMatchObject({ kind: 'absolute', segments: ['server', 'share', 'a.cs'] });
    expect(parsePath('../../a.ts')).toMatchObject({ kind: 'relative', up: 2, segments: ['a.ts'] });
  });
});

describe('spans', () => {
  const span = (more: Partial<SpanSource>): SpanSource => ({
    name: 'POST /charge',
    service: 'shop',
    attributes: {},
    resource: {},
    events: [],
    ...more,
  });
  const exception = (stack: string): SpanSource['events'][number] => ({
    name: 'exception',
    attributes: { 'exception.stacktrace': stack },
  });

  it('lets the exception go before the attributes, and the last exception before earlier ones', async () => {
    const ports = workspace(['src/a.ts', 'src/b.ts', 'src/c.ts']);
    const result = await resolveSpan(
      span({
        attributes: at('/home/dev/shop/src/c.ts', 3),
        events: [
          exception('Error: first\n    at f (/home/dev/shop/src/a.ts:5:6)'),
          exception('Error: last\n    at g (/home/dev/shop/src/b.ts:7:8)'),
        ],
      }),
      ports,
      { pathMappings: {} },
    );
    expect(show(result)).toBe('src/b.ts:7:8 stack 0.98\nsrc/a.ts:5:6 stack 0.6\nsrc/c.ts:3 attributes 0.98');
    expect(shouldAsk(result.candidates)).toBe(false);
  });

  it('takes the nearest frame in the workspace, and is less sure below one that is missing', async () => {
    const ports = workspace(['src/a.ts']);
    const below = (first: string): SpanSource =>
      span({ events: [exception(`Error: x\n    at q (${first}:1:2)\n    at f (/home/dev/shop/src/a.ts:5:6)`)] });
    expect(show(await resolveSpan(below('/home/dev/shop/node_modules/knex/q.js'), ports, { pathMappings: {} }))).toBe(
      'src/a.ts:5:6 stack 0.98',
    );
    expect(show(await resolveSpan(below('/srv/other/gone.js'), ports, { pathMappings: {} }))).toBe('src/a.ts:5:6 stack 0.75');
  });

  it('says what was tried and what would help', async () => {
    const ports = workspace(['src/a.ts']);
    const lost = span({ events: [exception('Error: x\n    at q (/usr/src/app/src/gone.ts:1:2)\n    at r (node:net:3:4)')] });
    const result = await resolveSpan(lost, ports, { pathMappings: {} });
    expect(show(result)).toBe(
      [
        'stack exception.stacktrace: none of its 2 frames is in the workspace; /usr/src/app/src/gone.ts: no path mapping fits, and no file named gone.ts is in the workspace',
        'attributes code.file.path: the span has no code attributes',
        'symbol the source: the source cannot be looked through here',
      ].join('\n'),
    );
    expect(advise(result, true).map(({ kind, prefix }) => [kind, prefix])).toEqual([
      ['addMapping', '/usr/src/app'],
      ['captureCodeAttributes', undefined],
    ]);
    const plain = await resolveSpan(span({}), ports, { pathMappings: {} });
    expect(show(plain)).toBe(
      'stack exception.stacktrace: the span has no exception with a stack\nattributes code.file.path: the span has no code attributes\nsymbol the source: the source cannot be looked through here',
    );
    expect(advise(plain, false).map(({ kind }) => kind)).toEqual(['openFolder', 'captureCodeAttributes']);
  });

  it('reads stacks in any shape without failing', async () => {
    const ports = workspace(['src/a.ts']);
    for (const stack of ['', 'no frames', 42, ['a', 'b'], null, undefined, { a: 1 }, new Uint8Array(3), '\0'.repeat(1000)]) {
      const result = await resolveSpan(span({ attributes: { 'exception.stacktrace': stack, 'code.stacktrace': stack } }), ports, {
        pathMappings: {},
      });
      expect(result.candidates).toEqual([]);
    }
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      resolveSpan(span({ attributes: at('/x/a.ts') }), workspace(['src/a.ts']), { pathMappings: {} }, controller.signal),
    ).rejects.toMatchObject({ kind: 'Cancelled' });
  });

  it('asks for each file once, however many frames name it', async () => {
    const asked: string[] = [];
    const { workspace: inner } = workspace(['src/a.ts']);
    const counting: SourcePorts = {
      workspace: {
        ...inner,
        findByBaseName: async (name) => {
          asked.push(name);
          return inner.findByBaseName(name);
        },
      },
    };
    const frames = '    at f (/app/lib/gone.js:1:2)\n'.repeat(20_000);
    await resolveSpan(span({ events: [exception(`RangeError: Maximum call stack size exceeded\n${frames}`)] }), counting, {
      pathMappings: {},
    });
    expect(asked).toEqual(['gone.js', 'gone.ts', 'gone.tsx', 'gone.mts', 'gone.cts']);
  });

  it('opens one frame of a stack', async () => {
    const stack = parseStack('Error: x\n    at f (/app/src/a.ts:5:6)\n    at g (/app/node_modules/x/y.js:1:1)');
    const [first, second] = stack?.exceptions[0].frames ?? [];
    const ports = workspace(['src/a.ts']);
    expect(show(await resolveFrame(first, 'javascript', ports, { pathMappings: {} }))).toBe('src/a.ts:5:6 stack 0.86');
    expect(show(await resolveFrame(second, 'javascript', ports, { pathMappings: {} }))).toContain("a library's file");
  });
});

describe('file names without folders', () => {
  const java = (pkg: string): string =>
    `package ${pkg};\n${'line\n'.repeat(5)}class Cart { void add() {} }\n${'line\n'.repeat(20)}`;
  const files = { [`${shop}/a/src/main/java/com/acme/Cart.java`]: java('com.acme'), [`${shop}/b/Cart.java`]: java('org.other') };
  const ports: SourcePorts = { workspace: memoryWorkspace([shop], files) };

  it('are told apart by their package', async () => {
    const stack = (name: string): string => `x.E: y\n\tat ${name}.add(Cart.java:7)`;
    const resolve = async (name: string): Promise<string> =>
      show(
        await resolveSpan(
          {
            name: 'x',
            service: 's',
            attributes: {},
            resource: {},
            events: [{ name: 'exception', attributes: { 'exception.stacktrace': stack(name) } }],
          },
          ports,
          { pathMappings: {} },
        ),
      );
    expect(await resolve('com.acme.Cart')).toBe('a/src/main/java/com/acme/Cart.java:7 stack 0.96');
    expect(await resolve('org.other.Cart$Inner')).toBe('b/Cart.java:7 stack 0.96');
    expect(await resolve('net.nowhere.Cart')).toContain('no file Cart.java is of net.nowhere');
    const log = { 'code.file.path': 'Cart.java', 'code.line.number': 7, 'code.function.name': 'com.acme.Cart.addAll' };
    expect(await attributes(log, ports)).toBe('a/src/main/java/com/acme/Cart.java:7 pathMapping 0.93');
  });
});
