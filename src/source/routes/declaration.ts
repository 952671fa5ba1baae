/** What a declaration of a route is. */

import type { Argument } from './arguments';
import type { PathText } from './constants';
import type { Form } from './forms';
import type { Handler } from './handlerText';

export interface Declaration {
  readonly form: Form;
  /** From 0: where a person would see the path, or the method where there is no path. */
  readonly line: number;
  readonly column: number | undefined;
  /** As written there, without what classes, groups and mounts put before it. */
  readonly path: string;
  /** Its beginning is a value that could not be read. */
  readonly isCut?: true;
  /** In upper case; empty: any. */
  readonly verbs: readonly string[];
  readonly handler: Handler;
  /** The line, from 0, of the function or class that an annotation stands above. */
  readonly target?: number;
  /** The class around it states a beginning that this path does without. */
  readonly isAbsolute?: true;
  /** Without a function that it names it is none. */
  readonly needsHandler?: true;
  /** It says of no handler: what describes an API may be of anybody's. */
  readonly isDescription?: true;
  /** Of the API, of which alone it is. */
  readonly versions?: readonly string[];
  /** It says how to call somebody else's route. */
  readonly isClient?: true;
}

const verb = /^(?:map|http|add|handle|on|do)?_?(get|post|put|patch|delete|del|head|options)(?:mapping|exchange|async)?$/i;

/** `GetMapping`, `MapGet`, `HttpGet`, `add_get`, `get` are GET; undefined for other words. */
export function verbOf(name: string): string | undefined {
  const found = verb.exec(name)?.[1].toUpperCase();
  return found === 'DEL' ? 'DELETE' : found;
}

/** Methods that stand in a text as words of their own: `RequestMethod.PUT`, `methods=["POST"]`, `http.MethodGet`. */
export function verbsIn(text: string): readonly string[] {
  const found = new Set<string>();
  for (const match of text
    .slice(0, 600)
    .matchAll(/(?<![A-Za-z])(?:Method)?(get|post|put|patch|delete|head|options)(?![A-Za-z])/gi))
    found.add(match[1].toUpperCase());
  return [...found];
}

/** `at`: the argument that has the path. */
export function declare(
  form: Form,
  path: PathText,
  at: Argument | undefined,
  verbs: readonly string[],
  handler: Handler,
): Declaration {
  const isPlaced = at !== undefined;
  return {
    form,
    line: isPlaced ? at.line : form.line,
    column: isPlaced ? at.column + 1 : undefined,
    path: path.text,
    ...(path.isCut ? { isCut: true as const } : {}),
    verbs,
    handler,
  };
}
