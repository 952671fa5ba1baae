// Input that is wrong, too large, cut off or never ends, from disk and over HTTP: a sentence on the screen that names the thing and the fact, what
// could be read, and a window that goes on answering.

import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { watch } from '../bench/lib/watch.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

/** Blocks of the extension host that a person would feel; a shared machine adds to what benchmarks measure with care. */
const FELT_MS = 500;
const HUGE = 600_000_000;
/** Never in a sentence for a person. */
const TECHNICAL = /\bat .+:\d+:\d+|undefined|\[object|Unexpected token|ENOENT|EACCES|\bnull\b/;

let workbench: Workbench;
let folder: string;
let server: Server;
let answer: (response: ServerResponse) => void = (response) => response.end('{}');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-trouble-'));
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  workbench = await openWorkbench({
    width: 1200,
    height: 700,
    settings: {
      'spanhop.capture.wellKnownPort': false,
      'remote.autoForwardPorts': false,
      'spanhop.backends': [{ name: 'trouble', type: 'jaeger', url, api: 'v3' }],
      'spanhop.requests.timeoutSeconds': 20,
    },
  });
});

afterEach(() => workbench.command('workbench.action.closeAllEditors'));

afterAll(async () => {
  await workbench?.close();
  server?.closeAllConnections();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Opens as the explorer does; gives what the API said, and how long the host was blocked. */
async function open(path: string): Promise<{ spans: number; defects: string[]; kind: string; message: string; blockMs: number }> {
  let told = { spans: 0, defects: [] as string[], kind: '', message: '' };
  const { blockMs } = await watch(workbench, async () => {
    told = await workbench.host(
      async ({ vscode, api }, name) =>
        (await api()).openTraceFile(vscode.Uri.file(name)).then(
          (opened: { spanCount: number; defects: { message: string }[] }) => ({
            spans: opened.spanCount,
            defects: opened.defects.map(({ message }) => message),
            kind: '',
            message: '',
          }),
          (error: Error) => ({ spans: 0, defects: [], kind: error.name, message: error.message }),
        ),
      path,
      { timeoutMs: 85_000 },
    );
  });
  return { ...told, blockMs };
}

const stillAnswers = () =>
  workbench.host(({ vscode }) => vscode.window.tabGroups.all.length).then((groups) => expect(groups).toBeGreaterThan(0));

describe('a file that holds no trace', () => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1]);
  it.each([
    ['empty.otlp.json', '', 'BadData', /empty/],
    ['empty.otlp.pb', '', 'BadData', /empty/],
    ['image.otlp.pb', png, 'BadData', /image|PNG/i],
    ['page.otlp.json', '<!doctype html><html><body>Sign in</body></html>', 'BadData', /HTML|web page/i],
    ['other.otlp.json', '{"name":"package","version":"1.0.0"}', 'BadData', /trace|span/i],
    ['prose.zipkin.json', 'Dear reader,\nthis is no trace.', 'BadData', /JSON|trace/i],
    ['zeros.otlp.pb', new Uint8Array(100_000), 'BadData', /span|trace/i],
  ])('%s: says so in the editor', async (name, content, kind, words) => {
    const told = await open(file(name, content));
    expect(told.kind).toBe(kind);
    const frame = await workbench.webview('.problem');
    const shown = await frame.locator('.problem').innerText();
    expect(shown).toContain(told.message);
    expect(shown).toContain(name);
    expect(shown).toMatch(words);
    expect(shown).not.toMatch(TECHNICAL);
    await workbench.screenshot(`trouble-${name}`);
    await stillAnswers();
  });

  it('a file that is not there, and one that may not be read', async () => {
    const missing = await open(join(folder, 'missing.otlp.json'));
    expect(missing.kind).toBe('NotFound');
    expect(missing.message).toContain('missing.otlp.json');
    const locked = file('locked.otlp.json', '{"resourceSpans":[]}');
    chmodSync(locked, 0);
    const told = await open(locked);
    // The superuser may read everything.
    if (process.getuid?.() !== 0) {
      expect(told.kind).toBe('Unauthorized');
      expect(told.message).toMatch(/permission/);
    }
    expect(told.message).not.toMatch(TECHNICAL);
  });

  it('a folder', async () => {
    mkdirSync(join(folder, 'folder.otlp.json'));
    const told = await open(join(folder, 'folder.otlp.json'));
    expect(told.message).toMatch(/folder/);
  });
});

