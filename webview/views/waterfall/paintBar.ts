/**
 * One row's bar. Service colour says who, an outline in the error colour says that it went wrong, a line below says that the trace
 * waited for it, diamonds say that something happened, stripes say that it is not over.
 */

import { toPx } from '../../../src/core/layout/timeScale';
import { FLAG_EVENTS } from '../../../src/core/model/table';
import { hasFlag, isError, serviceOf } from '../../../src/protocol/columns';
import { isCritical, isRunning } from '../../trace/model';
import { paintHeldPart } from './paintStops';
import type { Pen } from './pen';
import type { Scene } from './scene';

const MIN_BAR_PX = 2;
const ARROW_PX = 5;
const NARROW_ARROW_PX = 3;

export function paintBar(pen: Pen, scene: Scene, row: number, top: number): void {
  const entry = scene.rows.entryAt(row);
  if (entry < 0) paintGroup(pen, scene, row, ~entry, top);
  else paintSpan(pen, scene, row, entry, top);
}

/** Where a bar begins and ends on the screen, cut to a little outside of the view so that huge coordinates never reach the canvas. */
function cut(px: number, width: number): number {
  return px < -8 ? -8 : px > width + 8 ? width + 8 : px;
}

function paintSpan(pen: Pen, scene: Scene, row: number, span: number, top: number): void {
  const { trace, geometry, theme, width } = scene;
  const startNs = scene.startNs[span];
  const from = toPx(scene, startNs);
  const to = toPx(scene, startNs + trace.durationNs[span]);
  const error = isError(trace, span);
  const colour = theme.services[trace.colourOf[serviceOf(trace, span)]];
  if (to < 0 || from > width) {
    paintArrow(pen, from > width, error ? theme.error : colour, top + geometry.barTop + geometry.barHeight / 2, scene);
    return;
  }
  const left = cut(from, width);
  const right = Math.max(cut(to, width), left + MIN_BAR_PX);
  const y = top + geometry.barTop;
  if (isRunning(trace, span))
    paintRunning(pen, colour, left, y, right, geometry.barHeight, scene.view.endNs < startNs ? right : width);
  else if (geometry.narrow) {
    // Three pixels have no room for an outline: an error takes the whole line, and the row says it with an icon as well.
    pen.fillStyle = error ? theme.error : colour;
    pen.beginPath();
    pen.roundRect(left, y, right - left, geometry.barHeight, 1.5);
    pen.fill();
  } else paintBody(pen, colour, error ? theme.error : undefined, theme.outlined, left, y, right - left, geometry.barHeight);
  if (!geometry.narrow) paintHeldPart(pen, scene, from, to, y, geometry.barHeight);
  if (scene.showCritical && isCritical(trace, span)) paintCritical(pen, scene, top + geometry.criticalTop, row);
  if (!geometry.narrow && hasFlag(trace, span, FLAG_EVENTS)) paintEvents(pen, scene, span, y + geometry.barHeight / 2);
}

function paintBody(
  pen: Pen,
  colour: string,
  errorColour: string | undefined,
  outlined: boolean,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  pen.beginPath();
  const tiny = width < 5;
  if (outlined && !tiny) {
    pen.roundRect(x + 0.5, y + 0.5, width - 1, height - 1, 2);
    pen.lineWidth = errorColour ? 2 : 1;
    pen.strokeStyle = colour;
    pen.stroke();
  } else {
    pen.roundRect(x, y, width, height, tiny ? 0 : 2);
    pen.fillStyle = colour;
    pen.fill();
  }
  if (errorColour === undefined) return;
  pen.beginPath();
  pen.roundRect(x - 0.75, y - 0.75, width + 1.5, height + 1.5, tiny ? 1 : 2.5);
  pen.lineWidth = 1.5;
  pen.strokeStyle = errorColour;
  pen.stroke();
}

/** Slanted stripes without a right edge. */
function paintRunning(pen: Pen, colour: string, x: number, y: number, right: number, height: number, limit: number): void {
  const end = Math.min(Math.max(right, x + 3), limit);
  pen.save();
  pen.beginPath();
  pen.rect(x, y, end - x, height);
  pen.clip();
  pen.globalAlpha = 0.35;
  pen.fillStyle = colour;
  pen.fillRect(x, y, end - x, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  for (let at = x - height; at < end; at += 6) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
  pen.fillStyle = colour;
  pen.fillRect(x, y, 2, height);
}

/** A group: one segment a member; where members are denser than pixels, one block. */
function paintGroup(pen: Pen, scene: Scene, row: number, group: number, top: number): void {
  const { trace, geometry, theme, width } = scene;
  const first = trace.groups.rows[trace.groups.start[group]];
  const colour = theme.services[trace.colourOf[serviceOf(trace, first)]];
  const y = top + geometry.barTop;
  const { pairs, errors } = scene.groupMarks[row - scene.firstRow];
  if (errors.length === 0) {
    const after = toPx(scene, scene.labels[row - scene.firstRow].startNs) > width;
    paintArrow(pen, after, colour, y + geometry.barHeight / 2, scene);
    return;
  }
  for (let k = 0; k < errors.length; k++) {
    const segment = pairs[k * 2 + 1];
    pen.fillStyle = errors[k] === 1 ? theme.error : colour;
    pen.fillRect(pairs[k * 2], y, segment >= 3 ? segment - 1 : segment, geometry.barHeight);
  }
  if (scene.showCritical) paintCritical(pen, scene, top + geometry.criticalTop, row);
}

function paintCritical(pen: Pen, scene: Scene, y: number, row: number): void {
  const { theme } = scene;
  const { pairs } = scene.criticalMarks[row - scene.firstRow];
  pen.fillStyle = row === scene.selectedRow ? theme.selectionForeground : theme.foreground;
  for (let at = 0; at < pairs.length; at += 2) pen.fillRect(pairs[at], y, pairs[at + 1], 2);
}

/** Half of an event's width. */
export const DIAMOND_PX = 4;

function paintEvents(pen: Pen, scene: Scene, span: number, y: number): void {
  const times = scene.events.get(span);
  if (!times) return;
  const { theme, trace, width } = scene;
  const whole = trace.base ?? trace;
  // With clocks corrected or not, as the span itself; without held time where that moment stands now.
  const isRaw = scene.startNs === trace.rawStartNs;
  const shiftNs = isRaw ? 0 : whole.correctedStartNs[span] - whole.rawStartNs[span];
  pen.fillStyle = theme.background;
  pen.strokeStyle = theme.foreground;
  pen.lineWidth = 1;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < times.length; i++) {
    const at = times[i] + shiftNs;
    const x = toPx(scene, trace.cut ? trace.cut(at) : at);
    if (x < 0 || x > width || x - last < 2) continue;
    last = x;
    pen.beginPath();
    pen.moveTo(x - DIAMOND_PX, y);
    pen.lineTo(x, y - DIAMOND_PX);
    pen.lineTo(x + DIAMOND_PX, y);
    pen.lineTo(x, y + DIAMOND_PX);
    pen.closePath();
    pen.fill();
    pen.stroke();
  }
}

/** Points to where the bar is, outside of the view. */
function paintArrow(pen: Pen, rightwards: boolean, colour: string, y: number, { width, geometry }: Scene): void {
  const size = geometry.narrow ? NARROW_ARROW_PX : ARROW_PX;
  const tip = rightwards ? width - 4 : 4;
  const base = rightwards ? tip - size : tip + size;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(tip, y);
  pen.lineTo(base, y - size);
  pen.lineTo(base, y + size);
  pen.closePath();
  pen.fill();
}
