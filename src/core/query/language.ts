/**
 * The search language's reader as one piece, for those who import it when it is first needed: its grammar tables take ten milliseconds to
 * unpack, which an activation has not.
 */

export { completeQuery } from './completion';
export { findTextToStages } from './findText';
export { parseQuery } from './parse';
