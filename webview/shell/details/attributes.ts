/**
 * Attributes as rows: key, value in the colour of its type, and what can be done with it. Keys that share a first word stand together
 * under it when there are many. Long values are folded with their size.
 */

import { formatNumber } from '../../../src/core/text/formatText';
import { visibleLines } from '../../../src/core/text/visibleText';
import type { ShownAttribute } from '../../../src/protocol/details';
import { append, button, element, setLines, setTitle } from '../../elements/dom';
import { icon } from '../../elements/icons';
import type { DetailsContext } from './context';
import { asQuery, prettyJson, shapeOf, sqlPieces, urlOf } from './valueText';

const FOLD_ABOVE = 240;
const FILTER_ABOVE = 8;
const GROUP_ABOVE = 12;

/** The rows of a list of attributes, with a filter over them when they are many. */
export function attributeList(
  context: DetailsContext,
  attributes: readonly ShownAttribute[],
  scope: 'span' | 'resource' | undefined,
): Node[] {
  const list = element('div', { class: 'attributes' });
  const rows = attributes.map((attribute) => ({ attribute, row: attributeRow(context, attribute, scope) }));
  fill(list, rows, attributes.length > GROUP_ABOVE);
  if (attributes.length <= FILTER_ABOVE) return [list];
  const filter = element('input', {
    class: 'attribute-filter',
    type: 'search',
    attributes: { placeholder: 'Filter', 'aria-label': 'Filter attributes', spellcheck: 'false' },
  });
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    const left = rows.filter(
      ({ attribute }) => wanted === '' || `${attribute.key} ${attribute.value.text}`.toLowerCase().includes(wanted),
    );
    list.replaceChildren();
    fill(list, left, wanted === '' && attributes.length > GROUP_ABOVE);
    if (left.length === 0) list.append(element('div', { class: 'nothing' }, 'No attribute contains this text.'));
  });
  filter.addEventListener('keydown', (event) => event.stopPropagation());
  return [filter, list];
}

interface Row {
  readonly attribute: ShownAttribute;
  readonly row: HTMLElement;
}

function prefixOf(key: string): string {
  const dot = key.indexOf('.');
  return dot > 0 ? key.slice(0, dot) : '';
}

function fill(list: HTMLElement, rows: readonly Row[], grouped: boolean): void {
  if (!grouped) {
    list.append(...rows.map(({ row }) => row));
    return;
  }
  const byPrefix = new Map<string, Row[]>();
  for (const each of rows) {
    const prefix = prefixOf(each.attribute.key);
    const same = byPrefix.get(prefix);
    if (same) same.push(each);
    else byPrefix.set(prefix, [each]);
  }
  const single: Row[] = [];
  for (const [prefix, members] of byPrefix) {
    if (prefix === '' || members.length === 1) single.push(...members);
    else
      list.append(
        element(
          'div',
          { class: 'attribute-group' },
          element('div', { class: 'attribute-prefix' }, prefix),
          ...members.map(({ row }) => row),
        ),
      );
  }
  list.append(...single.map(({ row }) => row));
}

function attributeRow(context: DetailsContext, attribute: ShownAttribute, scope: 'span' | 'resource' | undefined): HTMLElement {
  const { key, value } = attribute;
  const cell = element('span', { class: `value value-${value.type}` });
  writeValue(context, cell, attribute, false);
  const actions = element('span', { class: 'row-actions' });
  const act = (label: string, glyph: Node, press: () => void): void => {
    actions.append(
      button({ class: 'icon-button', title: label, attributes: { 'aria-label': `${label}: ${key}` }, press }, glyph),
    );
  };
  if (value.type !== 'redacted') {
    const copy = (text: string, what: string): void => void context.host.call('copy', { text, what }).catch(context.report);
    act('Copy value', icon('copy'), () => copy(value.text, `Value of ${key}`));
    if (scope) {
      const query = asQuery(key, value, scope);
      act('Copy as query', icon('braces'), () => copy(query, 'Query'));
      act('Filter the trace by it', icon('filter'), () => context.filterBy(query));
      const search = { key: `${scope}.${key}`, value: value.text };
      act('Search traces with it', icon('query'), () => void context.host.call('searchAttribute', search).catch(context.report));
    }
  }
  return element('div', { class: 'attribute' }, element('bdi', { class: 'key', title: key }, key), cell, actions);
}

function writeValue(context: DetailsContext, cell: HTMLElement, attribute: ShownAttribute, open: boolean): void {
  const { key, value } = attribute;
  cell.replaceChildren();
  if (value.type === 'redacted') {
    append(cell, ['•••• ', element('i', {}, 'redacted')]);
    return;
  }
  if (value.type === 'empty') {
    append(cell, [element('i', {}, 'empty')]);
    return;
  }
  const text = value.text;
  const shape = value.type === 'string' || value.type === 'list' || value.type === 'map' ? shapeOf(key, text) : 'plain';
  const pretty = shape === 'json' ? (prettyJson(text) ?? text) : text;
  const long = pretty.length > FOLD_ABOVE || pretty.includes('\n');
  if (!long) {
    setTitle(cell, text);
    writeShaped(context, cell, text, shape);
    return;
  }
  const size = value.fullLength ?? text.length;
  cell.classList.add('long');
  cell.classList.toggle('open', open);
  const content = element('span', { class: open ? 'block' : 'preview', tabIndex: open ? 0 : undefined });
  if (open) writeShaped(context, content, pretty, shape);
  else writeShaped(context, content, text.replace(/\s+/g, ' ').slice(0, FOLD_ABOVE / 2), shape === 'url' ? 'plain' : shape);
  cell.append(content);
  const cut = value.fullLength !== undefined && value.fullLength > text.length;
  const label = open
    ? cut
      ? `fold (the first ${formatNumber(text.length)} of ${formatNumber(size)} characters)`
      : 'fold'
    : `${formatNumber(size)} characters`;
  cell.append(
    button(
      {
        class: 'link unfold',
        attributes: { 'aria-expanded': String(open) },
        press: () => writeValue(context, cell, attribute, !open),
      },
      label,
    ),
  );
}

function writeShaped(context: DetailsContext, cell: HTMLElement, text: string, shape: ReturnType<typeof shapeOf>): void {
  const address = shape === 'url' ? urlOf(text) : undefined;
  if (address !== undefined) {
    const open = (): void => void context.host.call('openExternal', { url: address }).catch(context.report);
    cell.append(button({ class: 'link', title: `Open ${address}`, press: open }, text));
  } else if (shape === 'sql') {
    for (const piece of sqlPieces(text))
      cell.append(piece.keyword ? element('span', { class: 'keyword' }, piece.text) : visibleLines(piece.text));
  } else {
    const isolated = element('bdi');
    setLines(isolated, text);
    cell.append(isolated);
  }
}
