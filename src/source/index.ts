/**
 * Source resolution, from a span to its line. This is the whole surface; types.ts says what the
 * words mean. `app/source/ladderInputs.ts` supplies the ports; `SourceMaps` makes a
 * `SourceMapPort` of whoever reads texts and the package `source-map`.
 *
 * | call                 | for                                                                                     |
 * |----------------------|-----------------------------------------------------------------------------------------|
 * | `resolveSpan`        | "Open source", the source column, `resolveSource` of the API                             |
 * | `resolveFrame`       | a click on a frame in the details                                                        |
 * | `frameResolver`      | the frames of one stack, one after the other                                            |
 * | `resolveStack`       | a stack trace that stands alone                                                          |
 * | `resolveHints`       | CodeLens of spans that name no file: what they say otherwise, by rungs 5 and 6             |
 * | `resolveAttributes`  | a span event or log record with `code.*` of its own                                      |
 * | `parseStack`         | frames of a stack with their text ranges, synchronously (the webview may call it)        |
 * | `advise`             | what would help when nothing was found                                                   |
 * | `shouldAsk`          | open the first candidate, or let the user pick                                           |
 * | `shortestMapping`    | pinning: the mapping that leads from a path of a trace to a file                         |
 * | `Learning`           | mappings and affinity out of places that were found                                      |
 *
 * Mappings out of build files are made by `inferMappings` of inference/infer.ts, in the engine; it is not exported here, as it brings parsers along.
 */

export { type Advice, advise, fetchText, missingCommit, shouldAsk } from './advice';
export { isFullHash, isRevisionName, revisionsOf } from './drift/revisions';
export { textSimilarity } from './drift/similar';
export { splitLines } from './drift/textLines';
export { needlesOf, readHints } from './hints';
export { SourceMaps } from './maps/sourceMaps';
export type * from './model/types';
export { Learning } from './paths/learning';
export { type Pin, pinOf, pinTo } from './paths/pin';
export { servicesOf } from './paths/serviceNames';
export {
  frameResolver,
  resolveAttributes,
  resolveFrame,
  resolveHints,
  resolveSpan,
  resolveStack,
  type SpanHints,
} from './resolve';
export { languageOf, parseStack } from './stacks/parseStack';
