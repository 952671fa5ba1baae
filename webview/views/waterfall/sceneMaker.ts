/**
 * Makes the scene that is painted: what of the rows in sight stands where. Needs no canvas, only a measure of text, so that the tests paint
 * what the page paints. One scene is kept and brought up to date, and what rows need is kept while they scroll.
 */

import { type Tick, ticks } from '../../../src/core/layout/ticks';
import { timeScale, toNs } from '../../../src/core/layout/timeScale';
import { formatDuration } from '../../../src/core/text/formatText';
import type { Theme } from '../../theme/theme';
import { isCritical, isRunning } from '../../trace/model';
import type { ViewModel } from '../../trace/state';
import { type BarLabel, type BarText, durationText, LabelCache } from './labels';
import { criticalPieces, EntryCache, groupPieces, type Marks, marksInView, noMarks } from './marks';
import type { Pieces } from './pieces';
import { type Geometry, LABEL_GUTTER_PX, LONG_LABEL_GUTTER_PX, NARROW_GUTTER_PX, type Scene } from './scene';

export interface SceneInput {
  readonly view: ViewModel;
  readonly theme: Theme;
  readonly geometry: Geometry;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly firstRow: number;
  readonly endRow: number;
  readonly selectedRow: number;
  /** From the timeline's left edge; negative: the pointer is elsewhere. */
  readonly hoverX: number;
  /** Times of events by span, as far as they are known. */
  readonly events: ReadonlyMap<number, Float64Array>;
}

const MINUTE_NS = 60e9;
const TICK_GAP_PX = 80;
const NARROW_TICK_GAP_PX = 64;

export class SceneMaker {
  private readonly barLabels: LabelCache;
  private readonly hoverLabels: LabelCache;
  private readonly labels: BarLabel[] = [];
  private readonly groups: Marks[] = [];
  private readonly criticals: Marks[] = [];
  private readonly groupPieces = new EntryCache<Pieces>();
  private readonly criticalPieces = new EntryCache<Pieces>();
  private readonly groupMarks = new EntryCache<Marks>();
  private readonly criticalMarks = new EntryCache<Marks>();
  private scene: Scene | undefined;
  private labelKey: unknown[] = [];
  private tickKey: unknown[] = [];
  private ticks: readonly Tick[] = [];

  /**
   * @param measure width of a text in the font of labels, CSS pixels
   * @param fontChanged the font of labels may be another one now
   */
  constructor(
    measure: (text: string) => number,
    private readonly fontChanged: (font: string) => void = () => {},
  ) {
    this.barLabels = new LabelCache(measure);
    this.hoverLabels = new LabelCache(measure);
  }

  make(input: SceneInput): Scene {
    const { view, theme, geometry, hoverX } = input;
    const { startNs, endNs } = view.wholeTrace;
    // `running 3.2 s` is longer as well.
    const isLong = endNs - startNs >= MINUTE_NS || view.trace.running.spans.length > 0;
    const gutterPx = geometry.narrow ? NARROW_GUTTER_PX : isLong ? LONG_LABEL_GUTTER_PX : LABEL_GUTTER_PX;
    const timeWidth = Math.max(1, input.width - gutterPx);
    const { pxPerNs } = timeScale(view.view, timeWidth);
    this.prepareLabels(input);
    this.prepareMarks(input, pxPerNs);
    this.prepareTicks(view, input.width, timeWidth, geometry.narrow);
    const label =
      hoverX < 0 ? undefined : this.hoverLabels.make(hoverText(toNs({ view: view.view, pxPerNs }, hoverX), 1 / pxPerNs));
    const next: Scene = {
      trace: view.trace,
      rows: view.rows,
      lit: view.lit,
      startNs: view.startNs,
      geometry,
      theme,
      width: input.width,
      height: input.height,
      timeWidth,
      view: view.view,
      pxPerNs,
      scrollTop: input.scrollTop,
      firstRow: input.firstRow,
      endRow: input.endRow,
      selectedRow: input.selectedRow,
      showCritical: view.criticalPath,
      hoverX,
      hoverLabel: label,
      range: view.range,
      ticks: this.ticks,
      labels: this.labels,
      groupMarks: this.groups,
      criticalMarks: this.criticals,
      events: input.events,
    };
    this.scene = this.scene ? Object.assign(this.scene, next) : next;
    return this.scene;
  }

  private prepareLabels(input: SceneInput): void {
    const { view, theme } = input;
    const key = [view.trace, view.rawClock, theme];
    if (key.some((value, index) => value !== this.labelKey[index])) {
      this.labelKey = key;
      this.fontChanged(theme.labelFont);
      this.barLabels.clear();
    }
    const describe = (entry: number): BarText => barText(view, entry);
    this.labels.length = 0;
    const { goesOn } = view.trace.running;
    for (let row = input.firstRow; row < input.endRow; row++) {
      const entry = view.rows.entryAt(row);
      const grows = goesOn && (entry < 0 || isRunning(view.trace, entry));
      this.labels.push(grows ? this.barLabels.fresh(entry, describe) : this.barLabels.get(entry, describe));
    }
  }

  private prepareMarks(input: SceneInput, pxPerNs: number): void {
    const { view, width } = input;
    const { trace, startNs } = view;
    const scale = { startNs: view.view.startNs, pxPerNs, widthPx: width };
    this.groupPieces.use(startNs, view.seconds);
    this.criticalPieces.use(startNs);
    this.groupMarks.use(startNs, view.seconds, scale.startNs, pxPerNs, width);
    this.criticalMarks.use(startNs, scale.startNs, pxPerNs, width);
    this.groups.length = 0;
    this.criticals.length = 0;
    for (let row = input.firstRow; row < input.endRow; row++) {
      const entry = view.rows.entryAt(row);
      const isGroup = entry < 0;
      if (isGroup) {
        const pieces = this.groupPieces.get(entry, () => groupPieces(trace, startNs, ~entry));
        this.groups.push(this.groupMarks.get(entry, () => marksInView(pieces, scale, 1, true)));
      } else this.groups.push(noMarks);
      if (!view.criticalPath || (!isGroup && !isCritical(trace, entry))) {
        this.criticals.push(noMarks);
        continue;
      }
      const pieces = this.criticalPieces.get(entry, () => {
        const last = isGroup ? trace.groups.rows[trace.groups.start[~entry + 1] - 1] : entry;
        return criticalPieces(trace, startNs, view.spanOf(entry), last);
      });
      this.criticals.push(this.criticalMarks.get(entry, () => marksInView(pieces, scale, 2, false)));
    }
  }

  private prepareTicks(view: ViewModel, width: number, timeWidth: number, narrow: boolean): void {
    const key = [view.view.startNs, view.view.endNs, width];
    if (key.every((value, index) => value === this.tickKey[index])) return;
    this.tickKey = key;
    const nsPerPx = (view.view.endNs - view.view.startNs) / timeWidth;
    const range = { startNs: view.view.startNs, endNs: view.view.startNs + width * nsPerPx };
    this.ticks = ticks(range, width, narrow ? NARROW_TICK_GAP_PX : TICK_GAP_PX);
  }
}

function barText(view: ViewModel, entry: number): BarText {
  const times = view.entryTimes(entry);
  const { startNs } = times;
  return {
    text: durationText(view, entry, times),
    startNs,
    endNs: entry < 0 ? times.endNs : startNs + view.trace.durationNs[entry],
  };
}

/** Time under the pointer, in digits that the zoom can tell apart. */
function hoverText(ns: number, nsPerPx: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(nsPerPx, 1))));
  const rounded = Math.round(ns / step) * step;
  return formatDuration(rounded);
}
