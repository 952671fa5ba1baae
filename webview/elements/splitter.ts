/** A border that can be dragged or moved by arrow keys; it tells the new size, and keeps none itself. */

import { element } from './dom';

export interface SplitterOptions {
  readonly label: string;
  readonly direction: 'horizontal' | 'vertical';
  /** CSS pixels now, least and most. */
  readonly size: () => { readonly now: number; readonly min: number; readonly max: number };
  /** 1: the pane before the border grows when the pointer moves right or down; -1: the one after. */
  readonly sign: 1 | -1;
  readonly resize: (sizePx: number) => void;
  readonly reset: () => void;
}

const KEY_STEP_PX = 16;

export function splitter(options: SplitterOptions): HTMLElement {
  const root = element('div', {
    class: `splitter ${options.direction}`,
    role: 'separator',
    tabIndex: 0,
    // The separator's orientation is that of the line, not of its movement.
    attributes: {
      'aria-label': options.label,
      'aria-orientation': options.direction === 'horizontal' ? 'vertical' : 'horizontal',
    },
  });
  const apply = (size: number): void => {
    const { min, max } = options.size();
    options.resize(Math.round(Math.min(Math.max(size, min), Math.max(min, max))));
    describe();
  };
  const describe = (): void => {
    const { now, min, max } = options.size();
    root.setAttribute('aria-valuenow', String(Math.round(now)));
    root.setAttribute('aria-valuemin', String(Math.round(min)));
    root.setAttribute('aria-valuemax', String(Math.round(Math.max(min, max))));
  };
  root.addEventListener('focus', describe);
  root.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    const horizontal = options.direction === 'horizontal';
    const from = horizontal ? event.clientX : event.clientY;
    const before = options.size().now;
    root.setPointerCapture(event.pointerId);
    root.classList.add('active');
    const move = (to: PointerEvent): void => apply(before + options.sign * ((horizontal ? to.clientX : to.clientY) - from));
    root.addEventListener('pointermove', move);
    const release = (): void => {
      root.classList.remove('active');
      root.removeEventListener('pointermove', move);
    };
    root.addEventListener('lostpointercapture', release, { once: true });
  });
  root.addEventListener('dblclick', () => options.reset());
  root.addEventListener('keydown', (event) => {
    const horizontal = options.direction === 'horizontal';
    const less = horizontal ? 'ArrowLeft' : 'ArrowUp';
    const more = horizontal ? 'ArrowRight' : 'ArrowDown';
    const { now, min, max } = options.size();
    if (event.key === less) apply(now - options.sign * KEY_STEP_PX);
    else if (event.key === more) apply(now + options.sign * KEY_STEP_PX);
    else if (event.key === 'Home') apply(min);
    else if (event.key === 'End') apply(max);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  describe();
  return root;
}
