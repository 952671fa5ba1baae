import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemsOfPackage, withPictures } from '../../../src/build/checkPackage.mjs';
import { listZip } from '../../../src/build/zip.mjs';
import { projectRoot } from '../../vscode/locations.mjs';

const complete = ['package.json', 'readme.md', 'changelog.md', 'LICENSE.txt']
  .concat(
    ['extension.js', 'engine.js', 'webview.js', 'controls.js', 'webview.css', 'mappings.wasm'].map((name) => `dist/${name}`),
  )
  .concat(
    ['sitecustomize.py', 'spanhop_instrument.dist-info/METADATA', 'spanhop_instrument.dist-info/entry_points.txt'].map(
      (name) => `dist/instrument/python/${name}`,
    ),
  )
  .concat('dist/instrument/python/spanhop_instrument/stream.py')
  .concat(['preload', 'core', 'libraries/http'].map((name) => `dist/instrument/node/${name}.cjs`))
  .concat('dist/extension-language-G5ZFY2SL.js', 'media/icon.png');
const entriesOf = (files: string[]) =>
  ['[Content_Types].xml', 'extension.vsixmanifest', ...files.map((name) => `extension/${name}`)].map((name) => ({ name }));

describe('the package check', () => {
  it('accepts what runs', () => {
    expect(problemsOfPackage(entriesOf(complete), { main: './dist/extension.js', icon: 'media/icon.png' })).toEqual([]);
  });

  it('names what is missing, also what only the manifest names', () => {
    const files = complete.filter((file) => file !== 'dist/mappings.wasm');
    expect(problemsOfPackage(entriesOf(files), { contributes: { views: [{ icon: './media/traces.svg' }] } })).toEqual([
      'dist/mappings.wasm is missing in the package',
      'media/traces.svg is missing in the package',
    ]);
  });

  it.each([
    'src/extension.ts',
    'node_modules/source-map/package.json',
    'dist/extension.js.map',
    'dist/extension-language-G5ZFY2SL.js.map',
    'media/readme/waterfall.webp',
    'media/walkthrough/waterfall.png',
    '.env',
    'test/run.mjs',
  ])('refuses %s', (file) => {
    expect(problemsOfPackage(entriesOf([...complete, file]), {})).toEqual([`${file} must not be in the package`]);
  });
});

describe('the page about the extension', () => {
  it('has its pictures in it, for VS Code shows none of an extension’s files there', async () => {
    const page = await withPictures(
      '# A\n\n![One](media/icon.png)\n\n[two](src/api.ts) ![Far](https://example.com/a.png)\n',
      projectRoot,
    );
    const [, data] = /!\[One\]\(data:image\/png;base64,([\w+/=]+)\)/.exec(page) ?? [];
    expect(Buffer.from(data, 'base64')).toEqual(readFileSync(join(projectRoot, 'media', 'icon.png')));
    expect(page).toContain('[two](src/api.ts) ![Far](https://example.com/a.png)');
  });

  it('names no picture that is not there', async () => {
    const page = await withPictures(readFileSync(join(projectRoot, 'README.md'), 'utf8'), projectRoot);
    expect(page.match(/!\[[^\]]+\]\(data:image\/webp;base64,/g)).toHaveLength(5);
    expect(page).not.toMatch(/!\[[^\]]*\]\(media/);
  });
});

describe('listZip', () => {
  it('lists a real archive, behind a comment as well', () => {
    // Two stored entries, written by hand: "a.txt" (2 bytes) and "b/c.txt" (0 bytes), and a comment of 3 bytes.
    const zip = zipOf([
      ['a.txt', 'hi'],
      ['b/c.txt', ''],
    ]);
    expect(listZip(zip)).toEqual([
      { name: 'a.txt', bytes: 2, packedBytes: 2 },
      { name: 'b/c.txt', bytes: 0, packedBytes: 0 },
    ]);
  });

  it('says what a file that is none lacks', () => {
    expect(() => listZip(readFileSync(new URL(import.meta.url)))).toThrow('no end of central directory');
  });
});

/** A ZIP file of stored entries (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
function zipOf(files: ReadonlyArray<readonly [string, string]>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt32LE(text.length, 18);
    header.writeUInt32LE(text.length, 22);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(text.length, 20);
    entry.writeUInt32LE(text.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    local.push(header, Buffer.from(name + text));
    central.push(entry, Buffer.from(name));
    offset += header.length + name.length + text.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(3, 20);
  return Buffer.concat([...local, ...central, end, Buffer.from('end')]);
}
