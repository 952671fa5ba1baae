/**
 * A look at one trace after the other, beside the code and without the focus: the latest wish wins, looks take each other's place, and who
 * leaves finds things as they were.
 */

import { TabInputText, window } from 'vscode';
import type { CodeSpan } from '../../app/code/codeKnowledge';
import type { ViewSession } from '../../app/views/viewSession';
import { toErrorData } from '../../base/errors';
import { Throttle } from '../../base/throttle';
import type { CodeServices } from './codeContext';

/** Milliseconds of rest on an item before its trace is opened. */
const restMs = 150;

export class TracePreview {
  private wanted: CodeSpan | undefined;
  private readonly rests = new Throttle(
    () => {
      this.work = this.follow();
      return this.work;
    },
    { waitMs: restMs, after: 'last' },
  );
  private work: Promise<void> | undefined;
  /** The panel that was made for the looks. */
  private own: ViewSession | undefined;
  /** Spans that were selected in traces that were open before. */
  private readonly selectedBefore = new Map<ViewSession, string | undefined>();
  /** The editors in front before. */
  private readonly inFront = window.tabGroups.all.map(({ viewColumn, activeTab }) => ({ viewColumn, activeTab }));
  private over = false;

  constructor(private readonly services: Pick<CodeServices, 'views' | 'problems'>) {}

  look(run: CodeSpan): void {
    this.wanted = run;
    this.rests.ask();
  }

  /** Opens the trace for good. */
  async stay({ traceId, spanId }: CodeSpan): Promise<void> {
    await this.end();
    await this.services.views.openTrace(traceId, { spanId });
  }

  /** Brings back what was there. */
  async leave(): Promise<void> {
    await this.end();
    for (const [session, spanId] of this.selectedBefore) if (spanId) await session.select(spanId);
    if (this.own) this.services.views.close(this.own);
    if (!this.own && this.selectedBefore.size === 0) return;
    for (const { viewColumn, activeTab } of this.inFront) {
      const now = window.tabGroups.all.find((group) => group.viewColumn === viewColumn)?.activeTab;
      if (!activeTab || now === activeTab || !(activeTab.input instanceof TabInputText)) continue;
      await window.showTextDocument(activeTab.input.uri, { viewColumn, preserveFocus: true, preview: activeTab.isPreview });
    }
  }

  private async end(): Promise<void> {
    this.over = true;
    this.rests.dispose();
    await this.work;
  }

  private async follow(): Promise<void> {
    while (this.wanted && !this.over) {
      const { traceId, spanId } = this.wanted;
      this.wanted = undefined;
      try {
        await this.show(traceId, spanId);
      } catch (error) {
        // A trace that cannot be shown shows nothing; the list says that it is there.
        if (toErrorData(error).kind !== 'Cancelled') this.services.problems.record(error);
      }
    }
  }

  private async show(traceId: string, spanId: string): Promise<void> {
    const { views } = this.services;
    const open = views.sessionOf(traceId);
    if (open && open !== this.own) {
      if (!this.selectedBefore.has(open)) this.selectedBefore.set(open, open.selected?.spanId);
      await views.openTrace(traceId, { spanId, preserveFocus: true, preview: true });
      return;
    }
    if (this.own && !views.has(this.own)) this.own = undefined;
    const instead = this.own ?? 'none';
    this.own = await views.openTrace(traceId, { spanId, preserveFocus: true, preview: true, instead });
  }
}
