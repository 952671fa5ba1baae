/**
 * The waterfall's page in a bare Chromium, beside VS Code rather than in it: the built script and styles, a theme's variables as VS Code
 * gave them (themes/), and at the other end of the messages the real engine and the real source resolution. Quick to start and easy to
 * look at; what only VS Code can show is tested in VS Code.
 */

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { SpanhopError } from '../../../src/base/errors';
import type { ShownException } from '../../../src/protocol/details';
import type { EngineMethods } from '../../../src/protocol/engine';
import type { DatasetContent } from '../../../src/protocol/files';
import { listenToPages } from '../../../src/protocol/pages';
import { Connection, type Handlers, type Params, type Port, type Result } from '../../../src/protocol/rpc';
import type { TraceSnapshot } from '../../../src/protocol/snapshot';
import type { TraceKey } from '../../../src/protocol/traces';
import type {
  HostMethods,
  ShownStack,
  SourceTarget,
  ViewEvents,
  ViewLayout,
  ViewMethods,
  ViewState,
} from '../../../src/protocol/view';
import { parseStack, resolveFrame, resolveSpan, type SourceCandidate, type SourcePorts } from '../../../src/source';
import { InProcessEngine } from '../../support/inProcessEngine';
import { diskWorkspace, withSourceMaps } from '../../unit/source/support/workspace';
import { ensureChromium } from '../../vscode/provision.mjs';
import { bundleWebview, html, origin, readThemeFile, vscodeDefaults } from './pageSource';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const resultsFolder = join(root, 'test', 'results', 'waterfall');

export interface BenchOptions {
  readonly theme?: string;
  readonly width?: number;
  readonly height?: number;
  /** Device pixels of a CSS pixel. */
  readonly scale?: number;
  /** Folder of the sources that the trace's programs were made of. */
  readonly sources?: string;
}

export interface HostCall {
  readonly method: string;
  readonly params: unknown;
}

type EngineCall = <K extends keyof EngineMethods>(
  method: K,
  params: Params<EngineMethods, K>,
) => Promise<Result<EngineMethods, K>>;

type View = Connection<ViewMethods, HostMethods, ViewEvents>;

export interface Bench {
  readonly page: Page;
  /** The load of the page that there is now. */
  readonly view: View;
  readonly engine: EngineCall;
  /** What the page asked of the host so far, without questions that only read. */
  readonly calls: HostCall[];
  readonly troubles: string[];
  /** The last state and layout that the page had saved. */
  readonly saved: { state: ViewState; layout: ViewLayout };
  openFile(path: string): Promise<readonly { traceId: string; rootName: string; spanCount?: number; errorCount?: number }[]>;
  openBytes(bytes: Uint8Array, name?: string): Promise<readonly { traceId: string; rootName: string }[]>;
  /** Shows a snapshot that no engine holds: for sizes, not for details. */
  showSnapshot(snapshot: TraceSnapshot): Promise<Result<ViewMethods, 'show'>>;
  show(
    traceId: string,
    options?: { state?: ViewState; layout?: ViewLayout; selectSpanId?: string },
  ): Promise<Result<ViewMethods, 'show'>>;
  setTheme(name: string): Promise<void>;
  /** Starts the page's script anew, as VS Code does with a webview that was hidden. */
  reload(): Promise<void>;
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

function startBrowser(): Promise<Browser> {
  browser ??= ensureChromium().then((executablePath) =>
    chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none'],
    }),
  );
  return browser;
}

