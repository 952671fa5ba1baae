/** "What did you set, and why?": what terminals, tests and the last launches were given, a row a variable, and how to undo it. */

import type { LaunchChoices } from '../../app/launches/launchChoices';
import type { LaunchRecord, LaunchRecords } from '../../app/launches/launchRecords';
import type { SharedKind, SharedSessions } from '../../app/launches/sharedSessions';
import type { Problems } from '../../app/messages/problems';
import type { Settings } from '../../app/settings/settings';
import type { LaunchChange } from '../../capture/environmentEditor';
import { formatCount, formatRelativeTime } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { showMessage } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';

interface Row extends PickItem {
  readonly run?: () => unknown;
}

export interface VariablesServices {
  readonly records: LaunchRecords;
  readonly choices: LaunchChoices;
  readonly shared: SharedSessions;
  readonly settings: Settings;
  readonly problems: Problems;
}

/** Terminals first, then tests, then launches, the newest first. */
export async function showVariables(services: VariablesServices): Promise<void> {
  const rows: Row[] = [
    sharedRow(services, 'terminals'),
    sharedRow(services, 'tests'),
    ...services.records.all.map(launchRow(services)),
  ];
  const chosen = await pickOne(rows, { title: 'Variables that programs are given', placeholder: 'Which programs?' });
  await chosen?.run?.();
}

const kinds = {
  terminals: { label: 'Terminals and tasks', icon: 'terminal', setting: 'capture.terminals' },
  tests: { label: 'Tests that other extensions start', icon: 'beaker', setting: 'capture.tests' },
} as const;

function sharedRow(services: VariablesServices, kind: SharedKind): Row {
  const { label, icon } = kinds[kind];
  const all = services.shared.of(kind);
  const variables = all.find((each) => each.variables.length > 0)?.variables ?? [];
  const why = all.find((each) => each.why !== undefined)?.why;
  const left = [...new Set(all.flatMap((each) => each.left))];
  const notes = [
    ...(why === undefined ? [] : [`Nothing is given: what runs there ${why}.`]),
    ...(left.length === 0 || why !== undefined ? [] : [`Your own, left as they are: ${left.join(', ')}.`]),
  ];
  return {
    label: plain`$(${icon}) ${label}`,
    description: variables.length > 0 ? formatCount(variables.length, 'variable') : 'none',
    detail: notes.join(' ') || undefined,
    run: () =>
      showRows(
        label,
        variables,
        notes,
        variables.length > 0 ? [{ label: `Stop giving them`, run: () => stopGiving(services, kind) }] : [],
      ),
  };
}

function launchRow(services: VariablesServices): (record: LaunchRecord) => Row {
  return (record) => {
    const { launch, changes, obstacles, isCaptured, startedAtMs, prepared } = record;
    const notes = [...obstacles.map(({ text }) => `It ${text}.`), ...(prepared?.missing ? [prepared.missing.message] : [])];
    const actions: Row[] = [
      ...(obstacles.length > 0
        ? [{ label: 'Capture here from its next launch on', run: () => services.choices.choose(launch, obstacles, 'here') }]
        : []),
      ...(services.choices.insists(launch)
        ? [{ label: 'Leave it as its variables say from its next launch on', run: () => services.choices.forget(launch) }]
        : []),
      ...(prepared?.missing?.offers ?? []).map(({ title, run }) => ({ label: title, run: () => services.problems.guard(run) })),
    ];
    const what = isCaptured ? formatCount(changes.length, 'variable') : 'as it is';
    return {
      label: plain`$(debug-alt) ${launch.name}`,
      description: `${launch.type} · ${formatRelativeTime(startedAtMs, Date.now())} · ${what}`,
      detail: notes.join(' ') || undefined,
      run: () => showRows(launch.name, changes, notes, actions),
    };
  };
}

async function showRows(
  title: string,
  changes: readonly LaunchChange[],
  notes: readonly string[],
  actions: readonly Row[],
): Promise<void> {
  const rows: Row[] = [
    ...actions.map((action) => ({ ...action, label: plain`$(arrow-right) ${String(action.label)}` })),
    ...notes.map((note) => ({ label: plain`$(info) ${note}` })),
    ...changes.map(({ name, value, reason }) => ({ label: name, description: shownValue(name, value), detail: reason })),
  ];
  if (rows.length === 0) rows.push({ label: 'Nothing was set' });
  const chosen = await pickOne(rows, { title: `Variables of ${title}`, matchOnDescription: true });
  await chosen?.run?.();
}

const maxValue = 200;

/** What is not ours may be a secret. */
function shownValue(name: string, value: string | undefined): string {
  if (value === undefined) return 'taken away';
  if (/HEADERS|KEY|TOKEN|SECRET|PASSWORD/i.test(name)) return '(not shown)';
  return value.length > maxValue ? `${value.slice(0, maxValue)}…` : value;
}

/** None until the window is loaded again; or for good. */
export async function stopGiving(
  { shared, settings }: Pick<VariablesServices, 'shared' | 'settings'>,
  kind: SharedKind,
): Promise<void> {
  shared.stop(kind);
  const never = 'Never Give Them';
  const what = kind === 'terminals' ? 'New terminals and tasks of this window' : 'Tests of this window';
  const chosen = await showMessage('info', `${what} get no variables any more, until it is loaded again.`, never);
  if (chosen === never) await settings.update(kinds[kind].setting, false);
}
