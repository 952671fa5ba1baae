/**
 * The whole trace, small, and a brush over the part in view. The picture is a raster that the engine made once (a cell of density, not an
 * element per span); here it only gets the theme's colours. The brush's two edges are sliders for the keyboard.
 */

import { clampView, MIN_VIEW_NS, type TimeRange } from '../../src/core/layout/timeScale';
import { formatDuration } from '../../src/core/text/formatText';
import { serviceOf } from '../../src/protocol/columns';
import { element, setAttribute } from '../elements/dom';
import { rgbOf } from '../theme/contrast';
import type { Theme } from '../theme/theme';
import type { ViewModel } from '../trace/state';
import { stopEndNs } from '../trace/stops';

/** Of a cell whose service is dimmed, of 255. */
const DIM_ALPHA = 70;

export interface MinimapOptions {
  readonly view: () => ViewModel | undefined;
  readonly setView: (view: TimeRange) => void;
  readonly reset: () => void;
}

const EDGE_PX = 6;
const KEY_STEP = 0.02;
const TICK_PX = 4;
const MOST_LANE_PX = 3;
const HATCH_PX = 5;
/** Spans without an end that are drawn one by one. */
const MOST_RUNNING = 2_000;

export class Minimap {
  readonly root: HTMLElement;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly brush = element('div', { class: 'brush' });
  private readonly start: HTMLElement;
  private readonly end: HTMLElement;
  private readonly picture = element('canvas');
  private pictureKey: unknown[] = [];
  private paintedKey: unknown[] = [];

  constructor(private readonly options: MinimapOptions) {
    this.start = this.handle('start', 'Start of the view');
    this.end = this.handle('end', 'End of the view');
    this.brush.append(this.start, this.end);
    this.root = element(
      'div',
      { class: 'minimap', role: 'group', attributes: { 'aria-label': 'Overview of the trace' } },
      this.canvas,
      this.brush,
    );
    this.root.addEventListener('pointerdown', (event) => this.press(event));
    this.root.addEventListener('dblclick', () => options.reset());
  }

  private handle(which: 'start' | 'end', label: string): HTMLElement {
    const handle = element('div', {
      class: `handle ${which}`,
      role: 'slider',
      tabIndex: 0,
      attributes: { 'aria-label': label, 'aria-orientation': 'horizontal' },
    });
    handle.addEventListener('keydown', (event) => {
      const view = this.options.view();
      if (!view) return;
      const step = (view.view.endNs - view.view.startNs) * KEY_STEP * (event.shiftKey ? 5 : 1);
      const sign =
        event.key === 'ArrowLeft' || event.key === 'ArrowDown'
          ? -1
          : event.key === 'ArrowRight' || event.key === 'ArrowUp'
            ? 1
            : 0;
      const whole = view.wholeTrace;
      let next: TimeRange | undefined;
      if (sign !== 0) {
        next =
          which === 'start'
            ? { startNs: Math.min(view.view.startNs + sign * step, view.view.endNs - MIN_VIEW_NS), endNs: view.view.endNs }
            : { startNs: view.view.startNs, endNs: Math.max(view.view.endNs + sign * step, view.view.startNs + MIN_VIEW_NS) };
      } else if (event.key === 'Home' && which === 'start') next = { startNs: whole.startNs, endNs: view.view.endNs };
      else if (event.key === 'End' && which === 'end') next = { startNs: view.view.startNs, endNs: whole.endNs };
      if (!next) return;
      event.preventDefault();
      event.stopPropagation();
      this.options.setView({ startNs: Math.max(next.startNs, whole.startNs), endNs: Math.min(next.endNs, whole.endNs) });
    });
    return handle;
  }

  /** Brings brush and picture up to date. */
  update(view: ViewModel, theme: Theme, width: number, height: number, scale: number): void {
    const whole = view.wholeTrace;
    const length = whole.endNs - whole.startNs;
    const left = ((view.view.startNs - whole.startNs) / length) * width;
    const right = ((view.view.endNs - whole.startNs) / length) * width;
    this.brush.style.transform = `translateX(${left}px)`;
    this.brush.style.width = `${Math.max(2, right - left)}px`;
    for (const [handle, ns] of [
      [this.start, view.view.startNs],
      [this.end, view.view.endNs],
    ] as const) {
      setAttribute(handle, 'aria-valuemin', '0');
      setAttribute(handle, 'aria-valuemax', String(Math.round(length)));
      setAttribute(handle, 'aria-valuenow', String(Math.round(ns - whole.startNs)));
      setAttribute(handle, 'aria-valuetext', formatDuration(ns));
    }
    this.drawPicture(view, theme);
    this.paint(view, theme, width, height, scale);
  }

