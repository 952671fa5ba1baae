/**
 * A text of any length: wrapped, folded to three lines with *more* where there are more of them. Of a long one the details have the beginning; all of it
 * opens in an editor of its own.
 */

import { formatCount, formatNumber } from '../../../src/core/text/formatText';
import { layOutJson } from '../../../src/core/text/jsonLayout';
import { shapeOf, type ValueShape } from '../../../src/core/text/valueShape';
import { visibleLines } from '../../../src/core/text/visibleText';
import type { TextAddress } from '../../../src/protocol/texts';
import { button, element, setLines } from '../../elements/dom';
import type { DetailsContext } from './context';
import { sqlPieces, urlOf } from './valueText';

/** UTF-16 units that may be more than three lines, of a pane as narrow as it gets. */
const MAY_FOLD = 40;
/** An id, a time, a path: one word is shown whole, unless it is very long. */
const WORD = /^\S{0,200}$/;
/** Of a folded text so much is made: three lines of a pane as wide as it gets. */
const FOLDED = 1_000;

export interface LongText {
  /** What the attribute is called, or what the details call the text. */
  readonly name: string;
  readonly text: string;
  /** UTF-16 units of the whole text where `text` is its beginning. */
  readonly fullLength?: number;
  readonly address: TextAddress;
  /** Addresses, JSON and SQL are found in it. */
  readonly isValue?: boolean;
  /** What stands before it on its line. */
  readonly lead?: () => readonly (Node | string)[];
}

/** Whether more of it is elsewhere. */
export function isCut({ text, fullLength }: Pick<LongText, 'text' | 'fullLength'>): boolean {
  return fullLength !== undefined && fullLength > text.length;
}

/** Copies all of it, wherever that is. */
export function copyWhole({ host, span, report }: DetailsContext, long: LongText, what: string): void {
  const { text, address } = long;
  const done = isCut(long) ? host.call('copyText', { ...span, address, what }) : host.call('copy', { text, what });
  done.catch(report);
}

export function openWhole({ host, span, report }: DetailsContext, { address, name }: LongText): void {
  host.call('openText', { ...span, address, name }, { timeoutMs: 0 }).catch(report);
}

/** Writes the text into `cell`. */
export function writeFolded(context: DetailsContext, cell: HTMLElement, long: LongText): void {
  const { text, isValue } = long;
  const address = isValue ? urlOf(text) : undefined;
  if (address !== undefined) {
    const open = (): void => void context.host.call('openExternal', { url: address }).catch(context.report);
    cell.append(button({ class: 'link', title: `Open ${address}`, press: open }, text));
    return;
  }
  const shape = isValue ? shapeOf('key' in long.address ? long.address.key : '', text) : 'plain';
  if (WORD.test(text) || (text.length <= MAY_FOLD && !text.includes('\n'))) {
    cell.append(...(long.lead?.() ?? []));
    writeShaped(cell, text, shape);
  } else show(context, cell, long, shape, false);
}

function show(context: DetailsContext, cell: HTMLElement, long: LongText, shape: ValueShape, open: boolean): void {
  const { text, name } = long;
  const cut = isCut(long);
  const size = long.fullLength ?? text.length;
  const toggle = button(
    {
      class: 'link unfold',
      attributes: { 'aria-expanded': String(open), 'aria-label': `${open ? 'Less' : 'More'} of ${name}` },
      press: () => {
        show(context, cell, long, shape, !open);
        cell.querySelector<HTMLElement>('.unfold')?.focus({ preventScroll: true });
      },
    },
    open ? 'less' : size > FOLDED ? `more · ${formatCount(size, 'character')}` : 'more',
  );
  cell.classList.toggle('open', open);
  if (!open) {
    const content = element('span', { class: 'folded' });
    content.append(...(long.lead?.() ?? []));
    writeShaped(content, text.slice(0, FOLDED), shape);
    cell.replaceChildren(content, toggle);
    // JSON is also laid out where it has no more lines.
    if (text.length <= FOLDED && shape !== 'json') showWhereCut(content, toggle);
    return;
  }
  const content = element('span', { class: 'block', tabIndex: 0 });
  content.append(...(long.lead?.() ?? []));
  writeShaped(content, shape === 'json' ? (layOutJson(text) ?? text) : text, shape);
  const rest = element('span', { class: 'rest' }, toggle);
  if (cut) rest.append(`the first ${formatNumber(text.length)} of ${formatCount(size, 'character')}`);
  if (text.length > FOLDED) {
    rest.append(
      button({ class: 'link open-text', press: () => openWhole(context, long) }, cut ? 'open all of it' : 'open in an editor'),
    );
  }
  cell.replaceChildren(content, rest);
}

function writeShaped(cell: HTMLElement, text: string, shape: ValueShape): void {
  if (shape === 'sql') {
    for (const piece of sqlPieces(text))
      cell.append(piece.keyword ? element('span', { class: 'keyword' }, piece.text) : visibleLines(piece.text));
    return;
  }
  const isolated = element('bdi');
  setLines(isolated, text);
  cell.append(isolated);
}

const toggles = new WeakMap<Element, HTMLElement>();

/** Sizes are told after layout, so that nothing has to be read while the details are made. */
const sizes =
  typeof ResizeObserver === 'undefined'
    ? undefined
    : new ResizeObserver((entries) => {
        for (const { target } of entries) {
          if (!target.isConnected) sizes?.unobserve(target);
          const toggle = toggles.get(target);
          if (toggle) toggle.hidden = target.scrollHeight <= target.clientHeight + 1;
        }
      });

/** Shows the toggle as long as the text has more lines than are seen: another width, another number of lines. */
function showWhereCut(content: HTMLElement, toggle: HTMLElement): void {
  toggle.hidden = true;
  toggles.set(content, toggle);
  sizes?.observe(content);
}
