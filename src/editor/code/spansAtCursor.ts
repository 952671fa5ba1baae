/** The spans of the function at the cursor, or of a lens: a quick pick of its runs, latest first; choosing one opens its trace there. */

import { type QuickInputButton, type QuickPickItem, ThemeIcon, type Uri, ViewColumn, Uri as VscodeUri, window } from 'vscode';
import { SpanhopError } from '../../core/errors';
import type { FunctionStatistics } from '../../core/source';
import { formatCount, formatDuration, formatRelativeTime } from '../../core/text/format';
import type { Services } from '../services/services';
import type { CodeSpan } from './codeKnowledge';
import type { LensTarget } from './lens/provider';

/** Runs that the quick pick lists. */
const maxListed = 200;

interface RunItem extends QuickPickItem {
  readonly run: CodeSpan;
}

interface Place {
  readonly uri: Uri;
  readonly line: number;
  readonly name: string;
}

export async function showSpans(services: Services, given: unknown): Promise<void> {
  const place = await placeOf(services, given);
  const runs = await services.code.spans(place.uri, place.name, place.line, maxListed);
  if (runs.length === 0)
    throw new SpanhopError('NotFound', 'The spans of this function are gone: they were deleted, or left memory.');
  const beside: QuickInputButton = { iconPath: new ThemeIcon('split-horizontal'), tooltip: 'Open beside' };
  const pick = window.createQuickPick<RunItem>();
  pick.title = `${place.name || 'This line'}: ${runs.length === maxListed ? `the last ${maxListed} calls` : formatCount(runs.length, 'call')}`;
  pick.placeholder = 'Choose a call to open its trace';
  pick.matchOnDescription = true;
  pick.items = runs.map((run) => ({
    label: `${run.error ? '$(error)' : '$(pass)'} ${formatDuration(run.durationNs)}`,
    description: `${formatRelativeTime(run.startMs, Date.now())} · trace ${run.traceId.slice(0, 8)}`,
    buttons: [beside],
    run,
  }));
  const open = (run: CodeSpan, viewColumn: ViewColumn): void => {
    pick.hide();
    void services.problems.guard(() => services.views.openTrace(run.traceId, { spanId: run.spanId, viewColumn }));
  };
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    if (chosen) open(chosen.run, ViewColumn.Active);
  });
  pick.onDidTriggerItemButton(({ item }) => open(item.run, ViewColumn.Beside));
  pick.onDidHide(() => pick.dispose());
  pick.show();
}

export async function showLastTrace(services: Services, given: unknown): Promise<void> {
  const place = await placeOf(services, given);
  const [last] = await services.code.spans(place.uri, place.name, place.line, 1);
  if (!last) throw new SpanhopError('NotFound', 'The last trace of this function is gone: it was deleted, or left memory.');
  await services.views.openTrace(last.traceId, { spanId: last.spanId, viewColumn: ViewColumn.Beside });
}

/** The place of a lens, or the function that ran nearest above the cursor. */
async function placeOf({ code }: Services, given: unknown): Promise<Place> {
  if (isTarget(given)) return { uri: VscodeUri.parse(given.uri), line: given.line, name: given.name };
  const editor = window.activeTextEditor;
  if (!editor) throw new SpanhopError('NotFound', 'No text editor is active. Put the cursor into a function first.');
  const cursor = editor.selection.active.line;
  const statistics = await code.statistics(editor.document.uri);
  const above = statistics.filter((entry) => entry.line <= cursor);
  const nearest = above.reduce<FunctionStatistics | undefined>(
    (best, entry) => (best && best.line > entry.line ? best : entry),
    undefined,
  );
  if (!nearest)
    throw new SpanhopError('NotFound', 'No span of the traces at hand names the function at the cursor as its source.');
  return { uri: editor.document.uri, line: nearest.line, name: nearest.name };
}

function isTarget(value: unknown): value is LensTarget {
  return (
    typeof value === 'object' &&
    value !== null &&
    'uri' in value &&
    typeof value.uri === 'string' &&
    'line' in value &&
    typeof value.line === 'number' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}
