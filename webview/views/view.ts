/**
 * One way to look at what is shown. The shell around it is the same for all: title line, overview, details, footer, borders, keys. A view is a folder
 * that gives the shell a body, and observes the trace (`trace/`) if it is of one.
 */

import type { Command } from './commands';

/** What the shell shows around a view that is not of a trace, in the places of the trace's title, find box and footer. */
export interface ViewFrame {
  readonly title: HTMLElement;
  readonly tools: HTMLElement;
  readonly status: HTMLElement;
  /** Reads sizes, because some may have changed. Never while painting. */
  readonly measure?: (isNarrow: boolean) => void;
}

export interface View {
  readonly body: HTMLElement;
  /** Undefined: it is of the trace, whose title, find box, overview, details and footer belong to it. */
  readonly frame?: ViewFrame;
  readonly commands: readonly Command[];
  /** Takes the keyboard to what is selected. */
  focus(): void;
  /** Whether keys without a modifier are its own while this element has the keyboard. */
  takesKeys(target: HTMLElement): boolean;
  /** Reads sizes, because some may have changed. Never while painting. */
  measure(): void;
  render(): void;
}
