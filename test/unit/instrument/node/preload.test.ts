import { describe, expect, test } from 'vitest';
import { versionInBundle } from '../../../../src/instrument/node/api/callersVersion';
import { mayBeEsModule } from '../../../../src/instrument/node/entry';
import { isRewriter, keepOneRequire, requireOthers } from '../../../../src/instrument/node/oneRequire';
import { isTool } from '../../../../src/instrument/node/tools';

describe('what only starts or builds programs is left alone', () => {
  test.each([
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npx-cli.js',
    '/usr/local/bin/yarn',
    '/root/.cache/corepack/pnpm.cjs',
    '/shop/node_modules/.bin/tsc',
    '/shop/node_modules/.bin/tsx',
    '/shop/node_modules/tsx/dist/cli.mjs',
    '/shop/node_modules/typescript/bin/tsc',
    '/shop/node_modules/.pnpm/typescript@5.9.2/node_modules/typescript/lib/tsserver.js',
    '/shop/node_modules/nodemon/bin/nodemon.js',
    'C:\\shop\\node_modules\\@nestjs\\cli\\bin\\nest.js',
  ])('%s', (script) => expect(isTool(script)).toBe(true));

  test.each([
    undefined,
    '/shop/server.js',
    '/shop/src/yarn/index.ts',
    '/shop/node_modules/.bin/next',
    '/shop/node_modules/.bin/ts-node',
    '/shop/node_modules/next/dist/bin/next',
    '/shop/node_modules/vitest/vitest.mjs',
    '/shop/node_modules/typescript-server/index.js',
  ])('but not %s', (script) => expect(isTool(script)).toBe(false));
});

describe('http is prepared at once', () => {
  test.each([
    ['/shop/server.mjs', []],
    ['/shop/server.mts', []],
    ['/shop/server.cjs', ['--import', 'tsx']],
    [undefined, ['--input-type=module']],
  ])('for %s %j', (script, flags) => expect(mayBeEsModule(script, flags)).toBe(true));

  test.each([
    ['/shop/server.cjs', []],
    [undefined, ['--inspect']],
  ])('but not for %s %j', (script, flags) => expect(mayBeEsModule(script, flags)).toBe(false));
});

describe('a process that writes NODE_OPTIONS anew', () => {
  const ours = '/ext/preload.cjs';
  const rewritten = (options: string) => {
    const environment: NodeJS.ProcessEnv = { NODE_OPTIONS: options };
    keepOneRequire(environment, ours);
    return [environment.NODE_OPTIONS, JSON.parse(environment.SPANHOP_NODE_REQUIRE ?? 'null')];
  };

  test('is Next', () => {
    expect(isRewriter('/shop/node_modules/.bin/next')).toBe(true);
    expect(isRewriter('/shop/node_modules/next-auth/index.js')).toBe(false);
  });

  test('gets one --require, with the others in their places', () => {
    expect(
      rewritten(` --require "/vs code/boot\\"loader.js"  --require ${ours} --max-old-space-size=4096 -r ./otel.js --require=b`),
    ).toEqual([
      `--require ${ours} --max-old-space-size=4096`,
      { before: ['/vs code/boot"loader.js'], after: ['./otel.js', 'b'] },
    ]);
  });

  test('starts what it starts, whatever stands in the variable', () => {
    for (const text of ['x', '7', '{"before":1}', '']) requireOthers({ SPANHOP_NODE_REQUIRE: text }, 'before');
    expect(() => requireOthers({ SPANHOP_NODE_REQUIRE: '{"before":["./none"],"after":[]}' }, 'before')).toThrow(/none/);
  });

  test('keeps what it has where there is nothing to join', () => {
    expect(rewritten(`--require ${ours} --no-warnings`)).toEqual([`--require ${ours} --no-warnings`, null]);
  });
});

describe('the version of an API in a bundle', () => {
  const call = 'if (api.version !== VERSION) {';
  test.each([
    ['a literal', `a={version:"1.4.1"};${call}`, '1.4.1'],
    ['a name', `var VERSION = "1.9.0";\nvar x = { version: VERSION };\n${call}`, '1.9.0'],
    ['a member', `var v={VERSION:"1.8.0"};x={version:v.VERSION};${call}`, '1.8.0'],
    ['the nearest', `var VERSION="1.30.1";${' '.repeat(5000)}var VERSION = "1.9.1";x={version:VERSION};${call}`, '1.9.1'],
    ['nothing', call, undefined],
  ])('is %s', (_title, text, expected) => {
    expect(versionInBundle(text, text.indexOf(call))).toBe(expected);
  });
});
