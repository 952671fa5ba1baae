/** The duration beside a bar. */

import { toPx } from '../../../src/core/layout/timeScale';
import { FLAG_EVENTS } from '../../../src/core/model/table';
import { hasFlag, isError, serviceOf } from '../../../src/protocol/columns';
import { isRunning } from '../../trace/model';
import { type Placement, placeLabel } from './labels';
import { DIAMOND_PX } from './paintBar';
import type { Pen } from './pen';
import type { Scene } from './scene';

const placement: Placement = { x: 0, inside: false };
/** Room that the arrow of a bar outside of the view takes. */
const ARROW_ROOM_PX = 8;
const PLATE_PX = 3;

export function paintLabel(pen: Pen, scene: Scene, row: number, top: number): void {
  const label = scene.labels[row - scene.firstRow];
  if (!label) return;
  const { trace, geometry, theme } = scene;
  const entry = scene.rows.entryAt(row);
  const error = entry >= 0 && isError(trace, entry);
  const from = toPx(scene, label.startNs);
  const end = Math.max(toPx(scene, label.endNs), from + 2);
  const to = entry >= 0 && hasFlag(trace, entry, FLAG_EVENTS) ? end + DIAMOND_PX : end;
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
  if (placement.inside && (entry < 0 || isRunning(trace, entry))) {
    // On segments and the gaps between them, and on stripes, no colour reads.
    pen.fillStyle = theme.background;
    pen.fillRect(placement.x - PLATE_PX, top + geometry.barTop, label.widthPx + 2 * PLATE_PX, geometry.barHeight);
    pen.fillStyle = theme.dimmed;
  } else if (placement.inside && !theme.outlined) {
    pen.fillStyle = theme.onService[trace.colourOf[serviceOf(trace, entry)]];
  } else if (row === scene.selectedRow) pen.fillStyle = theme.selectionForeground;
  else pen.fillStyle = error ? theme.errorText : theme.dimmed;
  pen.fillText(label.text, placement.x, top + geometry.barTop + geometry.barHeight / 2 + 0.5);
}
