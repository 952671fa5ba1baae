/** What the ways from code to spans share, and which function or line a command is about. */

import { type TextDocument, type Uri, window } from 'vscode';
import type { App } from '../../app/app';
import { SpanhopError } from '../../base/errors';
import type { CodeSubject } from '../../protocol/code';
import type { SourceService } from '../source/sourceService';
import type { TraceViews } from '../waterfall/traceViews';
import type { CodeKnowledge } from './codeKnowledge';
import type { EnclosingFunctions } from './enclosing';
import type { ThrownLines } from './marks/thrownLines';
import type { CodeTarget, HoverTargets } from './target';

export interface CodeServices extends Pick<App, 'engine' | 'settings' | 'problems'> {
  readonly source: SourceService;
  readonly code: CodeKnowledge;
  readonly views: TraceViews;
  readonly extensionUri: Uri;
}

export interface CodeContext {
  readonly services: CodeServices;
  readonly enclosing: EnclosingFunctions;
  readonly thrown: ThrownLines;
  readonly targets: HoverTargets;
}

/** What a command was given, or what is at the cursor. Throws NotFound. */
export async function targetOf(context: CodeContext, given: unknown): Promise<CodeTarget> {
  const target = context.targets.read(given);
  if (target) return target;
  const editor = window.activeTextEditor;
  if (!editor) throw new SpanhopError('NotFound', 'No text editor is active. Put the cursor into a function first.');
  const found = await targetAt(context, editor.document, editor.selection.active.line);
  if (!found) throw new SpanhopError('NotFound', 'No span of the traces at hand names the function at the cursor as its source.');
  return found;
}

/** What ran at a line: the line itself, else what it threw, else the function around it, else the nearest that ran above. */
async function targetAt(context: CodeContext, document: TextDocument, line: number): Promise<CodeTarget | undefined> {
  const { services, enclosing, thrown } = context;
  const { uri } = document;
  const { generation, functions } = await services.code.functions(uri);
  const refOf = ({ name, line, places: [place] }: (typeof functions)[number]): CodeTarget => ({
    uri,
    name,
    line,
    place,
    generation,
  });
  const here = functions.find((one) => one.line === line);
  if (here) return refOf(here);
  const threw = (await thrown.in(uri)).find((one) => one.line === line);
  if (threw) return { uri, name: '', line, generation: threw.generation, throws: threw.throws };
  const head = enclosing.headOf(document, line);
  const inside = enclosing.around(document, line) && functions.find((one) => enclosing.headOf(document, one.line) === head);
  if (inside) return refOf(inside);
  const above = functions.filter((one) => one.line <= line).at(-1);
  return above && refOf(above);
}

/** Asks the engine about a target; undefined when nothing of it is known any more. */
export async function askAbout<T>(
  { services, thrown }: CodeContext,
  target: CodeTarget,
  question: (subject: CodeSubject) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!target.throws) return services.code.askOf(target, question);
  const { generation = -1, throws } = target;
  const answer = await question({ generation, places: [], throws });
  if (answer !== undefined) return answer;
  // The engine counted anew: by its line it is found again.
  const again = (await thrown.in(target.uri)).find(({ line }) => line === target.line);
  return again && question({ generation: again.generation, places: [], throws: again.throws });
}

/** As a person reads it: the function, or the line. */
export function nameOf({ name, line, throws }: CodeTarget): string {
  if (throws) return `Errors at line ${line + 1}`;
  return name === '' ? `Line ${line + 1}` : name;
}
