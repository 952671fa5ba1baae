/**
 * One view on the screen, in a panel or in the custom editor: what it is about, what it shows, and the loads of its page.
 *
 * The page may come and go (the editor throws it away while it is hidden), so the session holds what is shown, and the presenter hands it over whole
 * to each load. Of several readings the latest wins; the old picture stays until the new one is there.
 */

import type { URI } from 'vscode-uri';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter, type Event } from '../../base/emitter';
import { SpanhopError, toErrorData } from '../../base/errors';
import { Latest } from '../../base/latest';
import { visibleText } from '../../core/text/visibleText';
import type { DatasetContent } from '../../protocol/files';
import { listenToPages, type PageLoad } from '../../protocol/pages';
import type { Params } from '../../protocol/rpc';
import type { TraceKey } from '../../protocol/traces';
import type { PictureKey, ViewEvents, ViewMethods } from '../../protocol/view';
import { nameOf, TraceFiles } from '../files/traceFiles';
import type { ProblemContext } from '../messages/problems';
import { type Content, listOf, type Subject } from './content';
import { emptyFile } from './emptyFile';
import { pageMethods } from './pageMethods';
import { PaintWait } from './paintWait';
import { Presenter } from './presenter';
import { ReadingProgress } from './readingProgress';
import { SpanMarks } from './spanMarks';
import type { Stage } from './stage';
import { StillPicture } from './stillPicture';
import type { TitledTrace } from './tabTitles';
import type { ViewContext } from './viewContext';
import { ViewPage } from './viewPage';
import { WantedSpan } from './wantedSpan';

/** Ids in one event at most: with so many, more traces may have changed than are named. */
const manyTraces = 1000;

export class ViewSession implements Disposable {
  private readonly disposables = new Disposables();
  private readonly settledEmitter = this.disposables.own(new Emitter<Content>());
  private readonly selectedEmitter = this.disposables.own(new Emitter<ViewEvents['selected']>());
  /** Something is shown now: rows, a list, or a problem. */
  readonly onDidSettle = this.settledEmitter.event;
  readonly onDidSelect = this.selectedEmitter.event;
  /** Spans that are marked on the page. */
  readonly marks: SpanMarks;
  private readonly presenter: Presenter;
  private readonly still: StillPicture;
  /** A trace is on its way to the screen, and the engine free for other work. */
  readonly onDidDraw: Event<void>;
  private readonly reading = this.disposables.own(new Latest());
  private readonly progress: ReadingProgress;
  private readonly wanted = new WantedSpan();
  private readonly painting: PaintWait;
  private current: Content = { type: 'nothing' };
  private page: ViewPage | undefined;
  private held: Disposable | undefined;
  /** The span that is selected on the page. */
  selected: { readonly spanId: string } | undefined;

  /** A look at a trace in passing: the next look may take its place, unless the person has begun to read. */
  preview = false;

  constructor(
    private about: Subject,
    readonly stage: Stage,
    private readonly context: ViewContext,
  ) {
    const { engine, memory, log, problems } = context;
    this.painting = this.disposables.own(
      new PaintWait(() => ({ isReading: this.reading.underWay, isVisible: this.stage.visible })),
    );
    this.progress = this.disposables.own(new ReadingProgress((params) => this.send('showProgress', params)));
    this.marks = new SpanMarks({
      engine,
      picture: () => this.picture,
      send: (marks) => this.send('markSpans', marks),
      report: (error) => problems.record(error),
    });
    this.still = this.disposables.own(new StillPicture(engine));
    this.presenter = this.disposables.own(
      new Presenter({
        engine,
        memory,
        marks: this.marks,
        wanted: this.wanted,
        still: this.still,
        log,
        setTitle: (trace) => this.setTitle(trace),
      }),
    );
    this.onDidDraw = this.presenter.onDidDraw;
    this.disposables.add(
      this.presenter.onDidPresent(({ content }) => this.presented(content)),
      this.still.onDidChange((state) => this.send('showPaused', state)),
      this.presenter.onDidFail(({ content, error }) => this.failed(content, error)),
      { dispose: listenToPages(stage.port, (load) => this.loaded(load)) },
      { dispose: () => this.letGoOfPage() },
      { dispose: () => this.held?.dispose() },
      ...this.listenToWorld(),
    );
    // The page needs a while until it runs; reading does not wait for it.
    void this.load();
  }

  get subject(): Subject {
    return this.about;
  }

  get content(): Content {
    return this.current;
  }

  /** The trace that is shown. */
  get key(): TraceKey | undefined {
    return this.current.type === 'trace' ? this.current.key : undefined;
  }

