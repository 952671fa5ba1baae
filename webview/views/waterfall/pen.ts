/** What the painters draw with. */

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
