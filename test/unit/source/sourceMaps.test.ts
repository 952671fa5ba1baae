// Source maps through the real `source-map` package: every way in which code names its map and a map names its sources.
import { type RawSourceMap, SourceMapGenerator } from 'source-map';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveAttributes } from '../../../src/source';
import { decodeDataUrl, findSourceMappingUrl, resolveBeside, resolveSource } from '../../../src/source/maps/sourceMapComment';
import { SourceMaps } from '../../../src/source/maps/sourceMaps';
import { memoryWorkspace, withSourceMaps } from './support/workspace';

const folder = 'file:///home/dev/shop';

/** Line n of `source` at line n of the generated code, from column 4 on. */
function mapText(source: string, more: { sourceRoot?: string; content?: string; lines?: number } = {}): string {
  const generator = new SourceMapGenerator({ file: 'out.js' });
  for (let line = 1; line <= (more.lines ?? 5); line++) {
    generator.addMapping({ source: 'x', generated: { line, column: 4 }, original: { line: line + 10, column: 2 } });
  }
  const map: RawSourceMap = JSON.parse(generator.toString());
  const { content, sourceRoot } = more;
  return JSON.stringify({
    ...map,
    sources: [source],
    sourceRoot,
    ...(content === undefined ? {} : { sourcesContent: [content] }),
  });
}

const source = 'line\n'.repeat(20);
const maps: SourceMaps[] = [];
afterEach(() => {
  for (const each of maps.splice(0)) each.dispose();
});

/** The first answer for line 3, column 5 of dist/main.js, as text. */
async function answer(files: Readonly<Record<string, string>>, path = '/home/dev/shop/dist/main.js'): Promise<string> {
  const uris = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name.includes('://') ? name : `${folder}/${name}`, text]),
  );
  const ports = withSourceMaps(memoryWorkspace([folder], uris));
  maps.push(ports.sourceMaps);
  const attributes = { 'code.file.path': path, 'code.line.number': 3, 'code.column.number': 6 };
  const { candidates, tried } = await resolveAttributes(attributes, ports, { pathMappings: {} });
  const [best] = candidates;
  if (!best) return tried.map(({ what, outcome }) => `${what}: ${outcome}`).join('\n');
  const content = best.content === undefined ? '' : ' from the map';
  return `${best.file.replace(`${folder}/`, '')}:${best.line + 1}:${(best.column ?? 0) + 1} ${best.rung} ${best.confidence}${content}${best.unmapped ? ' unmapped' : ''} | ${best.reason}`;
}

const code = (url: string): string => `${'    code();\n'.repeat(5)}//# sourceMappingURL=${url}\n`;
const found = 'src/main.ts:13:3 sourceMap 0.98';

