/** What a definition is, and what the patterns that find one are made of, in every language. */

export type DefinitionKind = 'function' | 'class' | 'field' | 'declaration';

export interface DefinitionMatch {
  /**
   * A `declaration` has no body: an interface's method, an overload's signature. A `field` holds a function that something made, or is another
   * name of one.
   */
  readonly kind: DefinitionKind;
  /** From 0, of the name. */
  readonly column: number;
  /** The class that the line itself names: a receiver of Go, `Cart.prototype.add = `, `Cart::add(` of C++. */
  readonly container?: string;
  /** Only if the line stands directly in a class: without one it may be a call. */
  readonly needsClass?: true;
}

export interface Pattern {
  readonly kind: DefinitionKind;
  /** Group `c`: the container. */
  readonly pattern: string;
  /** Refuses what the pattern lets through. */
  readonly unless?: RegExp;
  /** The parameters begin where the pattern ends; what follows them (undefined: it is on another line) tells a definition from a call. */
  readonly follows?: (rest: string | undefined, head: string) => Partial<DefinitionMatch> | undefined;
}

export const word = '[\\p{L}_$][\\p{L}\\p{N}_$]*';

/** Statements that look like a type and a name. */
export const statement =
  /^\s*(?:return|new|throw|else|case|await|yield|assert|in|delete|goto|echo|print|import|using|package|if|while|for|switch|catch)\b/;
