/**
 * Node: a file that is loaded before the program's first line, by `NODE_OPTIONS`. js-debug keeps what `env` has of it behind its own, and processes that
 * the program starts have it as well; the file does nothing in package managers and compilers. Source: Node's documentation, "NODE_OPTIONS";
 * vscode-js-debug, `src/targets/node/nodeLauncherBase.ts` and `nodeLauncher.ts`.
 */

import { dirname, join } from 'node:path';
import type { LaunchChange } from '../../capture/environmentEditor';
import type { Instrumentation, InstrumentedLaunch, Prepared } from './instrumentation';

/** The version that the instrumentations need. */
const neededMajor = 18;

export class NodeInstrumentation implements Instrumentation {
  readonly language = 'node';

  /** @param own `sources`: `dist/instrument` */
  constructor(private readonly own: { readonly sources: string }) {}

  async prepare(launch: InstrumentedLaunch): Promise<Prepared | undefined> {
    return prepare(launch, join(this.own.sources, 'node', 'preload.cjs'));
  }
}

function prepare(launch: InstrumentedLaunch, preload: string): Prepared | undefined {
  const { type, configuration } = launch;
  // VS Code itself: extensions have its own Node, and its windows.
  if (type === 'extensionHost' || type === 'pwa-extensionHost') return undefined;
  const missing = (message: string): Prepared => ({ variables: [], missing: { message, offers: [] } });
  const runtime = nameOf(configuration.runtimeExecutable);
  if (type === 'bun' || runtime === 'bun' || runtime === 'bunx') {
    return missing(
      'Bun does not load what Node does before a program starts. Set up the OpenTelemetry SDK in the program, or start it with Node.',
    );
  }
  if (runtime === 'deno') {
    // Source: docs.deno.com, "OpenTelemetry". With attachSimplePort as without: it is no option of Node's.
    const variable = { name: 'OTEL_DENO', value: 'true', reason: "switches Deno's own tracing on" };
    return launch.get('OTEL_DENO') === undefined ? { variables: [variable] } : undefined;
  }
  const major = /^v?(\d+)/.exec(String(configuration.runtimeVersion ?? ''))?.[1];
  if (major !== undefined && Number(major) < neededMajor) {
    return missing(
      `Node ${major} is traced only with an OpenTelemetry SDK in the program. From Node 18.19 on, it is traced as it is.`,
    );
  }
  const variables = connection(launch);
  const skipped = { skipFiles: withOurs(configuration.skipFiles, dirname(preload)) };
  if (typeof configuration.attachSimplePort === 'number') {
    // js-debug leaves NODE_OPTIONS out then.
    if (runtime !== undefined && !/^node(?:js)?$/.test(runtime)) {
      return missing('With "attachSimplePort", only programs that are started by "node" itself are traced.');
    }
    const given = Array.isArray(configuration.runtimeArgs) ? configuration.runtimeArgs : [];
    return { variables, configuration: { ...skipped, runtimeArgs: ['--require', preload, ...given] } };
  }
  const options = withPreload(launch.get('NODE_OPTIONS'), preload, launch.windows);
  return {
    configuration: skipped,
    variables: [
      ...variables,
      { name: 'NODE_OPTIONS', value: options, reason: 'loads what traces the program before its first line' },
    ],
  };
}

/** The debugger steps over our files, and greys them in the call stack. */
function withOurs(own: unknown, folder: string): unknown[] {
  return [...(Array.isArray(own) ? own : []), `${folder.replaceAll('\\', '/')}/**`];
}

/** How spans come here, also at a sudden end. */
function connection({ endpoint, ports, sessionId }: InstrumentedLaunch): LaunchChange[] {
  return [
    { name: 'SPANHOP_STREAM', value: new URL(endpoint).host, reason: 'where spans are handed over as they end' },
    { name: 'SPANHOP_PORTS', value: ports.join(','), reason: 'what the program itself exports to there is not sent twice' },
    { name: 'SPANHOP_SESSION', value: sessionId, reason: 'this debug session' },
  ];
}

/** What people have of their own stays, behind ours: an SDK of theirs is then set up as always. */
function withPreload(own: string | undefined, preload: string, windows: boolean): string {
  const path = windows ? preload.replaceAll('\\', '/') : preload;
  const ours = `--require ${/[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path}`;
  if (own === undefined || own.trim() === '') return ours;
  return own.includes(ours) ? own : `${ours} ${own}`;
}

/** `bun` of `C:\tools\bun.exe`. */
function nameOf(executable: unknown): string | undefined {
  if (typeof executable !== 'string' || executable === '') return undefined;
  return executable
    .split(/[/\\]/)
    .pop()
    ?.replace(/\.(?:exe|cmd)$/i, '')
    .toLowerCase();
}
