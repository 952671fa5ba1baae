/** The part of the footer that tells what still goes on in a trace, and holds the picture still. Not made anew: its button may have the focus. */

import { formatCount } from '../../src/core/text/formatText';
import { RUN_ENDED, RUN_GOES_ON } from '../../src/protocol/snapshot';
import { button, element, setAttribute, setText } from '../elements/dom';
import { icon } from '../elements/icons';
import { serviceText } from '../trace/model';
import { runText } from '../trace/running';
import type { ViewModel } from '../trace/state';

/** What a page knows of holding still. */
export interface Stillness {
  readonly paused: boolean;
  /** Spans that came meanwhile. */
  readonly newSpans: number;
}

export class LiveBar {
  readonly root = element('div', { class: 'live' });
  private readonly text = element('span', { class: 'live-text' });
  private readonly pause: HTMLButtonElement;

  constructor(private readonly toggle: () => void) {
    const pause = icon('pause');
    const play = icon('play');
    this.pause = button({ class: 'icon-button pause', press: () => this.toggle() }, pause, play);
    this.root.append(this.text, this.pause);
  }

  update(view: ViewModel, still: Stillness): void {
    const grows = view.trace.snapshot.live || view.trace.running.goesOn;
    const hasButton = still.paused || grows;
    if (this.pause.hidden === hasButton) this.pause.hidden = !hasButton;
    const label = still.paused ? 'Go on showing new spans (p)' : 'Hold the picture still (p)';
    setAttribute(this.pause, 'title', label);
    setAttribute(this.pause, 'aria-label', label.slice(0, -4));
    setAttribute(this.pause, 'aria-pressed', String(still.paused));
    this.pause.classList.toggle('paused', still.paused);
    setText(this.text, still.paused ? pausedText(still.newSpans) : liveText(view));
  }
}

/** `paused · 12 new spans` */
function pausedText(newSpans: number): string {
  return newSpans > 0 ? `paused · ${formatCount(newSpans, 'new span')}` : 'paused';
}

/** `mailer running for 4.0 s`, `3 spans in progress`, `2 spans never ended: the program stopped`. */
export function liveText({ trace }: Pick<ViewModel, 'trace'>): string {
  const { spans, state } = trace.running;
  const count = (wanted: number): number => state.reduce((sum, one) => sum + (one === wanted ? 1 : 0), 0);
  const goOn = count(RUN_GOES_ON);
  if (goOn === 1) {
    const span = spans[state.indexOf(RUN_GOES_ON)];
    return `${serviceText(trace, span)} ${runText(RUN_GOES_ON, trace.durationNs[span])}`;
  }
  if (goOn > 1) return `${formatCount(goOn, 'span')} in progress`;
  const ended = count(RUN_ENDED);
  if (ended > 0) return `${formatCount(ended, 'span')} never ended: the program stopped`;
  if (spans.length > 0) return `${formatCount(spans.length, 'span')} without an end`;
  return trace.snapshot.live ? 'live' : '';
}