  /** Where its traces are, as far as that is known. */
  get dataset(): string | undefined {
    return this.key?.dataset ?? (this.about.type === 'file' ? TraceFiles.datasetOf(this.about.uri) : undefined);
  }

  /** Resolves when rows or a list of what it is about now are painted; rejects when there is a problem instead, or something else is shown. */
  whenPainted(timeoutMs?: number): Promise<void> {
    return this.painting.wait(timeoutMs);
  }

  /** Reads the subject and shows it: a trace, the list of a file's traces, or what went wrong. */
  load(options: { readonly fresh?: boolean } = {}): Promise<void> {
    return this.read(async (signal) => {
      const { subject } = this;
      const { files, traces } = this.context;
      if (subject.type === 'file') {
        const { dataset, onlyTraceId: traceId } = await files.open(subject.uri, { signal, onProgress: this.progress.report });
        if (traceId !== undefined) return { type: 'trace', key: { dataset, traceId } };
        const content = await files.content(subject.uri, { signal });
        return content.spanCount === 0
          ? this.nothingIn(subject.uri, content)
          : { type: 'list', list: listOf(nameOf(subject.uri), content) };
      }
      const { traceId, backend } = subject;
      return { type: 'trace', key: await traces.locate(traceId, { backend, signal, fresh: options.fresh }) };
    });
  }

  /** Shows another trace in the same place. */
  retarget(subject: Subject): void {
    this.about = subject;
    this.selected = undefined;
    this.wanted.ask(undefined);
    this.painting.supersede();
    void this.load();
  }

  /** Shows one trace of the file. */
  showTrace(key: TraceKey, spanId?: string): void {
    this.wanted.ask(spanId);
    this.painting.supersede();
    void this.read(async () => ({ type: 'trace', key }));
  }

  /** Selects a span now, or when the rows are there. */
  async select(spanId: string): Promise<void> {
    this.wanted.ask(spanId);
    await this.giveWanted();
  }

  /** Runs a command of the view by its id. */
  async command(command: string): Promise<void> {
    await this.page?.connection.call('command', { command }, { signal: this.page.gone });
  }

  /** Holds the picture still while the trace goes on, or lets it go on. */
  async setPaused(paused: boolean): Promise<void> {
    const { picture } = this;
    if (!paused) {
      this.still.release();
      this.presenter.goOn();
    } else if (picture && !this.still.isHeld) await this.still.hold(picture);
  }

  /** Stops what is being read. */
  cancel(): void {
    this.progress.cancel();
  }

