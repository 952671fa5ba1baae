// Spans that do not say where they come from lead to the line of the user's code that made the call; and the program's stack traces are as ever.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserFiles } from '../../../src/instrument/node/codeFrames/userFile';
import { run, writePreload } from './support/tracedPrograms';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const PRELOAD = `
  import * as api from '@opentelemetry/api';
  import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
  import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
  import { codeFrames } from './src/instrument/node/codeFrames/codeFrames';
  import { RoutePlaces } from './src/instrument/node/codeFrames/routePlaces';
  const frames = codeFrames(process.env);
  const names = ['code.function.name', 'code.file.path', 'code.line.number', 'code.column.number'];
  const told = { onStart: (span) => console.log([span.name, ...names.map((name) => span.attributes[name] ?? '-')].join(' ')), onEnd() {} };
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new BasicTracerProvider({ spanProcessors: frames ? [frames, told] : [told] });
  Object.assign(globalThis, { api, tracer: provider.getTracer('lib'), provider, routePlaces: new RoutePlaces() });
`;

/** A library that traces itself, as installed. */
const LIBRARY = `
  exports.call = (name, options) => tracer.startSpan(name, options).end();
  exports.later = async (name) => { await null; exports.call(name); };
  exports.callback = (name, done) => setTimeout(() => { exports.call(name); done(); });
  exports.deep = (name, n) => n === 0 ? exports.call(name) : exports.deep(name, n - 1);
  exports.invoke = (f) => f();
  exports.watchFetch = () => {
    const undici = provider.getTracer('@opentelemetry/instrumentation-undici');
    require('node:diagnostics_channel').subscribe('undici:request:create', () => undici.startSpan('a', { kind: 2 }));
  };
  // As Express 4 and 5 make layers of a route.
  class Route {
    stack = [];
    get(...handlers) { for (const handle of handlers) this.stack.push({ method: 'get', handle }); return this; }
    all(...handlers) { for (const handle of handlers) this.stack.push({ method: undefined, handle }); return this; }
  }
  exports.express = Object.assign(() => {}, { Route });
  // As Fastify tells of an application, and of each of its routes.
  exports.fastify = () => {
    const hooks = [];
    const app = { server: {}, addHook: (name, hook) => hooks.push(hook), route: (made) => hooks.forEach((hook) => hook(made)) };
    require('node:diagnostics_channel').channel('fastify.initialization').publish({ fastify: app });
    return app;
  };
  const pg = () => provider.getTracer('@opentelemetry/instrumentation-pg');
  const waiting = [];
  exports.query = (name) => {
    pg().startSpan('pg-pool.connect');
    const bound = api.context.bind(api.context.active(), () => pg().startSpan(name));
    if (name === 'waits') waiting.push(bound);
    else process.nextTick(bound);
  };
  exports.release = () => process.nextTick(() => waiting.shift()());
  exports.request = (f) => api.context.with(api.trace.setSpan(api.context.active(), tracer.startSpan('request', { attributes: { 'code.x': 1 } })), f);
`;

let folder: string;
let preload: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spanhop-frames-'));
  const library = join(folder, 'app', 'node_modules', 'lib');
  mkdirSync(library, { recursive: true });
  mkdirSync(join(folder, 'ours'));
  writeFileSync(join(library, 'index.js'), LIBRARY);
  preload = await writePreload(join(folder, 'ours'), PRELOAD);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  readonly kind?: 'cjs' | 'mjs';
}

/** What the program printed, the path of its file as FILE. Its first line is the 1st. */
async function printed(source: string, { env, args, kind = 'cjs' }: Options = {}): Promise<string[]> {
  const library = kind === 'cjs' ? "const lib = require('lib');" : "import lib from 'lib';";
  const { out } = await run(`${library} ${source}`, { preload, folder: join(folder, 'app'), port: undefined, env, args, kind })
    .ended;
  return out
    .trim()
    .split('\n')
    .map((line) => line.replace(/\S*program\d+\.[cm]js/, 'FILE'));
}

