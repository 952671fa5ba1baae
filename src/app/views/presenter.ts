/**
 * Puts content on a page: one picture on its way to the page at a time. What something newer supersedes is dropped; a trace that grows is drawn anew
 * at a steady pace. While the page takes and paints a picture the engine makes the next one, and no further one however many changes come; it goes
 * when the one before is on the screen. The old picture stays till then.
 */

import type { Disposable } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { throwIfAborted } from '../../base/errors';
import type { TraceSnapshot } from '../../protocol/snapshot';
import type { TraceKey } from '../../protocol/traces';
import type { PaintedPicture, TraceList } from '../../protocol/view';
import type { EngineService } from '../engine/engineService';
import type { Log } from '../ports/log';
import { TraceService } from '../traces/traceService';
import type { Content } from './content';
import type { SpanMarks } from './spanMarks';
import type { StillPicture } from './stillPicture';
import { type TitledTrace, unnamed } from './tabTitles';
import type { ViewMemory } from './viewMemory';
import type { ViewPage } from './viewPage';
import type { WantedSpan } from './wantedSpan';

/** A trace that grows is drawn anew at most so often, where a picture takes less. */
const paceMs = 250;
/** Where pictures take longer, the page, the host and the engine have this much of a picture's time for others before the next. */
const restShare = 0.5;
const maxRestMs = 100;
/** A page that has not painted by then is broken. */
const paintMs = 120_000;
/** Ids come with the picture of a trace of at most so many spans: where what is remembered needs them, and where they cost nothing to speak of. */
const neededIds = 50_000;
const freeIds = 10_000;

/** Which ids come with a picture (`openTrace` of the engine). */
interface IdWish {
  readonly idsUpTo: number;
  readonly idsSince?: number;
}

const allIds: IdWish = { idsUpTo: Number.POSITIVE_INFINITY };

export interface PresenterOptions {
  readonly engine: Pick<EngineService, 'call'>;
  readonly memory: Pick<ViewMemory, 'state' | 'layout'>;
  readonly marks: Pick<SpanMarks, 'ofPicture' | 'painted'>;
  readonly wanted: WantedSpan;
  readonly still: StillPicture;
  readonly log: Pick<Log, 'debug'>;
  readonly setTitle: (trace: TitledTrace) => void;
}

/** Something is on the screen. */
export interface Presented {
  readonly content: Content;
  /** Rows of a trace or a list. */
  readonly rows: number;
  /** Milliseconds from the question to the engine until the rows were on the screen. */
  readonly totalMs: number;
}

export class Presenter implements Disposable {
  private readonly presentedEmitter = new Emitter<Presented>();
  private readonly drawnEmitter = new Emitter<void>();
  private readonly failedEmitter = new Emitter<{ readonly content: Content; readonly error: unknown }>();
  readonly onDidPresent = this.presentedEmitter.event;
  /** The engine has done its part of a picture, which the page takes and paints now. */
  readonly onDidDraw = this.drawnEmitter.event;
  /** The content cannot be shown, for a reason that is not the page's going away. */
  readonly onDidFail = this.failedEmitter.event;
  private content: Content = { type: 'nothing' };
  private page: ViewPage | undefined;
  /** The picture under way. */
  private drawing: AbortController | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private isStale = false;
  private list: TraceList | undefined;
  /** The revision that the page paints: the engine has done its part of the picture under way. */
  private painting: number | undefined;
  /** The next picture, which the engine makes while a page is loaded or paints. */
  private ahead:
    | {
        readonly content: Content;
        readonly ids: IdWish;
        readonly snapshot: Promise<TraceSnapshot>;
        readonly end: AbortController;
      }
    | undefined;

  constructor(private readonly own: PresenterOptions) {}

  /** Shows this, in place of what is shown or under way. */
  present(content: Content): void {
    this.content = content;
    if (content.type !== 'trace' || !this.own.still.of(content.key)) this.own.still.release();
    if (content.type === 'list') this.list = content.list;
    this.begin();
  }

