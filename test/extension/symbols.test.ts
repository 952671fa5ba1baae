// Symbols as the TypeScript of this VS Code gives them: from a cold start, in a document that nobody shows.

import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Uri, window } from 'vscode';
import { WorkspaceSymbols } from '../../src/app/source/symbols/workspaceSymbols';
import { WorkspaceFiles } from '../../src/app/workspace/workspaceFiles';
import { vsCodeSymbols } from '../../src/editor/adapters/symbolProviders';
import { vsCodeWorkspace } from '../../src/editor/adapters/workspace';
import type { CodeSymbol } from '../../src/source';
import { eventOf, until, workspaceFolder } from './support/spanhop';

describe('symbols of language extensions', () => {
  const root = (): string => join(workspaceFolder().fsPath, 'sym');
  const uri = (name: string): string => Uri.file(join(root(), name)).toString();
  let files: WorkspaceFiles;
  let symbols: WorkspaceSymbols;

  before(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    mkdirSync(join(root(), 'node_modules', 'lib'), { recursive: true });
    const source = [
      'export namespace shop {',
      '  export class SymPricing {',
      '    constructor(readonly rate: number) {}',
      '    chargeSymOrder(total: number): number {',
      '      return total * this.rate;',
      '    }',
      '  }',
      '}',
      'export function chargeSymOrder() {}',
      '',
    ];
    writeFileSync(join(root(), 'tsconfig.json'), '{ "include": ["*.ts"] }');
    writeFileSync(join(root(), 'pricing.ts'), source.join('\n'));
    writeFileSync(join(root(), 'node_modules', 'lib', 'index.ts'), 'export function chargeSymOrder() {}\n');
    writeFileSync(join(root(), 'notes.unknownending'), 'chargeSymOrder\n');
    files = new WorkspaceFiles(vsCodeWorkspace());
    symbols = new WorkspaceSymbols(files, vsCodeSymbols);
  });

  after(() => {
    symbols.dispose();
    files.dispose();
    rmSync(root(), { recursive: true, force: true });
  });

  const brief = ({ name, containers, kind, line, startLine, endLine }: CodeSymbol): string =>
    `${kind} ${[...containers, name].join('.')} ${line} ${startLine}-${endLine}`;

  it('of a document, with what is around them; nobody waits longer than once for a cold start', async () => {
    const started = performance.now();
    const first = await symbols.inDocument(uri('pricing.ts'));
    const firstMs = performance.now() - started;
    ok(firstMs < 2500, `${firstMs} ms`);
    if (!first) {
      const again = performance.now();
      await symbols.inDocument(uri('pricing.ts'));
      ok(performance.now() - again < 500, 'it waited for an overdue answer');
      await eventOf(symbols.onDidLearn, undefined, 60_000);
    }
    const found = first ?? (await symbols.inDocument(uri('pricing.ts')));
    deepStrictEqual(found?.map(brief).sort(), [
      'class shop.SymPricing 1 1-6',
      'constructor shop.SymPricing.constructor 2 2-2',
      'field shop.SymPricing.rate 2 2-2',
      'function chargeSymOrder 8 8-8',
      'method shop.SymPricing.chargeSymOrder 3 3-5',
      'module shop 0 0-7',
    ]);
    strictEqual(window.visibleTextEditors.length, 0);
    // Kept, once the window has told of the files that were just written.
    await until(async () => {
      const now = await symbols.inDocument(uri('pricing.ts'));
      return now !== undefined && now === (await symbols.inDocument(uri('pricing.ts')));
    });
  });

  it('of a name in the workspace, packages left out', async () => {
    await until(async () => ((await symbols.inWorkspace('chargeSymOrder'))?.length ?? 0) > 0);
    const found = await symbols.inWorkspace('chargeSymOrder');
    deepStrictEqual(found?.map((symbol) => `${[...symbol.containers, symbol.name].join('.')} ${symbol.line}`).sort(), [
      'SymPricing.chargeSymOrder 3',
      'chargeSymOrder 8',
    ]);
    ok(found?.every(({ file }) => file === uri('pricing.ts')));
    deepStrictEqual(await symbols.inWorkspace('SymPricing.chargeSymOrder'), found);
    deepStrictEqual(await symbols.inWorkspace('chargeSym'), []);
  });

  it('follow an edit', async () => {
    writeFileSync(join(root(), 'later.ts'), 'function laterSym() {}\n');
    strictEqual((await symbols.inDocument(uri('later.ts')))?.[0]?.line, 0);
    const touched = eventOf(files.onDidTouch, (changed) => changed?.uri.endsWith('/later.ts') === true);
    writeFileSync(join(root(), 'later.ts'), '\n\nfunction laterSym() {}\n');
    await touched;
    await until(async () => (await symbols.inDocument(uri('later.ts')))?.[0]?.line === 2);
  });

  it('are not known of a language without a provider, of packages, of files that are not there', async () => {
    strictEqual(await symbols.inDocument(uri('notes.unknownending')), undefined);
    strictEqual(await symbols.inDocument(uri('node_modules/lib/index.ts')), undefined);
    strictEqual(await symbols.inDocument(uri('missing.ts')), undefined);
    strictEqual(await symbols.inDocument(Uri.file('/elsewhere/a.ts').toString()), undefined);
    const again = performance.now();
    strictEqual(await symbols.inDocument(uri('notes.unknownending')), undefined);
    ok(performance.now() - again < 20);
  });

  it('stop when cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await rejects(symbols.inWorkspace('chargeSymOrder', controller.signal), { name: 'Cancelled' });
    await rejects(symbols.inDocument(uri('pricing.ts'), controller.signal), { name: 'Cancelled' });
  });
});
