/** Where a handler is defined, and what is asked to find it. */

import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import type { Definition } from '../symbols/findDefinitions';

export interface HandlerPlace {
  readonly source: SourceFile;
  /** From 0. */
  readonly line: number;
  readonly column?: number;
  /** How it was found: each is a reason of its own, but for `name`. */
  readonly by: 'file' | 'import' | 'class' | 'name';
  /** The class is right, the method is not in it. */
  readonly isClass?: true;
  /** Another is as good. */
  readonly isOneOf?: true;
}

/** The file that names the handler. */
export interface Asked {
  readonly source: SourceFile;
  readonly lines: readonly string[];
  readonly search: SourceSearch;
  /** Words of the route, plain: they tell functions of one name apart of which the file says nothing. */
  readonly words?: ReadonlySet<string>;
}

export function placeOf({ source, line, column }: Definition, by: HandlerPlace['by']): HandlerPlace {
  return { source, line, by, ...(column === undefined ? {} : { column }) };
}