  /** The stage became visible or hidden. A page that was thrown away says `ready` when it is back. */
  visibilityChanged(): void {
    if (this.stage.visible) return;
    this.page?.leave();
    this.page = undefined;
    this.painting.begin();
    this.presenter.attach(undefined);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** A file's tab has the file's name. */
  private setTitle(trace: TitledTrace): void {
    if (this.about.type === 'trace') this.context.titles.set(this.stage, trace);
  }

  private letGoOfPage(): void {
    this.page?.dispose();
    this.page = undefined;
  }

  private get picture(): PictureKey | undefined {
    return this.page?.picture;
  }

  private listenToWorld(): Disposable[] {
    const { traces, files, source, engine } = this.context;
    const listening = [
      traces.onDidChange(({ dataset, traceIds }) => this.changed(dataset, traceIds)),
      files.onDidReload((uri) => {
        if (this.dataset === TraceFiles.datasetOf(uri)) void this.load();
      }),
      source.onDidChangeTargets(() => this.send('sourcesChanged', {})),
      engine.onDidRestart(() => {
        if (this.subject.type === 'trace') void this.load();
      }),
    ];
    if (this.about.type === 'file') listening.push(files.hold(this.about.uri));
    return listening;
  }

  /** Another load of the page, whose script runs. */
  private loaded(load: PageLoad): void {
    const page: ViewPage = new ViewPage(
      load,
      pageMethods(this, this.context, () => this.ready(page)),
      {
        selected: (selected) => this.pageSelected(selected),
        trouble: ({ message }) => this.context.log.error(`View: ${visibleText(message)}`),
      },
      (error) => this.context.problems.record(error),
    );
  }

  private ready(page: ViewPage): void {
    this.page?.dispose();
    this.page = page;
    this.painting.begin();
    this.progress.repeat();
    if (this.still.isHeld) this.send('showPaused', this.still.state);
    this.presenter.attach(page);
  }

  private pageSelected(selected: ViewEvents['selected']): void {
    const { key } = this;
    // Said of a trace that is not shown any more.
    if (key?.traceId !== selected.trace.traceId || key.dataset !== selected.trace.dataset) return;
    const { spanId, byPerson } = selected;
    this.selected = { spanId };
    this.wanted.selected(spanId, byPerson);
    if (byPerson) this.preview = false;
    this.selectedEmitter.fire(selected);
  }

  /** Tells the page which span is wanted, where that did not come with a picture. */
  private async giveWanted(): Promise<void> {
    const { page, picture, key } = this;
    const spanId = page && this.wanted.toGive(page);
    if (!page || !key || spanId === undefined || picture?.traceId !== key.traceId || picture.dataset !== key.dataset) return;
    try {
      const has = await page.connection.call('select', { trace: key, spanId, reveal: true }, { signal: page.gone });
      this.wanted.given(spanId, page, has);
      // It came since: whoever asks for it does not want to wait.
      if (!has) await this.setPaused(false);
    } catch (error) {
      // With the page goes what it was told; the next one is told again.
      if (toErrorData(error).kind !== 'Cancelled') this.context.problems.record(error);
    }
  }

  private async read(work: (signal: AbortSignal) => Promise<Content>): Promise<void> {
    this.painting.begin();
    const content = await this.reading
      .run((signal) => this.progress.during(signal, work))
      .catch((error: unknown) => (this.reading.underWay ? undefined : this.problemOf(error)));
    // Something newer is being read, and its end will be told.
    if (!content || this.disposables.isDisposed) return;
    this.show(content);
  }

  private show(content: Content): void {
    this.current = content;
    this.holdFile(content);
    this.presenter.present(content);
    if (!this.page && this.stage.visible) this.presenter.prepare();
  }

  private presented(content: Content): void {
    if (this.current !== content) return;
    void this.giveWanted();
    if (this.reading.underWay) return;
    const { kind, problem } = content.type === 'problem' ? content : {};
    this.painting.settle(kind === undefined ? undefined : new SpanhopError(kind, problem?.message ?? ''));
    this.settledEmitter.fire(content);
  }

  private failed(content: Content, error: unknown): void {
    if (this.current !== content) return;
    if (content.type === 'problem') this.context.problems.record(error);
    else this.show(this.problemOf(error));
  }

  /** A trace of a file that is shown in a panel of its own keeps the file in the engine. */
  private holdFile(content: Content): void {
    const file = content.type === 'trace' && this.subject.type === 'trace' ? TraceFiles.uriOf(content.key.dataset) : undefined;
    // The new hold before the old one goes: with the last one the file leaves the engine.
    const held = file && this.context.files.hold(file);
    this.held?.dispose();
    this.held = held;
  }

  private changed(dataset: string, traceIds: readonly string[]): void {
    // Reading a file changes its dataset; whether it has to be read again the files tell.
    if (TraceFiles.uriOf(dataset)) return;
    const { key } = this;
    if (!key || dataset !== key.dataset) return;
    if (traceIds.length === 0 || traceIds.length >= manyTraces || traceIds.includes(key.traceId)) this.presenter.changed();
  }

  private send<M extends 'showProgress' | 'sourcesChanged' | 'markSpans' | 'showPaused'>(
    method: M,
    params: Params<ViewMethods, M>,
  ): void {
    // What does not arrive is no loss: a page that comes back gets everything anew.
    this.page?.connection.call(method, params, { signal: this.page.gone }).catch(() => {});
  }

  /** What is in the file is right, and no trace. */
  private nothingIn(file: URI, content: DatasetContent): Content {
    const { title, message } = emptyFile(nameOf(file), content);
    const { problem, steps } = this.context.problems.page(title, new SpanhopError('BadData', message), { file });
    return { type: 'problem', problem: { ...problem, isNote: true }, steps };
  }

  private problemOf(error: unknown): Content & { type: 'problem' } {
    const { kind } = toErrorData(error);
    const { subject, context } = this;
    const isFile = subject.type === 'file';
    const name = isFile ? nameOf(subject.uri) : `Trace ${subject.traceId}`;
    const title = kind === 'Cancelled' ? `${name} was not read to its end` : `${name} cannot be shown`;
    const shown = kind === 'Cancelled' ? new SpanhopError(kind, 'Reading was stopped, so nothing of it is shown.') : error;
    const about: ProblemContext = {
      file: isFile ? subject.uri : undefined,
      backend: isFile ? undefined : subject.backend,
      retry: () => this.load({ fresh: true }),
    };
    return { type: 'problem', kind, ...context.problems.page(title, shown, about) };
  }
}
