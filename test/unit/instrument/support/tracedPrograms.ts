/**
 * Node programs that are traced as the preload does it: hand-over and code attributes of ours, over the SDK's own spans. In the program, `tracer` makes
 * them, and `api` is @opentelemetry/api.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(__dirname, '..', '..', '..', '..');

const PRELOAD = `
  import * as api from '@opentelemetry/api';
  import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
  import { resourceFromAttributes } from '@opentelemetry/resources';
  import { startHandOver } from './src/instrument/node/handOver/handOver';
  const processor = startHandOver(process.env, JSON.parse(process.env.LINE ?? '{}'));
  const resource = resourceFromAttributes({ 'service.name': 'program' });
  const provider = new BasicTracerProvider({ resource, spanProcessors: processor ? [processor] : [] });
  Object.assign(globalThis, { api, tracer: provider.getTracer('test'), provider, processor });
`;

/** Writes the preload into a folder. Returns its path. */
export async function writePreload(folder: string, source = PRELOAD): Promise<string> {
  const outfile = join(folder, 'preload.cjs');
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    logLevel: 'error',
    outfile,
  });
  return outfile;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  /** Milliseconds. */
  readonly took: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it printed holds this. */
  printed(text: string): Promise<void>;
}

export interface ProgramOptions {
  readonly preload: string;
  readonly folder: string;
  /** Of the stream; undefined: none. */
  readonly port: number | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** `mjs`: an ES module. */
  readonly kind?: 'cjs' | 'mjs';
}

let count = 0;

export function run(source: string, { preload, folder, port, env, args = [], kind = 'cjs' }: ProgramOptions): Running {
  const file = join(folder, `program${count++}.${kind}`);
  writeFileSync(file, source);
  const began = performance.now();
  const child = spawn(process.execPath, [...args, file], {
    env: {
      PATH: process.env.PATH,
      NODE_OPTIONS: `--require ${preload}`,
      ...(port ? { SPANHOP_STREAM: `127.0.0.1:${port}` } : {}),
      ...env,
    },
  });
  let out = '';
  let heard: () => void = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      out += text;
      heard();
    });
  }
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code, signal) => {
      done({ code, signal, out, took: performance.now() - began });
      heard();
    });
  });
  const printed = (text: string): Promise<void> =>
    new Promise((done) => {
      heard = () => out.includes(text) && done();
      heard();
    });
  return { child, ended, printed };
}
