/**
 * The open waterfalls, and opening them. A trace is open once: asked for again, its panel comes to the front. The panel that a link, the
 * tree or a command opens is VS Code's webview panel; files open in the custom editor (`traceEditor.ts`). Both hold a session.
 */

import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  Uri,
  ViewColumn,
  type WebviewPanel,
} from 'vscode';
import type { EngineService } from '../../app/engine/engineService';
import { TraceFiles } from '../../app/files/traceFiles';
import type { Problems } from '../../app/messages/problems';
import type { SourceService } from '../../app/source/sourceService';
import { datasetOf, requireTraceId, type TraceService } from '../../app/traces/traceService';
import { Disposables } from '../../base/disposables';
import { toErrorData } from '../../base/errors';
import type { DatasetContent } from '../../protocol/files';
import type { ViewEvents } from '../../protocol/view';
import { createPanel, setPanelTitle } from '../plain/views';
import type { SourceOpener } from '../source/sourceOpener';
import type { Subject } from './content';
import { WaterfallSession } from './session';
import { ViewMemory } from './viewMemory';

export const panelType = 'spanhop.waterfall';
export const editorType = 'spanhop.traceEditor';
export const jsonEditorType = 'spanhop.jsonTraceEditor';

export interface TraceViewsOptions {
  readonly context: ExtensionContext;
  readonly engine: EngineService;
  readonly traces: TraceService;
  readonly files: TraceFiles;
  readonly source: SourceService;
  readonly opener: SourceOpener;
  readonly problems: Problems;
  readonly log: LogOutputChannel;
}

export interface OpenTraceOptions {
  /** 'local', a backend's name, or the dataset of a file. */
  readonly backend?: string;
  readonly spanId?: string;
  readonly viewColumn?: ViewColumn;
  readonly preserveFocus?: boolean;
  /** A look in passing: takes the place of the last such look, unless the person has begun to read there. */
  readonly preview?: boolean;
  /** Takes the place of this one. */
  readonly instead?: WaterfallSession;
}

/** What sessions need of the world. */
export interface ViewContext {
  readonly engine: EngineService;
  readonly traces: TraceService;
  readonly files: TraceFiles;
  readonly source: SourceService;
  readonly opener: SourceOpener;
  readonly problems: Problems;
  readonly log: LogOutputChannel;
  readonly memory: ViewMemory;
  readonly extensionUri: Uri;
  readonly distUri: Uri;
  datasetOf(file: Uri): string;
  openTrace(traceId: string, options?: OpenTraceOptions): Promise<WaterfallSession>;
}

/** A span that was selected, and where. */
export type SelectedSpan = ViewEvents['selected'] & { readonly session: WaterfallSession };

/** What VS Code keeps of a panel across reloads; the page writes it (`setState`). */
interface KeptPanel {
  readonly traceId: string;
  readonly dataset?: string;
}

export class TraceViews implements Disposable {
  private readonly disposables = new Disposables();
  private readonly sessions = new Set<WaterfallSession>();
  private readonly panels = new Map<WaterfallSession, WebviewPanel>();
  private readonly opened = this.disposables.own(new EventEmitter<WaterfallSession>());
  private readonly visibleChanged = this.disposables.own(new EventEmitter<void>());
  private readonly selected = this.disposables.own(new EventEmitter<SelectedSpan>());
  /** A waterfall came into sight, went out of it, or shows something else. */
  readonly onDidChangeVisible = this.visibleChanged.event;
  /** A span was selected in any of them. */
  readonly onDidSelect = this.selected.event;
  private last: WaterfallSession | undefined;
  /** The traces that the engine knows to be open here. */
  private told = '';
  readonly context: ViewContext;

  constructor(private readonly own: TraceViewsOptions) {
    const { context } = own;
    this.context = {
      ...own,
      memory: this.disposables.own(new ViewMemory(context.workspaceState, context.globalState)),
      extensionUri: context.extensionUri,
      distUri: Uri.joinPath(context.extensionUri, 'dist'),
      datasetOf: (file) => TraceFiles.datasetOf(file),
      openTrace: (traceId, options) => this.openTrace(traceId, options),
    };
    this.disposables.add(
      this.onDidChangeVisible(() => this.tellShown()),
      own.engine.onDidRestart(() => {
        this.told = '';
        this.tellShown();
      }),
    );
  }

  /** What is open here leaves the engine's memory after everything else. */
  private tellShown(): void {
    const traces = [...this.sessions].flatMap(({ key }) => key ?? []);
    const told = traces.map(({ dataset, traceId }) => `${dataset} ${traceId}`).join();
    if (!this.own.engine.started || told === this.told) return;
    this.told = told;
    this.own.engine.call('showing', { traces }).catch((error: unknown) => this.own.problems.record(error));
  }

  /** The session that has the focus or had it last, if it is still open. */
  get active(): WaterfallSession | undefined {
    return this.last;
  }

  /** The waterfall of a trace that is open. */
  sessionOf(traceId: string): WaterfallSession | undefined {
    return this.find(traceId, undefined, true);
  }

  has(session: WaterfallSession): boolean {
    return this.sessions.has(session);
  }

  close(session: WaterfallSession): void {
    this.panels.get(session)?.dispose();
  }

  /** Those that can be seen. */
  get visible(): readonly WaterfallSession[] {
    return [...this.sessions].filter(({ stage }) => stage.visible);
  }

