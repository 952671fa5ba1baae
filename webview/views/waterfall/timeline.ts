/** The canvas over the rows: fits it to the screen, and paints the scene of the rows in view. */

import { element } from '../../elements/dom';
import { paintTimeline } from './paint';
import { type SceneInput, SceneMaker } from './sceneMaker';

export interface TimelineInput extends Omit<SceneInput, 'hoverX'> {
  /** CSS pixels of what stands at the left of it. */
  readonly left: number;
}

export class Timeline {
  readonly canvas = element('canvas', { class: 'timeline', attributes: { 'aria-hidden': 'true' } });
  /** CSS pixels from the timeline's left edge; negative: the pointer is elsewhere. */
  hoverX = -1;
  /** Pixels of a nanosecond, as painted last. */
  pxPerNs = 1;
  private readonly pen = this.canvas.getContext('2d');
  private readonly widths = new Map<string, number>();
  private readonly scenes = new SceneMaker(
    (text) => this.widthOf(text),
    (font) => {
      if (this.pen) this.pen.font = font;
      this.widths.clear();
    },
  );
  private scale = 0;

  paint(input: TimelineInput): void {
    const { pen } = this;
    if (!pen || input.width <= 0 || input.height <= 0) return;
    this.fit(pen, input);
    const scene = this.scenes.make({ ...input, hoverX: this.hoverX });
    this.pxPerNs = scene.pxPerNs;
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
}
