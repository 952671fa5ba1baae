/** Events, links and ids of the span. */

import { formatDuration, formatLocalTime, formatUtcTime, NO_TIME } from '../../../src/core/text/formatText';
import type { ShownLink } from '../../../src/protocol/details';
import { button, element } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { attributeList } from './attributes';
import { type DetailsContext, offsetText } from './context';
import { section } from './section';

export function eventsSection(context: DetailsContext): HTMLElement {
  const { events } = context.details;
  return section(context, {
    id: 'events',
    title: 'Events',
    figure: String(events.length),
    foldedFirst: true,
    body: () =>
      events.length === 0
        ? element('div', { class: 'nothing' }, 'The span recorded no events.')
        : events.map((event, at) =>
            element(
              'div',
              { class: 'event' },
              element(
                'div',
                { class: 'event-head' },
                element('bdi', { class: 'event-name' }, event.name || '(no name)'),
                element('span', { class: 'event-time' }, offsetText(event.atNs, context)),
              ),
              ...attributeList(context, event.attributes, { of: 'event', at }),
            ),
          ),
  });
}

export function linksSection(context: DetailsContext): HTMLElement {
  const { links } = context.details;
  return section(context, {
    id: 'links',
    title: 'Links',
    figure: String(links.length),
    foldedFirst: links.length === 0,
    body: () => {
      if (links.length === 0) return element('div', { class: 'nothing' }, 'The span has no links.');
      return links.map((link, at) => {
        const nowhere = nowhereText(link, context.span.trace.traceId);
        if (nowhere !== undefined) {
          const text = element('span', { class: 'quiet' }, nowhere);
          return element('div', { class: 'event' }, text, ...attributeList(context, link.attributes, { of: 'link', at }));
        }
        // A row says that the span is in this trace; which one it is, its id says.
        const isHere = link.row !== undefined;
        const press = (event: MouseEvent): void => {
          if (isHere) context.selectSpan(link.spanId);
          else {
            const beside = event.ctrlKey || event.metaKey;
            context.host
              .call(
                'openTrace',
                { from: context.span.trace, traceId: link.traceId, spanId: link.spanId, beside },
                { timeoutMs: 0 },
              )
              .catch(context.report);
          }
        };
        const text = !isHere ? `trace ${link.traceId.slice(0, 8)}… span ${link.spanId}` : `span ${link.spanId} of this trace`;
        return element(
          'div',
          { class: 'event' },
          button({ class: 'link mono', title: `Open trace ${link.traceId}`, press }, text),
          ...attributeList(context, link.attributes, { of: 'link', at }),
        );
      });
    },
  });
}

/** Why a link leads nowhere; undefined: it may lead somewhere. */
function nowhereText({ traceId, spanId, row }: ShownLink, here: string): string | undefined {
  if (/^0+$/.test(traceId)) return 'Leads nowhere: it has no trace id';
  if (row !== undefined || traceId !== here) return undefined;
  if (/^0+$/.test(spanId)) return 'Leads to this trace: it has no span id';
  return `Leads nowhere: span ${spanId} is not in this trace`;
}

export function idsSection(context: DetailsContext): HTMLElement {
  return section(context, {
    id: 'ids',
    title: 'Scope and ids',
    figure: '',
    foldedFirst: true,
    body: () => idsBody(context),
  });
}

function idsBody(context: DetailsContext): Node[] {
  const { details, host } = context;
  const startNs = BigInt(details.startUnixNano);
  const rows: [string, string][] = [
    ['trace', context.span.trace.traceId],
    ['span', details.spanId],
  ];
  if (details.parentSpanId) rows.push(['parent', details.parentSpanId]);
  if (details.scope)
    rows.push(['scope', details.scope.version ? `${details.scope.name} ${details.scope.version}` : details.scope.name]);
  if (details.traceState) rows.push(['trace state', details.traceState]);
  if (startNs === 0n) rows.push(['start', NO_TIME]);
  else rows.push(['start', formatLocalTime(startNs)], ['start, UTC', formatUtcTime(startNs)]);
  if (details.correctionNs !== 0) rows.push(['clock', `corrected by ${formatDuration(details.correctionNs)}`]);
  return [
    element(
      'div',
      { class: 'attributes' },
      ...rows.map(([key, value]) =>
        element(
          'div',
          { class: 'attribute' },
          element('span', { class: 'key' }, key),
          element('span', { class: 'value value-string' }, value),
          element(
            'span',
            { class: 'row-actions' },
            button(
              {
                class: 'icon-button',
                title: 'Copy value',
                attributes: { 'aria-label': `Copy value: ${key}` },
                press: () => void host.call('copy', { text: value, what: key }).catch(context.report),
              },
              icon('copy'),
            ),
          ),
        ),
      ),
    ),
    ...(details.scope ? attributeList(context, details.scope.attributes, { of: 'scope' }) : []),
  ];
}
