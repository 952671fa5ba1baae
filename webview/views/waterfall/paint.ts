/**
 * Paints the timeline: grid, bars, labels, hairline. A pure function of the scene: it only draws, allocates nothing, builds no text. The
 * draw log of the unit tests stands in for the canvas.
 */

import { toPx } from '../../../src/core/layout/timeScale';
import { isDim } from '../../trace/litServices';
import { paintBar } from './paintBar';
import { paintLabel } from './paintLabel';
import { paintStops } from './paintStops';
import type { Pen } from './pen';
import type { Scene } from './scene';

/** CSS px of a digit of a tick's label, about; measuring text while painting allocates. */
const DIGIT_PX = 7;
const HOVER_LABEL_PX = 16;

export function paintTimeline(pen: Pen, scene: Scene): void {
  const { geometry, theme } = scene;
  pen.clearRect(0, 0, scene.width, scene.height);
  pen.font = theme.labelFont;
  pen.textBaseline = 'middle';
  paintGrid(pen, scene);
  paintStops(pen, scene);
  paintRange(pen, scene);
  pen.save();
  pen.beginPath();
  pen.rect(0, geometry.rulerHeight, scene.width, scene.height - geometry.rulerHeight);
  pen.clip();
  for (let row = scene.firstRow; row < scene.endRow; row++) {
    const top = geometry.rulerHeight + row * geometry.rowHeight - scene.scrollTop;
    const dim = scene.rows.isDimmed(row) || isDim(scene.lit, scene.trace, scene.rows.spanAt(row));
    if (dim) pen.globalAlpha = 0.45;
    paintBar(pen, scene, row, top);
    if (!geometry.narrow) paintLabel(pen, scene, row, top);
    if (dim) pen.globalAlpha = 1;
  }
  pen.restore();
  paintHairline(pen, scene);
}

function paintGrid(pen: Pen, scene: Scene): void {
  const { geometry, theme, ticks } = scene;
  pen.fillStyle = theme.grid;
  pen.globalAlpha = geometry.narrow ? 0.3 : theme.outlined ? 0.4 : 0.55;
  for (let i = 0; i < ticks.length; i++) {
    const x = Math.round(toPx(scene, ticks[i].ns));
    if (x > 0 || geometry.narrow) pen.fillRect(x, 0, 1, scene.height);
  }
  pen.globalAlpha = 1;
  pen.fillStyle = theme.dimmed;
  for (let i = 0; i < ticks.length; i++) {
    const x = Math.round(toPx(scene, ticks[i].ns)) + 5;
    // Whole or not at all: half a number reads as another one.
    if (x + ticks[i].label.length * DIGIT_PX <= scene.width) pen.fillText(ticks[i].label, x, geometry.rulerHeight / 2);
  }
}

function paintRange(pen: Pen, scene: Scene): void {
  const { range, theme } = scene;
  if (!range) return;
  const from = Math.max(0, toPx(scene, range.startNs));
  const to = Math.min(scene.width, toPx(scene, range.endNs));
  if (to < from) return;
  pen.globalAlpha = 0.3;
  pen.fillStyle = theme.rangeBackground;
  pen.fillRect(from, 0, to - from, scene.height);
  pen.globalAlpha = 1;
  pen.fillStyle = theme.accent;
  pen.fillRect(from, 0, 1, scene.height);
  pen.fillRect(to - 1, 0, 1, scene.height);
}

/** The time of the pointer stands on the axis, so that it covers no bar and no duration. */
function paintHairline(pen: Pen, scene: Scene): void {
  const { theme, geometry, hoverX, hoverLabel } = scene;
  if (hoverX < 0) return;
  const x = Math.round(hoverX);
  pen.fillStyle = theme.accent;
  // In a narrow editor it crosses names.
  if (geometry.narrow) pen.globalAlpha = 0.4;
  pen.fillRect(x, geometry.rulerHeight, 1, scene.height - geometry.rulerHeight);
  pen.globalAlpha = 1;
  if (!hoverLabel) return;
  const width = hoverLabel.widthPx + 8;
  const left = Math.max(0, Math.min(x - width / 2, scene.width - width));
  const top = (geometry.rulerHeight - HOVER_LABEL_PX) / 2;
  pen.beginPath();
  pen.roundRect(left, top, width, HOVER_LABEL_PX, 2);
  pen.fill();
  pen.fillStyle = theme.accentForeground;
  pen.fillText(hoverLabel.text, left + 4, top + HOVER_LABEL_PX / 2 + 0.5);
}
