// Builds the sample shop the way teams ship it, and runs it from a folder that stands for a container's: bundled, minified, its source maps
// left behind, its packages beside it. So its spans and stacks name places in bundles of a folder that the developer doesn't have.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expectedOf } from '../sample/expected.mjs';
import { prepare } from '../sample/prepare.mjs';
import { decodeRequest, spansOf, startReceiver } from './otlpReceiver.mjs';

const sample = fileURLToPath(new URL('../sample/', import.meta.url));
const require = createRequire(import.meta.url);
const ENTRIES = ['main', 'storefront/main', 'cart/main', 'pricing/main', 'payments/main', 'mailer/main'];
const RUN_MS = 60_000;

/** Each way to build, with where its source maps are and what they name. */
export const bundlings = {
  // Maps beside the bundles, without a comment that names them: they are kept from who gets the bundle.
  esbuild: (folder) => bundle(folder, { sourcemap: 'external' }),
  // The maps are in the bundles and go along into the container, without the text of the sources.
  'esbuild, inline maps': (folder) => bundle(folder, { sourcemap: 'inline', sourcesContent: false }),
  // Sources are called webpack://shop/./src/…; the maps have no text of them.
  webpack: (folder) =>
    pack(folder, {
      devtool: 'nosources-source-map',
      from: 'src',
      ending: 'ts',
      module: { rules: [{ test: /\.ts$/, use: join(sample, '../support/esbuildLoader.cjs') }] },
    }),
  // The maps lead to what tsc wrote, whose own maps lead to the TypeScript.
  'webpack after tsc': async (folder) => {
    await cp(join(sample, 'dist'), join(folder, 'build'), { recursive: true });
    await pack(folder, { devtool: 'hidden-source-map', from: 'build', ending: 'js' });
  },
};

/**
 * Builds and runs the shop: every request once.
 * `developer` is the folder with sources, build and maps, `sources` has the sources alone, `container` is the one it ran in. `remove` takes
 * all of them away.
 */
export async function runBundled(name) {
  await prepare();
  const root = await mkdtemp(join(tmpdir(), 'spanhop-bundled-'));
  const developer = join(root, 'dev/shop');
  const sources = join(root, 'sources/shop');
  const container = join(root, 'srv/shop-build');
  try {
    for (const folder of [developer, sources]) {
      for (const file of ['src', 'package.json', 'tsconfig.json']) {
        await cp(join(sample, file), join(folder, file), { recursive: true });
      }
    }
    await bundlings[name](developer);
    await mkdir(container, { recursive: true });
    await cp(join(developer, 'dist'), join(container, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
    await symlink(join(sample, 'node_modules'), join(container, 'node_modules'));
    return { developer, sources, container, ...(await run(container)), remove: () => rm(root, { recursive: true, force: true }) };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** `requests` as posted; `expected` is what must be in the traces, with lines of the TypeScript. */
async function run(container) {
  const receiver = await startReceiver();
  const child = fork(join(container, 'dist/main.js'), ['--once'], {
    cwd: container,
    // With symbolic links followed, frames of packages would tell of this machine.
    execArgv: ['--preserve-symlinks'],
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    timeout: RUN_MS,
  });
  let visits;
  child.on('message', (message) => {
    if (message.kind === 'visits') visits = message.visits;
  });
  const [code] = await once(child, 'exit');
  await receiver.stop();
  if (code !== 0 || !visits) throw new Error(`the bundled shop ended with code ${code} before all requests were made`);
  const requests = receiver.bodies.map(decodeRequest);
  return { requests, spans: spansOf(requests), expected: await expectedOf(visits) };
}

function bundle(folder, options) {
  return build({
    absWorkingDir: folder,
    entryPoints: ENTRIES.map((entry) => ({ in: `src/${entry}.ts`, out: entry })),
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    minify: true,
    logLevel: 'error',
    ...options,
  });
}

async function pack(folder, { devtool, from, ending, module }) {
  const webpack = require('webpack');
  const stats = await new Promise((resolve, reject) => {
    webpack(
      {
        mode: 'production',
        target: 'node20',
        context: folder,
        devtool,
        module,
        entry: Object.fromEntries(ENTRIES.map((entry) => [entry, `./${from}/${entry}.${ending}`])),
        output: { path: join(folder, 'dist') },
        resolve: { extensions: ['.ts', '.js'] },
        // Packages stay outside: what is in a bundle cannot be instrumented.
        externals: ({ request }, decide) => (/^[./]/.test(request) ? decide() : decide(null, `commonjs ${request}`)),
        node: { __dirname: false },
        performance: false,
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
  });
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
}
