/** The quick fixes of an error: its trace, all of its traces, its text, and out of sight until it comes again. */

import { type CodeAction, CodeActionKind, type CodeActionProvider, env, type Range, type TextDocument } from 'vscode';
import type { Errors } from '../../app/exceptions/errors';
import { nameOf } from '../../app/exceptions/exceptionText';
import type { TraceViews } from '../../app/views/traceViews';
import { SpanhopError } from '../../base/errors';
import { formatRelativeTime } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import type { ExceptionRun } from '../../protocol/exceptions';
import { codeAction } from '../plain/code';
import { type PickItem, pickOne } from '../plain/quickPick';
import { argumentOf, type Publisher, type ShownError } from './publisher';

/** The commands behind the quick fixes; they take what a quick fix gives them and nothing else. */
export const errorCommands = {
  open: 'spanhop.openErrorTrace',
  choose: 'spanhop.showErrorTraces',
  copy: 'spanhop.copyError',
  hide: 'spanhop.hideError',
} as const;

interface RunItem extends PickItem {
  readonly run: ExceptionRun;
}

export class ErrorActions implements CodeActionProvider {
  static readonly kinds = [CodeActionKind.QuickFix];

  constructor(private readonly publisher: Publisher) {}

  /** Of all of the line: an entry covers none of its text. */
  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    return this.publisher.at(document.uri, range).flatMap(actionsOf);
  }
}

function actionsOf(error: ShownError): CodeAction[] {
  const { count, runs } = error.summary;
  const name = nameOf(error.summary);
  const action = (title: string, command: string): CodeAction => {
    const one = codeAction(title, CodeActionKind.QuickFix, { command, arguments: [error] });
    one.diagnostics = [error.diagnostic];
    return one;
  };
  const actions = [action(`Open the trace of ${name}`, errorCommands.open)];
  if (runs.length > 1) {
    const which = count > runs.length ? `the last ${runs.length}` : `all ${runs.length}`;
    actions.push(action(`Show ${which} traces of ${name}…`, errorCommands.choose));
  }
  actions.push(action('Copy the error', errorCommands.copy), action('Hide this error until it comes again', errorCommands.hide));
  return actions;
}

export async function openErrorTrace({ views }: { readonly views: TraceViews }, { summary }: ShownError): Promise<void> {
  const [run] = summary.runs;
  if (!run) throw new SpanhopError('NotFound', 'The traces of this error are gone: they were deleted, or left memory.');
  const { traceId, ...options } = argumentOf(run);
  await views.openTrace(traceId, options);
}

export async function showErrorTraces({ views }: { readonly views: TraceViews }, { summary }: ShownError): Promise<void> {
  const now = Date.now();
  const items: RunItem[] = summary.runs.map((run) => ({
    label: plain`$(error) ${formatRelativeTime(run.timeMs, now)}`,
    description: `trace ${run.traceId.slice(0, 8)}`,
    run,
  }));
  const chosen = await pickOne(items, {
    title: `Traces of ${nameOf(summary)}`,
    placeholder: 'Choose one to open it at the span that failed',
    matchOnDescription: true,
  });
  if (!chosen) return;
  const { traceId, ...options } = argumentOf(chosen.run);
  await views.openTrace(traceId, options);
}

/** As the program would have printed it. */
export async function copyError(errors: Errors, { ids, summary }: ShownError): Promise<void> {
  const { type, message } = summary;
  const head = [type, message].filter((part) => part !== '').join(': ');
  const stack = (await errors.stackOf(ids[0])) ?? '';
  // Most stacks begin with what was thrown; those of Python end with it.
  const text = stack === '' ? head : stack.includes(message) ? stack : `${head}\n${stack}`;
  await env.clipboard.writeText(text);
}
