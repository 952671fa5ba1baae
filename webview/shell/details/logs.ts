/** Log records of the span: when, how severe, what, and the line that logged it. */

import { formatCount } from '../../../src/core/text/formatText';
import type { ShownLog } from '../../../src/protocol/details';
import { button, element } from '../../elements/dom';
import { attributeList } from './attributes';
import { type DetailsContext, offsetText } from './context';
import { writeFolded } from './foldedText';
import { section } from './section';

/** Of OTLP's severity numbers, from here on: errors, warnings. */
const ERROR = 17;
const WARNING = 13;
/** Records that are listed; more are counted. */
const maxListed = 100;

/** Nothing where the span has no records: most have none. */
export function logsSection(context: DetailsContext): HTMLElement[] {
  const { logs, logCount } = context.details;
  if (logs.length === 0) return [];
  return [
    section(context, {
      id: 'logs',
      title: 'Logs',
      figure: String(logCount),
      body: () => {
        const more = logCount - Math.min(logs.length, maxListed);
        const rows = logs.slice(0, maxListed).map((log, index) => logRow(context, log, index));
        return more > 0 ? [...rows, element('div', { class: 'nothing' }, `and ${formatCount(more, 'further record')}`)] : rows;
      },
    }),
  ];
}

function logRow(context: DetailsContext, log: ShownLog, index: number): HTMLElement {
  const body = element('div', { class: 'log-body' });
  const { text, fullLength } = log.body;
  writeFolded(context, body, {
    name: 'Log record',
    text: text || '(no text)',
    fullLength,
    address: { of: 'logBody', at: index },
    isValue: true,
  });
  const row = element(
    'div',
    { class: 'event log' },
    element(
      'div',
      { class: 'event-head' },
      element('span', { class: `log-severity ${severityClass(log)}`, title: log.logger }, log.severity || 'log'),
      body,
      element('span', { class: 'event-time' }, offsetText(log.atNs, context)),
    ),
    ...attributeList(context, log.attributes, { of: 'log', at: index }),
  );
  if (log.hasSource) void addSource(context, row, index);
  return row;
}

async function addSource({ host, span, report }: DetailsContext, row: HTMLElement, log: number): Promise<void> {
  try {
    const target = await host.call('logSource', { ...span, log });
    if (!target) return;
    const open = (event: MouseEvent): void =>
      void host.call('openSource', { ...span, beside: event.ctrlKey || event.metaKey, log }).catch(report);
    row.append(
      element('div', { class: 'log-source' }, button({ class: 'link', title: target.reason, press: open }, target.label)),
    );
  } catch (error) {
    report(error);
  }
}

function severityClass({ severityNumber }: ShownLog): string {
  return severityNumber >= ERROR ? 'error-text' : severityNumber >= WARNING ? 'warning-text' : 'quiet';
}