  /** A page is being loaded and will be attached: what the engine has to do for its picture is begun. */
  prepare(): void {
    const { content } = this;
    if (!this.page && content.type === 'trace' && !this.own.still.isHeld)
      this.makeAhead(content, { idsUpTo: this.idsFor(content.key, this.own.wanted.isAsked) });
  }

  /** Of the trace whose picture the page paints. */
  private makeNext(): void {
    const { content, painting } = this;
    if (content.type === 'trace' && painting !== undefined) this.makeAhead(content, { ...allIds, idsSince: painting });
  }

  private makeAhead(content: Content & { readonly type: 'trace' }, ids: IdWish): void {
    if (this.ahead?.content === content) return;
    this.ahead?.end.abort();
    const end = new AbortController();
    this.isStale = false;
    const snapshot = this.snapshotOf(content.key, ids, end.signal);
    // Whoever waits for it hears of a failure.
    snapshot.catch(() => {});
    this.ahead = { content, ids, snapshot, end };
  }

  /** Another load of the page, which has nothing on its screen yet; or none that could show anything. */
  attach(page: ViewPage | undefined): void {
    this.page = page;
    this.begin();
  }

  /** The trace that is shown may have changed. */
  changed(): void {
    const { content } = this;
    if (content.type !== 'trace') return;
    this.isStale = true;
    if (this.own.still.isHeld) {
      this.own.still.noteChange();
      return;
    }
    if (this.painting !== undefined) this.makeNext();
    else if (this.page && !this.drawing && this.resting === undefined) this.rest(paceMs);
  }

  /** The picture is not held still any more. */
  goOn(): void {
    if (this.isStale && this.page && !this.drawing && this.resting === undefined) this.begin();
  }

  dispose(): void {
    this.page = undefined;
    this.stop();
    this.ahead?.end.abort();
    this.presentedEmitter.dispose();
    this.drawnEmitter.dispose();
    this.failedEmitter.dispose();
  }

  private stop(): void {
    clearTimeout(this.resting);
    this.resting = undefined;
    this.drawing?.abort();
    this.drawing = undefined;
    this.painting = undefined;
  }

