/** The details of the selected span: what it was, where it is in the code, what it carried. */

import { formatCount, formatDuration, formatOffset, formatShare, NO_TIME } from '../../../src/core/text/formatText';
import { visibleName } from '../../../src/core/text/visibleText';
import { RUN_GOES_ON } from '../../../src/protocol/snapshot';
import type { SourceTarget } from '../../../src/protocol/view';
import { pushButton } from '../../elements/controls';
import { button, element } from '../../elements/dom';
import { icon } from '../../elements/icons';
import { liveText } from '../../elements/liveText';
import { refresh } from '../../elements/refresh';
import type { GroupSummary, SelectedSpan } from '../../trace/details';
import { runText, steadyNs } from '../../trace/running';
import { stopText } from '../../trace/stops';
import { attributeList } from './attributes';
import type { DetailsContext } from './context';
import { eventsSection, idsSection, linksSection } from './events';
import { exceptionSections } from './exceptions';
import { writeFolded } from './foldedText';
import { logsSection } from './logs';
import { section } from './section';

/** Stops that are told one by one. */
const MOST_STOPS = 5;
/** Milliseconds after which it is said that the source is still looked for. */
const UNSAID_MS = 400;

export interface ShownSpan {
  readonly context: DetailsContext;
  readonly selected: SelectedSpan;
  readonly source: Promise<SourceTarget | undefined>;
}

export class DetailsPane {
  readonly root: HTMLElement;
  private readonly scroll = element('div', { class: 'details-scroll', tabIndex: -1 });
  private spanId = '';
  private current: ShownSpan | undefined;

  constructor(close: () => void) {
    this.root = element(
      'aside',
      { class: 'details', attributes: { 'aria-label': 'Span details' } },
      button(
        {
          class: 'icon-button details-back',
          title: 'Back (Esc)',
          attributes: { 'aria-label': 'Back to the rows' },
          press: close,
        },
        icon('arrowLeft'),
      ),
      button(
        {
          class: 'icon-button details-close',
          title: 'Close details (Space)',
          attributes: { 'aria-label': 'Close details' },
          press: close,
        },
        icon('close'),
      ),
      this.scroll,
    );
  }

  focus(): void {
    this.scroll.focus({ preventScroll: true });
  }

  clear(text: string): void {
    this.spanId = '';
    this.current = undefined;
    this.scroll.replaceChildren(element('div', { class: 'nothing padded' }, text));
  }

  /** Replaces what is told of the source, if it is another one now; the focus stays where it was. */
  async refreshSource(spanId: string, source: Promise<SourceTarget | undefined>): Promise<void> {
    const before = this.current;
    if (!before || before.context.details.spanId !== spanId) return;
    const targets = await Promise.all([before.source, source]).catch(() => undefined);
    const old = this.root.querySelector('.source-box');
    if (!targets || !old || this.current !== before || JSON.stringify(targets[0]) === JSON.stringify(targets[1])) return;
    this.current = { ...before, source };
    const box = sourceBox(this.current);
    await source;
    refresh(old, ...box.childNodes);
  }

  show(shown: ShownSpan): void {
    this.current = shown;
    const { context } = shown;
    const { details } = context;
    const same = this.spanId === details.spanId;
    const top = this.scroll.scrollTop;
    this.spanId = details.spanId;
    this.scroll.replaceChildren(
      title(shown),
      head(shown),
      ...exceptionSections(context),
      section(context, {
        id: 'attributes',
        title: 'Attributes',
        figure: String(details.attributes.length),
        body: () =>
          details.attributes.length === 0
            ? element('div', { class: 'nothing' }, 'The span has no attributes.')
            : attributeList(context, details.attributes, { of: 'attribute' }),
      }),
      eventsSection(context),
      linksSection(context),
      ...logsSection(context),
      section(context, {
        id: 'resource',
        title: 'Resource',
        figure: String(details.resource.length),
        foldedFirst: true,
        body: () =>
          details.resource.length === 0
            ? element('div', { class: 'nothing' }, 'The resource has no attributes.')
            : attributeList(context, details.resource, { of: 'resource' }),
      }),
      idsSection(context),
    );
    this.scroll.scrollTop = same ? top : 0;
  }
}

/** Name and facts, which stay while the rest scrolls below them. */
function title(shown: ShownSpan): HTMLElement {
  const { context, selected } = shown;
  const { group } = selected;
  const { details } = context;
  const stripe = element('span', { class: 'stripe' });
  stripe.style.background = `var(--service-${selected.colour})`;
  const facts: (Node | string)[] = [element('bdi', {}, details.service || '(no service)'), ' · ', details.kind];
  if (details.status !== 'unset')
    facts.push(' · ', element('span', { class: details.status === 'error' ? 'error-text' : '' }, details.status));
  if (details.running)
    facts.push(
      ' · ',
      liveText('span', () => runFact(context)),
    );
  const name = element('h2', {});
  const text = visibleName(details.name) || '(no name)';
  writeFolded(context, name, {
    name: 'Name',
    text: group ? `${group.count}× ${text}` : text,
    fullLength: details.nameLength,
    address: { of: 'name' },
  });
  return element('div', { class: 'details-title' }, name, element('div', { class: 'details-facts' }, stripe, ...facts));
}

