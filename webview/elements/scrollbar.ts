/**
 * A scroll position of our own with a bar like the editor's: a million rows of 22 px are taller than what a browser lays out, and a
 * native scroller would move the rows before they are painted.
 */

import { element } from './dom';

const MIN_THUMB_PX = 20;

export class Scroller {
  top = 0;
  readonly root: HTMLElement;
  private readonly thumb = element('div', { class: 'scroll-thumb' });
  private viewport = 0;
  private content = 0;

  constructor(private readonly changed: () => void) {
    this.root = element('div', { class: 'scroll-bar', attributes: { 'aria-hidden': 'true' } }, this.thumb);
    this.root.addEventListener('pointerdown', (event) => this.press(event));
  }

  get maximum(): number {
    return Math.max(0, this.content - this.viewport);
  }

  /** CSS pixels of what is seen and of all there is. */
  resize(viewport: number, content: number): void {
    if (viewport === this.viewport && content === this.content) return;
    this.viewport = viewport;
    this.content = content;
    this.top = Math.min(this.top, this.maximum);
    this.show();
  }

  scrollTo(top: number): void {
    const next = Math.min(Math.max(0, Math.round(top)), this.maximum);
    if (next === this.top) return;
    this.top = next;
    this.show();
    this.changed();
  }

  private get thumbHeight(): number {
    return Math.max(MIN_THUMB_PX, (this.viewport * this.viewport) / Math.max(1, this.content));
  }

  private show(): void {
    const hidden = this.content <= this.viewport;
    if (this.root.hidden !== hidden) this.root.hidden = hidden;
    if (hidden) return;
    this.thumb.style.height = `${this.thumbHeight}px`;
    const share = this.maximum > 0 ? this.top / this.maximum : 0;
    this.thumb.style.transform = `translateY(${share * (this.viewport - this.thumbHeight)}px)`;
  }

  /** Drags the thumb; a press beside it jumps there first. */
  private press(event: PointerEvent): void {
    event.preventDefault();
    const box = this.root.getBoundingClientRect();
    const room = this.viewport - this.thumbHeight;
    const thumbTop = room * (this.maximum > 0 ? this.top / this.maximum : 0);
    const at = event.clientY - box.top;
    const grip = at >= thumbTop && at <= thumbTop + this.thumbHeight ? at - thumbTop : this.thumbHeight / 2;
    const move = (to: PointerEvent): void => this.scrollTo(((to.clientY - box.top - grip) / Math.max(1, room)) * this.maximum);
    this.root.classList.add('active');
    this.root.setPointerCapture(event.pointerId);
    const release = (): void => {
      this.root.classList.remove('active');
      this.root.removeEventListener('pointermove', move);
    };
    this.root.addEventListener('pointermove', move);
    this.root.addEventListener('lostpointercapture', release, { once: true });
    move(event);
  }
}
