/** The Traces view: its tree, its message line and badge, its progress, its commands. */

import { commands, type Disposable, type QuickPickItem, window } from 'vscode';
import { LOCAL_DATASET } from '../../protocol/engineProtocol';
import { Disposables } from '../services/disposables';
import type { Services } from '../services/services';
import type { GroupBy } from '../services/settings';
import { datasetOf } from '../services/traces';
import { TracesModel } from './model';
import type { TraceNode } from './nodes';
import { TracesProvider } from './provider';
import { describeSearch, isEmptySearch } from './search';
import { askForSearch, type SearchProposals } from './searchForm';

export interface TracesViewHooks {
  readonly sourceLabel: (node: TraceNode) => Promise<string | undefined>;
  readonly sessionName: (id: string) => string;
  readonly linkOf: (node: TraceNode) => string;
}

const groupings: readonly (QuickPickItem & { readonly by: GroupBy })[] = [
  { by: 'time', label: 'Time', description: 'by how long ago they began' },
  { by: 'service', label: 'Service', description: 'of the root span' },
  { by: 'operation', label: 'Operation', description: 'name of the root span' },
  { by: 'session', label: 'Debug session', description: 'they were captured in' },
  { by: 'none', label: 'None', description: 'a plain list, newest first' },
];

export function registerTracesView(services: Services, hooks: TracesViewHooks): Disposable {
  const disposables = new Disposables();
  const { traces, backends, settings, engine, capture, context, problems } = services;
  const model = disposables.own(new TracesModel(traces, backends, settings, context.workspaceState, capture));
  const provider = disposables.own(new TracesProvider({ model, traces, engine, settings, ...hooks }));
  const view = disposables.own(
    window.createTreeView('spanhop.traces', {
      treeDataProvider: provider,
      dragAndDropController: provider,
      showCollapseAll: true,
    }),
  );

  let endProgress: (() => void) | undefined;
  const update = (): void => {
    view.message = messageOf(model);
    view.description = backends.active === LOCAL_DATASET ? undefined : backends.active;
    if (model.loading && !endProgress) {
      void window.withProgress(
        { location: { viewId: 'spanhop.traces' } },
        () =>
          new Promise<void>((resolve) => {
            endProgress = resolve;
          }),
      );
    } else if (!model.loading) {
      endProgress?.();
      endProgress = undefined;
    }
  };
  disposables.add(
    model.onDidChange(update),
    { dispose: () => endProgress?.() },
    view.onDidChangeVisibility(({ visible }) => model.setVisible(visible)),
  );
  if (view.visible) model.setVisible(true);
  update();

  const proposals: SearchProposals = {
    services: async () =>
      backends.active === LOCAL_DATASET
        ? engine.call('services', { dataset: LOCAL_DATASET })
        : backends.get(backends.active).services(AbortSignal.timeout(settings.requestTimeoutMs)),
    operations: async (service) =>
      backends.active === LOCAL_DATASET || service === undefined
        ? engine.call('operations', { dataset: datasetOf(backends.active), service })
        : backends.get(backends.active).operations(service, AbortSignal.timeout(settings.requestTimeoutMs)),
    attributeKeys: () => engine.call('attributeKeys', { dataset: datasetOf(backends.active) }),
  };

  const register = (command: string, run: (given?: unknown) => unknown): Disposable =>
    commands.registerCommand(command, (given?: unknown) => problems.guard(() => run(given)));
  disposables.add(
    register('spanhop.refresh', () => model.refresh()),
    register('spanhop.loadMore', () => model.loadMore()),
    register('spanhop.cancelLoading', () => model.cancel()),
    register('spanhop.search', async (given?: unknown) => {
      const search = isSearchText(given)
        ? { ...model.search, text: given.text }
        : await askForSearch(model.search, backends.active, proposals);
      if (search !== undefined) await model.setSearch(search);
    }),
    register('spanhop.clearSearch', () => model.setSearch({})),
    register('spanhop.filterErrors', () => model.setSearch({ ...model.search, errorsOnly: true })),
    register('spanhop.showAllTraces', () => model.setSearch({ ...model.search, errorsOnly: undefined })),
    register('spanhop.groupBy', async () => {
      const items = groupings.map((item) => ({ ...item, picked: item.by === settings.groupBy }));
      const picked = await window.showQuickPick(items, { title: 'Group traces by', placeHolder: `Now: ${settings.groupBy}` });
      if (picked) await settings.update('traces.groupBy', picked.by);
    }),
  );
  return disposables;
}

/** Backend, search, count, trouble: `Jaeger local · status = error · 20 of more`. */
function messageOf(model: TracesModel): string | undefined {
  const { error } = model;
  if (error) return error.message;
  const searched = describeSearch(model.search);
  const parts = [model.backend === LOCAL_DATASET ? undefined : model.backend, searched === '' ? undefined : searched];
  if (model.state === 'listed') parts.push(model.more ? `${model.list.length} of more` : undefined);
  if (model.state === 'nothingFound') parts.push('nothing found');
  if (model.filteredHere.length > 0) parts.push(`filtered here: ${model.filteredHere.join(', ')}`);
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 || (isEmptySearch(model.search) && model.state === 'noTraces') ? undefined : said.join(' · ');
}

function isSearchText(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}
