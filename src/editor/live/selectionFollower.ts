/**
 * From the selected span to its line, while a person walks through a waterfall. Only what is sure enough is shown, nothing is asked and
 * nothing is said where there is no source. The latest selection wins.
 */

import { type Disposable, Uri } from 'vscode';
import type { App } from '../../app/app';
import type { FollowSelection } from '../../app/settings/settings';
import type { TraceViews } from '../../app/views/traceViews';
import type { ViewSession } from '../../app/views/viewSession';
import { Disposables } from '../../base/disposables';
import { Latest } from '../../base/latest';
import { Throttle } from '../../base/throttle';
import type { SourceCandidate } from '../../source';
import type { Gate } from '../opening/gate';
import { showInStatusBar } from '../plain/statusBar';
import type { SourceOpener } from '../source/sourceOpener';
import { LineFollower, visibleSource } from './lineFollower';

/** A selection that rests so long is followed: holding an arrow key opens nothing. */
const restMs = 120;
/** What is less sure may be another function's line. */
const leastConfidence = 0.5;

export interface SelectionFollowerOptions extends Pick<App, 'settings' | 'problems' | 'source'> {
  readonly views: TraceViews;
  readonly gate: Gate;
  readonly opener: SourceOpener;
}

export class SelectionFollower implements Disposable {
  private readonly disposables = new Disposables();
  private readonly follower: LineFollower;
  private readonly latest = new Latest();
  private readonly rests = new Throttle(() => this.begin(), { waitMs: restMs, after: 'last' });
  private session: ViewSession | undefined;

  constructor(private readonly services: SelectionFollowerOptions) {
    const { views, settings, gate } = services;
    this.follower = this.disposables.own(new LineFollower(gate));
    this.disposables.add(
      views.onDidSelect(({ session, byPerson }) => {
        if (byPerson) this.schedule(session);
      }),
      views.onDidChangeVisible(() => {
        if (this.session && !views.visible.includes(this.session)) this.stop();
      }),
      settings.onDidChangeOf(['source.followSelection'], () => {
        if (settings.followSelection === 'off') this.stop();
      }),
      { dispose: () => this.stop() },
    );
  }

  /** Switches following on or off, and says which. Where there is no source to be seen, "on" means to open a column for it. */
  async toggle(): Promise<void> {
    const { settings, views } = this.services;
    const next = nextMode(settings.followSelection, views.active);
    await settings.update('source.followSelection', next);
    showInStatusBar(next === 'off' ? 'The source does not follow the selection' : 'The source follows the selection', 3000);
    if (next !== 'off' && views.active?.selected) this.schedule(views.active);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private schedule(session: ViewSession): void {
    this.rests.cancel();
    this.latest.cancel();
    if (this.services.settings.followSelection === 'off') return;
    this.session = session;
    this.rests.ask();
  }

  private begin(): void {
    const { session } = this;
    if (!session) return;
    this.latest.run((signal) => this.follow(session, signal)).catch((error: unknown) => this.services.problems.record(error));
  }

  private async follow(session: ViewSession, signal: AbortSignal): Promise<void> {
    const { source, settings, opener } = this.services;
    const { key, selected } = session;
    const keep = session.stage.viewColumn;
    const mayOpenColumn = settings.followSelection === 'always';
    if (!key || !selected || keep === undefined || (!mayOpenColumn && visibleSource(keep).length === 0)) return;
    const { result } = await source.resolve({ ...key, spanId: selected.spanId }, signal);
    if (signal.aborted) return;
    const [best] = result.candidates;
    if (!best || !isSure(best)) {
      this.follower.clear();
      return;
    }
    await this.follower.show(Uri.parse(best.file), best.line, { keep, mayOpenColumn, preferred: opener.lastColumn, signal });
  }

  private stop(): void {
    this.rests.cancel();
    this.latest.cancel();
    this.follower.clear();
    this.session = undefined;
  }
}

/** A line that is there, in a file of the workspace: everything else is worth a question, and nobody wants to be asked in passing. */
function isSure({ confidence, outsideWorkspace, content, lineUnknown }: SourceCandidate): boolean {
  return confidence >= leastConfidence && !outsideWorkspace && !lineUnknown && content === undefined;
}

function nextMode(now: FollowSelection, session: ViewSession | undefined): FollowSelection {
  if (now !== 'off') return 'off';
  const column = session?.stage.viewColumn;
  return column !== undefined && visibleSource(column).length > 0 ? 'whenSourceVisible' : 'always';
}
