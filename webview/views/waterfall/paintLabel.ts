/** The duration beside a bar. */

import { toPx } from '../../../src/core/layout/timeScale';
import { isError, serviceOf } from '../../../src/protocol/columns';
import { type Placement, placeLabel } from './labels';
import type { Pen } from './pen';
import type { Scene } from './scene';

const placement: Placement = { x: 0, inside: false };
/** Room that the arrow of a bar outside of the view takes. */
const ARROW_ROOM_PX = 8;

export function paintLabel(pen: Pen, scene: Scene, row: number, top: number): void {
  const label = scene.labels[row - scene.firstRow];
  if (!label) return;
  const { trace, geometry, theme } = scene;
  const entry = scene.rows.entryAt(row);
  const error = entry >= 0 && isError(trace, entry);
  const from = toPx(scene, label.startNs);
  const to = Math.max(toPx(scene, label.endNs), from + 2);
  const outside = to < 0 || from > scene.width;
  if (outside)
    placeLabel(
      to < 0 ? 0 : scene.width - ARROW_ROOM_PX,
      to < 0 ? ARROW_ROOM_PX : scene.width,
      label.widthPx,
      scene.width,
      placement,
    );
  else placeLabel(from, to, label.widthPx, scene.width, placement);
  if (placement.inside && !theme.outlined) {
    const span = entry >= 0 ? entry : trace.groups.rows[trace.groups.start[~entry]];
    pen.fillStyle = theme.onService[trace.colourOf[serviceOf(trace, span)]];
  } else if (row === scene.selectedRow) pen.fillStyle = theme.selectionForeground;
  else pen.fillStyle = error ? theme.errorText : theme.dimmed;
  pen.fillText(label.text, placement.x, top + geometry.barTop + geometry.barHeight / 2 + 0.5);
}
