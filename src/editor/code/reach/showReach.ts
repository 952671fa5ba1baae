/**
 * "Who Reaches This Code" and "What It Calls": a peek, as for references. Spans that have source are in it as their lines; the others as lines
 * of a page, which has all of them with their numbers.
 */

import { commands, Location, Position, ProgressLocation, Range, type TextEditor, Uri, window } from 'vscode';
import { type Direction, reachPage } from '../../../app/code/reachText';
import { labelOfCandidate } from '../../../app/source/sourceTarget';
import { SpanhopError } from '../../../base/errors';
import type { CodeReach, ReachedSpan } from '../../../protocol/code';
import type { SourceCandidate } from '../../../source';
import { withSignal } from '../../adapters/cancellation';
import { showProgress } from '../../plain/messages';
import type { Gate } from '../../source/gate';
import { askAbout, type CodeContext, nameOf, targetOf } from '../codeContext';
import type { CodeTarget } from '../target';
import type { ReachDocuments } from './reachDocuments';

/** Spans whose source is looked for, and at the same time. */
const maxLookedFor = 60;
const together = 8;
/** What is less sure is told in the page without a place rather than with a wrong one. */
const leastConfidence = 0.5;

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
      askAbout(context, target, (subject) =>
        context.services.engine.call('codeReach', { ...subject, direction }, { signal, timeoutMs: 60_000 }),
      ),
    ),
  );
  if (!answer || answer.calls === 0)
    throw new SpanhopError('NotFound', 'The spans of this function are gone: they were deleted, or left memory.');
  const found = await sourcesOf(context, answer);
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
  const page = reachPage(nameOf(target), direction, reach, placed);
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
  const editor = await editorOf(target, services.source.gate);
  if (!editor) return;
  const line = Math.min(editor.selection.active.line, editor.document.lineCount - 1);
  const at = editor.document.uri.toString() === target.uri.toString() ? positionOf(editor, target) : new Position(line, 0);
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
  if (active?.document.uri.toString() === uri.toString()) return active;
  const visible = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  const document = visible?.document ?? (await gate.open(uri));
  return document && window.showTextDocument(document, { viewColumn: visible?.viewColumn });
}

function positionOf({ document }: TextEditor, { line }: CodeTarget): Position {
  const at = Math.min(Math.max(0, line), document.lineCount - 1);
  return new Position(at, document.lineAt(at).firstNonWhitespaceCharacterIndex);
}

/** The source of each span, by the last of its kind; undefined where none was found. */
async function sourcesOf({ services }: CodeContext, { spans }: CodeReach): Promise<readonly (SourceCandidate | undefined)[]> {
  const found: (SourceCandidate | undefined)[] = spans.map(() => undefined);
  const waiting = [...spans.entries()].slice(0, maxLookedFor);
  const look = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [i, span] = next;
      found[i] = await sourceOf(services, span);
    }
  };
  await Promise.all(Array.from({ length: together }, look));
  return found;
}

async function sourceOf(
  { source, problems }: CodeContext['services'],
  { sample }: ReachedSpan,
): Promise<SourceCandidate | undefined> {
  try {
    const [best] = (await source.resolveMade(sample)).candidates;
    const isGood = best && !best.lineUnknown && !best.outsideWorkspace && best.content === undefined;
    if (!isGood || best.confidence < leastConfidence) return undefined;
    // VS Code opens from a peek by itself.
    return (await source.gate.isInside(Uri.parse(best.file))) ? best : undefined;
  } catch (error) {
    // Its trace left memory meanwhile.
    problems.record(error);
    return undefined;
  }
}
