/** Who knows the symbols of a workspace: the language extensions of an editor. */

import type { Event } from '../../base/emitter';
import type { CodeSymbol } from '../../source';

/** A function's first line, where its name is, and its last line; from 0. */
export interface FunctionRange {
  readonly headLine: number;
  readonly startLine: number;
  readonly endLine: number;
  /** Where on its first line the name is: columns from 0, the end exclusive; as the language told, so before edits of that line. */
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** Undefined: nobody answered. */
export interface SymbolProviders {
  /** Symbols whose own name this is, in all folders. */
  ofWorkspace(name: string): Promise<readonly CodeSymbol[] | undefined>;
  /** `none`: nobody knows this language. The file is in the workspace. */
  ofDocument(uri: string): Promise<readonly CodeSymbol[] | 'none' | undefined>;
  /** Functions of a document that is open, in no order; undefined where nobody tells any. Never rejects. */
  functionsIn(uri: string): Promise<readonly FunctionRange[] | undefined>;
  /** They came or went. */
  readonly onDidChange: Event<void>;
}
