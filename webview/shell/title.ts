/** The title line: what the trace is, in one line; errors and findings are buttons that go to the next one. */

import { formatCount, formatDuration, formatLocalTime, formatUtcTime } from '../../src/core/text/formatText';
import { button, element, setTitle } from '../elements/dom';
import { icon } from '../elements/icons';
import type { TraceModel } from '../trace/model';

export interface TitleActions {
  readonly nextError: () => void;
  readonly nextFinding: () => void;
  readonly leaveRoot: () => void;
  readonly backToList: (() => void) | undefined;
}

export class Title {
  readonly root = element('div', { class: 'title-text' });

  show(trace: TraceModel, actions: TitleActions, rootedAt: string | undefined): void {
    const { snapshot } = trace;
    const findings = snapshot.findings.length;
    const name = snapshot.rootName || (snapshot.count > 0 ? 'Root span missing' : 'Trace without spans');
    const facts: (Node | string)[] = [];
    if (snapshot.rootService) facts.push(element('bdi', { class: 'wide-only' }, snapshot.rootService));
    facts.push(
      startTime(snapshot.startUnixNano, formatDuration(snapshot.durationNs)),
      formatCount(snapshot.count, 'span'),
      element('span', { class: 'wide-only' }, formatCount(snapshot.services.length, 'service')),
    );
    // Apart from the other facts, which give way where there is no room.
    const alerts: HTMLElement[] = [];
    if (snapshot.errorCount > 0) {
      const label = formatCount(snapshot.errorCount, 'error');
      alerts.push(button({ class: 'fact error', title: 'Go to the next error (e)', press: actions.nextError }, label));
    }
    if (findings > 0) {
      alerts.push(
        button(
          { class: 'fact warning wide-only', title: 'Go to the next finding (f)', press: actions.nextFinding },
          formatCount(findings, 'finding'),
        ),
      );
    }
    const meta = element('span', { class: 'meta' });
    facts.forEach((fact, index) => {
      const onlyWide = isWideOnly(fact) || (index === 1 && isWideOnly(facts[0]));
      if (index > 0) meta.append(dot(onlyWide));
      meta.append(fact);
    });
    const line = element('span', { class: 'meta-line' }, meta);
    for (const alert of alerts) line.append(dot(isWideOnly(alert)), alert);
    const back = actions.backToList;
    this.root.replaceChildren(
      ...(back
        ? [
            button(
              {
                class: 'icon-button',
                title: 'Back to the list of traces',
                attributes: { 'aria-label': 'Back to the list of traces' },
                press: back,
              },
              icon('arrowLeft'),
            ),
          ]
        : []),
      element('h1', { class: 'root-name', title: name }, element('bdi', {}, name)),
      line,
    );
    if (rootedAt !== undefined) {
      this.root.append(
        button(
          { class: 'fact rooted', title: 'Show the whole trace again (Esc)', press: actions.leaveRoot },
          `below ${rootedAt}`,
          icon('close'),
        ),
      );
    }
  }
}

function isWideOnly(fact: Node | string): boolean {
  return fact instanceof HTMLElement && fact.classList.contains('wide-only');
}

function dot(wideOnly: boolean): HTMLElement {
  return element('span', { class: wideOnly ? 'dot wide-only' : 'dot', attributes: { 'aria-hidden': 'true' } }, ' · ');
}

/** The absolute time is on hover; making a formatter for it takes longer than all the rest of the line, so it is made then. */
function startTime(unixNano: string, text: string): HTMLElement {
  const span = element('span', {}, text);
  span.addEventListener(
    'pointerenter',
    () => {
      const startNs = BigInt(unixNano);
      setTitle(span, formatLocalTime(startNs), formatUtcTime(startNs));
    },
    { once: true },
  );
  return span;
}
