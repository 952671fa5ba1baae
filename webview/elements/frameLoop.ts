/**
 * One frame loop: input changes state and asks for a frame; everything is brought up to date together, once, in the next one.
 */

export class FrameLoop {
  private scheduled = 0;

  constructor(private readonly render: () => void) {}

  /** Asks for a frame; many requests make one. */
  readonly request = (): void => {
    if (this.scheduled === 0) this.scheduled = requestAnimationFrame(this.run);
  };

  /** Renders at once, in place of the frame that is asked for. */
  flush(): void {
    cancelAnimationFrame(this.scheduled);
    this.run();
  }

  private readonly run = (): void => {
    this.scheduled = 0;
    this.render();
  };
}
