// The ladder from code attributes and stacks to lines: what a span says, which frame is taken, and input that means harm.
import { describe, expect, it } from 'vitest';
import { parseStack, resolveFrame, resolveSpan, type SourcePorts, type SpanSource } from '../../../src/source';
import { advise, shouldAsk } from '../../../src/source/advice';
import { readCodeLocation } from '../../../src/source/model/attributes';
import { parsePath } from '../../../src/source/uri/paths';
import { at, attributes, shop, show, workspace } from './support/ladder';
import { memoryWorkspace } from './support/workspace';

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