  /** Shows a trace. Resolves when its first rows are painted; rejects with what is shown instead of them. */
  async openTrace(traceId: string, options: OpenTraceOptions = {}): Promise<WaterfallSession> {
    const id = requireTraceId(traceId);
    const { backend, spanId, viewColumn, preserveFocus, preview = false } = options;
    const open = this.find(id, backend, viewColumn !== undefined);
    if (open) {
      open.preview &&= preview;
      // Where it is; the person put it there.
      this.panels.get(open)?.reveal(undefined, preserveFocus);
      if (open.shown.type === 'problem') void open.load({ fresh: true });
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
      if (toErrorData(error).kind === 'NotFound') panel.dispose();
      throw error;
    }
    return session;
  }

  /** The panel of the last look in passing, or a new one. */
  private stageFor(subject: Subject & { type: 'trace' }, options: OpenTraceOptions): [WaterfallSession, WebviewPanel] {
    const { viewColumn, preserveFocus, preview, instead } = options;
    const title = `Trace ${subject.traceId.slice(0, 8)}`;
    const isTaken = ([session]: [WaterfallSession, WebviewPanel]): boolean =>
      instead ? session === instead : preview === true && viewColumn !== ViewColumn.Beside && session.preview;
    const last = [...this.panels].find(isTaken);
    if (last) {
      last[1].reveal(instead ? undefined : viewColumn, preserveFocus);
      setPanelTitle(last[1], title);
      last[0].retarget(subject);
      return last;
    }
    const panel = createPanel(panelType, title, { viewColumn: viewColumn ?? ViewColumn.Active, preserveFocus });
    return [this.adoptPanel(panel, subject), panel];
  }

  /** Opens the custom editor on a file. Resolves with what the file holds when rows, or its list of traces, are painted. */
  async openFile(uri: Uri, viewColumn?: ViewColumn): Promise<DatasetContent> {
    const coming = this.whenOpened(uri);
    try {
      await commands.executeCommand('vscode.openWith', uri, editorType, viewColumn ?? ViewColumn.Active);
      const session = await coming.session;
      await session.whenPainted();
    } finally {
      coming.dispose();
    }
    return this.own.files.content(uri);
  }

  /** Makes a panel the stage of a session. */
  adoptPanel(panel: WebviewPanel, subject: Subject): WaterfallSession {
    const icon = (name: string): Uri => Uri.joinPath(this.own.context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('trace-light.svg'), dark: icon('trace-dark.svg') };
    return this.createSession(panel, subject);
  }

  /** A session on a panel of VS Code's or of the custom editor; ends with it. */
  createSession(panel: WebviewPanel, subject: Subject): WaterfallSession {
    const isFile = subject.type === 'file';
    const session = new WaterfallSession(
      subject,
      {
        webview: panel.webview,
        get viewColumn() {
          return panel.viewColumn;
        },
        get visible() {
          return panel.visible;
        },
        setTitle: (title) => {
          // A custom editor keeps its file's name.
          if (!isFile) setPanelTitle(panel, title);
        },
      },
      this.context,
    );
    this.sessions.add(session);
    this.panels.set(session, panel);
    if (panel.active) this.last = session;
    const listening = new Disposables(
      panel.onDidChangeViewState(() => {
        if (panel.active) this.last = session;
        session.visibilityChanged();
        this.visibleChanged.fire();
      }),
      session.onDidSettle(() => this.visibleChanged.fire()),
      session.onDidSelect((selected) => this.selected.fire({ session, ...selected })),
      panel.onDidDispose(() => {
        listening.dispose();
        session.dispose();
        this.sessions.delete(session);
        this.panels.delete(session);
        if (this.last === session) this.last = undefined;
        this.disposables.forget(session);
        this.visibleChanged.fire();
      }),
    );
    this.disposables.add(session);
    this.opened.fire(session);
    return session;
  }

  /** Brings a panel back after a reload of the window. */
  restore(panel: WebviewPanel, kept: unknown): void {
    if (!isKept(kept)) {
      panel.dispose();
      return;
    }
    // A file's or a backend's trace is asked for anew, wherever it is now.
    const backend = kept.dataset?.startsWith('backend:') ? kept.dataset.slice('backend:'.length) : undefined;
    this.adoptPanel(panel, { type: 'trace', traceId: kept.traceId, backend });
  }

  dispose(): void {
    // Panels stay: VS Code brings them back after a reload of the window.
    this.disposables.dispose();
  }

  /** @param panelsOnly A column was asked for, and a file's editor stays in its own. */
  private find(traceId: string, backend: string | undefined, panelsOnly: boolean): WaterfallSession | undefined {
    const dataset = backend === undefined ? undefined : datasetOf(backend);
    for (const session of this.sessions) {
      const { subject, key } = session;
      const isAsked = subject.type === 'trace' && subject.traceId === traceId;
      if (isAsked && (backend === undefined || subject.backend === backend)) return session;
      if (
        !(panelsOnly && subject.type === 'file') &&
        key?.traceId === traceId &&
        (dataset === undefined || key.dataset === dataset)
      )
        return session;
    }
    return undefined;
  }

  private whenOpened(uri: Uri): { readonly session: Promise<WaterfallSession> } & Disposable {
    const isIt = ({ subject }: WaterfallSession): boolean => subject.type === 'file' && subject.uri.toString() === uri.toString();
    const open = [...this.sessions].find(isIt);
    if (open) return { session: Promise.resolve(open), dispose: () => {} };
    let listening: Disposable | undefined;
    const session = new Promise<WaterfallSession>((resolve) => {
      listening = this.opened.event((candidate) => {
        if (isIt(candidate)) resolve(candidate);
      });
    });
    return { session, dispose: () => listening?.dispose() };
  }
}

function isKept(value: unknown): value is KeptPanel {
  return typeof value === 'object' && value !== null && 'traceId' in value && typeof value.traceId === 'string';
}
