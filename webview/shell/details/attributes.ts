/**
 * Attributes as rows: key, value in the colour of its type, and what can be done with it. Keys that share a first word stand together
 * under it when there are many.
 */

import type { ShownAttribute } from '../../../src/protocol/details';
import type { AttributesOf } from '../../../src/protocol/texts';
import { append, button, element } from '../../elements/dom';
import { icon } from '../../elements/icons';
import type { DetailsContext } from './context';
import { copyWhole, isCut, type LongText, openWhole, writeFolded } from './foldedText';
import { asQuery } from './valueText';

/** UTF-16 units of a value that may be better read in an editor. */
const LONG = 240;
const FILTER_ABOVE = 8;
const GROUP_ABOVE = 12;

/** The rows of a list of attributes, with a filter over them when they are many. */
export function attributeList(context: DetailsContext, attributes: readonly ShownAttribute[], of: AttributesOf): Node[] {
  const list = element('div', { class: 'attributes' });
  const rows = attributes.map((attribute, index) => ({ attribute, row: attributeRow(context, attribute, of, index) }));
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

function attributeRow(context: DetailsContext, attribute: ShownAttribute, of: AttributesOf, index: number): HTMLElement {
  const { key, value } = attribute;
  const long: LongText = {
    name: key,
    text: value.text,
    fullLength: value.fullLength,
    address: { ...of, index, key },
    isValue: value.type === 'string' || value.type === 'list' || value.type === 'map',
  };
  const stack = /stack_?trace$/i.test(key) ? ' stack' : '';
  const cell = element('span', { class: `value value-${value.type}${stack}` });
  const row = element('div', { class: 'attribute' }, keyCell(key), cell);
  if (value.type === 'redacted') append(cell, ['•••• ', element('i', {}, 'redacted')]);
  else if (value.type === 'empty') append(cell, [element('i', {}, 'empty')]);
  else if (value.text === '') append(cell, [element('i', { class: 'quiet' }, 'empty text')]);
  else writeFolded(context, cell, long);
  if (value.type !== 'redacted') addActions(context, row, long, attribute, of);
  return row;
}

/** Long keys are broken where their parts end. */
function keyCell(key: string): HTMLElement {
  const cell = element('bdi', { class: 'key' });
  for (const part of key.split(/(?<=[._\-/])/)) append(cell, [part, element('wbr')]);
  return cell;
}

/** Beside the value, in room of their own: a copy, and a button that shows what else can be done with it, in a line below. */
function addActions(
  context: DetailsContext,
  row: HTMLElement,
  long: LongText,
  { key, value }: ShownAttribute,
  { of }: AttributesOf,
): void {
  const { host, report } = context;
  const more: HTMLElement[] = [];
  const add = (label: string, press: () => void): void => {
    more.push(button({ class: 'link', attributes: { 'aria-label': `${label}: ${key}` }, press }, label));
  };
  // A query by the beginning of a value would find nothing.
  if ((of === 'attribute' || of === 'resource') && !isCut(long)) {
    const scope = of === 'attribute' ? 'span' : 'resource';
    const query = asQuery(key, value, scope);
    add('Copy as query', () => void host.call('copy', { text: query, what: 'Query' }).catch(report));
    add('Filter the trace by it', () => context.filterBy(query));
    const search = { key: `${scope}.${key}`, value: value.text };
    add('Search traces with it', () => void host.call('searchAttribute', search).catch(report));
  }
  if (isLong(long)) add('Open in an editor', () => openWhole(context, long));
  const actions = element(
    'span',
    { class: 'row-actions' },
    iconButton('Copy value', key, icon('copy'), () => copyWhole(context, long, `Value of ${key}`)),
  );
  row.append(actions);
  if (more.length === 0) return;
  const line = element('div', { class: 'more-actions', hidden: true }, ...more);
  const toggle = iconButton('More actions', key, icon('more'), () => {
    line.hidden = !line.hidden;
    toggle.setAttribute('aria-expanded', String(!line.hidden));
  });
  toggle.setAttribute('aria-expanded', 'false');
  actions.append(toggle);
  row.append(line);
}

function isLong({ text }: LongText): boolean {
  return text.length > LONG || text.includes('\n');
}

function iconButton(label: string, key: string, glyph: Node, press: () => void): HTMLButtonElement {
  return button({ class: 'icon-button', title: label, attributes: { 'aria-label': `${label}: ${key}` }, press }, glyph);
}
