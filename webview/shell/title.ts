/**
 * The title line: what the trace is, in one line; errors and findings are buttons that go to the next one. Where there is no room the name is cut
 * first, then whole facts go, the duration never.
 */

import { formatDate, formatZonedTime } from '../../src/core/text/dateText';
import { formatCount, formatDuration, formatUtcTime } from '../../src/core/text/formatText';
import { shownName } from '../../src/core/text/visibleText';
import { button, element, setTitle } from '../elements/dom';
import { icon } from '../elements/icons';
import { refresh } from '../elements/refresh';
import type { LitServices } from '../trace/litServices';
import { nameText, type TraceModel } from '../trace/model';
import { steadyNs } from '../trace/running';
import type { ViewModel } from '../trace/state';
import { factsThatFit } from './titleFit';

export interface TitleActions {
  readonly nextError: () => void;
  readonly nextFinding: () => void;
  readonly leaveRoot: () => void;
  readonly showServices: () => void;
  readonly backToList: (() => void) | undefined;
}

/** What goes first where there is no room for all. */
const ranks = ['services', 'service', 'spans', 'findings', 'date', 'lit', 'errors', 'duration'] as const;

interface Fact {
  readonly kind: (typeof ranks)[number];
  readonly content: Node | string;
}

/** CSS pixels of a name that stay before facts go. */
const LEAST_NAME_PX = 120;

export class Title {
  readonly root = element('div', { class: 'title-text' });
  private readonly name = element('h1', { class: 'root-name' });
  private facts: readonly { readonly rank: number; readonly root: HTMLElement }[] = [];
  private isNarrow = false;

  /** @param now for what is today */
  show({ trace, lit }: Pick<ViewModel, 'trace' | 'lit'>, actions: TitleActions, rootedAt: string | undefined, now: Date): void {
    const { snapshot } = trace;
    const name = shownName(snapshot.rootName) || (snapshot.count > 0 ? 'Root span missing' : 'Trace without spans');
    setTitle(this.name, name);
    this.name.replaceChildren(element('bdi', {}, name));
    this.facts = factsOf(trace, lit, actions, now).map(({ kind, content }, index) => ({
      rank: ranks.indexOf(kind),
      root: element('span', { class: 'meta' }, index > 0 && dot(), content),
    }));
    const back = actions.backToList;
    const line = element('span', { class: 'meta-line' });
    line.append(...this.facts.map(({ root }) => root));
    refresh(
      this.root,
      ...(back
        ? [
            button(
              {
                class: 'icon-button',
                title: 'Back to the list of traces',
                attributes: { 'aria-label': 'Back to the list of traces', 'data-key': 'back' },
                press: back,
              },
              icon('arrowLeft'),
            ),
          ]
        : []),
      this.name,
      line,
    );
    if (rootedAt !== undefined) {
      this.root.append(
        button(
          {
            class: 'fact rooted',
            title: 'Show the whole trace again (Esc)',
            attributes: { 'data-key': 'rooted' },
            press: actions.leaveRoot,
          },
          `below ${rootedAt}`,
          icon('close'),
        ),
      );
    }
    this.fit(this.isNarrow);
  }

  /** Shows the facts that there is room for: beside the name, or in a line of their own. Reads sizes. */
  fit(isNarrow: boolean): void {
    this.isNarrow = isNarrow;
    if (this.facts.length === 0) return;
    for (const { root } of this.facts) root.hidden = false;
    const sizes = this.facts.map(({ rank, root }) => ({ rank, width: root.getBoundingClientRect().width }));
    const beside = [...this.root.children].filter((child) => child !== this.name && !child.classList.contains('meta-line'));
    const gap = Number.parseFloat(getComputedStyle(this.root).columnGap) || 0;
    const taken = beside.reduce((sum, child) => sum + child.getBoundingClientRect().width + gap, 0);
    const room = this.root.clientWidth;
    const forName = Math.min(this.name.scrollWidth, LEAST_NAME_PX) + gap;
    const shown = factsThatFit(sizes, isNarrow ? room : room - taken - forName);
    this.facts.forEach(({ root }, index) => {
      root.hidden = !shown[index];
    });
    // What separates facts stands before each but the first that is shown.
    const first = shown.indexOf(true);
    this.facts.forEach(({ root }, index) => {
      root.classList.toggle('first', index === first);
    });
  }
}

function factsOf(trace: TraceModel, { names }: LitServices, actions: TitleActions, now: Date): readonly Fact[] {
  const { snapshot } = trace;
  const facts: Fact[] = [];
  if (snapshot.rootService) facts.push({ kind: 'service', content: element('bdi', {}, snapshot.rootService) });
  facts.push({ kind: 'duration', content: duration(trace) });
  const startNs = BigInt(snapshot.startUnixNano);
  const date = startNs > 0n ? formatDate(startNs, now) : undefined;
  if (date !== undefined) {
    const content = element('span', { class: 'trace-date' }, date);
    setTitle(content, formatZonedTime(startNs), formatUtcTime(startNs));
    facts.push({ kind: 'date', content });
  }
  const services = formatCount(snapshot.services.length, 'service');
  const legend = button(
    {
      class: 'fact plain',
      title: 'Which colour is which service, and what share of the time it has (l)',
      attributes: { 'aria-haspopup': 'dialog', 'data-key': 'services' },
      press: actions.showServices,
    },
    names.length > 0 ? `${names.length} of ${services}` : services,
  );
  facts.push(
    { kind: 'spans', content: formatCount(snapshot.count, 'span') },
    // What is dimmed must be told as long as there is room for anything.
    { kind: names.length > 0 ? 'lit' : 'services', content: legend },
  );
  if (snapshot.errorCount > 0) {
    const text = formatCount(snapshot.errorCount, 'error');
    const press = actions.nextError;
    facts.push({
      kind: 'errors',
      content: button(
        { class: 'fact error', title: 'Go to the next error (e)', attributes: { 'data-key': 'errors' }, press },
        text,
      ),
    });
  }
  if (snapshot.findings.length > 0) {
    const text = formatCount(snapshot.findings.length, 'finding');
    const press = actions.nextFinding;
    facts.push({
      kind: 'findings',
      content: button(
        { class: 'fact warning', title: 'Go to the next finding (f)', attributes: { 'data-key': 'findings' }, press },
        text,
      ),
    });
  }
  return facts;
}

/** A trace takes as long as from its first span's start to its last one's end, which may be more than its root's duration. */
function duration(trace: TraceModel): HTMLElement {
  const { snapshot, tree, durationNs } = trace;
  if (snapshot.startUnixNano === '0' && trace.lengthNs === 0) return element('span', {}, 'times not known');
  if (trace.running.goesOn) return element('span', {}, `${formatDuration(steadyNs(trace.lengthNs))} so far`);
  const whole = formatDuration(trace.lengthNs);
  const rootName = shownName(snapshot.rootName);
  const text = element('span', {}, whole);
  text.addEventListener(
    'pointerenter',
    () => {
      const lines = ['From the start of the first span to the end of the last one'];
      // Of several roots of the name the longest is meant.
      let ownNs = -1;
      for (let root = 0; root < trace.count; root = tree.subtreeEnd[root])
        if (nameText(trace, root) === rootName) ownNs = Math.max(ownNs, durationNs[root]);
      const own = ownNs < 0 ? whole : formatDuration(ownNs);
      if (own !== whole) lines.push(`${rootName} itself: ${own}`);
      setTitle(text, ...lines);
    },
    { once: true },
  );
  return text;
}

function dot(): HTMLElement {
  return element('span', { class: 'dot', attributes: { 'aria-hidden': 'true' } }, ' · ');
}
