// The packaged extension, installed as users install it: it activates without this project around it, and everything that is loaded
// beside the bundles at run time (worker, webview, the WebAssembly of the source maps) is found.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CloudTraceServer } from '../support/cloudTraceServer';
import { XRayServer } from '../support/xrayServer';
import { installPackage } from '../vscode/install.mjs';
import { projectRoot } from '../vscode/locations.mjs';
import { temporaryFolder } from '../vscode/processes.mjs';
import { openWorkbench, type Workbench } from '../vscode/workbench.mjs';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const source = `// A comment, so that lines differ
export interface Cart {
  readonly total: number;
}

export function charge(cart: Cart): number {
  if (cart.total > 10) throw new RangeError('too much');
  return cart.total;
}

charge({ total: 11 });
`;
const throwingLine = source.split('\n').findIndex((line) => line.includes('throw new'));

const workspace = temporaryFolder('shop');
const closers: Array<() => unknown> = [workspace.remove];
let workbench: Workbench;
let extensionsFolder: string;

beforeAll(async () => {
  await makeProgram(workspace.path);
  const extensions = await installPackage(findPackage());
  closers.push(extensions.remove);
  extensionsFolder = extensions.path;
  workbench = await openWorkbench({ workspace: workspace.path, extension: 'none', extensionsFolder });
  closers.push(workbench.close);
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

it('activates from where it was installed', async () => {
  const seen = await workbench.host(async ({ extension, api }) => ({
    version: (await api()).apiVersion,
    path: extension?.extensionPath,
  }));
  expect(seen).toEqual({ version: 1, path: expect.stringContaining(extensionsFolder) });
});

it('opens a trace file: the worker decodes, the webview paints', async () => {
  const opened = await workbench.host(
    async ({ vscode, api }, path) => {
      const file = await (await api()).openTraceFile(vscode.Uri.file(path));
      return { format: file.format, spanCount: file.spanCount };
    },
    join(workspace.path, 'failing.otlp.json'),
  );
  expect(opened).toEqual({ format: 'otlp-json', spanCount: 1 });
  const frame = await workbench.webview('[role=treegrid] [role=row]');
  expect(await frame.locator('[role=treegrid]').innerText()).toContain('charge the cart');
  await workbench.screenshot('installed');
});

it('follows a source map from the stack to the TypeScript', async () => {
  const found = await workbench.host(
    async ({ api }, ids) => {
      const [best] = await (await api()).resolveSource(ids.traceId, ids.spanId);
      return best && { path: best.uri.path, line: best.line, rung: best.rung };
    },
    { traceId, spanId },
  );
  expect(found).toMatchObject({ path: join(workspace.path, 'src', 'charge.ts'), line: throwingLine });
});

it("reads AWS X-Ray and Google Cloud Trace with the vendors' libraries, which are loaded then", async () => {
  const xray = await new XRayServer().start();
  const google = await new CloudTraceServer().start();
  closers.push(
    () => xray.stop(),
    () => google.stop(),
  );
  const seconds = Math.floor(Date.now() / 1000) - 60;
  const id = `${seconds.toString(16)}${'c'.repeat(24)}`;
  const segment = {
    trace_id: `1-${id.slice(0, 8)}-${id.slice(8)}`,
    id: 'a'.repeat(16),
    name: 'cart',
    start_time: seconds,
    end_time: seconds + 1,
  };
  xray.segments = [segment];
  google.isOpen = true;
  const at = (second: number) => new Date((seconds + second) * 1000).toISOString();
  const span = { spanId: '7', name: 'pay', startTime: at(0), endTime: at(1), labels: { 'service.name': 'cart' } };
  google.traces = [{ projectId: 'demo-project', traceId: id, spans: [span] }];
  const found = await workbench.host(
    async ({ vscode, api }, backends) => {
      // What the tools of AWS would have of a shell.
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDTEST', AWS_SECRET_ACCESS_KEY: 'secret' });
      await vscode.workspace.getConfiguration('spanhop').update('backends', backends, vscode.ConfigurationTarget.Global);
      const spanhop = await api();
      const search = async (backend: string) =>
        (await spanhop.findTraces('{ resource.service.name = "cart" }', { backend })).map(
          (one: { traceId: string }) => one.traceId,
        );
      return [await search('aws'), await search('google')];
    },
    [
      { name: 'aws', type: 'xray', region: 'eu-central-1', endpoint: xray.url },
      { name: 'google', type: 'cloudtrace', projectId: 'demo-project', auth: 'none', endpoint: google.url },
    ],
  );
  expect(found).toEqual([[id], [id]]);
});

it('brings the sample trace with its source', async () => {
  await workbench.command('spanhop.openSampleTrace');
  const found = await workbench.host(async ({ api }) => {
    const spanhop = await api();
    const [best] = await spanhop.resolveSource('6bcba564bd850c56982fc09c808ab14a', '01efdb8cd04a4aeb');
    return best?.uri.toString();
  }, undefined);
  expect(found).toBe('spanhop-sample://sample/shop/src/payments/paymentService.ts');
  await workbench.command('spanhop.goToSource', { traceId: '6bcba564bd850c56982fc09c808ab14a', spanId: '01efdb8cd04a4aeb' });
  await workbench.page.locator('.view-line', { hasText: 'throw new GatewayTimeout' }).waitFor({ timeout: 30_000 });
});

it('shows the pictures of the walkthrough', async () => {
  await workbench.command('spanhop.openWalkthrough');
  await workbench.page.locator('.getting-started-step', { hasText: 'See a trace' }).first().waitFor({ timeout: 30_000 });
  const picture = workbench.page.locator('img[alt^="The waterfall of a failing checkout"]').first();
  const width = (): Promise<number> =>
    picture.evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)).catch(() => 0);
  await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(100);
  await workbench.screenshot('installed-walkthrough');
});

