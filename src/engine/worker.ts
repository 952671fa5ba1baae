/** Entry of the worker thread: the engine behind the parent's port. */

import { parentPort, workerData } from 'node:worker_threads';
import type { EngineEvents } from '../protocol/engine';
import type { PackedMethods } from '../protocol/packedAnswers';
import { Connection } from '../protocol/rpc';
import { createEngine } from './engine';
import type { Emit } from './store/notifier';
import { beat } from './watchdog';
import { isEngineWorkerData } from './workerData';
import { workerPort } from './workerPort';

type Host = Record<never, never>;

function run(): void {
  if (!parentPort) throw new Error('The engine runs in a worker thread.');
  if (!isEngineWorkerData(workerData)) throw new Error('The engine was not told what it needs.');
  beat(workerData.beats);
  const emit: Emit = (name, event) => connection.emit(name, event);
  const engine = createEngine(emit, workerData.deadThreads);
  const connection = new Connection<Host, PackedMethods, Host, EngineEvents>(workerPort(parentPort), engine, {}, (error) => {
    // What nobody expected: the caller gets its message, the log the place.
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.emit('log', { level: 'error', message });
  });
}

run();
