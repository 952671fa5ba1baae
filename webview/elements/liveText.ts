/** Texts that change by themselves, such as how long something has run: told anew with the frames of what grows, and forgotten with their elements. */

import { element, setText } from './dom';

const LEAST_MS = 250;

const texts = new Map<HTMLElement, () => string>();
let refreshedAt = 0;

/** An element with a text that `make` tells at any time. */
export function liveText(tag: 'span' | 'strong', make: () => string): HTMLElement {
  const made = element(tag, {}, make());
  texts.set(made, make);
  return made;
}

/** Brings them up to date, if that was not done just now. */
export function refreshLiveTexts(nowMs = performance.now()): void {
  if (texts.size === 0 || nowMs - refreshedAt < LEAST_MS) return;
  refreshedAt = nowMs;
  for (const [made, make] of texts) {
    if (made.isConnected) setText(made, make());
    else texts.delete(made);
  }
}
