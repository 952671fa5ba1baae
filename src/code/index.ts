/**
 * From code to spans: what ran where. This is the whole surface of what is counted; lines that follow edits are in `lineTracking.ts`.
 *
 * * `CodeIndex`, in the engine: calls, errors, p50 and p95 of groups of places.
 * * `functionsOf`, in the editor: places that were found in a document, by function.
 */

export { type CodeRecord, errorsOf, type RecordedRows } from './codeErrors';
export {
  type FunctionStatistics,
  functionsOf,
  type GroupStatistics,
  isMangled,
  type LocatedPlace,
  statisticsOf,
} from './codeFunctions';
export {
  type CallChoice,
  type CodeCall,
  CodeIndex,
  type CodeRows,
  type CodeRun,
  runOf,
} from './codeIndex';
export { type CodePlace, CodePlaceTable } from './codeIndexPlaces';
export type { CodeSource } from './codeIndexRuns';
