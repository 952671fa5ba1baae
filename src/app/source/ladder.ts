/** The ladder from spans, stacks and frames to lines: a third of the extension's code, so it is loaded with the first question. */

export {
  languageOf,
  parseStack,
  resolveAttributes,
  resolveFrame,
  resolveHints,
  resolveSpan,
  resolveStack,
  revisionsOf,
  servicesOf,
} from '../../source';
