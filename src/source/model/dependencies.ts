/** What an answer was made of, so that it is known what makes it another: files, names of files, texts that were looked for, Git. */

import type { PathTest } from './types';

export interface Dependencies {
  /** A file (URI) was read or asked for, or is where something was found. */
  file(uri: string): void;
  /** All files of a base name were looked for. */
  name(baseName: string): void;
  /** All files were looked for whose path passes a test. */
  paths(test: PathTest): void;
  /** A text, or the name of a symbol, was looked for in all of the source. */
  text(text: string): void;
  /** Git was asked: commits, tags and branches count. */
  history(): void;
}
