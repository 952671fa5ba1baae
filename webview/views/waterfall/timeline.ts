/** The canvas over the rows: prepares the scene for the rows in view and paints it. */

import { type Tick, ticks } from '../../../src/core/layout/ticks';
import { formatDuration } from '../../../src/core/text/formatText';
import { element } from '../../elements/dom';
import type { Theme } from '../../theme/theme';
import { isCritical, isRunning } from '../../trace/model';
import type { ViewModel } from '../../trace/state';
import { type BarLabel, type BarText, LabelCache } from './labels';
import { criticalPieces, EntryCache, groupPieces, type Marks, marksInView, noMarks } from './marks';
import { paintTimeline } from './paint';
import type { Pieces } from './pieces';
import { type Geometry, LABEL_GUTTER_PX, type Scene } from './scene';

export interface TimelineInput {
  readonly view: ViewModel;
  readonly theme: Theme;
  readonly geometry: Geometry;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly firstRow: number;
  readonly endRow: number;
  readonly selectedRow: number;
}

const TICK_GAP_PX = 80;
const NARROW_TICKS = 6;

export class Timeline {
  readonly canvas = element('canvas', { class: 'timeline', attributes: { 'aria-hidden': 'true' } });
  /** Times of events by span, filled in by whoever asks the host. */
  readonly events = new Map<number, Float64Array>();
  /** CSS pixels from the timeline's left edge; negative: the pointer is elsewhere. */
  hoverX = -1;
  private readonly pen = this.canvas.getContext('2d');
  private readonly widths = new Map<string, number>();
  private readonly barLabels = new LabelCache((text) => this.widthOf(text));
  private readonly hoverLabels = new LabelCache((text) => this.widthOf(text));
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
  private scale = 0;

  /** Pixels that the time range in view takes. */
  get timeWidth(): number {
    return this.scene?.timeWidth ?? 1;
  }

  get pxPerNs(): number {
    return this.scene?.pxPerNs ?? 1;
  }

  paint(input: TimelineInput): void {
    const { pen } = this;
    if (!pen || input.width <= 0 || input.height <= 0) return;
    this.fit(pen, input);
    const scene = this.prepare(input);
    paintTimeline(pen, scene);
  }

  private fit(pen: CanvasRenderingContext2D, input: TimelineInput): void {
    const scale = window.devicePixelRatio || 1;
    const width = Math.round(input.width * scale);
    const height = Math.round(input.height * scale);
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height || scale !== this.scale) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${input.width}px`;
      canvas.style.height = `${input.height}px`;
      this.scale = scale;
    }
    canvas.style.left = `${input.left}px`;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
  }

  private prepare(input: TimelineInput): Scene {
    const { view, theme, geometry } = input;
    const timeWidth = Math.max(1, geometry.narrow ? input.width : input.width - LABEL_GUTTER_PX);
    const pxPerNs = timeWidth / (view.view.endNs - view.view.startNs);
    this.prepareLabels(input);
    this.prepareMarks(input, pxPerNs);
    this.prepareTicks(view, input.width, timeWidth, geometry.narrow);
    const hoverX = geometry.narrow ? -1 : this.hoverX;
    const scene: Scene = this.scene ?? Object.assign({}, emptyScene(view, theme, geometry));
    scene.trace = view.trace;
    scene.rows = view.rows;
    scene.startNs = view.startNs;
    scene.geometry = geometry;
    scene.theme = theme;
    scene.width = input.width;
    scene.height = input.height;
    scene.timeWidth = timeWidth;
    scene.view = view.view;
    scene.pxPerNs = pxPerNs;
    scene.scrollTop = input.scrollTop;
    scene.firstRow = input.firstRow;
    scene.endRow = input.endRow;
    scene.selectedRow = input.selectedRow;
    scene.showCritical = view.criticalPath;
    scene.hoverX = hoverX;
    scene.hoverLabel =
      hoverX < 0 ? undefined : this.hoverLabels.make(hoverText(view.view.startNs + hoverX / pxPerNs, 1 / pxPerNs));
    scene.range = view.range;
    scene.ticks = this.ticks;
    scene.labels = this.labels;
    scene.groupMarks = this.groups;
    scene.criticalMarks = this.criticals;
    scene.events = this.events;
    this.scene = scene;
    return scene;
  }

  /** Width of a label, from those of its characters: labels have few different ones, and measuring text is slow. */
  private widthOf(text: string): number {
    let width = 0;
    for (const character of text) {
      let one = this.widths.get(character);
      if (one === undefined) {
        one = this.pen?.measureText(character).width ?? 7;
        this.widths.set(character, one);
      }
      width += one;
    }
    return width;
  }

  private prepareLabels(input: TimelineInput): void {
    const { view, theme } = input;
    const key = [view.trace, view.rawClock, theme];
    if (key.some((value, index) => value !== this.labelKey[index])) {
      this.labelKey = key;
      if (this.pen) this.pen.font = theme.labelFont;
      this.barLabels.clear();
      this.widths.clear();
    }
    const describe = (entry: number): BarText => barText(view, entry);
    this.labels.length = 0;
    for (let row = input.firstRow; row < input.endRow; row++)
      this.labels.push(this.barLabels.get(view.rows.entryAt(row), describe));
  }

  private prepareMarks(input: TimelineInput, pxPerNs: number): void {
    const { view, width } = input;
    const { trace, startNs } = view;
    const scale = { startNs: view.view.startNs, pxPerNs, widthPx: width };
    this.groupPieces.use(startNs);
    this.criticalPieces.use(startNs);
    this.groupMarks.use(startNs, scale.startNs, pxPerNs, width);
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
    this.ticks = ticks(range, width, narrow ? Math.max(50, width / NARROW_TICKS) : TICK_GAP_PX);
  }
}

function barText(view: ViewModel, entry: number): BarText {
  const times = view.entryTimes(entry);
  const { trace } = view;
  if (entry >= 0) {
    const endNs = times.startNs + trace.durationNs[entry];
    return { text: isRunning(trace, entry) ? 'running' : formatDuration(trace.durationNs[entry]), startNs: times.startNs, endNs };
  }
  const size = trace.groups.start[~entry + 1] - trace.groups.start[~entry];
  return { text: `${formatDuration(times.endNs - times.startNs)} · ${size}×`, startNs: times.startNs, endNs: times.endNs };
}

/** Time under the pointer, in digits that the zoom can tell apart. */
function hoverText(ns: number, nsPerPx: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(nsPerPx, 1))));
  const rounded = Math.round(ns / step) * step;
  return formatDuration(rounded);
}

function emptyScene(view: ViewModel, theme: Theme, geometry: Geometry): Scene {
  return {
    trace: view.trace,
    rows: view.rows,
    startNs: view.startNs,
    geometry,
    theme,
    width: 0,
    height: 0,
    timeWidth: 1,
    view: view.view,
    pxPerNs: 1,
    scrollTop: 0,
    firstRow: 0,
    endRow: 0,
    selectedRow: -1,
    showCritical: true,
    hoverX: -1,
    hoverLabel: undefined,
    range: undefined,
    ticks: [],
    labels: [],
    groupMarks: [],
    criticalMarks: [],
    events: new Map(),
  };
}