export async function stopBrowser(): Promise<void> {
  const running = await browser;
  browser = undefined;
  await running?.close();
}

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const [{ script, controls, style }, running] = await Promise.all([bundleWebview(), startBrowser()]);
  const context = await running.newContext({
    viewport: { width: options.width ?? 1400, height: options.height ?? 660 },
    deviceScaleFactor: options.scale ?? 1,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  let themeName = options.theme ?? 'dark';
  const buffers = new Map<string, Buffer>();
  await page.route(`${origin}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/webview.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    if (path === '/controls.js') return route.fulfill({ contentType: 'text/javascript', body: controls });
    if (path === '/defaults.css') return route.fulfill({ contentType: 'text/css', body: vscodeDefaults() });
    if (path === '/webview.css') return route.fulfill({ contentType: 'text/css', body: style });
    const buffer = buffers.get(path);
    if (buffer) {
      buffers.delete(path);
      return route.fulfill({ contentType: 'application/octet-stream', body: buffer });
    }
    return route.fulfill({ contentType: 'text/html', body: html(readThemeFile(themeName)) });
  });

  // Messages. Buffers go as bodies of requests, which is quick for many megabytes.
  let receive: (message: unknown) => void = () => {};
  await page.exposeFunction('spanhopToHost', (message: unknown) => receive(message));
  let bufferId = 0;
  let sending: Promise<unknown> = Promise.resolve();
  const port: Port = {
    post: (message) => {
      const text = JSON.stringify(message, (_, value: unknown) => {
        if (!(value instanceof ArrayBuffer)) return value;
        const path = `/buffer/${bufferId++}`;
        buffers.set(path, Buffer.from(value));
        return { $buffer: path };
      });
      sending = sending
        .then(() =>
          page.evaluate(
            (sent) => (window as unknown as { spanhopDeliver: (sent: string) => Promise<void> }).spanhopDeliver(sent),
            text,
          ),
        )
        .catch(() => {});
    },
    listen: (listener) => {
      receive = listener;
      return () => {
        receive = () => {};
      };
    },
  };

  const inProcess = new InProcessEngine();
  const engine: EngineCall = (method, params) => inProcess.call(method, params);
  const calls: HostCall[] = [];
  const saved: { state: ViewState; layout: ViewLayout } = { state: {}, layout: {} };
  let key: TraceKey | undefined;
  const listed = ({ dataset, traces }: DatasetContent): DatasetContent['traces'] => {
    key = { dataset, traceId: '' };
    return traces;
  };
  const ports =
    options.sources === undefined ? undefined : withSourceMaps(diskWorkspace({ 'file:///workspace': options.sources }));
  let ready: () => void = () => {};
  const host = benchHost({ engine, ports, calls, saved, ready: () => ready() });
  let view: View | undefined;
  const stop = listenToPages(port, (load) => {
    const connection: View = new Connection(load.port, host, { trouble: ({ message }) => troubles.push(message) }, (error) =>
      troubles.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    view = connection;
    load.signal.addEventListener('abort', () => connection.dispose());
  });
  const shown = (): View => {
    if (!view) throw new Error('The page is not loaded.');
    return view;
  };
  const loadPage = async (): Promise<void> => {
    const isReady = new Promise<void>((done) => {
      ready = done;
    });
    await page.goto(`${origin}/`);
    await isReady;
  };

  await loadPage();

  return {
    page,
    get view() {
      return shown();
    },
    engine,
    calls,
    troubles,
    saved,
    async openFile(path) {
      return listed(await inProcess.openAndList({ dataset: `file:${path}`, name: path, path }));
    },
    async openBytes(bytes, name = 'bytes') {
      return listed(await inProcess.openAndList({ dataset: `file:${name}`, name, bytes }));
    },
    async show(traceId, options = {}) {
      key = { dataset: key?.dataset ?? '', traceId };
      // As the host asks: with ids for what needs them.
      const snapshot = await engine('openTrace', { ...key, idsUpTo: 50_000 });
      return shown().call(
        'show',
        { snapshot, state: options.state ?? {}, layout: options.layout ?? {}, selectSpanId: options.selectSpanId },
        { timeoutMs: 120_000 },
      );
    },
    showSnapshot: (snapshot) => shown().call('show', { snapshot, state: {}, layout: {} }, { timeoutMs: 120_000 }),
    async setTheme(name) {
      themeName = name;
      await page.evaluate((theme) => {
        document.body.className = theme.bodyClass;
        document.body.dataset.vscodeThemeId = theme.themeId;
        const { style } = document.documentElement;
        for (const variable of [...style]) if (variable.startsWith('--vscode')) style.removeProperty(variable);
        for (const [variable, value] of Object.entries(theme.variables)) style.setProperty(variable, value);
      }, readThemeFile(name));
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    },
    reload: loadPage,
    async screenshot(name) {
      const path = join(resultsFolder, `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await page.screenshot({ path });
      return path;
    },
    async close() {
      stop();
      await context.close();
    },
  };
}