  private drawPicture(view: ViewModel, theme: Theme): void {
    const { snapshot, colourOf } = view.trace;
    const { isDim } = view.lit;
    const key = [snapshot, theme, view.lit];
    if (key.every((value, index) => value === this.pictureKey[index])) return;
    this.pictureKey = key;
    const { columns, lanes, cells } = snapshot.minimap;
    this.picture.width = Math.max(1, columns);
    this.picture.height = Math.max(1, lanes);
    const pen = this.picture.getContext('2d');
    if (!pen || columns === 0 || lanes === 0) return;
    const error = cssToRgb(pen, theme.error);
    const colours = theme.services.map(rgbOf);
    const services = snapshot.services.length;
    const image = pen.createImageData(columns, lanes);
    const source = new Uint8Array(cells);
    for (let i = 0; i < source.length; i++) {
      const cell = source[i];
      if (cell === 0) continue;
      const service = services > 0 ? (cell - 1) % Math.max(services, 1) : 0;
      const [red, green, blue] = cell === 255 ? error : colours[colourOf[service] ?? 0];
      image.data[i * 4] = red;
      image.data[i * 4 + 1] = green;
      image.data[i * 4 + 2] = blue;
      image.data[i * 4 + 3] = isDim.length > 0 && (cell === 255 || isDim[service] === 1) ? DIM_ALPHA : 255;
    }
    pen.putImageData(image, 0, 0);
  }

  private paint(view: ViewModel, theme: Theme, width: number, height: number, scale: number): void {
    const key = [
      this.pictureKey[0],
      view.lit,
      theme,
      width,
      height,
      scale,
      view.find.matches,
      view.marks,
      view.rawClock,
      view.wholeTrace,
      view.seconds,
    ];
    if (key.every((value, index) => value === this.paintedKey[index])) return;
    this.paintedKey = key;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const pen = this.canvas.getContext('2d');
    if (!pen || width <= 0) return;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.imageSmoothingEnabled = false;
    const { lanes } = view.trace.snapshot.minimap;
    // Few lanes stay thin lines, as in a waterfall; many fill the height.
    const laneHeight = Math.min(MOST_LANE_PX, (height - 4) / Math.max(1, lanes));
    const whole = view.wholeTrace;
    const perNs = width / (whole.endNs - whole.startNs);
    paintHeld(pen, view, theme, perNs, height);
    // What is told of spans that ended is a part of an axis that has room to grow.
    const { durationNs } = view.trace.snapshot;
    const share = view.rawClock ? width : Math.max(1, Math.min(width, durationNs * perNs));
    pen.drawImage(this.picture, 0, 2, share, Math.max(1, lanes * laneHeight));
    paintRunning(pen, view, theme, perNs, Math.max(1, lanes * laneHeight));
    // Matches at the bottom, the code at the cursor at the top.
    paintTicks(pen, view, view.find.matches, theme.warning, width, height - TICK_PX);
    paintTicks(pen, view, view.marks.spans, theme.cursor, width, 0);
  }

