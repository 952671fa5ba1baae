/**
 * The search language's reader as one piece, for those who import it when it is first needed: its regular expressions are a large package, which an
 * activation has no time for.
 */

export { completeQuery } from './completion';
export { findTextToStages } from './findText';
export { parseQuery } from './parse';
export { printQuery } from './print';
export { readField } from './tokens';
export { problemsOf } from './typing';