interface HostParts {
  readonly engine: EngineCall;
  readonly ports: SourcePorts | undefined;
  readonly calls: HostCall[];
  readonly saved: { state: ViewState; layout: ViewLayout };
  readonly ready: () => void;
}

/** The host's side: engine and source resolution are the real ones; what VS Code would do is written down. */
function benchHost({ engine, ports, calls, saved, ready }: HostParts): Handlers<HostMethods> {
  const note = (method: string, params: unknown): void => {
    calls.push({ method, params });
  };
  return {
    ready: () => {
      queueMicrotask(ready);
      return { layout: saved.layout };
    },
    details: ({ trace, row }) => engine('spanDetails', { ...trace, row }),
    async spanIds({ trace }) {
      const answer = await engine('spanIds', trace);
      if (answer.revision !== trace.revision) throw new SpanhopError('NotFound', 'This revision is gone.');
      return answer;
    },
    stack: ({ exception }) => shownStack(exception, ports),
    async eventTimes({ trace, rows }) {
      const times = await engine('eventTimes', { ...trace, rows });
      return { row: Array.from(times.row), atNs: Array.from(times.atNs) };
    },
    async glance({ trace, ...what }) {
      const { revision: _, ...glance } = await engine('spanGlance', { ...trace, ...what });
      return glance;
    },
    async services({ trace: { dataset, traceId } }) {
      const { services } = await engine('highlights', { dataset, traceId, limit: 1 });
      return { services };
    },
    async find({ trace, text }) {
      const { rows } = await engine('findSpans', { ...trace, text });
      return { rows: Uint32Array.from(rows).buffer };
    },
    attributeKeys: ({ trace: { dataset } }) => engine('attributeKeys', { dataset }),
    attributeValues: ({ trace: { dataset }, field }) => engine('tagValues', { dataset, key: field }),
    async source({ trace, spanId }) {
      if (!ports) return undefined;
      const span = await engine('spanData', { dataset: trace.dataset, traceId: trace.traceId, spanId });
      const { candidates } = await resolveSpan(span, ports, { pathMappings: {} });
      return candidates.length > 0 ? targetOf(candidates) : undefined;
    },
    logSource: () => undefined,
    openSource: (params) => note('openSource', params),
    explainSource: (params) => note('explainSource', params),
    openTrace: (params) => note('openTrace', params),
    backToList: (params) => note('backToList', params),
    copy: (params) => note('copy', params),
    copyText: (params) => note('copyText', params),
    openText: (params) => note('openText', params),
    searchAttribute: (params) => note('searchAttribute', params),
    openExternal: (params) => note('openExternal', params),
    saveState: ({ state }) => {
      saved.state = state;
    },
    saveLayout: ({ layout }) => {
      saved.layout = layout;
    },
    runAction: (params) => note('runAction', params),
    setPaused: () => {},
    cancel: (params) => note('cancel', params),
  };
}

function targetOf(candidates: readonly SourceCandidate[]): SourceTarget {
  const [best] = candidates;
  const name = best.file.slice(best.file.lastIndexOf('/') + 1);
  return {
    label: `${name}:${best.line + 1}`,
    reason: best.reason,
    rung: best.rung,
    confidence: best.confidence,
    candidates: candidates.length,
  };
}

async function shownStack(exception: ShownException, ports: SourcePorts | undefined): Promise<ShownStack> {
  const parsed = parseStack(exception.stack);
  if (!parsed) return { exceptions: [] };
  return {
    exceptions: await Promise.all(
      parsed.exceptions.map(async ({ type, message, relation, frames }) => ({
        type,
        message,
        relation,
        frames: await Promise.all(
          frames.map(async (frame) => {
            const found =
              ports && !frame.isLibrary ? await resolveFrame(frame, parsed.language, ports, { pathMappings: {} }) : undefined;
            const location =
              frame.path === undefined
                ? ''
                : `${frame.path.slice(frame.path.lastIndexOf('/') + 1)}${frame.line === undefined ? '' : `:${frame.line}`}`;
            return {
              text: frame.functionName ?? frame.raw,
              location,
              library: frame.isLibrary || frame.isNative,
              target: found && found.candidates.length > 0 ? targetOf(found.candidates) : undefined,
            };
          }),
        ),
      })),
    ),
  };
}
