/**
 * The application: the talk with the host, the trace, and one view of it at a time in the frame; or the list of traces; or a problem. A new view is
 * a line in `views`.
 */

import { toErrorData } from '../../src/base/errors';
import { setUnexpectedErrorHandler } from '../../src/base/unexpected';
import { formatCount } from '../../src/core/text/formatText';
import { Connection, type Params, type Port } from '../../src/protocol/rpc';
import type {
  HostMethods,
  PaintedPicture,
  ShownProblem,
  SpanGlance,
  TraceList,
  ViewEvents,
  ViewLayout,
  ViewMethods,
  ViewState,
} from '../../src/protocol/view';
import { element } from '../elements/dom';
import { refreshLiveTexts } from '../elements/liveText';
import type { Host } from '../host';
import { readTheme, type Theme, watchTheme } from '../theme/theme';
import { Pictures } from '../trace/pictures';
import { StateKeeper } from '../trace/stateKeeper';
import { TraceStore } from '../trace/traceStore';
import { CommandTable } from '../views/commands';
import { TraceListView } from '../views/traces/traceListView';
import type { View } from '../views/view';
import { WaterfallView } from '../views/waterfall/waterfallView';
import { Frame } from './frame';
import { Growth } from './growth';
import { showKeys } from './help';
import { applyLayout } from './layout';
import type { Stillness } from './liveBar';
import { KeptState, type StateStore } from './pageState';
import { problemPage } from './problem';
import { ProgressLine } from './progress';
import { applyPalette } from './sharedColours';
import { traceCommands } from './traceCommands';
import { TraceFrame } from './traceFrame';

const SAVE_LAYOUT_MS = 250;
/** New spans are told to a screen reader at most so often. */
const ANNOUNCE_MS = 10_000;

export class App {
  private readonly host: Host;
  private readonly store: TraceStore;
  private readonly pictures: Pictures;
  private readonly keeper: StateKeeper;
  private readonly frame: Frame;
  private readonly around: TraceFrame;
  private readonly waterfall: WaterfallView;
  private readonly list: TraceListView;
  private readonly kept: KeptState;
  private readonly progress: ProgressLine;
  private readonly content = element('div', { class: 'content' });
  private readonly tables = new Map<View, CommandTable>();
  private view: View | undefined;
  private theme: Theme = readTheme();
  private hasList = false;
  /** What the trace had when it was shown last. */
  private spans: { readonly traceId: string; readonly count: number } | undefined;
  private announcedAt = Number.NEGATIVE_INFINITY;
  private still: Stillness = { paused: false, newSpans: 0 };
  private readonly growth: Growth;
  private layoutTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly report = (error: unknown): void => {
    const { kind, message, detail } = toErrorData(error);
    if (kind !== 'Cancelled') this.host.emit('trouble', { message: detail ? `${message} (${detail})` : message });
  };

  /** @param painted something is on the screen: what the page needs later may be loaded */
  constructor(
    root: HTMLElement,
    port: Port,
    states: StateStore,
    private readonly painted: () => void,
  ) {
    const { report } = this;
    setUnexpectedErrorHandler(report);
    this.host = new Connection<HostMethods, ViewMethods, Record<never, never>, ViewEvents>(port, this.methods(), {}, report);
    const { host } = this;
    const announce = (text: string): void => this.frame.announce(text);
    const requestFrame = (): void => this.frame.loop.request();
    this.kept = new KeptState(states);
    this.store = new TraceStore({ host, report, announce, requestFrame, hasFocus: () => document.hasFocus() });
    const { store } = this;
    this.pictures = new Pictures({
      host,
      store,
      report,
      remembered: ({ traceId }, state) => this.kept.of(traceId, state),
    });
    this.keeper = new StateKeeper(store, (trace, state) => this.keep(trace, state));
    this.around = new TraceFrame({
      host,
      store,
      announce,
      report,
      showKeys: () => this.showKeys(),
      focusView: () => this.focusView(),
      closeDetails: () => this.closeDetails(),
      foldedChanged: () => this.saveLayout(),
      backToList: () => (this.hasList ? () => this.ask('backToList', {}) : undefined),
      togglePause: () => this.togglePause(),
      still: () => this.still,
    });
    const { title, tools, status, measure, overview, details } = this.around;
    this.frame = new Frame({
      trace: { title, tools, status, measure, overview, details: details.pane.root },
      render: () => this.render(),
      layoutChanged: () => this.saveLayout(),
    });
    this.frame.root.append(this.around.legend.root);
    this.waterfall = new WaterfallView({
      store,
      theme: () => this.theme,
      requestFrame,
      readSizes: () => this.frame.measure(),
      treeWidth: () => this.frame.layout.treeWidth,
      resizeTree: (treeWidth) => this.frame.changeLayout({ treeWidth }),
      isNarrow: () => this.frame.arrangement === 'narrow',
      openSource: (beside) => void this.openSource(beside),
      openDetails: () => this.frame.openDetails(true),
      scrolled: () => this.keeper.noteChange(),
      announce,
      glance: (row, fromNs, toNs) => this.glance(row, fromNs, toNs),
    });
    this.list = new TraceListView({
      open: (traceId, beside) => this.ask('openTrace', { traceId, beside }),
      requestFrame,
      readSizes: () => this.frame.measure(),
    });
    this.growth = new Growth({
      view: () => (this.view?.frame === undefined ? this.store.view : undefined),
      width: () => this.frame.overviewWidth,
      isHeld: () => this.still.paused,
      grown: requestFrame,
      isCalm: () =>
        matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion'),
      isHidden: () => document.hidden,
    });
    document.addEventListener('visibilitychange', () => requestFrame());
    this.makeTables();
    this.progress = new ProgressLine(() => this.ask('cancel', {}));
    root.append(this.progress.root, this.content);
    this.listen();
    host.call('ready', {}, { timeoutMs: 0 }).then(({ layout }) => this.applyLayout(layout), report);
  }

