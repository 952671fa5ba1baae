/**
 * The application: one page at a time (a trace, a list of traces, a problem), and what the host may ask of it.
 */

import { toErrorData } from '../../src/base/errors';
import { Connection, type Port } from '../../src/protocol/rpc';
import type { TraceSnapshot } from '../../src/protocol/snapshot';
import type {
  HostMethods,
  ShownMarks,
  ShownProblem,
  TraceList,
  ViewEvents,
  ViewLayout,
  ViewMethods,
  ViewState,
} from '../../src/protocol/view';
import { element } from '../elements/dom';
import { measureFrames } from '../measure';
import { SpanIds } from '../trace/memory';
import { makeTrace } from '../trace/model';
import { TraceListPage } from '../views/traces/listPage';
import { Waterfall } from '../views/waterfall/controller';
import type { Host } from './host';
import { problemPage } from './problem';
import { ProgressLine } from './progress';

/** What is kept in the webview itself. */
interface KeptState {
  readonly traceId: string;
  /** Where the trace was, for whoever opens it again after a reload of the window. */
  readonly dataset: string;
  readonly state: ViewState;
}

interface StateStore {
  getState(): unknown;
  setState(state: unknown): void;
}

interface ShowParams {
  readonly snapshot: TraceSnapshot;
  readonly state: ViewState;
  readonly layout: ViewLayout;
  readonly selectSpanId?: string;
  readonly marks?: ShownMarks;
}

/** Up to here the ids are waited for, so that the first picture is the remembered one. */
const WAIT_FOR_IDS = 50_000;

export class App {
  private readonly host: Host;
  private readonly waterfall: Waterfall;
  private readonly list: TraceListPage;
  private readonly progress: ProgressLine;
  private readonly content = element('div', { class: 'content' });
  private hasList = false;
  private revision = -1;
  private traceKey = '';
  /** A span that is to be selected as soon as a picture has ids: the picture that it came with may have been overtaken by the next one. */
  private wanted: string | undefined;

  constructor(
    root: HTMLElement,
    port: Port,
    private readonly store: StateStore,
  ) {
    this.host = new Connection<HostMethods, ViewMethods, Record<never, never>, ViewEvents>(
      port,
      {
        show: (params) => this.show(params),
        showList: ({ list }) => this.showList(list),
        showProblem: ({ problem }) => this.showProblem(problem),
        showProgress: (params) => this.progress.show(params),
        select: ({ spanId, reveal }) => this.select(spanId, reveal),
        sourcesChanged: () => this.waterfall.sources.changed(),
        markSpans: (marks) => this.waterfall.marks.show(marks),
        command: ({ command }) => this.command(command),
        measure: (params) => measureFrames(this.waterfall, params),
      },
      {},
      (error) => this.report(error),
    );
    this.progress = new ProgressLine(() => void this.host.call('cancel', {}).catch((error) => this.report(error)));
    this.waterfall = new Waterfall({
      host: this.host,
      report: (error) => this.report(error),
      backToList: () =>
        this.hasList ? () => void this.host.call('backToList', {}).catch((error) => this.report(error)) : undefined,
      remember: ({ traceId, dataset }, state) => this.store.setState({ traceId, dataset, state } satisfies KeptState),
    });
    this.list = new TraceListPage((traceId, beside) => {
      this.host.call('openTrace', { traceId, beside }, { timeoutMs: 0 }).catch((error) => this.report(error));
    });
    root.append(this.progress.root, this.content);
    window.addEventListener('focus', () => this.takeFocus());
    window.addEventListener('error', (event) => this.host.emit('trouble', { message: event.message }));
    window.addEventListener('unhandledrejection', (event) => this.report(event.reason));
    this.host.call('ready', {}, { timeoutMs: 0 }).then(
      ({ layout }) => this.waterfall.applyLayout(layout),
      (error) => this.report(error),
    );
  }

  private report(error: unknown): void {
    const { kind, message, detail } = toErrorData(error);
    if (kind !== 'Cancelled') this.host.emit('trouble', { message: detail ? `${message} (${detail})` : message });
  }

