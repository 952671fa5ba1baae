/** What the painters draw with, and where a time is on the canvas. */

import type { Scene } from './scene';

/** The part of a canvas that the painter uses; everything else of the 2D context stays out of the tests' log. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'globalAlpha'
  | 'clearRect'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'closePath'
  | 'roundRect'
  | 'fill'
  | 'stroke'
  | 'save'
  | 'restore'
  | 'rect'
  | 'clip'
>;

/** CSS pixels from the timeline's left edge. */
export function toX(scene: Scene, ns: number): number {
  return (ns - scene.view.startNs) * scene.pxPerNs;
}
