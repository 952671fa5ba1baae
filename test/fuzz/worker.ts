/** Makes and checks inputs, one after the other, in a thread that can be ended when one of them hangs. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { checkLogs } from './checkLogs';
import { checkSpans } from './checkSpans';
import { corpus } from './corpus';
import { makeInput } from './input';
import { Random } from './random';

/** Of `progress`: seed at work, inputs done, inputs refused, spans or records read, microseconds of the slowest input and its seed. */
const SEED = 0;
const DONE = 1;
const REFUSED = 2;
const READ = 3;
const SLOWEST = 4;
const SLOWEST_SEED = 5;

interface Job {
  readonly root: string;
  /** First seed, distance of one to the next, and the end. */
  readonly from: number;
  readonly step: number;
  readonly to: number;
  /** Names of samples have this in them, or their formats. */
  readonly only: string | undefined;
  /** Where inputs with findings are written. */
  readonly folder: string;
  readonly progress: Float64Array;
}

const job: Job = workerData;
const { progress } = job;
const samples = corpus(job.root).filter(
  ({ name, format, logs }) =>
    job.only === undefined || `${name} ${format ?? ''} ${logs ? `logs-${logs}` : ''}`.includes(job.only),
);
if (samples.length === 0) throw new Error(`There is no sample with "${job.only}".`);
const random = new Random();

for (let seed = job.from; seed < job.to; seed += job.step) {
  progress[SEED] = seed;
  random.seed(seed);
  const sample = random.of(samples);
  const start = performance.now();
  const bytes = makeInput(sample, random);
  try {
    // Now and then a decoder gets what another one is for.
    const stray = random.oneIn(50);
    const read =
      (sample.logs === undefined) === stray
        ? checkLogs(bytes, sample.logs ?? random.of(['json', 'protobuf', 'framed'] as const))
        : checkSpans(bytes, stray || random.oneIn(3) ? undefined : sample.format, random);
    if (read < 0) progress[REFUSED]++;
    else progress[READ] += read;
  } catch (error) {
    mkdirSync(job.folder, { recursive: true });
    const file = join(job.folder, `${seed}.bin`);
    writeFileSync(file, bytes);
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ seed, sample: sample.name, file, reason: reason.slice(0, 2_000) });
  }
  const micros = (performance.now() - start) * 1000;
  if (micros > progress[SLOWEST]) {
    progress[SLOWEST] = micros;
    progress[SLOWEST_SEED] = seed;
  }
  progress[DONE]++;
}
