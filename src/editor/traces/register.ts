/** The Traces view: its tree and its commands. */

import { commands, type Disposable, type Uri, window } from 'vscode';
import { datasetOf } from '../../app/backends/backendDataset';
import type { SpanArgument } from '../../app/links/spanArgument';
import { SearchMemory } from '../../app/queries/searchMemory';
import { keysOf, loadLanguage } from '../../app/queries/traceSearch';
import type { GroupBy } from '../../app/settings/settings';
import { Attention } from '../../app/traces/attention';
import { firstSpan } from '../../app/traces/firstSpan';
import { widerRange } from '../../app/traces/listStatus';
import { TraceHighlightRows } from '../../app/traces/traceHighlights';
import { TraceList } from '../../app/traces/traceList';
import { isServiceNode, type TraceNode } from '../../app/traces/traceNodes';
import { Disposables } from '../../base/disposables';
import { printField } from '../../core/query/literals';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import { type PickItem, pickOne } from '../plain/quickPick';
import { watchPerson } from './atTheList';
import { registerDroppedLinks } from './droppedLinks';
import type { TracePlaces } from './items';
import { TracesProvider } from './provider';
import { askForSearch, type SearchProposals } from './searchForm';
import { showStatus } from './status';
import type { TracesServices } from './tracesServices';

export interface TracesViewHooks {
  /** Where a trace, or one span of it, starts in code; undefined where that is not known without asking a backend. */
  readonly sourceLabel: (node: SpanArgument) => Promise<string | undefined>;
  readonly sessionName: (id: string) => string;
  readonly linkOf: (node: TraceNode) => string;
  readonly readLink: (uri: Uri) => SpanArgument;
}

const groupings: readonly (PickItem & { readonly by: GroupBy })[] = [
  { by: 'time', label: 'Time', description: 'by how long ago they began' },
  { by: 'service', label: 'Service', description: 'of the root span' },
  { by: 'operation', label: 'Operation', description: 'name of the root span' },
  { by: 'session', label: 'Debug session', description: 'they were captured in' },
  { by: 'none', label: 'None', description: 'a plain list, newest first' },
];