  private press(event: PointerEvent): void {
    const view = this.options.view();
    if (!view || event.button !== 0) return;
    event.preventDefault();
    const box = this.root.getBoundingClientRect();
    const whole = view.wholeTrace;
    const perPx = (whole.endNs - whole.startNs) / Math.max(1, box.width);
    const toNs = (x: number): number => whole.startNs + Math.min(Math.max(0, x - box.left), box.width) * perPx;
    const from = toNs(event.clientX);
    const { startNs, endNs } = view.view;
    const edge = EDGE_PX * perPx;
    const all = endNs - startNs >= (whole.endNs - whole.startNs) * 0.999;
    const mode =
      Math.abs(from - startNs) <= edge
        ? 'start'
        : Math.abs(from - endNs) <= edge
          ? 'end'
          : from > startNs && from < endNs && !all
            ? 'pan'
            : 'draw';
    const move = (to: PointerEvent): void => {
      const now = toNs(to.clientX);
      if (mode === 'start') this.options.setView(ordered(now, endNs));
      else if (mode === 'end') this.options.setView(ordered(startNs, now));
      else if (mode === 'pan')
        this.options.setView(clampView({ startNs: startNs + now - from, endNs: endNs + now - from }, whole));
      else if (Math.abs(now - from) > perPx * 3) this.options.setView(ordered(from, now));
    };
    this.root.setPointerCapture(event.pointerId);
    this.root.addEventListener('pointermove', move);
    this.root.addEventListener('lostpointercapture', () => this.root.removeEventListener('pointermove', move), { once: true });
    if (mode === 'start') this.start.focus();
    if (mode === 'end') this.end.focus();
  }
}

/** Bands where a debugger held the programs. */
function paintHeld(pen: CanvasRenderingContext2D, view: ViewModel, theme: Theme, perNs: number, height: number): void {
  const { trace, wholeTrace } = view;
  if (trace.base) return;
  for (const stop of trace.snapshot.stops) {
    const x = (stop.startNs - wholeTrace.startNs) * perNs;
    const width = Math.max(1, (stopEndNs(stop, trace) - stop.startNs) * perNs);
    pen.save();
    pen.beginPath();
    pen.rect(x, 0, width, height);
    pen.clip();
    pen.globalAlpha = theme.outlined ? 0.8 : 0.35;
    pen.strokeStyle = theme.foreground;
    pen.beginPath();
    for (let at = x - height - ((x - height) % HATCH_PX); at < x + width; at += HATCH_PX) {
      pen.moveTo(at, height);
      pen.lineTo(at + height, 0);
    }
    pen.stroke();
    pen.restore();
  }
}

/** Lines from where spans that have not ended began, to now: the first ones. */
function paintRunning(pen: CanvasRenderingContext2D, view: ViewModel, theme: Theme, perNs: number, height: number): void {
  const { trace, wholeTrace, startNs } = view;
  const { spans } = trace.running;
  const laneHeight = Math.max(1, Math.min(MOST_LANE_PX - 1, height / Math.max(1, trace.count)));
  pen.globalAlpha = 0.6;
  for (let i = 0; i < Math.min(spans.length, MOST_RUNNING); i++) {
    const span = spans[i];
    pen.fillStyle = theme.services[trace.colourOf[serviceOf(trace, span)]];
    const y = 2 + Math.floor((span / Math.max(1, trace.count)) * height);
    pen.fillRect((startNs[span] - wholeTrace.startNs) * perNs, y, Math.max(1, trace.durationNs[span] * perNs), laneHeight);
  }
  pen.globalAlpha = 1;
}

/** A tick where each of the spans begins; those at the same pixel are one. */
function paintTicks(
  pen: CanvasRenderingContext2D,
  view: ViewModel,
  spans: Uint32Array,
  colour: string,
  width: number,
  y: number,
): void {
  if (spans.length === 0) return;
  const whole = view.wholeTrace;
  pen.fillStyle = colour;
  let last = -1;
  const perNs = width / (whole.endNs - whole.startNs);
  const marked = new Uint8Array(Math.ceil(width) + 1);
  for (const span of spans) {
    const x = Math.max(0, Math.floor((view.startNs[span] - whole.startNs) * perNs));
    if (x === last || x >= marked.length || marked[x] === 1) continue;
    last = x;
    marked[x] = 1;
    pen.fillRect(x, y, 2, TICK_PX);
  }
}

function ordered(a: number, b: number): TimeRange {
  return { startNs: Math.min(a, b), endNs: Math.max(a, b, Math.min(a, b) + MIN_VIEW_NS) };
}

/** Any CSS colour as red, green, blue: the canvas normalises it to `#rrggbb` or `rgba(…)`. */
function cssToRgb(pen: CanvasRenderingContext2D, colour: string): readonly [number, number, number] {
  pen.fillStyle = colour;
  const normal = pen.fillStyle;
  if (normal.startsWith('#')) return rgbOf(normal);
  const [red = 0, green = 0, blue = 0] = (normal.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
