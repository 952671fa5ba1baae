/**
 * The spans of the function at the cursor, of a lens or of a line that threw: a quick pick of its runs. The waterfall beside follows the
 * active one; choosing one stays there, leaving brings back what was there.
 */

import { type QuickInputButton, ThemeIcon } from 'vscode';
import type { CodeSpan } from '../../app/code/codeKnowledge';
import { type CodeTarget, nameOfTarget } from '../../app/code/codeTargets';
import { SpanhopError } from '../../base/errors';
import type { CallChoice } from '../../code';
import { formatCount, formatDuration, formatRelativeTime } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { type PickItem, PlainQuickPick } from '../plain/quickPick';
import { type CodeContext, targetOf } from './codeContext';
import { TracePreview } from './tracePreview';

/** Runs that the quick pick lists. */
const maxListed = 200;

interface RunItem extends PickItem {
  readonly run: CodeSpan;
}

interface View {
  readonly slowest: boolean;
  readonly errors: boolean;
}

export async function showSpans(context: CodeContext, given: unknown): Promise<void> {
  const { services } = context;
  const target = await targetOf(context, given);
  let view: View = { slowest: false, errors: false };
  const first = await runsOf(context, target, view);
  if (first.length === 0)
    throw new SpanhopError('NotFound', 'The spans of this function are gone: they were deleted, or left memory.');
  const preview = new TracePreview(services);
  const pick = new PlainQuickPick<RunItem>({
    title: titleOf(target, view, first.length),
    placeholder: 'Choose a call to open its trace; move to look at it',
    matchOnDescription: true,
    // A waterfall that opens beside may take the focus for a moment.
    ignoreFocusOut: true,
  });
  let previewed: RunItem | undefined;
  const fill = (runs: readonly CodeSpan[]): void => {
    pick.setTitle(titleOf(target, view, runs.length));
    pick.buttons = buttonsOf(view);
    pick.items = runs.map(itemOf);
    // What is active without anybody having moved there is not looked at.
    previewed = pick.items[0];
  };
  fill(first);
  pick.onDidTriggerButton(async (button) => {
    view = isErrorsButton(button) ? { ...view, errors: !view.errors } : { ...view, slowest: !view.slowest };
    pick.busy = true;
    const runs = await services.problems.guard(() => runsOf(context, target, view));
    pick.busy = false;
    fill(runs ?? []);
  });
  pick.onDidChangeActive(([active]) => {
    if (!active || active === previewed) return;
    previewed = active;
    preview.look(active.run);
  });
  let chosen = false;
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (!item) return;
    chosen = true;
    pick.hide();
    void services.problems.guard(() => preview.stay(item.run));
  });
  pick.onDidHide(() => {
    if (!chosen) void services.problems.guard(() => preview.leave());
    pick.dispose();
  });
  pick.show();
}

export async function showLastTrace(context: CodeContext, given: unknown): Promise<void> {
  const target = await targetOf(context, given);
  const { engine, views } = context.services;
  const [last] = (await context.targets.ask(target, (subject) => engine.call('codeSpans', { ...subject, limit: 1 }))) ?? [];
  if (!last) throw new SpanhopError('NotFound', 'The last trace of this function is gone: it was deleted, or left memory.');
  await views.openTrace(last.traceId, { spanId: last.spanId });
}

async function runsOf(context: CodeContext, target: CodeTarget, { slowest, errors }: View): Promise<readonly CodeSpan[]> {
  const choice: CallChoice = { limit: maxListed, order: slowest ? 'slowest' : 'latest', errorsOnly: errors };
  const { engine } = context.services;
  return (await context.targets.ask(target, (subject) => engine.call('codeSpans', { ...subject, ...choice }))) ?? [];
}

/** `PaymentService.charge: 128 calls`, `…: the 200 slowest calls, only errors` */
function titleOf(target: CodeTarget, { slowest, errors }: View, count: number): string {
  const what = target.throws ? 'span' : 'call';
  const many = slowest ? `the ${maxListed} slowest ${what}s` : `the last ${maxListed} ${what}s`;
  const number = count === maxListed ? many : formatCount(count, what);
  const order = slowest && count < maxListed ? ', slowest first' : '';
  return `${nameOfTarget(target)}: ${number}${order}${errors ? ', errors only' : ''}`;
}

const errorsIcon = new ThemeIcon('error');
const allIcon = new ThemeIcon('clear-all');

function buttonsOf({ slowest, errors }: View): readonly QuickInputButton[] {
  return [
    errors
      ? { iconPath: allIcon, tooltip: 'Show calls without errors too' }
      : { iconPath: errorsIcon, tooltip: 'Show only errors' },
    slowest
      ? { iconPath: new ThemeIcon('history'), tooltip: 'Latest first' }
      : { iconPath: new ThemeIcon('sort-precedence'), tooltip: 'Slowest first' },
  ];
}

function isErrorsButton({ iconPath }: QuickInputButton): boolean {
  return iconPath === errorsIcon || iconPath === allIcon;
}

function itemOf(run: CodeSpan): RunItem {
  const duration = formatDuration(run.durationNs);
  return {
    label: run.error ? plain`$(error) ${duration}` : plain`$(pass) ${duration}`,
    description: `${formatRelativeTime(run.startMs, Date.now())} · trace ${run.traceId.slice(0, 8)}`,
    run,
  };
}
