/** What the shell shows around every view of the trace: its title, the find box, the overview, the details, the footer. */

import type { TimeRange } from '../../src/core/layout/timeScale';
import type { Host } from '../host';
import type { Theme } from '../theme/theme';
import { SelectedDetails } from '../trace/details';
import { nameText } from '../trace/model';
import { positionIn } from '../trace/navigate';
import type { TraceStore } from '../trace/traceStore';
import { Words } from '../trace/words';
import type { ViewFrame } from '../views/view';
import { DetailsController } from './details/controller';
import { FindBox } from './findBox';
import { Footer } from './footer';
import { Legend } from './legend';
import type { Stillness } from './liveBar';
import { Minimap } from './minimap';
import { Title } from './title';
import { Findings, goToNext, showWholeTrace } from './traceCommands';

export interface TraceFrameOptions {
  readonly host: Host;
  readonly store: TraceStore;
  readonly announce: (text: string) => void;
  readonly showKeys: () => void;
  /** The keyboard goes back to the view. */
  readonly focusView: () => void;
  readonly closeDetails: () => void;
  readonly foldedChanged: () => void;
  /** Undefined where there is no list to go back to. */
  readonly backToList: () => (() => void) | undefined;
  readonly report: (error: unknown) => void;
  readonly togglePause: () => void;
  /** Whether the picture is held still, and what came meanwhile. */
  readonly still: () => Stillness;
}

export class TraceFrame implements ViewFrame {
  readonly findings: Findings;
  readonly findBox: FindBox;
  readonly details: DetailsController;
  readonly legend: Legend;
  private readonly titleLine = new Title();
  private readonly footer: Footer;
  private readonly minimap: Minimap;
  private readonly selected: SelectedDetails;
  private titleKey: unknown[] = [];

  constructor(private readonly own: TraceFrameOptions) {
    const { host, store, report } = own;
    this.findings = new Findings(store, own.announce);
    const words = new Words(host, () => store.view);
    this.findBox = new FindBox({
      changed: (text) => void store.finder.search(text),
      next: (backwards) => goToNext(store, store.view?.find.matches, backwards),
      setFilter: (on) => store.finder.setFilter(on),
      leave: own.focusView,
      words: (arrived) => words.get(arrived),
      announce: own.announce,
    });
    this.footer = new Footer({
      toggleCritical: () => store.toggleCritical(),
      toggleClock: () => store.toggleClock(),
      toggleStops: () => store.toggleStops(),
      togglePause: own.togglePause,
      goToSpanId: (id) => void store.selectSpanId(id, { reveal: true }),
      showKeys: own.showKeys,
      clearFilter: () => store.finder.setFilter(false),
      nextMark: (backwards) => goToNext(store, store.view?.marks.spans, backwards),
    });
    this.minimap = new Minimap({
      view: () => store.view,
      setView: (view: TimeRange) => store.setView(view),
      reset: () => showWholeTrace(store),
    });
    this.details = new DetailsController({ host, store, report, close: own.closeDetails, foldedChanged: own.foldedChanged });
    this.legend = new Legend({ host, store, report, focusView: own.focusView });
    this.selected = new SelectedDetails({ host, report });
    this.selected.onDidChange((selected) => this.details.show(selected));
    store.onWillLeave((where) => {
      if (where === 'another') this.findBox.forget();
    });
  }

  get title(): HTMLElement {
    return this.titleLine.root;
  }

  readonly measure = (isNarrow: boolean): void => this.titleLine.fit(isNarrow);

  get tools(): HTMLElement {
    return this.findBox.root;
  }

  get status(): HTMLElement {
    return this.footer.root;
  }

  get overview(): HTMLElement {
    return this.minimap.root;
  }

  /** @param overview CSS pixels */
  render(theme: Theme, overview: { readonly width: number; readonly height: number }, hasDetails: boolean): void {
    const { view } = this.own.store;
    if (!view) return;
    this.minimap.update(view, theme, overview.width, overview.height, window.devicePixelRatio || 1);
    this.footer.update(view, this.own.still());
    this.findBox.show(view.find, positionIn(view.find.matches, view.selected >= 0 ? view.selected : -1));
    this.showTitle();
    this.legend.update();
    if (hasDetails) this.selected.update(view);
  }

  private showTitle(): void {
    const { store, backToList } = this.own;
    const { view } = store;
    if (!view) return;
    const now = new Date();
    // Midnight makes it yesterday.
    const key = [view.trace, view.lit, view.root, now.getDate(), view.seconds];
    if (key.every((value, index) => value === this.titleKey[index])) return;
    this.titleKey = key;
    this.titleLine.show(
      view,
      {
        showServices: () => this.legend.toggle(),
        nextError: () => goToNext(store, store.view?.trace.errors),
        nextFinding: this.findings.next,
        leaveRoot: () => store.setRoot(-1),
        backToList: backToList(),
      },
      view.root >= 0 ? nameText(view.trace, view.root) : undefined,
      now,
    );
  }
}
