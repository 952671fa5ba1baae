// The fence on a real disk with real links: which files are in the workspace, whatever leads to them, and which are not even asked for.
import { linkSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskPaths, leadsToNetwork } from '../../../src/engine/disk/realPaths';
import { parseStack, resolveAttributes, resolveStack, type SourceCandidate } from '../../../src/source';
import { mayAsk, plainUri, type RealPathPort, standingOf } from '../../../src/source/uri/fence';
import { fencedDisk, uriOf } from './support/fenced';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'spanhop-fence-')));
const shop = join(base, 'work', 'shop');
const elsewhere = join(base, 'elsewhere');
const at = (...names: string[]): string => join(base, ...names);

/** Generated code whose inline map says that its first line is of this source. */
function generated(map: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify({ version: 3, names: [], mappings: 'AAAA', ...map });
  return `pay();\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}\n`;
}

beforeAll(() => {
  for (const folder of [
    'work/shop/src',
    'work/shop/dist',
    'work/shop/packages/cart',
    'work/shop/node_modules',
    'elsewhere/lib',
    'work/shop2',
  ])
    mkdirSync(at(folder), { recursive: true });
  writeFileSync(join(shop, 'src', 'pay.js'), 'function pay() {}\n');
  writeFileSync(join(shop, 'packages', 'cart', 'cart.js'), 'function cart() {}\n');
  writeFileSync(join(elsewhere, 'passwd'), 'function root() {}\n');
  writeFileSync(join(elsewhere, 'lib', 'secret.js'), 'function secret() {}\n');
  writeFileSync(at('work/shop2/near.js'), '');
  symlinkSync(join(elsewhere, 'passwd'), join(shop, 'src', 'link.js'));
  symlinkSync(join(elsewhere, 'lib'), join(shop, 'lib'));
  symlinkSync(join('..', 'packages', 'cart'), join(shop, 'node_modules', 'cart'));
  symlinkSync(shop, at('shop-by-link'));
  symlinkSync('gone', join(shop, 'dangling.js'));
  linkSync(join(elsewhere, 'passwd'), join(shop, 'src', 'hard.js'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const inside = async (path: string, folders = [shop]): Promise<boolean> =>
  (await standingOf(path.includes('://') ? path : uriOf(path), folders.map(uriOf), diskPaths)).inside;

describe('a file is in the workspace', () => {
  it('by its real path', async () => {
    expect(await inside(join(shop, 'src/pay.js'))).toBe(true);
    expect(await inside(join(elsewhere, 'passwd'))).toBe(false);
    expect(await inside(at('work/shop2/near.js'))).toBe(false);
    expect(await inside(join(shop, 'src/link.js'))).toBe(false);
    expect(await inside(join(shop, 'lib/secret.js'))).toBe(false);
    expect(await standingOf(uriOf(join(shop, 'lib/secret.js')), [uriOf(shop)], diskPaths)).toEqual({
      inside: false,
      real: uriOf(join(elsewhere, 'lib/secret.js')),
    });
  });

  it('through links that stay in it, as package managers make them', async () => {
    expect(await inside(join(shop, 'node_modules/cart/cart.js'))).toBe(true);
  });

  it('where the folder itself is a link, is open by two names, or is below another', async () => {
    expect(await inside(join(at('shop-by-link'), 'src/pay.js'), [at('shop-by-link')])).toBe(true);
    expect(await inside(join(shop, 'src/pay.js'), [at('shop-by-link')])).toBe(true);
    expect(await inside(join(at('shop-by-link'), 'src/link.js'), [at('shop-by-link')])).toBe(false);
    expect(await inside(join(shop, 'lib/secret.js'), [shop, elsewhere])).toBe(true);
    expect(await inside(join(shop, 'src/pay.js'), [join(shop, 'packages')])).toBe(false);
  });

  it('once `..` and what is percent-encoded are resolved', async () => {
    const shopUri = uriOf(shop);
    expect(await inside(`${shopUri}/src/../src/./pay.js`)).toBe(true);
    expect(await inside(`${shopUri}//src//pay.js`)).toBe(true);
    expect(await inside(`${shopUri}/../../elsewhere/passwd`)).toBe(false);
    expect(await inside(`${shopUri}/%2e%2e/%2e%2e/elsewhere/passwd`)).toBe(false);
    expect(await inside(`${shopUri}/..%2f..%2felsewhere/passwd`)).toBe(false);
    expect(await inside(`${shopUri}/%252e%252e/src/pay.js`)).toBe(false);
    expect(await inside(`${shopUri}/src/pay.js%00.js`)).toBe(false);
  });

  it('never where that cannot be told', async () => {
    expect(await inside(join(shop, 'dangling.js'))).toBe(false);
    expect(await inside(join(shop, 'src/none.js'))).toBe(false);
    expect(await inside(`http://127.0.0.1${shop}/src/pay.js`)).toBe(false);
    expect(await inside('no uri')).toBe(false);
  });

  it('although a hard link is a second name of a file elsewhere, which nobody can see', async () => {
    expect(await inside(join(shop, 'src/hard.js'))).toBe(true);
  });

  it.runIf(process.platform === 'linux')('by what links of /proc lead to, not by what they say', async () => {
    expect(await inside(`/proc/self/root${shop}/src/pay.js`)).toBe(true);
    expect(await inside(`/proc/self/root${elsewhere}/passwd`)).toBe(false);
    // As of a container: its link says `/`, and what is below is another file of the same name.
    const lying: RealPathPort = {
      ...diskPaths,
      realPath: (uri) => diskPaths.realPath(uri.replace('/proc/7/root', '')),
      identity: async (uri) => (uri.includes('/proc/7/') ? 'theirs' : 'ours'),
    };
    expect((await standingOf(`file:///proc/7/root${shop}/src/pay.js`, [uriOf(shop)], lying)).inside).toBe(false);
  });

  it('no more as soon as a link takes its place', async () => {
    const swapped = join(shop, 'src', 'swapped.js');
    writeFileSync(swapped, '');
    expect(await inside(swapped)).toBe(true);
    rmSync(swapped);
    symlinkSync(join(elsewhere, 'passwd'), swapped);
    expect(await inside(swapped)).toBe(false);
    renameSync(join(shop, 'src'), join(shop, 'was'));
    symlinkSync(elsewhere, join(shop, 'src'));
    expect(await inside(join(shop, 'src', 'passwd'))).toBe(false);
    rmSync(join(shop, 'src'));
    renameSync(join(shop, 'was'), join(shop, 'src'));
    rmSync(swapped);
  });

  it('in any letter case only where the disk says that it is the same folder', async () => {
    const answers: Record<string, string> = {
      'file:///Work/shop/a.js': 'file:///Work/shop/a.js',
      'file:///work/shop': 'file:///work/shop',
    };
    const port = (sameFolder: boolean): RealPathPort => ({
      windows: false,
      realPath: async (uri) => answers[uri],
      identity: async (uri) => (sameFolder ? 'one' : uri),
    });
    expect((await standingOf('file:///Work/shop/a.js', ['file:///work/shop'], port(true))).inside).toBe(true);
    expect((await standingOf('file:///Work/shop/a.js', ['file:///work/shop'], port(false))).inside).toBe(false);
  });
});

describe('not even asked for', () => {
  const none: RealPathPort = {
    windows: true,
    realPath: async (uri) => expect.unreachable(`${uri} was asked for`),
    identity: async () => undefined,
  };

  it('is another machine, which would get credentials', async () => {
    for (const uri of ['file://host/share/x.js', 'file://HOST/share/x.js', 'vscode-vfs://github/a/b/x.js'])
      expect(await standingOf(uri, ['file:///c%3A/work/shop'], none)).toEqual({ inside: false, real: undefined });
    expect(mayAsk('file://host/share/x.js', ['file:///c%3A/work/shop'], true, false)).toBe(false);
    expect(mayAsk('file:///c%3A/work/shop/%5C%5Chost%5Cshare%5Cx.js', ['file:///c%3A/work/shop'], true, false)).toBe(true);
    expect(plainUri('file:///c%3A/work/shop/%5C%5Chost%5Cshare%5Cx.js', true)).toBe('file:///c%3A/work/shop/host/share/x.js');
    // Unless the workspace is there itself.
    expect(mayAsk('file://host/share/shop/x.js', ['file://host/share/shop'], true, false)).toBe(true);
  });

  it('is what Windows would take for something else', () => {
    const shopUri = 'file:///c%3A/work/shop';
    expect(plainUri(`${shopUri}/src%5C..%5C..%5Cx.js`, true)).toBe('file:///c%3A/work/x.js');
    expect(mayAsk(`${shopUri}/..%5C..%5Csecret.js`, [shopUri], true, false)).toBe(false);
    for (const name of ['a.js.', 'a.js%20', 'a.js%3A%3A%24DATA', '%3F%3F/c%3A/x.js', '.../x.js', 'NUL%3A'])
      expect(plainUri(`${shopUri}/${name}`, true), name).toBeUndefined();
    expect(plainUri(`${shopUri}/a%5Cb.js`, false)).toBe(`${shopUri}/a%5Cb.js`);
    expect(mayAsk('file:///C:/Work/Shop/a.js', [shopUri], true, false)).toBe(true);
    expect(mayAsk('file:///d%3A/work/shop/a.js', [shopUri], true, false)).toBe(false);
  });

  it('is a link on a local drive that leads to another machine', async () => {
    const links = new Map([
      ['/w/shop/net', '\\\\host\\share'],
      ['/w/shop/unc', '\\\\?\\UNC\\host\\share'],
      ['/w/shop/device', '\\\\?\\c:\\x'],
      ['/w/shop/volume', '\\\\?\\Volume{1-2}\\x'],
      ['/w/shop/near', '../other'],
      ['/w/other/far', '/w/shop/net'],
      ['/w/shop/loop', 'loop'],
    ]);
    const reader = { isLink: async (path: string) => links.has(path), target: async (path: string) => links.get(path) ?? '' };
    expect(await leadsToNetwork('/w/shop/net/a.js', reader)).toBe(true);
    expect(await leadsToNetwork('/w/shop/unc', reader)).toBe(true);
    expect(await leadsToNetwork('/w/shop/device/a.js', reader)).toBe(false);
    expect(await leadsToNetwork('/w/shop/volume/a.js', reader)).toBe(false);
    expect(await leadsToNetwork('/w/shop/near/a.js', reader)).toBe(false);
    expect(await leadsToNetwork('/w/shop/near/far/a.js', reader)).toBe(true);
    expect(await leadsToNetwork('/w/shop/loop/a.js', reader)).toBe(true);
    expect(await leadsToNetwork('/w/shop/src/a.js', reader)).toBe(false);
  });
});

describe('the ladder says of a place that it is outside', () => {
  const place = async (
    path: string,
    pathMappings: Readonly<Record<string, string>> = {},
  ): Promise<SourceCandidate | undefined> => {
    const { ports } = fencedDisk([shop], pathMappings);
    const attributes = { 'code.file.path': path, 'code.line.number': 1, 'code.column.number': 1 };
    return (await resolveAttributes(attributes, ports, { pathMappings })).candidates[0];
  };

  it('by a link, of the file or of a folder above it', async () => {
    expect(await place(join(shop, 'src/link.js'))).toMatchObject({ outsideWorkspace: true });
    expect(await place('/app/lib/secret.js', { '/app': shop })).toMatchObject({ outsideWorkspace: true });
    expect(await place('lib/secret.js')).toMatchObject({ outsideWorkspace: true });
    expect(await place(join(shop, 'src/pay.js'))).not.toHaveProperty('outsideWorkspace');
    expect(await place(join(shop, 'node_modules/cart/cart.js'))).not.toHaveProperty('outsideWorkspace');
  });

  it('by a mapping that climbs', async () => {
    const up = `${uriOf(shop)}/../..`;
    expect(await place('/app/elsewhere/passwd', { '/app': up })).toMatchObject({
      file: uriOf(join(elsewhere, 'passwd')),
      outsideWorkspace: true,
    });
    expect(await place('/app/work/shop/src/pay.js', { '/app': up })).not.toHaveProperty('outsideWorkspace');
    expect(await place('/app/elsewhere/passwd', { '/app': '../..' })).toBeUndefined();
  });

  it('by a source map and a mapping that leads out', async () => {
    writeFileSync(join(shop, 'dist', 'mapped.js'), generated({ sources: ['/mapped/passwd'] }));
    const found = await place(join(shop, 'dist/mapped.js'), { '/mapped': elsewhere });
    expect(found).toMatchObject({ file: uriOf(join(elsewhere, 'passwd')), outsideWorkspace: true });
  });

  it('and shows what a map carries as the text that it is', async () => {
    const carried = { sourcesContent: ['the text of the map'] };
    writeFileSync(join(shop, 'dist', 'up.js'), generated({ sources: ['../../../elsewhere/passwd'], ...carried }));
    const disguised = `${uriOf(shop)}/../../elsewhere/passwd`;
    writeFileSync(join(shop, 'dist', 'uri.js'), generated({ sources: [disguised], ...carried }));
    writeFileSync(join(shop, 'dist', 'root.js'), generated({ sourceRoot: uriOf(elsewhere), sources: ['passwd'], ...carried }));
    for (const name of ['up.js', 'uri.js', 'root.js']) {
      const found = await place(join(shop, 'dist', name));
      expect(found?.content, name).toBe('the text of the map');
      expect(found, name).not.toHaveProperty('outsideWorkspace');
    }
    writeFileSync(join(shop, 'dist', 'bare.js'), generated({ sources: [disguised] }));
    expect(await place(join(shop, 'dist/bare.js'))).toMatchObject({ file: uriOf(join(shop, 'dist/bare.js')), unmapped: true });
  });

  it('also of what a file outside carries', async () => {
    writeFileSync(join(elsewhere, 'lib', 'bundle.js'), generated({ sources: ['none.ts'], sourcesContent: ['theirs'] }));
    const found = await place('/lib/bundle.js', { '/lib': join(elsewhere, 'lib') });
    expect(found).toMatchObject({ content: 'theirs', outsideWorkspace: true });
  });

  it('in a stack as well, and in its causes', async () => {
    const text = `Error: a\n    at pay (${shop}/src/link.js:1:1)\n  [cause]: Error: b\n    at pay (${shop}/src/link.js:1:2)`;
    const stack = parseStack(text);
    if (!stack) throw new Error('The stack is not understood.');
    const { candidates, causes } = await resolveStack(stack, fencedDisk([shop]).ports, { pathMappings: {} });
    expect(candidates).toMatchObject([{ outsideWorkspace: true }]);
    for (const cause of causes) for (const each of cause.candidates) expect(each).toMatchObject({ outsideWorkspace: true });
  });
});

describe('resolving neither asks for nor reads', () => {
  it('what a path, a map or a comment names elsewhere', async () => {
    const { ports, asked } = fencedDisk([shop]);
    writeFileSync(join(elsewhere, 'x.map'), JSON.stringify({ version: 3, names: [], mappings: 'AAAA', sources: ['passwd'] }));
    writeFileSync(join(shop, 'dist', 'away.js'), `pay();\n//# sourceMappingURL=${uriOf(join(elsewhere, 'x.map'))}\n`);
    writeFileSync(join(shop, 'dist', 'climb.js'), 'pay();\n//# sourceMappingURL=../../../elsewhere/x.map\n');
    writeFileSync(join(shop, 'dist', 'share.js'), 'pay();\n//# sourceMappingURL=file://host/share/x.map\n');
    const paths = ['dist/away.js', 'dist/climb.js', 'dist/share.js'].map((name) => join(shop, name));
    for (const path of [
      ...paths,
      join(elsewhere, 'passwd'),
      'file://host/share/pay.js',
      '\\\\host\\share\\pay.js',
      '/proc/self/environ',
    ])
      await resolveAttributes({ 'code.file.path': path, 'code.line.number': 1, 'code.column.number': 1 }, ports, {
        pathMappings: {},
      });
    expect(asked.filter((uri) => !plainUri(uri, false)?.startsWith(uriOf(shop)))).toEqual([]);
    expect(asked).not.toEqual([]);
  });

  it('the text behind a link that leads out', async () => {
    const { ports } = fencedDisk([shop]);
    expect(await ports.workspace.readText(uriOf(join(shop, 'src/link.js')), 1000)).toBeUndefined();
    expect(await ports.workspace.readText(uriOf(join(shop, 'src/pay.js')), 1000)).toContain('pay');
    const named = fencedDisk([shop], { '/x': join(elsewhere, 'lib') });
    expect(await named.ports.workspace.readText(uriOf(join(shop, 'lib/secret.js')), 1000)).toContain('secret');
  });
});
