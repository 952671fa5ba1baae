/** Makes and checks inputs, one after the other, in a thread that can be ended when one of them hangs. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { checkLog, makeLog } from './checkLog';
import { checkLogs } from './checkLogs';
import { checkSpans } from './checkSpans';
import { corpus, type Sample } from './corpus';
import { makeInput } from './input';
import { Random } from './random';

/** Of `progress`: seed at work, inputs done, inputs refused, spans or records read, microseconds of the slowest input and its seed. */
const SEED = 0;
const DONE = 1;
const REFUSED = 2;
const READ = 3;
const SLOWEST = 4;
const SLOWEST_SEED = 5;

/** One input of so many is a capture's log, which needs a file. */
const LOG_EVERY = 100;
const LOG = 'capture-log';

interface Job {
  readonly root: string;
  /** First seed, distance of one to the next, and the end. */
  readonly from: number;
  readonly step: number;
  readonly to: number;
  /** Names of samples have this in them, or their formats. */
  readonly only: string | undefined;
  /** Where inputs with findings are written, and a folder for a file. */
  readonly folder: string;
  readonly scratch: string;
  readonly progress: Float64Array;
}

const job: Job = workerData;
const { progress } = job;
const all = corpus(job.root);
const bodies = all.filter(({ format, framed }) => format === 'otlp-proto' && !framed);
const samples = all.filter(
  ({ name, format, logs }) =>
    job.only === undefined || `${name} ${format ?? ''} ${logs ? `logs-${logs}` : ''}`.includes(job.only),
);
if (samples.length === 0 && job.only !== LOG) throw new Error(`There is no sample with "${job.only}".`);
const random = new Random();
let bytes: Uint8Array = new Uint8Array(0);
let name = '';

for (let seed = job.from; seed < job.to; seed += job.step) {
  progress[SEED] = seed;
  random.seed(seed);
  const isLog = job.only === LOG || (job.only === undefined && random.oneIn(LOG_EVERY));
  const start = performance.now();
  try {
    const read = isLog ? await logInput() : input(random.of(samples));
    if (read < 0) progress[REFUSED]++;
    else progress[READ] += read;
  } catch (error) {
    mkdirSync(job.folder, { recursive: true });
    const file = join(job.folder, `${seed}.bin`);
    writeFileSync(file, bytes);
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ seed, sample: name, file, reason: reason.slice(0, 2_000) });
  }
  const micros = (performance.now() - start) * 1000;
  if (micros > progress[SLOWEST]) {
    progress[SLOWEST] = micros;
    progress[SLOWEST_SEED] = seed;
  }
  progress[DONE]++;
}

function input(sample: Sample): number {
  name = sample.name;
  bytes = makeInput(sample, random);
  // Now and then a decoder gets what another one is for.
  const stray = random.oneIn(50);
  return (sample.logs === undefined) === stray
    ? checkLogs(bytes, sample.logs ?? random.of(['json', 'protobuf', 'framed'] as const))
    : checkSpans(bytes, stray || random.oneIn(3) ? undefined : sample.format, random);
}

async function logInput(): Promise<number> {
  name = LOG;
  const log = makeLog(bodies, random);
  bytes = log.bytes;
  return checkLog(bytes, log.written, log.sound, job.scratch);
}