describe('a span leads to the line that made the call', () => {
  it.each([
    ['of a function', 'function work() {\nlib.call("a");\n}\nwork();', 'a work FILE 2 5'],
    ['of a method', 'class Shop {\nbuy() { lib.call("a"); }\n}\nnew Shop().buy();', 'a Shop.buy FILE 2 13'],
    [
      'of a function that is called with a foreign this',
      'function work() {\nlib.call("a");\n}\nwork.call(new Map());',
      'a work FILE 2 5',
    ],
    ['of a constructor', 'class Shop { constructor() {\nlib.call("a"); } }\nnew Shop();', 'a Shop FILE 2 5'],
    ['after an await', 'async function work() { await null;\nlib.call("a"); }\nwork();', 'a work FILE 2 5'],
    ['that awaits a library', 'async function work() {\nawait lib.later("a"); }\nwork();', 'a work FILE 2 1'],
    ['in a library called back', 'lib.invoke(function back() {\nlib.call("a"); });', 'a back FILE 2 5'],
    ['of a generator', 'function* steps() {\nyield lib.call("a"); }\n[...steps()];', 'a steps FILE 2 11'],
    ['of a promise', 'Promise.resolve().then(\nfunction next() { lib.call("a"); });', 'a next FILE 2 23'],
    [
      'of an emitter',
      "const e = new (require('node:events'))();\ne.on('x', function heard() { lib.call('a'); });\ne.emit('x');",
      'a heard FILE 2 34',
    ],
    ['many frames above', 'function work() {\nlib.deep("a", 40);\n}\nwork();', 'a work FILE 2 5'],
    ['of evaluated code', '\neval("lib.call(\\"a\\")");', /^a \S+ FILE 2 1$/],
    ['of a span of its own', 'function work() {\ntracer.startSpan("a", { kind: 1 }); }\nwork();', 'a work FILE 2 8'],
  ])('%s', async (_of, source, expected) => {
    expect(await printed(source)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
  });

  it('in an ES module', async () => {
    expect(await printed('\nlib.call("a");', { kind: 'mjs' })).toEqual(['a - FILE 2 5']);
  });

  it.each([
    ['a library alone made the call', 'lib.callback("a", () => {});'],
    ['far too many frames are above', 'lib.deep("a", 200);'],
    [
      'it is a layer, called by the one before it',
      'provider.getTracer("@opentelemetry/instrumentation-express").startSpan("a");',
    ],
  ])('or to none where %s', async (_why, source) => {
    expect(await printed(source)).toEqual(['a - - - -']);
  });

  it('or to where it says itself', async () => {
    expect(await printed('lib.call("a", { attributes: { "code.file.path": "/x" } });')).toEqual(['a - /x - -']);
  });

  it('unless it is switched off', async () => {
    expect(await printed('lib.call("a");', { env: { SPANHOP_CODE_ATTRIBUTES: '0' } })).toEqual(['a - - - -']);
  });

  it('that called fetch, whose request begins some turns later', async () => {
    const source = `lib.watchFetch();
      const server = require('node:http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + server.address().port;
        const first = fetch(url);
        await Promise.all([first, fetch(url)]);
        server.close(); server.closeAllConnections();
      });`;
    const lines = await printed(source);
    expect(lines.map((line) => line.split(' ').slice(2, 4).join(' ')).sort()).toEqual(['FILE 4', 'FILE 5']);
  });

  it('that asked a pool for a connection, of which the query comes later; none where contexts differ', async () => {
    const source = `
      lib.request(() => lib.query('waits'));
      lib.request(() => {
        lib.query('b');
        lib.query('c');
        setTimeout(() => lib.release());
      });`;
    const lines = await printed(source);
    const placed = lines.map((line) => line.split(' ')).map(([name, , , line]) => `${name} ${line}`);
    expect(placed.filter((line) => !/^(request|pg-pool)/.test(line)).sort()).toEqual(['b 4', 'c 5', 'waits -']);
  });
});

it('a request leads to the line where its route was made, unless its span leads elsewhere', async () => {
  const source = `
    routePlaces.watchExpress(lib.express);
    const one = new lib.express.Route().get(
      () => {});
    const two = new lib.express.Route();
    function register() {
      two.all(() => {}, () => {});
    }
    register();
    const told = (method, route, attributes = {}) => {
      const span = { attributes, setAttribute: (key, value) => { attributes[key] = value; } };
      routePlaces.tell({ method, route }, [undefined, span]);
      console.log(method, attributes['code.file.path'] ?? '-', attributes['code.line.number'] ?? '-', attributes['code.function.name'] ?? '-');
    };
    told('GET', one);
    told('POST', one);
    told('PUT', two);
    told('PUT', two, { 'code.file.path': '/x' });
    told('GET', undefined);
    console.log(lib.express.Route.prototype.get.name);`;
  expect(await printed(source)).toEqual(['GET FILE 3 -', 'POST - - -', 'PUT FILE 7 -', 'PUT /x - -', 'GET - - -', 'get']);
});

it('a request to Fastify does so too, each application by itself', async () => {
  const source = `
    routePlaces.watchFastify();
    const [one, two] = [lib.fastify(), lib.fastify()];
    one.route({ method: ['GET', 'HEAD'], url: '/a' });
    two.route({ method: 'GET', url: '/a' });
    const told = (server, method, url) => {
      const attributes = {};
      const span = { attributes, setAttribute: (key, value) => { attributes[key] = value; } };
      routePlaces.tellOfFastify({ method, routeOptions: { url }, server }, [span]);
      console.log(method, attributes['code.line.number'] ?? '-');
    };
    told(one, 'GET', '/a');
    told(Object.create(one), 'HEAD', '/a');
    told(two, 'GET', '/a');
    told(two, 'PUT', '/a');
    told(undefined, 'GET', undefined);`;
  expect(await printed(source)).toEqual(['GET 4', 'HEAD 4', 'GET 5', 'PUT -', 'GET -']);
});

describe('what a program does with stack traces stays', () => {
  const own = 'console.log(Error.stackTraceLimit, typeof Error.prepareStackTrace, Object.getOwnPropertyNames(Error).join());';
  it.each([
    ['as Node has it', own],
    ['with a limit', `Error.stackTraceLimit = 3; ${own}`],
    ['without a limit', `delete Error.stackTraceLimit; ${own}`],
    [
      'with its own text',
      `Error.prepareStackTrace = (error, frames) => 'mine ' + frames.length; ${own} console.log(new Error().stack.slice(0, 4));`,
    ],
    ['without a text', `delete Error.prepareStackTrace; ${own}`],
    [
      'with a setter',
      `let told = 0; Object.defineProperty(Error, 'prepareStackTrace', { get: () => undefined, set: () => told++, configurable: true }); ${own} setImmediate(() => console.log('told', told));`,
    ],
    ['frozen', `Object.freeze(Error); ${own} console.log(new Error('x').stack.split('\\\\n').length);`],
  ])('%s', async (_how, source) => {
    const alone = await printed(source.replace(own, `${own}${own}`));
    const traced = (await printed(source.replace(own, `${own}lib.call("a");${own}`))).filter((line) => !line.startsWith('a '));
    expect(traced).toEqual(alone);
  });

  it('as of a loader that translates: it tells the line of the source', async () => {
    // What such loaders do, as source-map-support has it.
    const loader = `
      const Module = require('node:module');
      require.extensions['.ts'] = (module, file) => module._compile('\\n\\n\\n' + require('node:fs').readFileSync(file, 'utf8'), file);
      Error.prepareStackTrace = (error, frames) => String(error) + frames.map((f) => '\\n    at ' + f.getFunctionName() + ' (' + f.getFileName() + ':' + (f.getLineNumber() - (f.getFileName().endsWith('.ts') ? 3 : 0)) + ':' + f.getColumnNumber() + ')').join('');
      require('./code.ts');`;
    writeFileSync(join(folder, 'app', 'code.ts'), "const lib = require('lib');\nfunction work() {\n  lib.call('a');\n}\nwork();");
    expect(await printed(loader)).toEqual([`a work ${join(folder, 'app', 'code.ts')} 3 7`]);
  });
});

describe("a user's file", () => {
  const files = new UserFiles('/ext/dist/instrument/node');
  it.each([
    ['/app/src/a.js', '/app/src/a.js'],
    ['file:///app/a%20b.mjs?version=2', '/app/a b.mjs'],
    ['C:\\app\\a.js', 'C:\\app\\a.js'],
    ['\\\\host\\share\\a.js', '\\\\host\\share\\a.js'],
    ['webpack-internal:///(rsc)/./app/page.tsx', 'webpack-internal:///(rsc)/./app/page.tsx'],
    ['/repo/.yarn/__virtual__/shop-virtual-1a/1/packages/shop/a.js', '/repo/packages/shop/a.js'],
    ['/ext/dist/instrument/nodemon.js', '/ext/dist/instrument/nodemon.js'],
  ])('%s', (name, path) => expect(files.pathOf(name)).toBe(path));

  it.each([
    'node:internal/process/task_queues',
    'node:http',
    '/app/node_modules/pg/lib/client.js',
    'C:\\app\\node_modules\\pg\\client.js',
    'file:///app/node_modules/pg/index.mjs',
    '/app/node_modules/.pnpm/pg@8/node_modules/pg/index.js',
    '/repo/.yarn/cache/pg-npm-8.zip/node_modules/pg/index.js',
    '/repo/.yarn/__virtual__/pg-virtual-1/0/cache/pg.zip/node_modules/pg/a.js',
    '/repo/.yarn/releases/yarn-4.cjs',
    '/repo/.pnp.cjs',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/ext/dist/instrument/node/core.cjs',
    'webpack-internal:///./node_modules/pg/index.js',
    'evalmachine.<anonymous>',
    '[eval]',
    'REPL1',
    'data:text/javascript,1',
    'https://example.org/a.js',
    'file://%zz',
    '',
  ])('is none: %s', (name) => expect(files.pathOf(name)).toBe(''));
});
