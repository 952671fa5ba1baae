// Trace files in the custom editor: every fixture, the nasty ones among them, and input that is none.

import { ok, rejects, strictEqual } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commands,
  Disposable,
  type Event,
  type FileChangeEvent,
  type FileStat,
  FileSystemError,
  type FileSystemProvider,
  FileType,
  TabInputCustom,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { SpanhopApi } from '../../src/api';
import { fixturePath, spanhop, until, workspaceFolder } from './support/spanhop';

const traceName = /\.(?:otlp\.json|otlp\.jsonl|otlp\.pb|jaeger\.json|zipkin\.json|tempo\.json)$/;

function traceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => traceName.test(name))
    .sort();
}

function scratch(name: string, content: string | Uint8Array): Uri {
  const folder = join(workspaceFolder().fsPath, 'traces');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, content);
  return Uri.file(path);
}

function openEditors(): TabInputCustom[] {
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs.map(({ input }) => input))
    .filter((input): input is TabInputCustom => input instanceof TabInputCustom);
}

/** A file system that has one file under every name. */
class OneFile implements FileSystemProvider {
  readonly onDidChangeFile: Event<FileChangeEvent[]> = () => ({ dispose: () => {} });

  constructor(private readonly content: Uint8Array) {}

  watch(): Disposable {
    return new Disposable(() => {});
  }

  stat(): FileStat {
    return { type: FileType.File, ctime: 0, mtime: 0, size: this.content.length };
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  readFile(): Uint8Array {
    return this.content;
  }

  createDirectory(): void {
    throw FileSystemError.NoPermissions();
  }

  writeFile(): void {
    throw FileSystemError.NoPermissions();
  }

  delete(): void {
    throw FileSystemError.NoPermissions();
  }

  rename(): void {
    throw FileSystemError.NoPermissions();
  }
}

describe('custom editor', () => {
  let api: SpanhopApi;

  before(async () => {
    api = await spanhop();
  });

  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  for (const name of traceFiles(fixturePath())) {
    it(`opens ${name}`, async () => {
      const uri = Uri.file(fixturePath(name));
      const file = await api.openTraceFile(uri);
      const listed = file.traces.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0);
      // Logs and metrics are OTLP too; there is nothing to show of them, and the file opens with an empty list.
      if (/logs/.test(name)) strictEqual(file.spanCount, 0);
      else ok(listed > 0 && listed <= file.spanCount, `${listed} of ${file.spanCount} spans are in traces`);
      for (const defect of file.defects) ok(defect.message.length > 0 && defect.count > 0);
      ok(openEditors().some((input) => input.uri.toString() === uri.toString()));
    });
  }

  it('is what the explorer opens for a name that says what it is', async () => {
    const uri = scratch('named.otlp.json', readFileSync(fixturePath('sample', 'shop.otlp.json')));
    await commands.executeCommand('vscode.open', uri);
    ok(openEditors().some((input) => input.viewType === 'spanhop.traceEditor' && input.uri.toString() === uri.toString()));
  });

  it('is offered for any JSON file', async () => {
    const uri = scratch('anything.json', readFileSync(fixturePath('sample', 'shop.otlp.json')));
    await commands.executeCommand('vscode.openWith', uri, 'spanhop.jsonTraceEditor');
    ok(openEditors().some((input) => input.viewType === 'spanhop.jsonTraceEditor'));
  });

  it('reads a file of a virtual file system', async () => {
    const content = readFileSync(fixturePath('sample', 'shop.otlp.json'));
    const registered = workspace.registerFileSystemProvider('spanhop-test', new OneFile(content), { isReadonly: true });
    try {
      const file = await api.openTraceFile(Uri.parse('spanhop-test:/archive/shop.otlp.json'));
      strictEqual(file.format, 'otlp-json');
      strictEqual(file.spanCount, 198);
    } finally {
      registered.dispose();
    }
  });

  it('reads a file again when it changes', async () => {
    const first = readFileSync(fixturePath('sample', 'shop.otlp.json'), 'utf8');
    const uri = scratch('changing.otlp.json', first);
    const before = await api.openTraceFile(uri);
    ok(before.traces.length > 1);
    const id = before.traces[0].traceId;
    const other = id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    writeFileSync(uri.fsPath, first.replaceAll(id, other));
    await until(() => has(other));
    strictEqual((await api.getTrace(other)).spanCount, before.traces[0].spanCount);
  });

  const has = (traceId: string): Promise<boolean> =>
    api.getTrace(traceId).then(
      () => true,
      () => false,
    );

  describe('with input that it cannot use', () => {
    const wrong: readonly (readonly [string, string, string | Uint8Array])[] = [
      ['an empty file', 'empty.otlp.json', ''],
      ['text that is no JSON', 'prose.otlp.json', 'This is no trace.'],
      ['JSON of something else', 'other.otlp.json', '{"name":"package","version":"1.0.0"}'],
      ['a page of the web', 'page.jaeger.json', '<!doctype html><html><body>Sign in</body></html>'],
      [
        'an image',
        'image.otlp.pb',
        Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 73, 72, 68, 82]),
      ],
      ['a list of numbers', 'numbers.zipkin.json', '[1,2,3]'],
    ];
    for (const [what, name, content] of wrong) {
      it(`says what is wrong with ${what}`, async () => {
        await rejects(api.openTraceFile(scratch(name, content)), (error: Error) => {
          strictEqual(error.name, 'BadData');
          ok(error.message.includes(name), error.message);
          ok(!/\bat .*\d+:\d+|undefined|Unexpected token/.test(error.message), error.message);
          return true;
        });
        // The page with the problem stays, for its buttons.
        ok(openEditors().some((input) => input.uri.path.endsWith(name)));
      });
    }

    it('shows what can be read of a file that is cut off, and says so', async () => {
      const whole = readFileSync(fixturePath('sample', 'shop.otlp.pb'));
      const file = await api.openTraceFile(scratch('cut.otlp.pb', whole.subarray(0, Math.floor(whole.length * 0.6))));
      ok(file.spanCount > 0);
      ok(
        file.defects.some(({ kind }) => kind === 'unreadable'),
        JSON.stringify(file.defects),
      );
    });

    it('refuses a folder', () => rejects(api.openTraceFile(workspaceFolder()), (error: Error) => error.message.length > 0));
  });
});
