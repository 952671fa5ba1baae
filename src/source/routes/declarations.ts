/** From calls and annotations to the routes that they declare: method, path and handler, each as far as the place itself says it. */

import type { Steps } from '../../base/steps';
import type { SourceLanguage } from '../search/languages';
import { callDeclarations } from './callDeclarations';
import type { Declaration } from './declaration';
import { type Form, routeForms } from './forms';
import { type ClassBase, markDeclarations } from './markDeclarations';

/** What a file says of routes. */
export interface RouteFile {
  readonly lines: readonly string[];
  readonly language: SourceLanguage;
  readonly forms: readonly Form[];
  readonly declarations: readonly Declaration[];
  /** Classes that state a beginning for the routes of their methods. */
  readonly classes: readonly ClassBase[];
}

export function* readRouteFile(lines: readonly string[], language: SourceLanguage): Steps<RouteFile> {
  const forms = yield* routeForms(lines, language);
  yield;
  const { declarations, classes } = markDeclarations(forms, lines, language);
  yield;
  const called = yield* callDeclarations(forms, lines, language);
  return { lines, language, forms, declarations: [...declarations, ...called], classes };
}