it('logs no error in the window', () => {
  // An empty style element (this is the hash of no text) that a control makes and the content security policy refuses: nothing is lost.
  const emptyStyle = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  expect(workbench.consoleErrors().filter((text) => !text.includes(emptyStyle))).toEqual([]);
});

/** Makes the package unless `npm run package` has just done so, as it does in `npm test`. */
function findPackage(): string {
  const out = join(projectRoot, 'out');
  const find = () => (existsSync(out) ? readdirSync(out).find((name) => name.endsWith('.vsix')) : undefined);
  if (find() === undefined) spawnSync(process.execPath, ['src/build/checkPackage.mjs'], { cwd: projectRoot, stdio: 'inherit' });
  const name = find();
  if (name === undefined) throw new Error('There is no package: npm run package did not succeed.');
  return join(out, name);
}

/** A program compiled for real, that fails for real; and a trace with the stack that it printed. */
async function makeProgram(folder: string): Promise<void> {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'charge.ts'), source);
  const outfile = join(folder, 'dist', 'charge.js');
  await build({
    entryPoints: [join(folder, 'src', 'charge.ts')],
    outfile,
    bundle: true,
    minify: true,
    sourcemap: true,
    platform: 'node',
  });
  const { stderr } = spawnSync(process.execPath, [outfile], { encoding: 'utf8' });
  const stack = stderr.slice(stderr.indexOf('RangeError'));
  expect(stack).toContain('charge.js');
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const span = {
    traceId,
    spanId,
    name: 'charge the cart',
    kind: 1,
    startTimeUnixNano: String(nowNs),
    endTimeUnixNano: String(nowNs + 5_000_000n),
    status: { code: 2 },
    events: [
      {
        timeUnixNano: String(nowNs + 4_000_000n),
        name: 'exception',
        attributes: [
          attribute('exception.type', 'RangeError'),
          attribute('exception.message', 'too much'),
          attribute('exception.stacktrace', stack),
        ],
      },
    ],
  };
  const resource = { attributes: [attribute('service.name', 'shop'), attribute('telemetry.sdk.language', 'nodejs')] };
  const trace = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'shop' }, spans: [span] }] }] };
  writeFileSync(join(folder, 'failing.otlp.json'), JSON.stringify(trace));
}
