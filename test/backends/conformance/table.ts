/** What came of the queries, as a table: one line a query, one column a server. `run.mjs` prints it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsRoot } from '../../vscode/locations.mjs';
import { type ConformanceQuery, conformanceQueries } from './queries';

/** `=` equal to the local store. `≈` equal to the local store with what the server keeps. `≠` differs. `–` not in the language yet. */
export type Verdict = '=' | '≈' | '≠' | '–';

export interface Column {
  readonly label: string;
  readonly verdicts: readonly Verdict[];
  /** Why queries are answered from less than was sent: `case: names are in lower case`. */
  readonly reasons: readonly string[];
}

const file = join(resultsRoot, 'conformance.json');

/** Adds a column, or puts it in the place of an older one. */
export function record(column: Column): void {
  mkdirSync(resultsRoot, { recursive: true });
  const columns = [...recorded().filter(({ label }) => label !== column.label), column];
  writeFileSync(file, JSON.stringify({ queries: conformanceQueries.map(described), columns }));
}

/** In one line. */
export function described({ query, minutes, limit }: ConformanceQuery): string {
  const window = minutes ? `  minutes ${minutes[0]} to ${minutes[1]}` : '';
  return `${query}${window}${limit === undefined ? '' : `  at most ${limit}`}`;
}

function recorded(): readonly Column[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).columns;
  } catch {
    return []; // the first one
  }
}