  private rest(ms: number): void {
    if (!this.page) return;
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.begin();
    }, ms);
  }

  private begin(): void {
    this.stop();
    const { content, page } = this;
    if (!page || content.type === 'nothing') return;
    const drawing = new AbortController();
    this.drawing = drawing;
    void this.draw(content, page, drawing);
  }

  private async draw(content: Content, page: ViewPage, drawing: AbortController): Promise<void> {
    const started = performance.now();
    const signal = AbortSignal.any([drawing.signal, page.gone]);
    try {
      const rows = await this.put(content, page, signal);
      if (drawing.signal.aborted) return;
      this.drawing = undefined;
      this.painting = undefined;
      const totalMs = performance.now() - started;
      if (rows !== undefined) this.presentedEmitter.fire({ content, rows, totalMs });
      // A listener may have given it something else to do.
      if ((this.isStale || this.ahead) && !this.own.still.isHeld && !this.drawing && this.resting === undefined)
        this.rest(restAfter(totalMs, this.ahead !== undefined));
    } catch (error) {
      if (drawing.signal.aborted) return;
      this.drawing = undefined;
      this.painting = undefined;
      // A page that went away gets everything when it is back.
      if (!page.gone.aborted) this.failedEmitter.fire({ content, error });
    }
  }

  /** Rows that are on the screen now; undefined when that is as before. */
  private async put(content: Content, page: ViewPage, signal: AbortSignal): Promise<number | undefined> {
    switch (content.type) {
      case 'nothing':
        return undefined;
      case 'problem':
        page.picture = undefined;
        await page.connection.call('showProblem', { problem: content.problem }, { signal });
        return 0;
      case 'list':
        return this.putList(content.list, page, signal);
      case 'trace':
        return this.putTrace(content.key, page, signal);
    }
  }

  private async putList(list: TraceList, page: ViewPage, signal: AbortSignal): Promise<number> {
    page.picture = undefined;
    page.hasList = true;
    const { rows } = await page.connection.call('showList', { list }, { signal, timeoutMs: paintMs });
    return rows;
  }

  private async putTrace(key: TraceKey, page: ViewPage, signal: AbortSignal): Promise<number | undefined> {
    const { engine, memory, marks, wanted } = this.own;
    const started = performance.now();
    const before = page.picture;
    const held = this.own.still.of(key);
    const ahead = held ? Promise.resolve(held) : this.takeAhead(before);
    const again = before?.dataset === key.dataset && before.traceId === key.traceId;
    // What comes from now on is for the next one. The one that was made ahead knows what came since.
    if (!ahead) this.isStale = false;
    // Of many changes that were told some were in the last picture already, or of other traces.
    if (!ahead && again && wanted.isGiven(page) && (await engine.call('traceRevision', key, { signal })) === before.revision)
      return undefined;
    const selectSpanId = wanted.toGive(page);
    const idsSince = before?.hasIds ? before.revision : undefined;
    const ids: IdWish = again ? { ...allIds, idsSince } : { idsUpTo: this.idsFor(key, selectSpanId !== undefined) };
    const snapshot = await (ahead ?? this.snapshotOf(key, ids, signal));
    throwIfAborted(signal);
    if (again && snapshot.revision === before.revision) return undefined;
    this.painting = snapshot.revision;
    // What came while it was made is in the next one, which the engine makes while this one is carried and painted.
    if (this.isStale && !held) this.makeNext();
    this.drawnEmitter.fire();
    // A page that was thrown away and came back does not know that there is a way back to a list.
    if (this.list && !page.hasList) await this.putList(this.list, page, signal);
    if (!again) this.own.setTitle(titledTrace(key, snapshot));
    const { revision, count } = snapshot;
    const found = await marks.ofPicture({ ...key, revision });
    const painted = await page.connection.call(
      'show',
      { snapshot, state: memory.state(key.traceId), layout: memory.layout(), selectSpanId, marks: found },
      { signal, timeoutMs: paintMs },
    );
    page.picture = { ...key, revision: painted.revision, hasIds: painted.hasIds };
    // It lacked what the newer one is made of, and keeps the old one.
    if (painted.revision < revision) this.isStale = true;
    if (selectSpanId !== undefined) wanted.given(selectSpanId, page, painted.hasSelected);
    marks.painted();
    this.own.log.debug(`View of ${count} spans: ${timesOf(painted, performance.now() - started)}.`);
    return painted.rows;
  }

  private takeAhead(before: ViewPage['picture']): Promise<TraceSnapshot> | undefined {
    const { ahead } = this;
    this.ahead = undefined;
    const since = ahead?.ids.idsSince;
    const fits = since === undefined || (before?.hasIds === true && before.revision === since);
    if (ahead?.content === this.content && fits) return ahead.snapshot;
    ahead?.end.abort();
    return undefined;
  }

  private snapshotOf(key: TraceKey, ids: IdWish, signal: AbortSignal): Promise<TraceSnapshot> {
    return this.own.engine.call('openTrace', { ...key, ...ids }, { signal, timeoutMs: 0 });
  }

  /** With how many spans at most the first picture of a trace brings its ids. */
  private idsFor({ traceId }: TraceKey, isAsked: boolean): number {
    const { selectedSpanId, collapsed = [] } = this.own.memory.state(traceId);
    return isAsked || selectedSpanId !== undefined || collapsed.length > 0 ? neededIds : freeIds;
  }
}

function titledTrace({ traceId, dataset }: TraceKey, { rootName, startUnixNano }: TraceSnapshot): TitledTrace {
  return { name: rootName || unnamed(traceId), traceId, from: TraceService.backendOf(dataset), startUnixNano };
}

/** @param isMade the next picture is made already: the engine has had its rest */
function restAfter(tookMs: number, isMade: boolean): number {
  return Math.max(paceMs - tookMs, isMade ? 0 : Math.min(tookMs * restShare, maxRestMs));
}

function timesOf({ unpackMs, layoutMs, paintMs: paint }: PaintedPicture, totalMs: number): string {
  return `${totalMs.toFixed(0)} ms (unpack ${unpackMs.toFixed(0)}, layout ${layoutMs.toFixed(0)}, paint ${paint.toFixed(0)})`;
}
