/**
 * Small files of every kind of trace data that people have, with what must come out of each: ours (`test/fixtures/kinds`), and those of the shared
 * folder where that is there.
 */

import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { TraceFormat } from '../../src/core/format/sink/layout';
import { sharedData } from './sharedData';

/** What must come out. `parents`, `kinds`, `durations`, `attributes`, `events` and `links` are by name of span. */
export interface Expected {
  readonly format?: TraceFormat;
  /** Spans that the file holds. */
  readonly spans?: number;
  /** Spans that are shown, where that is less: those that were told of twice. */
  readonly rows?: number;
  readonly traces?: number;
  readonly services?: readonly string[];
  /** A part of the sentence that refuses the file. */
  readonly error?: string | null;
  /** A part of the sentence that stands in place of a list without traces. */
  readonly empty?: string;
  readonly root?: string;
  readonly startUnixNano?: string;
  readonly durationNs?: number;
  /** Spans with an error. */
  readonly errors?: number;
  readonly parents?: Readonly<Record<string, string>>;
  readonly kinds?: Readonly<Record<string, string>>;
  readonly durations?: Readonly<Record<string, number>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly events?: Readonly<Record<string, number>>;
  readonly links?: Readonly<Record<string, number>>;
  readonly traceIds?: readonly string[];
  /** A part of what is told to be wrong. */
  readonly defect?: string;
  readonly noDefects?: boolean;
  /** Nanoseconds. */
  readonly tolerance?: number;
}

export interface PeoplesFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

function filesIn(folder: string): PeoplesFile[] {
  const table: Readonly<Record<string, Expected>> = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  return Object.entries(table).map(([name, expected]) => {
    const path = join(folder, name);
    return { name: basename(name), path, bytes: new Uint8Array(readFileSync(path)), expected };
  });
}

const shared = sharedData === undefined ? [] : filesIn(join(sharedData, 'reports'));

export const peoplesFiles: readonly PeoplesFile[] = [...filesIn(resolve(__dirname, '..', 'fixtures', 'kinds')), ...shared];

/** Files that hold spans. */
export const filesWithSpans = peoplesFiles.filter(({ expected }) => typeof expected.error !== 'string' && expected.spans !== 0);
/** Files that are refused in words. */
export const foreignFiles = peoplesFiles.filter(({ expected }) => typeof expected.error === 'string');
/** Lists without a trace. */
export const emptyFiles = peoplesFiles.filter(({ expected }) => expected.spans === 0);