describe('a file that is damaged', () => {
  const sample = join(projectRoot, 'test', 'fixtures', 'sample');

  it.each([
    ['cut.otlp.pb', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6))],
    ['cut.otlp.json', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length * 0.6))],
    ['broken.otlp.json', (bytes: Buffer) => Buffer.from(bytes).fill('#', bytes.length - 20_000, bytes.length - 19_960)],
  ])('%s: shows what can be read, and says what is missing', async (name, damage) => {
    const whole = readFileSync(join(sample, name.endsWith('pb') ? 'shop.otlp.pb' : 'shop.otlp.json'));
    const told = await open(file(name, damage(whole)));
    expect(told.message).toBe('');
    expect(told.spans).toBeGreaterThan(5);
    const said = told.defects.join(' ');
    expect(said).toMatch(/cut|end|read|damaged/i);
    const frame = await workbench.webview('.list-grid [role=row], [role=treegrid] [role=row]');
    const shown = await frame.evaluate(() => document.body.innerText);
    expect(shown).toMatch(/defect|damaged|cut|could not be read|ends/i);
    await workbench.screenshot(`trouble-${name}`);
  });
});

describe('600 MB', () => {
  it('of a real trace file, read to its end or to what memory takes', async () => {
    const path = join(folder, 'large.otlp.json');
    const pattern = readFileSync(join(projectRoot, 'test', 'fixtures', 'sample', 'shop.otlp.json'));
    writeRepeated(path, Buffer.concat([Buffer.from(JSON.stringify(JSON.parse(pattern.toString()))), Buffer.from('\n')]), HUGE);
    const told = await open(path);
    await workbench.command('workbench.action.closeAllEditors');
    rmSync(path);
    expect(told.message).toBe('');
    expect(told.spans).toBeGreaterThan(100_000);
    expect(told.blockMs).toBeLessThan(FELT_MS);
    await stillAnswers();
  });

  it.each([
    ['zeros.otlp.json', undefined, ''],
    ['garbage.otlp.pb', Buffer.from('\xff\xfe\x93garbage\x00\x07', 'latin1'), ''],
    ['garbage.otlp.json', Buffer.from('{"resourceSpans": [ {]]]', 'latin1'), ''],
    // A name that never ends: nothing of it can be shown, and nothing can be let go while it might still end.
    ['endless-text.otlp.json', Buffer.alloc(1000, 'a'), '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"'],
  ])('of garbage, %s: a sentence, and a window that answers', async (name, pattern, head = '') => {
    const path = join(folder, `huge-${name}`);
    if (pattern) writeRepeated(path, pattern, HUGE, head);
    else {
      const empty = openSync(path, 'w');
      ftruncateSync(empty, HUGE);
      closeSync(empty);
    }
    expect(statSync(path).size).toBeGreaterThanOrEqual(HUGE);
    const told = await open(path);
    expect(['BadData', 'TooLarge']).toContain(told.kind);
    expect(told.message).toContain(`huge-${name}`);
    expect(told.message).not.toMatch(TECHNICAL);
    expect(told.blockMs).toBeLessThan(FELT_MS);
    const frame = await workbench.webview('.problem');
    expect(await frame.locator('.problem').innerText()).toContain(told.message);
    await workbench.screenshot(`trouble-huge-${name}`);
    await workbench.command('workbench.action.closeAllEditors');
    rmSync(path);
    await stillAnswers();
  });
});

