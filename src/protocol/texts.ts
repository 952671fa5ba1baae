/**
 * Texts of a span as a whole. The details carry the beginning of a long one; all of it is copied, or opened in an editor, past the page: the engine
 * reads it again, redacted, and gives it in pieces.
 */

import type { TraceKey } from './traces';

/** Whose attributes. `at` counts through events, links and log records as the details list them. */
export type AttributesOf =
  | { readonly of: 'attribute' | 'resource' | 'scope' }
  | { readonly of: 'event' | 'link' | 'log'; readonly at: number };

/** Which text of a span, as its details have it. */
export type TextAddress =
  | (AttributesOf & { readonly index: number; readonly key: string })
  | { readonly of: 'name' | 'status' }
  | { readonly of: 'logBody'; readonly at: number }
  | { readonly of: 'exception'; readonly at: number; readonly part: 'message' | 'stack' };

export type TextKey = TraceKey & { readonly spanId: string; readonly address: TextAddress };

export interface TextPiece {
  readonly text: string;
  /** UTF-16 units of the whole text. */
  readonly length: number;
  /** What the text is by its look. */
  readonly shape: 'json' | 'sql' | 'plain';
}

export interface TextMethods {
  /**
   * At most a million UTF-16 units from `from` on. JSON is laid out in lines on demand, without a change to any of its numbers and texts. Rejects
   * with `NotFound` when the span has no such text any more.
   */
  spanText(params: TextKey & { from: number; laidOut: boolean }): TextPiece;
}