  private methods() {
    return {
      show: (params: Params<ViewMethods, 'show'>) => this.show(params),
      showList: ({ list }: Params<ViewMethods, 'showList'>) => this.showList(list),
      showProblem: ({ problem }: Params<ViewMethods, 'showProblem'>) => this.showProblem(problem),
      showProgress: (params: Params<ViewMethods, 'showProgress'>) => this.progress.show(params),
      select: ({ trace, spanId, reveal }: Params<ViewMethods, 'select'>) => this.pictures.select(trace, spanId, reveal),
      sourcesChanged: () => this.store.sources.changed(),
      markSpans: (marks: Params<ViewMethods, 'markSpans'>) => this.store.marks.show(marks),
      showPaused: (still: Params<ViewMethods, 'showPaused'>) => this.showStill(still),
      command: ({ command }: Params<ViewMethods, 'command'>) => this.table?.run(command),
    };
  }

  private makeTables(): void {
    const { store, frame, around } = this;
    const ofTrace = traceCommands(
      {
        store,
        openSource: (beside) => void this.openSource(beside),
        focusFind: () => around.findBox.focus(),
        toggleDetails: () => this.toggleDetails(),
        legend: around.legend,
        leaveDetails: () => this.leaveDetails(),
        showKeys: () => this.showKeys(),
        copy: (text, what) => this.ask('copy', { text, what }),
        announce: (text) => frame.announce(text),
        togglePause: () => this.togglePause(),
      },
      around.findings,
    );
    this.tables.set(this.waterfall, new CommandTable([...this.waterfall.commands, ...ofTrace]));
    this.tables.set(this.list, new CommandTable(this.list.commands));
  }

  private listen(): void {
    this.store.onDidChange((change) => {
      this.frame.loop.request();
      if (change === 'trace') this.tellGrowth();
    });
    watchTheme((theme) => this.restyle(theme));
    applyPalette(this.theme);
    window.addEventListener('focus', () => this.takeFocus());
    window.addEventListener('error', (event) => this.host.emit('trouble', { message: event.message }));
    window.addEventListener('unhandledrejection', (event) => this.report(event.reason));
    // VS Code throws the page of a hidden editor away without a word; who goes to another one takes the focus away first.
    for (const leaving of ['blur', 'pagehide']) window.addEventListener(leaving, () => this.keeper.save());
    document.addEventListener('keydown', (event) => this.press(event));
  }

  private get table(): CommandTable | undefined {
    return this.view && this.tables.get(this.view);
  }

  private press(event: KeyboardEvent): void {
    const { target } = event;
    const { view } = this;
    if (!view) return;
    const takesKeys = target instanceof HTMLElement && (target === document.body || view.takesKeys(target));
    if (!this.table?.press(event, takesKeys)) return;
    event.preventDefault();
    // VS Code hears of every key of a webview that is not stopped here, and would run its own command besides.
    event.stopPropagation();
  }

  private async show(params: Params<ViewMethods, 'show'>): Promise<PaintedPicture> {
    const { frame } = this;
    const isNew = this.view !== this.waterfall;
    if (isNew) this.store.close();
    if (isNew) this.applyLayout(params.layout);
    this.put(this.waterfall);
    const { kind, unpackMs, layoutMs, hasSelected } = this.pictures.show(params);
    if (params.marks && kind !== 'dropped') this.store.marks.show(params.marks);
    const begin = performance.now();
    frame.loop.flush();
    const paintMs = performance.now() - begin;
    if (kind === 'first') this.takeFocus();
    await nextFrame();
    this.painted();
    const { view, ids } = this.store;
    const revision = view?.trace.key.revision ?? -1;
    return { rows: view?.rows.count ?? 0, revision, hasIds: ids !== undefined, unpackMs, layoutMs, paintMs, hasSelected };
  }

  private showList(list: TraceList): { rows: number } {
    this.hasList = true;
    this.store.close();
    this.list.show(list);
    this.put(this.list);
    this.takeFocus();
    this.painted();
    return { rows: list.traces.length };
  }

