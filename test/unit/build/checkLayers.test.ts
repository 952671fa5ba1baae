import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLayers } from '../../../src/build/checkLayers.mjs';
import { importsOf } from '../../../src/build/imports.mjs';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

/** The problems of a project made of these files, `dependencies` aside. */
function problemsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'spanhop-layers-'));
  roots.push(root);
  const all = {
    'package.json': '{"dependencies":{"@vscode/webview-ui-toolkit":"1","re2js":"1","source-map":"1"}}',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkLayers(root, []).problems;
}

describe('the layer law', () => {
  it('allows what design says', () => {
    expect(
      problemsOf({
        'src/extension.ts': "import * as vscode from 'vscode';\nimport { open } from './editor/open';\n",
        'src/api.ts': "import type { Event } from 'vscode';\nimport type { Span } from './core/span';\n",
        'src/core/span.ts': 'export type Span = string;\n',
        'src/core/text/linearRegExp.ts': "import { RE2JS } from 're2js';\n",
        'src/protocol/calls.ts': "import type { Span } from '../core/span';\n",
        'src/engine/worker.ts':
          "import { parentPort } from 'node:worker_threads';\nimport { receive } from '../capture/receive';\n",
        'src/editor/open.ts': "import { window } from 'vscode';\nimport { SourceMapConsumer } from 'source-map';\n",
        'webview/elements/toolkit.ts': "import { vsCodeButton } from '@vscode/webview-ui-toolkit';\n",
        'webview/main.ts': "import './main.css';\nimport type { Span } from '../src/core/span';\n",
      }),
    ).toEqual([]);
  });

  it.each([
    ['src/core/a.ts', "\n\nimport { x } from 'node:fs';", 'src/core/a.ts:3 core must run without Node'],
    ['src/core/a.ts', "import { x } from 'fs';", 'src/core/a.ts:1 core must run without Node'],
    ['src/core/a.ts', "import type { Uri } from 'vscode';", 'src/core/a.ts:1 core must not know vscode'],
    ['src/core/a.ts', "import type { A } from '../protocol/a';", 'src/core/a.ts:1 core imports protocol'],
    ['src/core/a/b.ts', "export * from '../../engine/client';", 'src/core/a/b.ts:1 core imports engine'],
    ['src/core/a.ts', "const x = await import('../editor/x');", 'src/core/a.ts:1 core imports editor'],
    ['src/core/a.ts', "import {\n  one,\n  two,\n} from '../backends/jaeger';", 'src/core/a.ts:4 core imports backends'],
    ['src/core/a.ts', "import 'source-map';", "src/core/a.ts:1 core must not import the package 'source-map'"],
    ['src/protocol/a.ts', "import { x } from '../engine/a';", 'src/protocol/a.ts:1 protocol imports engine'],
    ['src/backends/a.ts', "import { x } from '../capture/a';", 'src/backends/a.ts:1 backends imports capture'],
    ['src/engine/a.ts', "import { x } from '../backends/a';", 'src/engine/a.ts:1 engine imports backends'],
    ['src/engine/a.ts', "import * as vscode from 'vscode';", 'src/engine/a.ts:1 engine must not know vscode'],
    ['src/api.ts', "import { Uri } from 'vscode';", 'src/api.ts:1 api may import only types of vscode'],
    ['src/editor/a.ts', "import { x } from 'left-pad';", "src/editor/a.ts:1 'left-pad' is not in package.json's dependencies"],
    ['src/editor/a.ts', "import { x } from '../../webview/a';", 'src/editor/a.ts:1 editor imports webview'],
    ['webview/a.ts', "import { x } from '../src/editor/a';", 'webview/a.ts:1 webview imports editor'],
    ['webview/a.ts', "import { x } from '../test/a';", "webview/a.ts:1 imports '../test/a', which lies outside"],
    [
      'webview/a.ts',
      "import { x } from '@vscode/webview-ui-toolkit';",
      "webview/a.ts:1 '@vscode/webview-ui-toolkit' may be imported in webview/elements/toolkit.ts only",
    ],
    ['src/other/a.ts', '', 'src/other/a.ts:1 belongs to no layer'],
    ['src/core/long.ts', '\n'.repeat(401), 'src/core/long.ts:401 has 401 lines'],
    ['test/unit/long.test.ts', '\n'.repeat(401), 'test/unit/long.test.ts:401 has 401 lines'],
  ])('%s: %#', (file, text, problem) => {
    expect(problemsOf({ [file]: text }).map((each) => each.slice(0, problem.length))).toEqual([problem]);
  });

  it('is not confused by comments, strings and exports that import nothing', () => {
    const text = [
      "// import { a } from 'vscode';",
      "/* import { b } from 'vscode'; */",
      " * import { c } from 'vscode';",
      'export const d = 1;',
      "const from = 'vscode';",
      "export { e } from './e';",
      "import f, { type G } from './f'; // from 'h'",
      "import type * as i from './i';",
    ].join('\n');
    expect(importsOf(text).map(({ specifier, line, typeOnly }) => [specifier, line, typeOnly])).toEqual([
      ['./e', 6, false],
      ['./f', 7, false],
      ['./i', 8, true],
    ]);
  });
});
