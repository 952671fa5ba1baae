// @ts-check
// From spans to lines in workspaces of five and of twenty thousand files, in a real VS Code, through the exported API: the first resolution of a window
// (nothing is known of the files yet), then those of other spans and of another trace, by what the span says of itself; what it costs the
// extension host; against one plain ripgrep over the folder, which is the least that a first search can take.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantile, report } from '../support/budget.mjs';
import { openWorkbench } from '../vscode/workbench.mjs';
import { sourceTree } from './data/sourceTree.mjs';
import { rendererPids, settleHost, watch } from './lib/watch.mjs';

/** Files of the workspace, and milliseconds for the first resolution in it. */
const SIZES = [
  { files: 5_000, firstMs: 600 },
  { files: 20_000, firstMs: 1000 },
];
const PER_KIND = 12;
const NEXT_MS = 20;
const BLOCK_MS = 50;
/** What a span can say of its source. */
const KINDS = /** @type {const} */ (['attributes', 'source map', 'stack', 'symbol', 'route', 'SQL', 'nothing']);
/** @typedef {typeof KINDS[number]} Kind */
/** @typedef {{ traceId: string, spanId: string, kind: Kind, file?: string, line?: number }} Asked */
/** Spans for which the source has to be searched. @type {readonly Kind[]} */
const SEARCHED = ['symbol', 'route', 'SQL', 'nothing'];

let size = SIZES[0];
let tree = sourceTree(size.files);
const settings = { 'spanhop.capture.wellKnownPort': false, 'remote.autoForwardPorts': false, 'git.enabled': false };

for (size of SIZES) {
  tree = sourceTree(size.files);
  plantSourceMaps();
  const traces = ['a', 'b'].map((digit, number) => trace(digit.repeat(32), number));
  for (const first of /** @type {const} */ (['route', 'attributes'])) await measure(first, traces);
}

/**
 * One window, whose first question is about a span of this kind.
 * @param {Kind} first
 * @param {readonly ReturnType<typeof trace>[]} traces
 */
