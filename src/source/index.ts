/**
 * The ladder, from a span to its line, and the words that it is spoken of with (`model/types.ts` says what they mean). Whoever takes a value of
 * here has all of the ladder loaded; what stands beside it (advice, pins, learning, source maps, inferred mappings) is taken from its own file.
 * `app/source/ladderInputs.ts` supplies the ports.
 *
 * | call                | for                                                                           |
 * |---------------------|-------------------------------------------------------------------------------|
 * | `resolveSpan`       | "Open source", the source column, `resolveSource` of the API                    |
 * | `resolveFrame`      | a click on a frame in the details                                               |
 * | `frameResolver`     | the frames of one stack, one after the other                                    |
 * | `resolveStack`      | a stack trace that stands alone                                                 |
 * | `hintResolver`      | CodeLens: what spans say that name no file, by rungs 5 and 6; `hintNeedles` are the texts that it looks for |
 * | `resolveAttributes` | a span event or log record with `code.*` of its own                             |
 * | `parseStack`        | the exceptions of a stack with their frames, synchronously                         |
 * | `languageOf`        | the language of an SDK, which says how its stacks are written                     |
 * | `revisionsOf`       | the commits, tags and branches that a span names                                |
 * | `servicesOf`        | the names of a span's service, as mappings and affinity know them                  |
 */

export { revisionsOf } from './drift/revisions';
export type { Dependencies } from './model/dependencies';
export type * from './model/types';
export type { Pin } from './paths/pin';
export { servicesOf } from './paths/serviceNames';
export {
  frameResolver,
  hintNeedles,
  hintResolver,
  resolveAttributes,
  resolveFrame,
  resolveSpan,
  resolveStack,
} from './resolve';
export { languageOf, parseStack } from './stacks/parseStack';