function head(shown: ShownSpan): HTMLElement {
  const { context, selected } = shown;
  const { group } = selected;
  const { details } = context;
  const box = element('div', { class: 'details-head' }, group ? groupFigures(group) : figures(context));
  const { statusMessage: text, statusLength: fullLength } = details;
  if (text) {
    const message = element('div', { class: 'status-message' });
    writeFolded(context, message, { name: 'Status message', text, fullLength, address: { of: 'status' } });
    box.append(message);
  }
  box.append(...heldLines(context));
  for (const finding of selected.findings) box.append(element('div', { class: 'finding-message' }, finding));
  for (const defect of details.defects) box.append(element('div', { class: 'defect-message' }, defect));
  box.append(sourceBox(shown));
  return box;
}

function figure(value: string | HTMLElement, label: string): HTMLElement {
  const shown = typeof value === 'string' ? element('strong', {}, value) : value;
  return element('div', { class: 'figure' }, shown, element('span', {}, label));
}

function figures(context: DetailsContext): HTMLElement {
  const { details } = context;
  const shown = context.shown();
  const hasStart = details.startUnixNano !== '0';
  const durationNs = shown?.durationNs ?? details.durationNs;
  // Without a start a length of 0 is none that anybody measured.
  const hasLength = hasStart || durationNs > 0;
  const startNs = shown?.startNs ?? details.startNs + context.shiftNs;
  const start = figure(hasStart ? formatOffset(startNs) : NO_TIME, 'start');
  if (details.running && hasStart) {
    const elapsed = liveText('strong', () => formatDuration(steadyNs(context.shown()?.durationNs ?? 0)));
    return element(
      'div',
      { class: 'figures' },
      figure(elapsed, shown?.run === RUN_GOES_ON ? 'so far' : 'until it was lost'),
      start,
    );
  }
  return element(
    'div',
    { class: 'figures' },
    figure(
      hasLength ? formatDuration(durationNs) : NO_TIME,
      hasLength ? `${formatShare(shown?.share ?? details.share)} of trace` : 'duration',
    ),
    ...(hasLength ? [figure(formatDuration(shown?.selfNs ?? details.selfNs), 'self')] : []),
    start,
  );
}

/** What became of a span that has not ended. */
function runFact(context: DetailsContext): string {
  const shown = context.shown();
  return shown?.run === undefined ? 'running' : runText(shown.run, shown.durationNs);
}

/** Which of its time a debugger held its programs for. */
function heldLines(context: DetailsContext): HTMLElement[] {
  const shown = context.shown();
  if (!shown || shown.stops.length === 0) return [];
  const lines = shown.stops.slice(0, MOST_STOPS).map((stop) =>
    element(
      'div',
      { class: 'held-message' },
      element('span', { class: 'stops-sign', attributes: { 'aria-hidden': 'true' } }),
      liveText('span', () => stopText(stop, { nowNs: context.shown()?.nowNs ?? stop.startNs })),
    ),
  );
  const more = shown.stops.length - lines.length;
  if (more > 0) lines.push(element('div', { class: 'held-message' }, `and ${formatCount(more, 'more stop')}`));
  return lines;
}

function groupFigures(group: GroupSummary): HTMLElement {
  return element(
    'div',
    { class: 'figures' },
    figure(formatDuration(group.totalNs), group.errors > 0 ? `sum, ${formatCount(group.errors, 'error')}` : 'sum'),
    figure(formatDuration(group.medianNs), 'median'),
    figure(`${formatDuration(group.leastNs)} – ${formatDuration(group.mostNs)}`, 'range'),
  );
}

/** Open source with its reason. It holds its place while the host looks, so that nothing below jumps. */
function sourceBox(shown: ShownSpan): HTMLElement {
  const { context } = shown;
  const { host, span, report } = context;
  const box = element('div', { class: 'source-box' });
  const why = (): HTMLElement =>
    button({ class: 'link', press: () => void host.call('explainSource', span).catch(report) }, 'why this line?');
  // Mostly it is there at once, and nothing flickers.
  const waiting = setTimeout(
    () => box.append(element('span', { class: 'quiet', attributes: { role: 'status' } }, 'Looking for the source…')),
    UNSAID_MS,
  );
  const found = (): void => {
    clearTimeout(waiting);
    box.replaceChildren();
  };
  shown.source.then(
    (target) => {
      found();
      if (!target) {
        box.append(
          element('span', { class: 'quiet' }, 'No source was found for this span · '),
          button({ class: 'link', press: () => void host.call('explainSource', span).catch(report) }, 'why?'),
        );
        return;
      }
      const open = (): void => void host.call('openSource', { ...span, beside: false }).catch(report);
      box.append(
        // What is only offered opens nothing by itself.
        pushButton(target.isOnlyOffered ? `Maybe ${target.label}…` : `Open ${target.label}`, open),
        ...(target.drift ? [driftLine(target.drift)] : []),
        element('div', { class: 'reason' }, ...reasonText(target.reason), ' · ', why()),
      );
    },
    (error) => {
      found();
      report(error);
      box.append(element('span', { class: 'quiet' }, 'The source could not be looked up.'));
    },
  );
  return box;
}

/** What became of the line since the commit of the trace. Only what may mislead is a warning: a line that moved was found again. */
function driftLine({ kind, text, note }: NonNullable<SourceTarget['drift']>): HTMLElement {
  const warns = kind === 'changed' || kind === 'gone';
  const line = element('div', { class: warns ? 'drift warns' : 'drift', title: note });
  if (warns) line.append(icon('warning'));
  // The icon is not read out; the words say it all.
  line.append(element('span', {}, kind === 'unknown' ? `${text}. ${note}` : text));
  return line;
}

/** Attribute names in the reason (`exception.stacktrace`) stand out as code. */
function reasonText(reason: string): (Node | string)[] {
  return reason
    .split(/\b((?:code|exception|vcs|http|db|url)\.[a-z_.]+[a-z_])\b/)
    .map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));
}
