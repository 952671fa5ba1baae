/**
 * The open views of traces, and opening them. A trace is open once: asked for again, its panel comes to the front. The panel that a link, the
 * tree or a command opens is one of its own; files open in the editor for them. Both hold a session.
 */

import type { URI } from 'vscode-uri';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { toErrorData } from '../../base/errors';
import type { DatasetContent } from '../../protocol/files';
import type { ViewEvents } from '../../protocol/view';
import { datasetOf } from '../backends/backendDataset';
import { requireTraceId } from '../traces/traceService';
import type { Subject } from './content';
import { activeColumn, besideColumn, type Panel, type Panels, type ViewColumn } from './stage';
import { TabTitles, unnamed } from './tabTitles';
import type { OpenTraceOptions, ViewContext, ViewServices } from './viewContext';
import type { ViewMemory } from './viewMemory';
import { ViewSession } from './viewSession';

export interface TraceViewsOptions extends ViewServices {
  readonly memory: ViewMemory;
  readonly panels: Panels;
}

export interface OpenViewOptions extends OpenTraceOptions {
  /** Takes the place of this one, or of none; left out: a look takes that of the last look. */
  readonly instead?: ViewSession | 'none';
}

/** A span that was selected, and where. */
export type SelectedSpan = ViewEvents['selected'] & { readonly session: ViewSession };

/** What the editor keeps of a panel across reloads; the page writes it. */
interface KeptPanel {
  readonly traceId: string;
  readonly dataset?: string;
}

export class TraceViews implements Disposable {
  private readonly disposables = new Disposables();
  private readonly panelOf = new Map<ViewSession, Panel>();
  private readonly created = this.disposables.own(new Emitter<ViewSession>());
  private readonly visibleChanged = this.disposables.own(new Emitter<void>());
  private readonly selected = this.disposables.own(new Emitter<SelectedSpan>());
  /** A view came into sight, went out of it, or shows something else. */
  readonly onDidChangeVisible = this.visibleChanged.event;
  /** A span was selected in any of them. */
  readonly onDidSelect = this.selected.event;
  private last: ViewSession | undefined;
  /** The traces that the engine knows to be open here. */
  private reported = '';
  private readonly context: ViewContext;
  private readonly titles = new TabTitles();

  constructor(private readonly own: TraceViewsOptions) {
    this.context = { ...own, titles: this.titles, openTrace: (traceId, options) => this.openTrace(traceId, options) };
    this.disposables.add(
      own.memory,
      this.onDidChangeVisible(() => this.reportOpen()),
      own.engine.onDidRestart(() => {
        this.reported = '';
        this.reportOpen();
      }),
    );
  }

  /** What is open here leaves the engine's memory after everything else. */
  private reportOpen(): void {
    const traces = [...this.panelOf.keys()].flatMap(({ key }) => key ?? []);
    const open = traces.map(({ dataset, traceId }) => `${dataset} ${traceId}`).join();
    if (!this.own.engine.started || open === this.reported) return;
    this.reported = open;
    this.own.engine.call('showing', { traces }).catch((error: unknown) => this.own.problems.record(error));
  }

  /** The session that has the focus or had it last, if it is still open. */
  get active(): ViewSession | undefined {
    return this.last;
  }

  /** The view of a trace that is open. */
  sessionOf(traceId: string): ViewSession | undefined {
    return this.find(traceId, undefined, false);
  }

  has(session: ViewSession): boolean {
    return this.panelOf.has(session);
  }

  close(session: ViewSession): void {
    this.panelOf.get(session)?.close();
  }

  /** Those that can be seen. */
  get visible(): readonly ViewSession[] {
    return [...this.panelOf.keys()].filter(({ stage }) => stage.visible);
  }

  /** Shows a trace. Resolves when its first rows are painted; rejects with what is shown instead of them. */
  async openTrace(traceId: string, options: OpenViewOptions = {}): Promise<ViewSession> {
    const id = requireTraceId(traceId);
    const { backend, spanId, viewColumn, preserveFocus, preview = false } = options;
    const open = this.find(id, backend, viewColumn !== undefined);
    if (open) {
      open.preview &&= preview;
      // Where it is; the person put it there.
      this.panelOf.get(open)?.reveal(undefined, preserveFocus);
      if (open.content.type === 'problem') void open.load({ fresh: true });
      if (spanId) await open.select(spanId);
      await open.whenPainted();
      return open;
    }
    const [session, panel] = this.stageFor({ type: 'trace', traceId: id, backend }, options);
    session.preview = preview;
    if (spanId) await session.select(spanId);
    try {
      await session.whenPainted();
    } catch (error) {
      // A page with a problem and nothing to try again is no use to anyone; the caller says what is wrong.
      if (toErrorData(error).kind === 'NotFound') panel.close();
      throw error;
    }
    return session;
  }

