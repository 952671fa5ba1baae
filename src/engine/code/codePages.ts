/** What the index of code is asked for, as the protocol has it: in columns. */

import type { CodeIndex } from '../../code';
import type { CodeMeasure } from '../../code/codeIndex';
import { Names } from '../../code/codeIndexPlaces';
import type { CodePlaces, CodeStatistics, HintedPlaces } from '../../protocol/code';
import type { CodeHints } from './codeHints';

export function pageOf(index: CodeIndex, generation: number, numbers: readonly number[]): CodePlaces {
  const table = index.places;
  const place = Uint32Array.from(numbers);
  const files = new Names();
  const functions = new Names();
  const column = (): Uint32Array => new Uint32Array(place.length);
  const columns = { file: column(), functionName: column(), line: column(), column: column() };
  for (const [i, number] of place.entries()) {
    const at = table.at(number);
    columns.file[i] = files.index(at.file);
    columns.functionName[i] = functions.index(at.functionName);
    columns.line[i] = at.line;
    columns.column[i] = at.column;
  }
  return {
    generation,
    revision: index.revision,
    spans: index.count,
    next: table.count,
    place,
    files: files.all,
    functions: functions.all,
    ...columns,
  };
}

/** Places with their hints, each of these once. */
export function hintedPageOf(
  index: CodeIndex,
  generation: number,
  places: readonly number[],
  hints: Pick<CodeHints, 'at'>,
): HintedPlaces {
  const numbers = places.map((place) => index.places.at(place).hint ?? 0);
  const used = [...new Set(numbers)];
  const indexOf = new Map(used.map((number, index) => [number, index]));
  return {
    ...pageOf(index, generation, places),
    stated: Uint8Array.from(places, (place) => (index.places.at(place).isStated ? 1 : 0)),
    hint: Uint32Array.from(numbers, (number) => indexOf.get(number) ?? 0),
    hints: used.map((number) => hints.at(number)),
  };
}

/** @param measures of the groups, of this revision */
export function statisticsOf(
  revision: number,
  measures: readonly CodeMeasure[],
  groups: readonly (readonly number[])[],
  index: CodeIndex,
): CodeStatistics {
  return {
    revision,
    calls: Uint32Array.from(measures, ({ calls }) => calls),
    failed: Uint32Array.from(measures, ({ failed }) => failed),
    errors: Uint32Array.from(measures, ({ errors }) => errors),
    p50Ns: Float64Array.from(measures, ({ p50Ns }) => p50Ns),
    p95Ns: Float64Array.from(measures, ({ p95Ns }) => p95Ns),
    lastTraceIds: measures.map(({ lastTraceId }) => lastTraceId),
    callsOfPlace: Uint32Array.from(groups.flat(), (place) => index.callsOf(place)),
  };
}
