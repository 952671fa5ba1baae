/** What the index of files loads when it is first asked. */

export { patternsOf } from './exclusions';
export { listFiles } from './listFiles';
export { findRipgrep } from './ripgrepBinary';
