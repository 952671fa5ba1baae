/**
 * One waterfall on the screen, in a panel or in the custom editor: what it is about, what it shows, and the talk with its page.
 *
 * The page may come and go (VS Code throws it away while it is hidden), so the session holds what is shown and hands it over whole each
 * time the page says it is ready. Of several loads the latest wins; the old picture stays until the new one is there.
 */

import { type Disposable, EventEmitter } from 'vscode';
import { nameOf, TraceFiles } from '../../app/files/traceFiles';
import type { ProblemContext } from '../../app/messages/problems';
import { Disposables } from '../../base/disposables';
import { SpanhopError, toErrorData } from '../../base/errors';
import { visibleText } from '../../core/text/visibleText';
import type { DatasetContent } from '../../protocol/files';
import { Connection, type Params, type Progress } from '../../protocol/rpc';
import type { TraceKey } from '../../protocol/traces';
import type { HostMethods, TraceList, ViewEvents, ViewMethods } from '../../protocol/view';
import { type Content, type Subject, toList } from './content';
import { hostMethods } from './hostMethods';
import { waterfallHtml } from './html';
import { progressText } from './progressText';
import { SpanMarks } from './spanMarks';
import type { Painted, Stage } from './stage';
import type { ViewContext } from './traceViews';
import { webviewPort } from './webviewPort';

/** Progress is told so often: each telling costs the host, the window and the page a turn. */
const progressMs = 120;
/** A live trace is drawn anew at most this often. */
const refreshMs = 250;
/** A page that has not painted by then is broken. */
const paintMs = 120_000;
/** Progress is shown for what takes longer. */
const patienceMs = 100;

export class WaterfallSession implements Disposable {
  private readonly disposables = new Disposables();
  readonly connection: Connection<ViewMethods, HostMethods, ViewEvents>;
  private readonly paintedEmitter = this.disposables.own(new EventEmitter<Painted>());
  private readonly settledEmitter = this.disposables.own(new EventEmitter<Content>());
  /** Rows, or a list, are on the screen. */
  readonly onDidPaint = this.paintedEmitter.event;
  /** Something is shown now: rows, a list, or a problem. */
  readonly onDidSettle = this.settledEmitter.event;
  private readonly selectedEmitter = this.disposables.own(new EventEmitter<ViewEvents['selected']>());
  readonly onDidSelect = this.selectedEmitter.event;
  /** Spans that are marked on the page. */
  readonly marks: SpanMarks;
  private content: Content = { type: 'nothing' };
  private loading: AbortController | undefined;
  private isReady = false;
  /** Aborted when the page that was talked to is gone. */
  private page = new AbortController();
  private hasPainted = false;
  private stale = false;
  private progressAt = 0;
  private refreshing: NodeJS.Timeout | undefined;
  private pendingSpanId: string | undefined;
  private askedSpanId: string | undefined;
  private list: TraceList | undefined;
  private pageHasList = false;
  private held: Disposable | undefined;
  /** The span that is selected on the page. */
  selected: { readonly row: number; readonly spanId: string } | undefined;

  /** A look at a trace in passing: the next look may take its place, unless the person has begun to read. */
  preview = false;

  constructor(
    private about: Subject,
    readonly stage: Stage,
    readonly context: ViewContext,
  ) {
    const { webview } = stage;
    webview.options = { enableScripts: true, localResourceRoots: [context.distUri] };
    this.connection = new Connection<ViewMethods, HostMethods, ViewEvents>(
      webviewPort(webview),
      hostMethods(this),
      {
        selected: (selected) => {
          this.selected = selected;
          this.selectedEmitter.fire(selected);
          if (selected.row !== 0 && selected.spanId !== this.askedSpanId) this.preview = false;
        },
        trouble: ({ message }) => context.log.error(`Waterfall: ${visibleText(message)}`),
      },
      (error) => context.problems.record(error),
    );
    this.marks = new SpanMarks({
      engine: context.engine,
      key: () => (this.isReady && this.hasPainted ? this.key : undefined),
      send: (marks) => void this.connection.call('markSpans', marks).catch(() => {}),
    });
    this.disposables.add(
      { dispose: () => this.connection.dispose() },
      { dispose: () => this.loading?.abort() },
      { dispose: () => this.page.abort() },
      { dispose: () => this.held?.dispose() },
      { dispose: () => clearTimeout(this.refreshing) },
      context.traces.onDidChange(({ dataset, traceIds }) => this.changed(dataset, traceIds)),
      context.files.onDidReload((uri) => {
        const dataset = this.subject.type === 'file' ? TraceFiles.datasetOf(this.subject.uri) : this.key?.dataset;
        if (dataset === TraceFiles.datasetOf(uri)) void this.load();
      }),
      context.source.onDidChangeTargets(() => this.send('sourcesChanged', {})),
      context.engine.onDidRestart(() => {
        if (this.subject.type === 'trace') void this.load();
      }),
    );
    if (about.type === 'file') this.disposables.add(context.files.hold(about.uri));
    webview.html = waterfallHtml(webview, context.extensionUri);
    // The page needs a while until it runs; reading does not wait for it.
    void this.load();
  }

