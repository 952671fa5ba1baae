/**
 * From a document to what ran in it, for CodeLens: calls, errors, p50 and p95 of every function that spans name.
 *
 * The engine gives one row a span that names a source file, as columns (`CodeRows`). Nothing is computed until a document asks. Then one pass groups
 * the rows of the files that may be this document into places (file, function, line), which are few however many rows there are;
 * the result is kept until the revision changes.
 */

import { percentiles } from './percentiles';
import { type CodePlace, type CodeRows, groupRows, type PlaceGroup } from './placeGroups';
import { uriSegments } from './uri';

/** What ran at one function of a document, or at one line where no function is named. */
export interface FunctionStatistics {
  /** As the spans name it; empty where they don't. */
  readonly name: string;
  /** From 0; the first line that its spans name. -1 where they name none. */
  readonly line: number;
  readonly calls: number;
  readonly errors: number;
  readonly p50Ns: number;
  readonly p95Ns: number;
  /** Trace of the call that began last. */
  readonly lastTraceId: string;
}

/** Where a place is in the workspace: `resolveAttributes` behind a cache of the caller's. `line` from 0. */
export type LocatePlace = (
  place: CodePlace,
) => Promise<{ readonly file: string; readonly line: number; readonly lineUnknown?: true } | undefined>;

interface Located {
  readonly line: number;
  readonly group: PlaceGroup;
}

export class CodeIndex {
  #rows: CodeRows | undefined;
  /** Indices of files by base name in lower case. */
  #byName: Map<string, number[]> | undefined;
  readonly #groups = new Map<number, Promise<readonly PlaceGroup[]>>();
  readonly #answers = new Map<string, Promise<readonly FunctionStatistics[]>>();

  get revision(): number {
    return this.#rows?.revision ?? -1;
  }

  /** Replaces the rows; what was computed of older ones is forgotten. */
  update(rows: CodeRows): void {
    if (rows.revision === this.#rows?.revision) return;
    this.#rows = rows;
    this.forget();
  }

  /** Forgets what was computed: the rows or the places of files have changed. */
  forget(): void {
    this.#byName = undefined;
    this.#groups.clear();
    this.#answers.clear();
  }

  /** Statistics of a document, by line. Computed once for a revision. */
  statistics(document: string, locate: LocatePlace): Promise<readonly FunctionStatistics[]> {
    const known = this.#answers.get(document);
    if (known) return known;
    const answer = this.#compute(document, locate);
    this.#answers.set(document, answer);
    // An answer that could not be had is not kept.
    answer.catch(() => this.#answers.get(document) === answer && this.#answers.delete(document));
    return answer;
  }

  async #compute(document: string, locate: LocatePlace): Promise<readonly FunctionStatistics[]> {
    const rows = this.#rows;
    if (!rows) return [];
    const groups = await this.#groupsOf(rows, this.#candidates(rows, document));
    const here: Located[] = [];
    await Promise.all(
      groups.map(async (group) => {
        const place = await locate(group);
        if (place?.file === document) here.push({ group, line: place.lineUnknown ? -1 : place.line });
      }),
    );
    return summarise(rows, here);
  }

  /** Files that may be this document: those of its name and, for scripts, generated ones (a bundle has any name). */
  #candidates(rows: CodeRows, document: string): readonly number[] {
    this.#byName ??= indexNames(rows.files);
    const name = uriSegments(document).at(-1)?.toLowerCase() ?? '';
    const named = this.#byName.get(name) ?? [];
    return scriptSource.test(name) ? [...new Set([...named, ...(this.#byName.get(generatedKey) ?? [])])] : named;
  }

  async #groupsOf(rows: CodeRows, files: readonly number[]): Promise<readonly PlaceGroup[]> {
    const missing = files.filter((file) => !this.#groups.has(file));
    if (missing.length) {
      const work = groupRows(rows, missing);
      for (const file of missing) {
        this.#groups.set(
          file,
          work.then((groups) => groups.get(file) ?? []),
        );
      }
    }
    const groups = await Promise.all(files.map((file) => this.#groups.get(file) ?? []));
    return groups.flat();
  }
}

const scriptSource = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
const generatedScript = /\.[cm]?jsx?$/;
/** No file has a slash in its name. */
const generatedKey = '/generated';

function indexNames(files: readonly string[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  const add = (name: string, file: number): void => {
    const known = index.get(name);
    if (known) known.push(file);
    else index.set(name, [file]);
  };
  for (const [file, path] of files.entries()) {
    const name = path
      .replace(/[?#].*$/, '')
      .replace(/^.*[\\/]/, '')
      .toLowerCase();
    add(name, file);
    if (generatedScript.test(name)) add(generatedKey, file);
  }
  return index;
}

/** Places of one function are one entry, at its first line; places without a function are one entry a line. */
function summarise(rows: CodeRows, places: readonly Located[]): readonly FunctionStatistics[] {
  const entries = new Map<string, Located[]>();
  for (const place of places) {
    const key = place.group.functionName || `:${place.line}`;
    const known = entries.get(key);
    if (known) known.push(place);
    else entries.set(key, [place]);
  }
  const result: FunctionStatistics[] = [];
  for (const same of entries.values()) result.push(measure(rows, same));
  return result.sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1));
}

function measure(rows: CodeRows, places: readonly Located[]): FunctionStatistics {
  const groups = places.map(({ group }) => group);
  const last = groups.reduce((a, b) => (rows.startMs[b.lastRow] >= rows.startMs[a.lastRow] ? b : a));
  const durations = groups.length === 1 ? groups[0].durationsNs : concatenate(groups.map(({ durationsNs }) => durationsNs));
  const [p50Ns, p95Ns] = percentiles(durations, [0.5, 0.95]);
  const lines = places.map(({ line }) => line).filter((line) => line >= 0);
  return {
    name: groups[0].functionName,
    line: lines.length ? Math.min(...lines) : -1,
    calls: durations.length,
    errors: groups.reduce((sum, { errors }) => sum + errors, 0),
    p50Ns,
    p95Ns,
    lastTraceId: rows.traces[rows.trace[last.lastRow]] ?? '',
  };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