  /** The panel of the last look in passing, or a new one. */
  private stageFor(subject: Subject & { type: 'trace' }, options: OpenViewOptions): [ViewSession, Panel] {
    const { viewColumn, preserveFocus, preview, instead } = options;
    const isLook = preview === true && instead === undefined && viewColumn !== besideColumn;
    const title = unnamed(subject.traceId);
    const isTaken = ([session]: [ViewSession, Panel]): boolean => session === instead || (isLook && session.preview);
    const last = [...this.panelOf].find(isTaken);
    if (last) {
      last[1].reveal(isLook ? viewColumn : undefined, preserveFocus);
      this.titles.set(last[1], { name: title, traceId: subject.traceId, from: '' });
      last[0].retarget(subject);
      return last;
    }
    const panel = this.own.panels.create(title, { viewColumn: viewColumn ?? activeColumn, preserveFocus });
    return [this.createSession(panel, subject), panel];
  }

  /** Opens the editor for a file. Resolves with what the file holds when rows, or its list of traces, are painted. */
  async openFile(uri: URI, viewColumn?: ViewColumn): Promise<DatasetContent> {
    const coming = this.whenOpened(uri);
    try {
      await this.own.panels.openFile(uri, viewColumn ?? activeColumn);
      const session = await coming.session;
      // What is told of it is worked out while the page paints.
      const listening = session.onDidDraw(() => void this.own.files.content(uri).catch(() => {}));
      await session.whenPainted().finally(() => listening.dispose());
    } finally {
      coming.dispose();
    }
    return this.own.files.content(uri);
  }

  /** A session on a panel; ends with it. */
  createSession(panel: Panel, subject: Subject): ViewSession {
    const session = new ViewSession(subject, panel, this.context);
    this.panelOf.set(session, panel);
    if (panel.active) this.last = session;
    const listening = new Disposables(
      panel.onDidChangeState(() => {
        if (panel.active) this.last = session;
        session.visibilityChanged();
        this.visibleChanged.fire();
      }),
      session.onDidSettle(() => this.visibleChanged.fire()),
      session.onDidSelect((selected) => this.selected.fire({ session, ...selected })),
      panel.onDidClose(() => {
        listening.dispose();
        session.dispose();
        this.panelOf.delete(session);
        this.titles.forget(panel);
        if (this.last === session) this.last = undefined;
        this.disposables.forget(session);
        this.visibleChanged.fire();
      }),
    );
    this.disposables.add(session);
    this.created.fire(session);
    return session;
  }

  /** Brings a panel back after a reload of the window. */
  restore(panel: Panel, kept: unknown): void {
    if (!isKept(kept)) {
      panel.close();
      return;
    }
    // A file's or a backend's trace is asked for anew, wherever it is now.
    const backend = kept.dataset?.startsWith('backend:') ? kept.dataset.slice('backend:'.length) : undefined;
    this.createSession(panel, { type: 'trace', traceId: kept.traceId, backend });
  }

  dispose(): void {
    // Panels stay: the editor brings them back after a reload of the window.
    this.disposables.dispose();
  }

  /** @param panelsOnly A column was asked for, and a file's editor stays in its own. */
  private find(traceId: string, backend: string | undefined, panelsOnly: boolean): ViewSession | undefined {
    const dataset = backend === undefined ? undefined : datasetOf(backend);
    for (const session of this.panelOf.keys()) {
      const { subject, key } = session;
      const isAsked = subject.type === 'trace' && subject.traceId === traceId;
      if (isAsked && (backend === undefined || subject.backend === backend)) return session;
      // While another trace is read in its place, what is still shown is not what it is about.
      const isShown = subject.type === 'file' ? !panelsOnly : subject.traceId === traceId;
      if (isShown && key?.traceId === traceId && (dataset === undefined || key.dataset === dataset)) return session;
    }
    return undefined;
  }

  private whenOpened(uri: URI): { readonly session: Promise<ViewSession> } & Disposable {
    const isIt = ({ subject }: ViewSession): boolean => subject.type === 'file' && subject.uri.toString() === uri.toString();
    const open = [...this.panelOf.keys()].find(isIt);
    if (open) return { session: Promise.resolve(open), dispose: () => {} };
    let listening: Disposable | undefined;
    const session = new Promise<ViewSession>((resolve) => {
      listening = this.created.event((candidate) => {
        if (isIt(candidate)) resolve(candidate);
      });
    });
    return { session, dispose: () => listening?.dispose() };
  }
}

function isKept(value: unknown): value is KeptPanel {
  return typeof value === 'object' && value !== null && 'traceId' in value && typeof value.traceId === 'string';
}