  get subject(): Subject {
    return this.about;
  }

  get shown(): Content {
    return this.content;
  }

  /** The trace that is shown. */
  get key(): TraceKey | undefined {
    return this.content.type === 'trace' ? this.content.key : undefined;
  }

  /** The trace that is shown; rejects with NotFound while there is none. */
  requireKey(): TraceKey {
    if (!this.key) throw new SpanhopError('NotFound', 'No trace is shown.');
    return this.key;
  }

  /** The page's script runs: it gets what there is to show. */
  ready(): void {
    this.pageGone();
    this.isReady = true;
    if (this.loading) this.progress(undefined);
    void this.present();
  }

  /** Resolves when rows or a list are painted; rejects when there is a problem instead. Reading may take any time, painting may not. */
  whenPainted(timeoutMs = 60_000): Promise<void> {
    if (this.hasPainted && !this.loading && this.content.type !== 'problem') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting = new Disposables();
      const finish = (error?: SpanhopError): void => {
        this.disposables.forget(ending);
        waiting.dispose();
        if (error) reject(error);
        else resolve();
      };
      const timeUp = (): void => {
        if (this.loading) timer = setTimeout(timeUp, timeoutMs);
        else if (this.stage.visible) finish(new SpanhopError('Timeout', 'The trace was not drawn in time.'));
        else finish(new SpanhopError('Cancelled', 'The trace was hidden before it was drawn.'));
      };
      let timer = setTimeout(timeUp, timeoutMs);
      const ending = { dispose: () => finish(new SpanhopError('Cancelled', 'The trace was closed.')) };
      waiting.add(
        { dispose: () => clearTimeout(timer) },
        this.onDidSettle((content) =>
          finish(content.type === 'problem' ? new SpanhopError(content.kind, content.problem.message) : undefined),
        ),
      );
      this.disposables.add(ending);
    });
  }

  /** Reads the subject and shows it: a trace, the list of a file's traces, or what went wrong. */
  load(options: { readonly fresh?: boolean } = {}): Promise<void> {
    return this.run(async (signal) => {
      const { subject } = this;
      if (subject.type === 'file') {
        const content = await this.context.files.content(subject.uri, {
          signal,
          onProgress: (progress) => this.progress(progress),
        });
        return this.contentOf(nameOf(subject.uri), content);
      }
      const key = await this.context.traces.locate(subject.traceId, { backend: subject.backend, signal, fresh: options.fresh });
      return { type: 'trace', key, fromList: false };
    });
  }

  /** Shows another trace in the same place. */
  retarget(subject: Subject): void {
    this.about = subject;
    this.selected = undefined;
    this.hasPainted = false;
    if (!this.isReady) this.content = { type: 'nothing' };
    void this.load();
  }

  /** Shows one trace of the file. */
  showTrace(key: TraceKey, spanId?: string): Promise<void> {
    this.pendingSpanId = spanId;
    return this.run(async () => ({ type: 'trace', key, fromList: true }));
  }

  /** Selects a span now, or when the rows are there. */
  async select(spanId: string): Promise<void> {
    this.askedSpanId = spanId;
    if (this.isReady && this.hasPainted && !this.loading && this.key) {
      await this.connection.call('select', { spanId, reveal: true }).catch(() => {
        this.pendingSpanId = spanId;
      });
    } else this.pendingSpanId = spanId;
  }

  /** Stops what is being read. */
  cancel(): void {
    this.loading?.abort();
  }

  /** The stage became visible or hidden. A page that was thrown away says `ready` when it is back. */
  visibilityChanged(): void {
    if (!this.stage.visible) this.pageGone();
    else if (this.stale) this.refresh();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async run(work: (signal: AbortSignal) => Promise<Content>): Promise<void> {
    this.loading?.abort();
    const controller = new AbortController();
    this.loading = controller;
    const impatience = setTimeout(() => this.progress(undefined), patienceMs);
    try {
      const content = await work(controller.signal);
      if (this.loading !== controller) return;
      this.content = content;
      this.holdFile(content);
    } catch (error) {
      if (this.loading !== controller) return;
      this.content = this.problemOf(error);
    } finally {
      clearTimeout(impatience);
      if (this.loading === controller) {
        this.loading = undefined;
        this.send('showProgress', { cancellable: false });
      }
    }
    await this.present();
  }

  /** A trace of a file that is shown in a panel of its own keeps the file in the engine. */
  private holdFile(content: Content): void {
    const file = content.type === 'trace' && this.subject.type === 'trace' ? TraceFiles.uriOf(content.key.dataset) : undefined;
    // The new hold before the old one goes: with the last one the file leaves the engine.
    const held = file && this.context.files.hold(file);
    this.held?.dispose();
    this.held = held;
  }

  private contentOf(title: string, content: DatasetContent): Content {
    const [only] = content.traces;
    if (content.traces.length === 1)
      return { type: 'trace', key: { dataset: content.dataset, traceId: only.traceId }, fromList: false };
    return { type: 'list', list: toList(title, content) };
  }

  /** VS Code threw the page away: nobody answers what was asked of it. */
  private pageGone(): void {
    this.page.abort();
    this.page = new AbortController();
    this.isReady = false;
    this.hasPainted = false;
    this.pageHasList = false;
  }

  private problemOf(error: unknown): Content & { type: 'problem' } {
    const { kind } = toErrorData(error);
    const shown = kind === 'Cancelled' ? new SpanhopError(kind, 'Reading was stopped, so nothing of it is shown.') : error;
    return { type: 'problem', kind, ...this.context.problems.page(this.problemTitle(kind), shown, this.problemContext()) };
  }

  /** Hands the content to the page. */
  private async present(): Promise<void> {
    if (!this.isReady) return;
    const { content } = this;
    const { signal } = this.page;
    try {
      switch (content.type) {
        case 'nothing':
          return;
        case 'problem':
          await this.connection.call('showProblem', { problem: content.problem }, { signal });
          break;
        case 'list':
          this.list = content.list;
          this.pageHasList = true;
          this.stage.setTitle(content.list.title);
          await this.connection.call('showList', { list: content.list }, { signal, timeoutMs: paintMs });
          break;
        case 'trace':
          if (!(await this.presentTrace(content.key, signal))) return;
          break;
      }
    } catch (error) {
      // The page went away while it was painting; it gets everything when it is back.
      if (signal.aborted || this.content !== content) return;
      if (content.type === 'problem') {
        this.context.problems.record(error);
        return;
      }
      this.content = this.problemOf(error);
      await this.present();
      return;
    }
    this.hasPainted = true;
    this.marks.painted();
    this.settledEmitter.fire(content);
  }

  private async presentTrace(key: TraceKey, signal: AbortSignal): Promise<boolean> {
    const started = performance.now();
    this.stale = false;
    const { memory, engine } = this.context;
    const snapshot = await engine.call('openTrace', key, { signal, timeoutMs: 0 });
    if (this.key !== key || !this.isReady) return false;
    // A page that was thrown away and came back does not know that there is a way back to a list.
    if (this.list && !this.pageHasList) {
      this.pageHasList = true;
      await this.connection.call('showList', { list: this.list }, { signal });
    }
    this.stage.setTitle(snapshot.rootName || `Trace ${key.traceId.slice(0, 8)}`);
    const marks = await this.marks.ofPicture(key);
    const selectSpanId = this.pendingSpanId;
    this.pendingSpanId = undefined;
    const painted = await this.connection.call(
      'show',
      { snapshot, state: memory.state(key.traceId), layout: memory.layout(), selectSpanId, marks },
      { signal, timeoutMs: paintMs },
    );
    const totalMs = performance.now() - started;
    this.context.log.debug(
      `Waterfall of ${snapshot.count} spans: ${totalMs.toFixed(0)} ms (unpack ${painted.unpackMs.toFixed(0)}, layout ${painted.layoutMs.toFixed(0)}, paint ${painted.paintMs.toFixed(0)}).`,
    );
    this.paintedEmitter.fire({ rows: painted.rows, totalMs });
    return true;
  }

  private changed(dataset: string, traceIds: readonly string[]): void {
    // Reading a file changes its dataset; whether it has to be read again the files tell.
    if (TraceFiles.uriOf(dataset)) return;
    const { key } = this;
    if (!key || dataset !== key.dataset || (traceIds.length > 0 && !traceIds.includes(key.traceId))) return;
    this.stale = true;
    if (this.stage.visible) this.refresh();
  }

  private refresh(): void {
    this.refreshing ??= setTimeout(() => {
      this.refreshing = undefined;
      if (this.key && this.isReady && this.stale) void this.present();
    }, refreshMs);
  }

  private progress(progress: Progress | undefined): void {
    if (!this.loading) return;
    const now = performance.now();
    if (progress && now - this.progressAt < progressMs) return;
    this.progressAt = now;
    if (!progress) this.send('showProgress', { text: 'Reading…', cancellable: true });
    else
      this.send('showProgress', {
        text: progressText(progress),
        fraction: progress.total > 0 ? progress.done / progress.total : undefined,
        cancellable: true,
      });
  }

  private send<M extends 'showProgress' | 'sourcesChanged'>(method: M, params: Params<ViewMethods, M>): void {
    // What does not arrive is no loss: a hidden page gets everything anew.
    if (this.isReady) this.connection.call(method, params).catch(() => {});
  }

  private problemTitle(kind: SpanhopError['kind']): string {
    const name = this.subject.type === 'file' ? nameOf(this.subject.uri) : `Trace ${this.subject.traceId}`;
    return kind === 'Cancelled' ? `${name} was not read to its end` : `${name} cannot be shown`;
  }

  private problemContext(): ProblemContext {
    return {
      file: this.subject.type === 'file' ? this.subject.uri : undefined,
      backend: this.subject.type === 'trace' ? this.subject.backend : undefined,
      retry: () => this.load({ fresh: true }),
    };
  }
}
