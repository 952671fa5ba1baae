/** What the ways from code to spans share, and which function or line a command is about. */

import { type Uri, window } from 'vscode';
import type { App } from '../../app/app';
import type { CodeTarget, CodeTargets } from '../../app/code/codeTargets';
import type { HoverTargets } from '../../app/code/hoverTargets';
import type { ThrownLines } from '../../app/code/thrownLines';
import type { TraceViews } from '../../app/views/traceViews';
import { SpanhopError } from '../../base/errors';
import { documentOf } from '../adapters/workspace';
import type { Gate } from '../opening/gate';

/** What these features take of the others. */
export interface CodeServices extends Pick<App, 'engine' | 'settings' | 'problems' | 'source' | 'code' | 'enclosing'> {
  readonly gate: Gate;
  readonly views: TraceViews;
  readonly extensionUri: Uri;
}

export interface CodeContext {
  readonly services: CodeServices;
  readonly thrown: ThrownLines;
  readonly targets: CodeTargets;
  readonly hovers: HoverTargets;
}

/** What a command was given, or what is at the cursor. Throws NotFound. */
export async function targetOf({ hovers, targets }: CodeContext, given: unknown): Promise<CodeTarget> {
  const target = hovers.read(given);
  if (target) return target;
  const editor = window.activeTextEditor;
  if (!editor) throw new SpanhopError('NotFound', 'No text editor is active. Put the cursor into a function first.');
  const found = await targets.at(documentOf(editor.document), editor.selection.active.line);
  if (!found) throw new SpanhopError('NotFound', 'No span of the traces at hand names the function at the cursor as its source.');
  return found;
}