async function measure(first, traces) {
  const workbench = await openWorkbench({ workspace: tree.folder, settings });
  try {
    await workbench.host(
      async ({ api }, bodies) => {
        const spanhop = await api();
        const { httpPort } = await spanhop.capture.start();
        const headers = { 'content-type': 'application/json' };
        for (const body of bodies)
          await fetch(`http://127.0.0.1:${httpPort}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(body) });
      },
      traces.map(({ request }) => request),
    );
    await settleHost(workbench);
    const plain = await plainSearch(workbench);
    const renderers = await rendererPids(workbench);
    const spans = traces.flatMap(({ asked }) => asked);
    const begin = spans.find(({ kind }) => kind === first);
    if (!begin) throw new Error(`There is no span of ${first}.`);
    /** @type {Resolved[]} */
    let resolved = [];
    const watched = await workbench.unattended(async () => {
      await settleHost(workbench);
      return await watch(
        workbench,
        async () => {
          resolved = await resolve(workbench, [begin, ...spans.filter((each) => each !== begin)]);
        },
        renderers,
        // Ours are part of what it costs.
        { ownPrograms: /[\\/]rg(?:\.exe)?$/ },
      );
    });
    tell(first, resolved, watched, plain);
  } finally {
    await workbench.close();
  }
}

/** Milliseconds without waiting for a processor, and as they passed. @typedef {Asked & { ms: number, wallMs: number, found?: { file: string, line: number, rung: string, confidence: number } }} Resolved */

/**
 * @param {import('../vscode/workbench.mjs').Workbench} workbench
 * @param {readonly Asked[]} asked
 * @returns {Promise<Resolved[]>}
 */
function resolve(workbench, asked) {
  return workbench.host(
    async ({ vscode, api, require }, spans) => {
      const { readFileSync } = require('node:fs');
      // As in lib/watch.mjs: what the thread waited for a processor that others had.
      const waitedMs = () => {
        try {
          return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
        } catch {
          return 0;
        }
      };
      const spanhop = await api();
      const all = [];
      for (const span of spans) {
        const waited = waitedMs();
        const start = performance.now();
        const [best] = await spanhop.resolveSource(span.traceId, span.spanId);
        const wallMs = performance.now() - start;
        const ms = Math.max(0, wallMs - (waitedMs() - waited));
        const found = best && {
          file: vscode.workspace.asRelativePath(best.uri, false),
          line: best.line,
          rung: best.rung,
          confidence: best.confidence,
        };
        all.push({ ...span, ms, wallMs, found });
      }
      return all;
    },
    asked,
    { timeoutMs: 120_000 },
  );
}

/**
 * @param {Kind} first
 * @param {readonly Resolved[]} resolved
 * @param {import('./lib/watch.mjs').Watched} watched
 * @param {number} plain
 */
function tell(first, [begin, ...rest], watched, plain) {
  // Who opens a span by its path and, within the same tenth of a second, one that has to be searched for, waits for the first search.
  // The same of the listing of the files.
  const another = rest.find(({ kind }) => SEARCHED.includes(kind) !== SEARCHED.includes(begin.kind));
  const others = rest.filter((each) => each !== another);
  report({
    what: `first resolution of a window, ${size.files} files, by ${first}`,
    value: begin.wallMs,
    unit: 'ms',
    atMost: size.firstMs,
    note: `${(begin.wallMs / plain).toFixed(1)} times one plain ripgrep of five texts, ${plain.toFixed(0)} ms; ${describe(begin)}`,
  });
  if (another) {
    report({
      what: `  right after it the first span of the other way, by ${another.kind}`,
      value: another.wallMs,
      unit: 'ms',
      atMost: size.firstMs,
    });
  }
  for (const traceId of new Set(others.map((each) => each.traceId))) {
    for (const kind of KINDS) {
      const those = others.filter((each) => each.kind === kind && each.traceId === traceId);
      const times = those.map(({ ms }) => ms);
      const right = those.filter(isRight).length;
      report({
        what: `  ${traceId === begin.traceId ? 'other spans of its trace' : 'another trace'}, ${kind}: worst`,
        value: Math.max(...times),
        unit: 'ms',
        atMost: NEXT_MS,
        note: `median ${quantile(times, 0.5).toFixed(1)} of ${times.length}; with waiting for a processor ${Math.max(...those.map(({ wallMs }) => wallMs)).toFixed(1)}; ${right} at the line that was meant`,
      });
    }
  }
  report({
    what: '  longest block of the extension host',
    value: watched.blockMs,
    unit: 'ms',
    atMost: BLOCK_MS,
    note: `${watched.blockWallMs.toFixed(0)} with waiting for a processor; ${watched.hostCpuMs.toFixed(0)} ms of processor in all, engine ${watched.engineCpuMs.toFixed(0)}`,
  });
}

/** @param {Resolved} span */
function isRight({ kind, file, line, found }) {
  return kind === 'nothing' ? found === undefined || found.confidence < 0.5 : found?.file === file && found?.line === line;
}

/** @param {Resolved} span */
function describe(span) {
  return span.found ? `by ${span.found.rung}, ${isRight(span) ? 'right' : 'another line'}` : 'nothing found';
}

/** Milliseconds of the ripgrep of this VS Code over the folder: the best of three. @param {import('../vscode/workbench.mjs').Workbench} workbench */
async function plainSearch(workbench) {
  const root = await workbench.host(({ vscode }) => vscode.env.appRoot);
  const processor = `${process.platform}-${process.arch}`;
  const binary = join(root, 'node_modules', '@vscode', 'ripgrep-universal', 'bin', processor, 'rg');
  const times = [];
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    const texts = [tree.routes[5].route, tree.functions[7].name, tree.statements[3].sql, 'POST /checkout', 'publishAddress'];
    execFileSync(binary, ['--fixed-strings', '--no-ignore-parent', '--file=-', '.'], {
      cwd: tree.folder,
      input: texts.join('\n'),
      maxBuffer: 1 << 26,
    });
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}

/** Compiled code with maps to some of the files, line by line. */
function plantSourceMaps() {
  const folder = join(tree.folder, 'compiled');
  mkdirSync(folder, { recursive: true });
  for (let number = 0; number < PER_KIND * 2; number++) {
    const { file, line } = tree.functions[40 + number];
    const lines = line + 1;
    writeFileSync(join(folder, `worker${number}.js`), `${'run();\n'.repeat(lines)}//# sourceMappingURL=worker${number}.js.map\n`);
    const mappings = Array.from({ length: lines }, (_, at) => (at === 0 ? 'AAAA' : 'AACA')).join(';');
    writeFileSync(
      join(folder, `worker${number}.js.map`),
      JSON.stringify({ version: 3, file: `worker${number}.js`, sources: [`../${file}`], names: [], mappings }),
    );
  }
}

/**
 * A trace with spans of every kind.
 * @param {string} traceId
 * @param {number} number
 */
function trace(traceId, number) {
  /** @type {Asked[]} */
  const asked = [];
  /** @type {object[]} */
  const spans = [];
  /** @type {object[]} */
  const python = [];
  for (let i = 0; i < PER_KIND; i++) {
    for (const kind of KINDS) {
      const spanId = (asked.length + 1 + number * 1000).toString(16).padStart(16, '0');
      const at = 100 + number * 300 + i * 7;
      const { name = 'work', attributes = {}, events = [], place } = spanOf(kind, at, number * PER_KIND + i);
      const start = BigInt(Date.now()) * 1_000_000n + BigInt(asked.length * 1000);
      (kind === 'SQL' ? python : spans).push({
        traceId,
        spanId,
        ...(asked.length === 0 ? {} : { parentSpanId: (1 + number * 1000).toString(16).padStart(16, '0') }),
        name,
        kind: 2,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 1_000_000n),
        attributes: list(attributes),
        events: events.map((each) => ({ name: 'exception', timeUnixNano: String(start), attributes: list(each) })),
      });
      asked.push({ traceId, spanId, kind, ...(place ?? {}) });
    }
  }
  const resourceSpans = [
    { language: 'nodejs', spans },
    { language: 'python', spans: python },
  ].map((each) => ({
    resource: { attributes: list({ 'service.name': 'shop', 'telemetry.sdk.language': each.language }) },
    scopeSpans: [{ scope: {}, spans: each.spans }],
  }));
  return { asked, request: { resourceSpans } };
}

/**
 * @param {Kind} kind
 * @param {number} at Which of the planted places.
 * @param {number} number
 * @returns {{ name?: string, attributes?: Record<string, string | number>, events?: Record<string, string>[], place?: { file: string, line: number } }}
 */
function spanOf(kind, at, number) {
  const place = ({ file, line } = tree.functions[at]) => ({ file, line });
  switch (kind) {
    case 'attributes':
      return {
        attributes: {
          'code.file.path': `/usr/src/app/${tree.functions[at].file}`,
          'code.line.number': tree.functions[at].line + 1,
        },
        place: place(),
      };
    case 'source map': {
      const planted = tree.functions[40 + number];
      const attributes = { 'code.file.path': `/usr/src/app/compiled/worker${number}.js`, 'code.line.number': planted.line + 1 };
      return { attributes: { ...attributes, 'code.column.number': 1 }, place: place(planted) };
    }
    case 'stack': {
      const { file, line, name } = tree.functions[at + 1];
      const stack = `Error: it broke\n    at ${name} (/usr/src/app/${file}:${line + 1}:9)\n    at processTicksAndRejections (node:internal/process/task_queues:95:5)`;
      const event = { 'exception.type': 'Error', 'exception.message': 'it broke', 'exception.stacktrace': stack };
      return { events: [event], place: { file, line } };
    }
    case 'symbol': {
      const planted = tree.functions[at + 2];
      return { name: planted.name, attributes: { 'code.function.name': planted.name }, place: place(planted) };
    }
    case 'route': {
      const { file, line, route } = tree.routes[at + 3];
      return { name: `GET ${route}`, attributes: { 'http.route': route, 'http.request.method': 'GET' }, place: { file, line } };
    }
    case 'SQL': {
      const { file, line, sql } = tree.statements[at + 4];
      return { name: 'SELECT', attributes: { 'db.query.text': sql, 'db.system.name': 'postgresql' }, place: { file, line } };
    }
    case 'nothing':
      return { name: `tick of the clock ${number}` };
  }
}

/** @param {Record<string, string | number>} attributes */
function list(attributes) {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}