export function registerTracesView(services: TracesServices, hooks: TracesViewHooks): Disposable {
  const disposables = new Disposables();
  const { traces, facts, backends, settings, engine, capture, memento, problems, views } = services;
  const attention = disposables.own(new Attention());
  const model = disposables.own(new TraceList(traces, facts, backends, settings, memento, attention));
  const rows = new TraceHighlightRows(traces, engine);
  const provider = disposables.own(
    new TracesProvider({
      model,
      rows,
      settings,
      places: (node) => placesOf(services, hooks, node),
      isGrowing: ({ backend, overview }) => backend === LOCAL_DATASET && capture.state.running && isRecent(overview),
      sessionName: hooks.sessionName,
      capture,
      attention,
      linkOf: hooks.linkOf,
    }),
  );
  const view = disposables.own(
    window.createTreeView('spanhop.traces', {
      treeDataProvider: provider,
      dragAndDropController: provider,
      showCollapseAll: true,
    }),
  );
  disposables.own(registerDroppedLinks(services, hooks.readLink));
  let capturing = capture.state.running;
  const show = (visible: boolean): void => {
    model.setVisible(visible);
    provider.setVisible(visible);
  };
  disposables.add(
    showStatus(view, model, capture),
    watchPerson(view, attention, views),
    capture.onDidChange(({ running }) => {
      if (model.main.state === 'noTraces' && running !== capturing) provider.redraw();
      capturing = running;
    }),
    view.onDidChangeVisibility(({ visible }) => show(visible)),
    window.onDidChangeWindowState(({ focused }) => {
      if (focused) void model.cameBack();
    }),
  );
  if (view.visible) show(true);

  const within = (): AbortSignal => AbortSignal.timeout(settings.requestTimeoutMs);
  const proposals: SearchProposals = {
    services: () => facts.services(backends.active, within()),
    operations: (service) => facts.operations(backends.active, service, within()),
    attributeKeys: async () => {
      const { active } = backends;
      // Each for itself: one of them is enough.
      const [seen, told, language] = await Promise.all([
        engine.call('attributeKeys', { dataset: datasetOf(active) }).catch(() => []),
        active === LOCAL_DATASET ? [] : facts.tags(active, within()).catch(() => []),
        loadLanguage(),
      ]);
      return keysOf(seen, told, language);
    },
    attributeValues: (field) => facts.tagValues(backends.active, printField(field), within()),
  };
  const memory = new SearchMemory(settings, memento);

  const register = (command: string, run: (given: unknown) => unknown): Disposable => registerCommand(problems, command, run);
  disposables.add(
    register('spanhop.refresh', async () => {
      await model.refresh();
      // Also what is below the traces, and could not be had.
      provider.redraw();
    }),
    register('spanhop.showNewTraces', () => model.showNewer()),
    register('spanhop.loadMore', (given) => model.loadMore(typeof given === 'string' ? given : undefined)),
    register('spanhop.cancelLoading', () => {
      model.cancel();
      // Of the captures, the list waits for the newest one to be read.
      return model.backend === LOCAL_DATASET ? capture.stopReading() : undefined;
    }),
    register('spanhop.search', async (given) => {
      const search = isSearchText(given)
        ? { ...model.search, text: given.text.trim() || undefined }
        : await askForSearch(model.search, backends.active, proposals, { memory, hasWorkspace: settings.hasWorkspace });
      if (search === undefined) return;
      if (!view.visible) await commands.executeCommand('spanhop.traces.focus');
      await model.setSearch(search);
      memory.remember(search);
    }),
    register('spanhop.widenRange', () =>
      model.setSearch({ ...model.search, lookbackMs: widerRange(model.search, model.main.windowMs) }),
    ),
    register('spanhop.openService', async (given) => {
      if (!isServiceNode(given)) return;
      const spanId = await rows.firstSpanOf(given);
      await views.openTrace(given.traceId, { backend: given.backend, spanId });
    }),
    register('spanhop.clearSearch', () => model.setSearch({})),
    register('spanhop.filterErrors', () => model.setSearch({ ...model.search, errorsOnly: true })),
    register('spanhop.showAllTraces', () => model.setSearch({ ...model.search, errorsOnly: undefined })),
    register('spanhop.groupBy', async () => {
      const items = groupings.map((item) => ({ ...item, picked: item.by === settings.groupBy }));
      const picked = await pickOne(items, { title: 'Group traces by', placeholder: `Now: ${settings.groupBy}` });
      if (picked) await settings.update('traces.groupBy', picked.by);
    }),
  );
  return disposables;
}

/** Spans of a trace are exported within seconds of their end; after a minute without any it is taken to be whole. */
function isRecent({ startUnixNano, durationNs }: TraceNode['overview']): boolean {
  return Date.now() - (Number(startUnixNano / 1_000_000n) + durationNs / 1e6) < 60_000;
}

const namesCode = '{ span.code.file.path != nil || span.code.filepath != nil }';

/** For the hover. A trace that is still with its backend is not fetched for it. */
async function placesOf(
  { traces, engine }: TracesServices,
  { sourceLabel }: TracesViewHooks,
  node: TraceNode,
): Promise<TracePlaces> {
  const { traceId, backend } = node;
  const key = await traces.ask(traceId, datasetOf(backend));
  if (!key) return {};
  const { errors } = await engine.call('highlights', { ...key, limit: 1 });
  // A root is often a library's span; the first one that names its code is where the trace starts in ours.
  const first = await firstSpan(engine, key, namesCode);
  const [start, error] = await Promise.all([
    sourceLabel({ traceId, backend }).then((label) => label ?? (first && sourceLabel({ traceId, backend, spanId: first }))),
    errors[0] && sourceLabel({ traceId, backend, spanId: errors[0].spanId }),
  ]);
  return { start, error };
}

function isSearchText(value: unknown): value is { readonly text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}
