/** The ladder from spans, stacks and frames to lines: a third of the extension's code, so it is loaded with the first question. */

export {
  hintNeedles,
  hintResolver,
  languageOf,
  parseStack,
  resolveAttributes,
  resolveFrame,
  resolveSpan,
  resolveStack,
  revisionsOf,
  servicesOf,
} from '../../source';
