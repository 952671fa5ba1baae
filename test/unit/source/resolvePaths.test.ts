// Paths of spans to files of the workspace: its own, those of other machines, of compiled code, and by path mappings.
import { describe, expect, it } from 'vitest';
import { type ResolveResult, resolveAttributes, resolveSpan, type SourcePorts } from '../../../src/source';
import { advise, shouldAsk } from '../../../src/source/advice';
import { at, attributes, shop, show, text, workspace } from './support/ladder';
import { memoryWorkspace } from './support/workspace';

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

  it('is surer where the function stands near the line, and less sure where it is not in the file at all', async () => {
    const ports = workspace(['src/store.ts']);
    expect(await attributes(at('/usr/src/app/src/store.ts'), ports)).toBe('src/store.ts:12 pathMapping 0.86');
    expect(await attributes({ ...at('/usr/src/app/src/store.ts'), 'code.function.name': 'Store.charge' }, ports)).toBe(
      'src/store.ts:12 pathMapping 0.93',
    );
    expect(await attributes({ ...at('/usr/src/app/src/store.ts'), 'code.function.name': 'Store.refund' }, ports)).toBe(
      'src/store.ts:12 pathMapping 0.7',
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
    expect(result.candidates).toMatchObject([{ file: `${shop}/src/cart/pricing.ts`, line: 5, confidence: 0.62, guessed: true }]);
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

  it('is the thrower where its function is found, and needs more than a file name', async () => {
    expect(
      show(await resolve('    at charge (/usr/src/app/dist/cart/pricing.js:2:9)\n    at f (/home/dev/shop/src/index.ts:3:1)')),
    ).toBe('src/cart/pricing.ts:6 stack 0.62');
    expect(show(await resolve('    at /usr/src/app/dist/cart/pricing.js:2:9\n    at f (/home/dev/shop/src/index.ts:3:1)'))).toBe(
      'src/index.ts:3:1 stack 0.75',
    );
    expect(show(await resolve('    at charge (/other/lib/pricing.js:2:9)'))).toContain('no file named pricing.js');
    expect(show(await resolve('    at charge (/app/node_modules/cart/pricing.js:2:9)'))).toContain('libraries');
  });
});

describe('a package of the workspace, as it was built', () => {
  const source = `${'line\n'.repeat(4)}export class Till {\n  async charge(id: number) {\n    pay(id);\n${'line\n'.repeat(9)}`;
  const ports: SourcePorts = {
    workspace: memoryWorkspace([shop], {
      [`${shop}/packages/core/package.json`]: '{\n  "name": "@shop/core"\n}\n',
      [`${shop}/packages/core-extra/package.json`]: '{ "name": "@shop/core-extra" }',
      [`${shop}/packages/core/src/till.ts`]: source,
      [`${shop}/packages/core-extra/src/till.ts`]: source,
      [`${shop}/src/index.ts`]: text,
    }),
  };
  it.each([
    ['/app/node_modules/@shop/core/dist/till.js', 'packages/core/src/till.ts:6 stack 0.62'],
    ['/app/node_modules/.pnpm/node_modules/@shop/core-extra/lib/till.js', 'packages/core-extra/src/till.ts:6 stack 0.4'],
    ['/app/packages/core/build/till.js', 'packages/core/src/till.ts:6 stack 0.62'],
    ['/app/node_modules/@other/core/dist/till.js', 'src/index.ts:3:1 stack 0.86'],
  ])('leads to its source by its name: %s', async (path, place) => {
    const stack = `Error: x\n    at Till.charge (${path}:90:9)\n    at f (/app/src/index.ts:3:1)`;
    const events = [{ name: 'exception', attributes: { 'exception.stacktrace': stack } }];
    const span = { name: 'x', service: 's', attributes: {}, resource: {}, events };
    expect(show(await resolveSpan(span, ports, { pathMappings: {} })).split('\n')[0]).toBe(place);
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

describe('a package of Python of the workspace, as it was installed', () => {
  const source = `import os\n\n\ndef charge(id):\n    return pay(id)\n`;
  const files = {
    [`${shop}/till/views.py`]: source,
    [`${shop}/lib/src/quay/views.py`]: source,
    [`${shop}/docs/till/views.py`]: source,
  };
  const described = { [`${shop}/setup.py`]: 'setup()', [`${shop}/lib/pyproject.toml`]: '[project]' };
  it.each([
    ['/venv/lib/python3.12/site-packages/till/views.py', described, /^till\/views\.py:5 stack 0\.\d+$/],
    ['/venv/lib/python3.12/site-packages/quay/views.py', described, /^lib\/src\/quay\/views\.py:5 stack 0\.\d+$/],
    ['/venv/lib/python3.12/site-packages/other/till/views.py', described, /librar/],
    // Who describes no package installs none.
    ['/venv/lib/python3.12/site-packages/till/views.py', {}, /librar/],
    ['/usr/lib/python3.11/till/views.py', described, /librar/],
  ])('%s', async (path, more, place) => {
    const ports = { workspace: memoryWorkspace([shop], { ...files, ...more }) };
    const stack = `Traceback (most recent call last):\n  File "${path}", line 5, in charge\n    return pay(id)\nValueError: x`;
    const events = [{ name: 'exception', attributes: { 'exception.stacktrace': stack } }];
    const span = { name: 'x', service: 's', attributes: {}, resource: {}, events };
    expect(show(await resolveSpan(span, ports, { pathMappings: {} })).split('\n')[0]).toMatch(place);
  });
});