  private showProblem(problem: ShownProblem): void {
    this.store.close();
    this.view = undefined;
    this.content.replaceChildren(problemPage(problem, (id) => this.ask('runAction', { id })));
    this.painted();
  }

  private put(view: View): void {
    this.view = view;
    this.frame.show(view);
    if (this.content.firstChild !== this.frame.root) this.content.replaceChildren(this.frame.root);
  }

  private render(): void {
    const { frame, view, theme, store } = this;
    if (!view) return;
    frame.measure();
    view.render();
    if (view.frame !== undefined) return;
    this.around.render(theme, { width: frame.overviewWidth, height: frame.overviewHeight }, frame.hasDetails);
    store.tellSelection();
    refreshLiveTexts();
    this.growth.schedule();
  }

  private togglePause(): void {
    const { view } = this.store;
    const grows = view && (view.trace.snapshot.live || view.trace.running.goesOn);
    if (this.still.paused || grows) this.ask('setPaused', { paused: !this.still.paused });
  }

  private showStill(still: Stillness): void {
    if (still.paused !== this.still.paused) this.frame.announce(still.paused ? 'Paused' : 'Going on');
    this.still = still;
    this.frame.loop.request();
  }

  private restyle(theme: Theme): void {
    this.theme = theme;
    applyPalette(theme);
    this.waterfall.restyle();
    this.frame.loop.request();
  }

  /** The keyboard goes to what is shown, unless something of this page has it. It is never taken from an editor or a menu of VS Code. */
  private takeFocus(): void {
    if (!document.hasFocus() || (document.activeElement !== document.body && document.activeElement !== null)) return;
    this.focusView();
  }

  private focusView(): void {
    if (!this.view) return;
    this.frame.loop.flush();
    this.view.focus();
  }

  private async openSource(beside: boolean): Promise<void> {
    const { store } = this;
    const span = store.view ? store.view.spanOf(store.view.selected) : -1;
    if (span < 0) return;
    try {
      await this.host.call('openSource', { ...(await store.spanKey(span)), beside }, { timeoutMs: 0 });
    } catch (error) {
      this.report(error);
    }
  }

  /** What a hover tells besides the columns; of a picture that is gone it tells nothing. */
  private async glance(row: number, fromNs: number, toNs: number): Promise<SpanGlance | undefined> {
    const trace = this.store.view?.trace.key;
    return trace && this.host.call('glance', { trace, row, fromNs, toNs }).catch(() => undefined);
  }

  private toggleDetails(): void {
    const { frame } = this;
    const open = !frame.hasDetails;
    frame.openDetails(open);
    if (frame.arrangement !== 'narrow') return;
    if (open) {
      frame.loop.flush();
      this.around.details.pane.focus();
    } else this.focusView();
  }

  private closeDetails(): void {
    this.frame.openDetails(false);
    this.focusView();
  }

  private leaveDetails(): boolean {
    const { frame } = this;
    const isNarrow = frame.arrangement === 'narrow';
    if (!frame.hasDetails || !(isNarrow || this.around.details.pane.root.contains(document.activeElement))) return false;
    if (isNarrow) this.closeDetails();
    else this.focusView();
    return true;
  }

  private showKeys(): void {
    showKeys(this.frame.root, this.table?.listed ?? [], () => this.focusView());
  }

  /** Tells a screen reader of new spans, politely and seldom. */
  private tellGrowth(): void {
    const before = this.spans;
    const trace = this.store.view?.trace;
    this.spans = trace && { traceId: trace.key.traceId, count: trace.count };
    const now = performance.now();
    if (!trace || trace.key.traceId !== before?.traceId || trace.count <= before.count) return;
    if (now - this.announcedAt < ANNOUNCE_MS) return;
    this.announcedAt = now;
    this.frame.announce(formatCount(trace.count - before.count, 'new span'));
  }

  private applyLayout(layout: ViewLayout): void {
    applyLayout(this.frame.layout, layout);
    const { folded } = this.around.details;
    folded.clear();
    for (const section of layout.foldedSections ?? []) folded.add(section);
    this.frame.remeasure();
  }

  private saveLayout(): void {
    clearTimeout(this.layoutTimer);
    this.layoutTimer = setTimeout(() => {
      const layout: ViewLayout = { ...this.frame.layout, foldedSections: [...this.around.details.folded] };
      this.ask('saveLayout', { layout });
    }, SAVE_LAYOUT_MS);
  }

  private keep(trace: Params<HostMethods, 'saveState'>['trace'], state: ViewState): void {
    this.kept.set(trace, state);
    this.ask('saveState', { trace, state });
  }

  private ask<M extends keyof HostMethods & string>(method: M, params: Params<HostMethods, M>): void {
    this.host.call(method, params, { timeoutMs: 0 }).catch(this.report);
  }
}

/** Resolves after the frame that is being made was handed to the screen. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(undefined);
    });
  });
}
