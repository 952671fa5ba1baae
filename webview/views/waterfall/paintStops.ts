/** Time for which a debugger held the programs: calm hatched bands behind the bars, told apart by their pattern and their edges, not by a colour. */

import { toPx } from '../../../src/core/layout/timeScale';
import { stopEndNs } from '../../trace/stops';
import type { Pen } from './pen';
import type { Scene } from './scene';

const HATCH_PX = 8;
const NARROW_HATCH_PX = 6;
/** In high contrast lines are strong, and text stands over them. */
const CONTRAST_HATCH_PX = 16;
/** Below this a band is a line. */
const LEAST_PX = 1;
const SIGN_PX = 3;

export function paintStops(pen: Pen, scene: Scene): void {
  const { trace, geometry, theme, width, height } = scene;
  if (trace.base) return;
  const { stops } = trace.snapshot;
  for (let i = 0; i < stops.length; i++) {
    const from = toPx(scene, stops[i].startNs);
    const to = Math.max(toPx(scene, stopEndNs(stops[i], trace)), from + LEAST_PX);
    if (to < 0 || from > width) continue;
    const left = Math.max(from, -1);
    const right = Math.min(to, width + 1);
    const top = geometry.rulerHeight;
    pen.save();
    pen.beginPath();
    pen.rect(left, top, right - left, height - top);
    pen.clip();
    pen.fillStyle = theme.foreground;
    pen.globalAlpha = theme.outlined ? 0 : 0.05;
    pen.fillRect(left, top, right - left, height - top);
    pen.globalAlpha = theme.outlined ? 0.35 : 0.16;
    pen.strokeStyle = theme.foreground;
    pen.lineWidth = 1;
    hatch(pen, left, right, top, height, theme.outlined ? CONTRAST_HATCH_PX : geometry.narrow ? NARROW_HATCH_PX : HATCH_PX);
    pen.restore();
    pen.fillStyle = theme.foreground;
    pen.globalAlpha = theme.outlined ? 1 : 0.4;
    if (from >= 0) pen.fillRect(left, top, 1, height - top);
    if (to <= width && stops[i].endNs !== undefined) pen.fillRect(right - 1, top, 1, height - top);
    // On the axis, so that it is found at any scroll position.
    pen.globalAlpha = theme.outlined ? 1 : 0.55;
    pen.fillRect(left, top - SIGN_PX, Math.max(right - left, 2), SIGN_PX);
    pen.globalAlpha = 1;
  }
}

/** Slanted lines; their places follow the band's start, so that they move with it. */
function hatch(pen: Pen, left: number, right: number, top: number, bottom: number, gap: number): void {
  const tall = bottom - top;
  pen.beginPath();
  for (let x = left - tall - ((left - tall) % gap); x < right; x += gap) {
    pen.moveTo(x, bottom);
    pen.lineTo(x + tall, top);
  }
  pen.stroke();
}

/** Over a bar: lines in the background's colour where its program was held. */
export function paintHeldPart(pen: Pen, scene: Scene, left: number, right: number, y: number, height: number): void {
  const { trace, theme } = scene;
  if (trace.base) return;
  const { stops } = trace.snapshot;
  for (let i = 0; i < stops.length; i++) {
    const from = toPx(scene, stops[i].startNs);
    const to = toPx(scene, stopEndNs(stops[i], trace));
    // Only what waited all through it: the others were not held.
    if (to - from < 3 || from < left - 1 || to > right + 1) continue;
    const first = Math.max(from, -8);
    const last = Math.min(to, scene.width + 8);
    if (last <= first) continue;
    pen.save();
    pen.beginPath();
    pen.rect(first, y, last - first, height);
    pen.clip();
    pen.globalAlpha = 0.55;
    pen.strokeStyle = theme.background;
    pen.lineWidth = 2;
    pen.beginPath();
    for (let x = first - height - ((first - height) % 6); x < last; x += 6) {
      pen.moveTo(x, y + height);
      pen.lineTo(x + height, y);
    }
    pen.stroke();
    pen.restore();
  }
}