function writeRepeated(path: string, pattern: Buffer, bytes: number, head = ''): void {
  const block = Buffer.concat(Array.from({ length: Math.max(1, Math.ceil(4_000_000 / pattern.length)) }, () => pattern));
  const out = openSync(path, 'w');
  if (head !== '') writeSync(out, head);
  for (let written = 0; written < bytes; written += block.length) writeSync(out, block);
  closeSync(out);
}

describe('a Jaeger that misbehaves', () => {
  /** What `getTrace` and the Traces view say. */
  async function ask(): Promise<{ kind: string; message: string; blockMs: number; rssMb: number }> {
    let told = { kind: '', message: '' };
    const { blockMs, rssMb } = await watch(workbench, async () => {
      told = await workbench.host(
        async ({ api }) =>
          (await api()).getTrace('5b8aa5a2d2c872e8321cf37308d69df2', { backend: 'trouble' }).then(
            () => ({ kind: 'answered', message: '' }),
            (error: Error) => ({ kind: error.name, message: error.message }),
          ),
        undefined,
        { timeoutMs: 85_000 },
      );
    });
    return { ...told, blockMs, rssMb };
  }

  const json = { 'content-type': 'application/json' };
  const forEver = (response: ServerResponse, chunk: Buffer): void => {
    const more = (): void => {
      let going: boolean;
      do going = !response.destroyed && response.write(chunk);
      while (going);
    };
    response.on('drain', more);
    more();
  };

  it.each([
    [
      'HTML instead of JSON',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'),
      ['BadData'],
      /page to sign in/,
    ],
    [
      'a body without end',
      (response: ServerResponse) =>
        forEver(response.writeHead(200, json), Buffer.alloc(1 << 18, '{"result":{"resourceSpans":[ ')),
      ['TooLarge', 'BadData', 'Timeout'],
      /MB|large/i,
    ],
    [
      'a body that says it has 600 MB',
      (response: ServerResponse) =>
        forEver(response.writeHead(200, { ...json, 'content-length': String(HUGE) }), Buffer.alloc(1 << 18, ' ')),
      ['TooLarge'],
      /MB/,
    ],
    [
      'a gzip bomb',
      (response: ServerResponse) => {
        const zip = createGzip({ level: 9 });
        zip.pipe(response.writeHead(200, { ...json, 'content-encoding': 'gzip' }));
        const more = (): void => {
          let going: boolean;
          do going = !response.destroyed && zip.write(Buffer.alloc(1 << 20, ' '));
          while (going);
        };
        zip.on('drain', more);
        response.on('close', () => zip.destroy());
        more();
      },
      ['TooLarge'],
      /MB/,
    ],
    [
      'a body that breaks off',
      (response: ServerResponse) =>
        void response.writeHead(200, { ...json, 'content-length': '1000' }).write('{"result":', () => response.destroy()),
      ['Unreachable', 'BadData'],
      /trouble|127\.0\.0\.1|answer|connection/i,
    ],
    [
      'JSON of something else',
      (response: ServerResponse) => response.writeHead(200, json).end('{"hello":[1,2,3]}'),
      ['BadData', 'NotFound'],
      /./,
    ],
  ] satisfies [string, (response: ServerResponse) => void, string[], RegExp][])('%s', async (_, misbehave, kinds, words) => {
    answer = misbehave;
    const told = await ask();
    expect(kinds).toContain(told.kind);
    expect(told.message).toMatch(words);
    expect(told.message).not.toMatch(TECHNICAL);
    expect(told.blockMs).toBeLessThan(FELT_MS);
    expect(told.rssMb).toBeLessThan(3000);
    await stillAnswers();
  });

  it('says in the Traces view what is wrong', async () => {
    answer = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
    await workbench.command('spanhop.traces.focus');
    await workbench.command('spanhop.selectBackend', 'trouble');
    await workbench.command('spanhop.refresh');
    const view = workbench.page.locator('.pane-body, .tree-explorer-viewlet-tree-view').filter({ hasText: /page to sign in/ });
    await view.first().waitFor();
    expect(await view.first().innerText()).not.toMatch(TECHNICAL);
    await workbench.screenshot('trouble-tree');
  });
});