  private async show(params: ShowParams): Promise<{ rows: number; unpackMs: number; layoutMs: number; paintMs: number }> {
    const { snapshot } = params;
    const key = `${snapshot.dataset}\n${snapshot.traceId}`;
    const again = key === this.traceKey && this.content.firstChild === this.waterfall.page.root;
    if (again && snapshot.revision < this.revision) {
      if (params.selectSpanId !== undefined) await this.select(params.selectSpanId, true);
      return this.shown(0, 0, 0);
    }
    if (key !== this.traceKey || params.selectSpanId !== undefined) this.wanted = params.selectSpanId;
    this.traceKey = key;
    this.revision = snapshot.revision;
    const state = this.stateFor(snapshot.traceId, params.state);
    const needsIds =
      again || this.wanted !== undefined || state.selectedSpanId !== undefined || (state.collapsed?.length ?? 0) > 0;
    const wait = again || (needsIds && snapshot.count <= WAIT_FOR_IDS);
    const early = wait ? await this.askForIds(snapshot) : undefined;
    if (this.revision !== snapshot.revision || this.traceKey !== key) return this.shown(0, 0, 0);
    // Without ids nothing could be kept where it is. They were of a newer revision, whose snapshot follows: the old picture stays till then.
    if (again && !early && this.waterfall.ids) return this.shown(0, 0, 0);
    const begin = performance.now();
    const trace = makeTrace(snapshot);
    const unpacked = performance.now();
    if (!again) {
      this.waterfall.commands.forgetHistory();
      this.waterfall.applyLayout(params.layout);
      this.setContent(this.waterfall.page.root);
    }
    await this.waterfall.show(trace, early, state, this.wanted);
    if (early) this.wanted = undefined;
    if (params.marks) this.waterfall.marks.show(params.marks);
    const laidOut = performance.now();
    this.waterfall.page.loop.flush();
    const painted = performance.now();
    if (!again) this.takeFocus();
    await nextFrame();
    // Ids are as much to carry as everything else, so they come after the first picture.
    if (!wait)
      void this.askForIds(snapshot).then((late) => {
        if (!late || this.revision !== snapshot.revision || this.traceKey !== key) return;
        this.waterfall.applyIds(late, needsIds ? state : undefined, this.wanted);
        this.wanted = undefined;
      });
    return this.shown(unpacked - begin, laidOut - unpacked, painted - laidOut);
  }

  /** Selects a span now, or as soon as there are ids. */
  private select(spanId: string, reveal: boolean): Promise<boolean> {
    if (!this.waterfall.ids) this.wanted = spanId;
    return this.waterfall.selectSpanId(spanId, reveal);
  }

  private shown(
    unpackMs: number,
    layoutMs: number,
    paintMs: number,
  ): { rows: number; unpackMs: number; layoutMs: number; paintMs: number } {
    return { rows: this.waterfall.view?.rows.count ?? 0, unpackMs, layoutMs, paintMs };
  }

  private async askForIds(snapshot: TraceSnapshot): Promise<SpanIds | undefined> {
    try {
      const { revision, words } = await this.host.call('spanIds', {});
      // Of another revision: its own snapshot follows.
      return revision === snapshot.revision ? new SpanIds(new Uint32Array(words)) : undefined;
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  /** What the host remembers; else what this webview does. */
  private stateFor(traceId: string, state: ViewState): ViewState {
    if (Object.values(state).some((value) => value !== undefined)) return state;
    const kept = this.store.getState();
    return isKept(kept) && kept.traceId === traceId ? kept.state : {};
  }

  private showList(list: TraceList): { rows: number } {
    this.hasList = true;
    this.traceKey = '';
    this.list.show(list);
    this.setContent(this.list.root);
    this.takeFocus();
    return { rows: list.traces.length };
  }

  private showProblem(problem: ShownProblem): void {
    this.traceKey = '';
    this.setContent(
      problemPage(
        problem,
        (id) => void this.host.call('runAction', { id }, { timeoutMs: 0 }).catch((error) => this.report(error)),
      ),
    );
  }

  /** The keyboard goes to what is shown, unless something of this page has it. It is never taken from an editor or a menu of VS Code. */
  private takeFocus(): void {
    if (!document.hasFocus() || (document.activeElement !== document.body && document.activeElement !== null)) return;
    if (this.content.firstChild === this.waterfall.page.root) this.waterfall.focusRows();
    else if (this.content.firstChild === this.list.root) this.list.focus();
  }

  private setContent(page: HTMLElement): void {
    if (this.content.firstChild !== page) this.content.replaceChildren(page);
  }

  private command(command: string): void {
    if (!this.waterfall.view || this.content.firstChild !== this.waterfall.page.root) {
      if (command === 'find') this.list.focusFilter();
      return;
    }
    const { commands } = this.waterfall;
    if (command === 'find') commands.find();
    else if (command === 'findNext') commands.findNext(false);
    else if (command === 'findPrevious') commands.findNext(true);
    else if (command === 'back') commands.history(-1);
    else if (command === 'forward') commands.history(1);
  }
}

function isKept(value: unknown): value is KeptState {
  return (
    typeof value === 'object' &&
    value !== null &&
    'traceId' in value &&
    'state' in value &&
    typeof value.state === 'object' &&
    value.state !== null
  );
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
