/**
 * "Who Reaches This Code" and "What It Calls": a peek, as for references. Spans that have source are in it as their lines; the others as lines
 * of a page, which has all of them with their numbers.
 */

import { commands, Location, Position, ProgressLocation, Range, type TextEditor, Uri, window } from 'vscode';
import { type CodeTarget, nameOfTarget } from '../../app/code/codeTargets';
import { sourcesOfReached } from '../../app/code/reachSources';
import { type Direction, reachPage } from '../../app/code/reachText';
import { labelOfCandidate } from '../../app/source/sourceTarget';
import { columnForSource } from '../../app/views/columns';
import { SpanhopError } from '../../base/errors';
import type { CodeReach } from '../../protocol/code';
import type { SourceCandidate } from '../../source';
import { withSignal } from '../adapters/cancellation';
import { editorColumns } from '../opening/editorColumns';
import type { Gate } from '../opening/gate';
import { showProgress } from '../plain/messages';
import { type CodeContext, targetOf } from './codeContext';
import type { ReachDocuments } from './reachDocuments';

export async function showReach(
  context: CodeContext,
  documents: ReachDocuments,
  direction: Direction,
  given: unknown,
): Promise<void> {
  const target = await targetOf(context, given);
  const title = direction === 'callers' ? 'Looking for who reaches this code…' : 'Looking for what it calls…';
  const options = { location: ProgressLocation.Window, title };
  const answer = await showProgress(options, (token) =>
    withSignal(token, (signal) =>
      context.targets.ask(target, (subject) =>
        context.services.engine.call('codeReach', { ...subject, direction }, { signal, timeoutMs: 60_000 }),
      ),
    ),
  );
  if (!answer || answer.calls === 0)
    throw new SpanhopError('NotFound', 'The spans of this function are gone: they were deleted, or left memory.');
  const { source, problems } = context.services;
  const found = await sourcesOfReached(answer.spans, source, problems);
  await peek(context, documents, target, direction, answer, found);
}

async function peek(
  { services }: CodeContext,
  documents: ReachDocuments,
  target: CodeTarget,
  direction: Direction,
  reach: CodeReach,
  found: readonly (SourceCandidate | undefined)[],
): Promise<void> {
  const placed = reach.spans.map((span, i) => {
    const candidate = found[i];
    return { span, label: candidate && labelOfCandidate(candidate) };
  });
  const page = reachPage(nameOfTarget(target), direction, reach, placed);
  const sources = found.map((one) => one && Uri.parse(one.file).with({ fragment: `L${one.line + 1}` }));
  const samples = reach.spans.map(({ sample: { traceId, spanId } }) => ({ traceId, spanId }));
  const uri = documents.add(direction === 'callers' ? 'Callers' : 'Callees', { ...page, sources, samples });
  const inSource = new Map(
    found.flatMap((one) =>
      one ? [[`${one.file}:${one.line}`, new Location(Uri.parse(one.file), new Position(one.line, 0))]] : [],
    ),
  );
  // The page's first lines lead to all of it where every span has source.
  const lines = page.unplacedLines.length > 0 ? page.unplacedLines : [0];
  const inPage = lines.map((line) => new Location(uri, new Range(line, 0, line, page.text.split('\n')[line].length)));
  const editor = await editorOf(target, services.gate);
  if (!editor) return;
  const line = Math.min(editor.selection.active.line, editor.document.lineCount - 1);
  const at = editor.document.uri.toString() === target.uri ? positionOf(editor, target) : new Position(line, 0);
  await commands.executeCommand(
    'editor.action.peekLocations',
    editor.document.uri,
    at,
    [...inSource.values(), ...inPage],
    'peek',
  );
}

/** The editor of a target: the one in front, else its document is shown. */
async function editorOf({ uri }: CodeTarget, gate: Gate): Promise<TextEditor | undefined> {
  const active = window.activeTextEditor;
  if (active?.document.uri.toString() === uri) return active;
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  const document = visible?.document ?? (await gate.open(Uri.parse(uri)));
  const viewColumn = visible?.viewColumn ?? columnForSource(editorColumns(Uri.parse(uri)), {});
  return document && window.showTextDocument(document, { viewColumn });
}

function positionOf({ document }: TextEditor, { line }: CodeTarget): Position {
  const at = Math.min(Math.max(0, line), document.lineCount - 1);
  return new Position(at, document.lineAt(at).firstNonWhitespaceCharacterIndex);
}
