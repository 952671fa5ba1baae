/**
 * What `NODE_OPTIONS` has Node load before a program's first line, in every process and worker thread. It decides whether there is anything to do here, and
 * never lets a program fail. Old versions of Node have to be able to read it.
 */

import { createRequire } from 'node:module';
import { isMainThread, parentPort } from 'node:worker_threads';
import { isRewriter, keepOneRequire, requireOthers } from './oneRequire';
import { takeOwnSession } from './ownSession';
import { isTool } from './tools';

const started = Symbol.for('spanhop.instrument.node');

/** What the OpenTelemetry packages need: Node 18.19, 20.6 or later. */
function isSupported(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  if (major === 18) return minor >= 19;
  if (major === 20) return minor >= 6;
  return major > 20;
}

function isWanted(): boolean {
  if (Object.hasOwn(globalThis, started)) return false;
  if (!isSupported(process.versions.node)) return false;
  // Node's own thread for loaders. Those of programs have a port to the one that made them.
  if (!isMainThread && parentPort === null) return false;
  // Programs of their own with a browser in them; where they are told to be Node they are.
  if (process.versions.electron !== undefined && process.env.ELECTRON_RUN_AS_NODE === undefined) return false;
  if ((process.env.OTEL_SDK_DISABLED ?? '').trim().toLowerCase() === 'true') return false;
  return !isTool(process.argv[1]);
}

const isFirst = !Object.hasOwn(globalThis, started);
if (isFirst) {
  requireOthers(process.env, 'before');
  try {
    takeOwnSession(process.env);
    if (isRewriter(process.argv[1])) keepOneRequire(process.env, __filename);
    if (isWanted()) (createRequire(__filename)('./core.cjs') as typeof import('./core')).start();
  } catch (error) {
    // The program starts as it would without.
    if (process.env.SPANHOP_DEBUG) console.error(error);
  }
  Object.defineProperty(globalThis, started, { value: true });
  requireOthers(process.env, 'after');
}