describe('where the map is', () => {
  it('reads external, inline and unnamed maps', async () => {
    const file = { 'src/main.ts': source };
    expect(await answer({ ...file, 'dist/main.js': code('main.js.map'), 'dist/main.js.map': mapText('../src/main.ts') })).toBe(
      `${found} | from code.file.path, dist/main.js found at its own path, through dist/main.js.map`,
    );
    expect(
      await answer({ ...file, 'dist/main.js': code('../maps/m%20n.json?x=1'), 'maps/m%20n.json': mapText('../src/main.ts') }),
    ).toContain(found);
    const base64 = Buffer.from(mapText('../src/main.ts')).toString('base64');
    expect(await answer({ ...file, 'dist/main.js': code(`data:application/json;charset=utf-8;base64,${base64}`) })).toContain(
      `${found} | from code.file.path, dist/main.js found at its own path, through its inline source map`,
    );
    expect(
      await answer({ ...file, 'dist/main.js': code(`data:application/json,${encodeURIComponent(mapText('../src/main.ts'))}`) }),
    ).toContain(found);
    expect(
      await answer({ ...file, 'dist/main.js': 'code();\n'.repeat(5), 'dist/main.js.map': mapText('../src/main.ts') }),
    ).toContain(found);
    // Named by an address of another machine: the one beside the file is it.
    expect(
      await answer({
        ...file,
        'dist/main.js': code('https://cdn.example.com/main.js.map'),
        'dist/main.js.map': mapText('../src/main.ts'),
      }),
    ).toContain(found);
  });

  it('says why a map cannot be used, and offers the generated code', async () => {
    const start = 'dist/main.js:3:6 attributes 0.5 unmapped | from code.file.path, dist/main.js found at its own path, its';
    expect(await answer({ 'dist/main.js': code('gone.map') })).toBe(`${start} source map gone.map is not in the workspace`);
    expect(await answer({ 'dist/main.js': code('https://cdn.example.com/a.map') })).toBe(
      `${start} source map is at https://cdn.example.com/a.map, which is not fetched`,
    );
    expect(await answer({ 'dist/main.js': code('main.js.map'), 'dist/main.js.map': '{"version":3' })).toContain(
      `${start} source map main.js.map cannot be read`,
    );
    expect(await answer({ 'dist/main.js': code('main.js.map'), 'dist/main.js.map': '[]' })).toContain(
      `${start} source map main.js.map is no source map`,
    );
    expect(
      await answer({ 'dist/main.js': code('main.js.map'), 'dist/main.js.map': '{"version":3,"sources":["a"],"mappings":"!!!"}' }),
    ).toContain('its source map cannot be read');
    expect(await answer({ 'dist/main.js': code('data:application/json;base64,%%%') })).toContain(
      'its inline source map cannot be decoded',
    );
    const far = mapText('../src/main.ts', { lines: 1 });
    expect(await answer({ 'src/main.ts': source, 'dist/main.js': code('main.js.map'), 'dist/main.js.map': far })).toContain(
      'says nothing of this place',
    );
  });

  it('takes the last comment, and only if no code follows', () => {
    expect(findSourceMappingUrl('a\n//# sourceMappingURL=a.map\nb\n//@ sourceMappingURL=b.map\n\n')).toBe('b.map');
    expect(findSourceMappingUrl('a{}\n/*# sourceMappingURL=a.css.map */')).toBe('a.css.map');
    expect(findSourceMappingUrl('x();//# sourceMappingURL=one.map')).toBe('one.map');
    expect(findSourceMappingUrl('//# sourceMappingURL=a.map\n//# debugId=7\r\n// the end\r\n')).toBe('a.map');
    expect(findSourceMappingUrl('//# sourceMappingURL=a.map\ncode();')).toBeUndefined();
    expect(findSourceMappingUrl('const s = "//# sourceMappingURL=a.map";')).toBeUndefined();
    expect(findSourceMappingUrl('')).toBeUndefined();
    const long = `${'// x\n'.repeat(200_000)}`;
    const start = performance.now();
    expect(findSourceMappingUrl(`//# sourceMappingURL=a.map\n${long}`)).toBe('a.map');
    expect(findSourceMappingUrl(`sourceMappingURL=${'a'.repeat(1_000_000)}'\n${long}`)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(decodeDataUrl('data:application/json;base64,eyJhIjoiw6QifQ==')).toBe('{"a":"ä"}');
  });
});

describe('how a map names its sources', () => {
  const spelled: Readonly<Record<string, string>> = {
    'relative to the map': '../src/main.ts',
    'relative to the project': 'src/main.ts',
    'with webpack': 'webpack://shop/./src/main.ts',
    'with webpack, without a name': 'webpack:///./src/main.ts',
    'with webpack and a hash': 'webpack://shop/./src/main.ts?4b2e',
    'as a file URL': 'file:///home/dev/shop/src/main.ts',
    'as an absolute path': '/home/dev/shop/src/main.ts',
    'with turbopack': 'turbopack:///[project]/src/main.ts',
  };
  for (const [how, name] of Object.entries(spelled)) {
    it(`finds it ${how}`, async () => {
      expect(
        await answer({ 'src/main.ts': source, 'dist/main.js': code('main.js.map'), 'dist/main.js.map': mapText(name) }),
      ).toContain(found);
    });
  }

  it('joins sourceRoot', async () => {
    const file = { 'src/main.ts': source, 'dist/main.js': code('main.js.map') };
    expect(await answer({ ...file, 'dist/main.js.map': mapText('main.ts', { sourceRoot: '../src' }) })).toContain(found);
    expect(await answer({ ...file, 'dist/main.js.map': mapText('main.ts', { sourceRoot: '/home/dev/shop/src/' }) })).toContain(
      found,
    );
    expect(await answer({ ...file, 'dist/main.js.map': mapText('src/main.ts', { sourceRoot: 'webpack://shop/' }) })).toContain(
      found,
    );
    expect(resolveSource('file:///a/b.map', '/root/', 'x.ts')).toBe('/root/x.ts');
    expect(resolveSource('file:///a/b.map', undefined, 'C:\\x.ts')).toBe('C:\\x.ts');
    expect(resolveBeside('vscode-remote://wsl/a/b.js', '../../../c d.map')).toBe('vscode-remote://wsl/c%20d.map');
  });

  it('finds the source of a build on another machine by its suffix, less surely', async () => {
    const map = mapText('/builds/42/shop/src/main.ts');
    expect(await answer({ 'src/main.ts': source, 'dist/main.js': code('main.js.map'), 'dist/main.js.map': map })).toBe(
      'src/main.ts:13:3 sourceMap 0.89 | from code.file.path, dist/main.js found at its own path, through dist/main.js.map, by its last 3 path segments',
    );
  });

  it('looks above the generated file first, so that packages with the same names are told apart', async () => {
    const files = {
      'packages/a/src/main.ts': source,
      'packages/b/src/main.ts': source,
      'packages/b/dist/main.js': code('main.js.map'),
      'packages/b/dist/main.js.map': mapText('webpack://b/./src/main.ts'),
    };
    expect(await answer(files, '/home/dev/shop/packages/b/dist/main.js')).toContain('packages/b/src/main.ts:13:3 sourceMap 0.98');
  });

  it('gives the text that the map carries when the source is not there', async () => {
    const map = mapText('webpack://shop/./src/main.ts', { content: 'text\n'.repeat(20) });
    expect(await answer({ 'dist/main.js': code('main.js.map'), 'dist/main.js.map': map })).toBe(
      'webpack://shop/./src/main.ts:13:3 sourceMap 0.6 from the map | from code.file.path, dist/main.js found at its own path, through dist/main.js.map, from the text that the map carries',
    );
    expect(await answer({ 'dist/main.js': code('main.js.map'), 'dist/main.js.map': mapText('../src/main.ts') })).toContain(
      'dist/main.js:3:6 attributes 0.5 unmapped',
    );
  });

  it('takes code of packages and of the bundler for no source', async () => {
    for (const name of [
      '../node_modules/hono/dist/hono.js',
      'webpack://shop/webpack/bootstrap',
      'webpack://shop/./node_modules/a/b.js',
      'webpack://shop/external "fs"',
    ]) {
      const text = await answer({
        'dist/main.js': code('main.js.map'),
        'dist/main.js.map': mapText(name),
        'node_modules/hono/dist/hono.js': source,
      });
      expect(text).toContain('a library');
    }
  });

  it('does not climb out of the workspace', async () => {
    const files = {
      'file:///etc/passwd': source,
      'dist/main.js': code('main.js.map'),
      'dist/main.js.map': mapText('../../../../../etc/passwd'),
    };
    expect(await answer(files)).toContain('dist/main.js:3:6 attributes 0.5 unmapped');
  });
});

describe('a place without a column', () => {
  const attributes = { 'code.file.path': '/home/dev/shop/dist/main.js', 'code.line.number': 3 };

  it('is a guess for a bundle that begins and ends with the same file, or ends with code of none', async () => {
    const bundle = (last: { source: string; original: { line: number; column: number } } | undefined): string => {
      const generator = new SourceMapGenerator({ file: 'out.js' });
      const places = ['main', 'cart', 'price', 'main'].map((name) => ({
        source: `../src/${name}.ts`,
        original: { line: 2, column: 0 },
      }));
      for (const [index, place] of places.entries())
        generator.addMapping({ ...place, generated: { line: 3, column: index * 200 } });
      generator.addMapping({ ...last, generated: { line: 3, column: 900 } } as Parameters<SourceMapGenerator['addMapping']>[0]);
      return generator.toString();
    };
    for (const last of [undefined, { source: '../src/main.ts', original: { line: 3, column: 0 } }]) {
      const files = {
        [`${folder}/src/main.ts`]: source,
        [`${folder}/dist/main.js`]: code('main.js.map'),
        [`${folder}/dist/main.js.map`]: bundle(last),
      };
      const ports = withSourceMaps(memoryWorkspace([folder], files));
      maps.push(ports.sourceMaps);
      expect((await resolveAttributes(attributes, ports, { pathMappings: {} })).candidates).toMatchObject([{ confidence: 0.3 }]);
    }
  });

  it('is enough for compiled code, and a guess for minified code', async () => {
    const compiled = {
      [`${folder}/src/main.ts`]: source,
      [`${folder}/dist/main.js`]: code('main.js.map'),
      [`${folder}/dist/main.js.map`]: mapText('../src/main.ts'),
    };
    const first = withSourceMaps(memoryWorkspace([folder], compiled));
    const generator = new SourceMapGenerator({ file: 'out.js' });
    for (let column = 0; column < 10; column++) {
      generator.addMapping({
        source: '../src/main.ts',
        generated: { line: 3, column: column * 9 },
        original: { line: 1 + column * 2, column: 0 },
      });
    }
    const minified = { ...compiled, [`${folder}/dist/main.js.map`]: generator.toString() };
    const second = withSourceMaps(memoryWorkspace([folder], minified));
    maps.push(first.sourceMaps, second.sourceMaps);
    expect((await resolveAttributes(attributes, first, { pathMappings: {} })).candidates).toMatchObject([
      { line: 12, confidence: 0.98 },
    ]);
    const vague = (await resolveAttributes(attributes, second, { pathMappings: {} })).candidates;
    expect(vague).toMatchObject([{ line: 0, confidence: 0.3 }]);
    expect(vague[0].reason).toContain('without a column the line of minified code does not tell the place');
    const exact = await resolveAttributes({ ...attributes, 'code.column.number': 20 }, second, { pathMappings: {} });
    expect(exact.candidates).toMatchObject([{ line: 4, confidence: 0.98 }]);
  });
});

describe('maps of maps and index maps', () => {
  it('follows a bundle to JavaScript to TypeScript', async () => {
    const files = {
      'src/main.ts': 'line\n'.repeat(40),
      'lib/main.js': `${'    code();\n'.repeat(20)}//# sourceMappingURL=main.js.map`,
      'lib/main.js.map': mapText('../src/main.ts', { lines: 20 }),
      'dist/main.js': code('main.js.map'),
      'dist/main.js.map': mapText('../lib/main.js'),
    };
    // 3 -> 13 -> 23
    expect(await answer(files)).toContain('src/main.ts:23:3 sourceMap 0.98');
    expect(await answer(files)).toContain('through dist/main.js.map and lib/main.js.map');
  });

  it('ends when maps lead in a circle', async () => {
    const circle = {
      'dist/main.js': `${'    code();\n'.repeat(30)}//# sourceMappingURL=main.js.map`,
      'dist/main.js.map': mapText('main.js', { lines: 30 }),
    };
    expect(await answer(circle)).toContain('dist/main.js:13:3 sourceMap');
  });

  it('reads sections', async () => {
    const section = (name: string): unknown => JSON.parse(mapText(name, { lines: 2 }));
    const index = {
      version: 3,
      sections: [
        { offset: { line: 0, column: 0 }, map: section('../src/one.ts') },
        { offset: { line: 2, column: 0 }, map: section('../src/two.ts') },
      ],
    };
    const files = {
      'src/one.ts': source,
      'src/two.ts': source,
      'dist/main.js': code('main.js.map'),
      'dist/main.js.map': JSON.stringify(index),
    };
    expect(await answer(files)).toContain('src/two.ts:11:3 sourceMap 0.98');
  });
});

describe('the cache', () => {
  it('is bounded, destroys what leaves, forgets what changed, and notes what has no map', async () => {
    let loaded = 0;
    let destroyed = 0;
    const reads: string[] = [];
    const files: Record<string, string> = {};
    for (let i = 0; i < 10; i++) {
      files[`${folder}/${i}.js`] = code(`${i}.js.map`);
      files[`${folder}/${i}.js.map`] = mapText('a.ts');
    }
    files[`${folder}/plain.js`] = 'code();';
    const size = files[`${folder}/0.js.map`].length;
    const sourceMaps = new SourceMaps({
      readText: async (uri) => {
        reads.push(uri);
        return files[uri];
      },
      loadConsumer: async () => {
        loaded++;
        return { originalPositionFor: () => ({ source: '0', line: 1, column: 0 }), destroy: () => destroyed++ };
      },
      maxCached: size * 3,
    });
    for (let i = 0; i < 10; i++) await sourceMaps.originalPosition(`${folder}/${i}.js`, 0, 0);
    expect(loaded).toBe(10);
    expect(destroyed).toBe(7);
    await Promise.all([1, 2, 3].map(() => sourceMaps.originalPosition(`${folder}/9.js`, 0, 0)));
    expect(loaded).toBe(10);
    expect(await sourceMaps.originalPosition(`${folder}/plain.js`, 0, 0)).toBeUndefined();
    const before = reads.length;
    expect(await sourceMaps.originalPosition(`${folder}/plain.js`, 0, 0)).toBeUndefined();
    expect(reads.length).toBe(before);
    sourceMaps.forget(`${folder}/9.js.map`);
    await sourceMaps.originalPosition(`${folder}/9.js`, 0, 0);
    expect(loaded).toBe(11);
    sourceMaps.dispose();
    await Promise.resolve();
    expect(destroyed).toBe(11);
  });
});
