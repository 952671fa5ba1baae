/**
 * What views remember: of each trace for this workspace, and of all traces for this person. Bounded. States come many times a second
 * while a person zooms; they are known at once, and written when nothing new has come for a moment.
 */

import type { Disposable } from '../../base/disposables';
import { Throttle } from '../../base/throttle';
import type { ViewLayout, ViewState } from '../../protocol/view';
import type { Memento } from '../ports/memento';
import { isRecord, readLayout, readState } from './keptState';

const stateKey = 'waterfall.states';
const layoutKey = 'waterfall.layout';
/** Traces that are remembered; the least recently seen are forgotten. */
const maxTraces = 100;
/** Span ids in one list of one trace. */
const maxIds = 2000;
/** UTF-16 units of what is looked for. */
const maxText = 10_000;
const writeMs = 400;

export class ViewMemory implements Disposable {
  private unwritten: Readonly<Record<string, unknown>> | undefined;
  private readonly writing = new Throttle(() => this.write(), { waitMs: writeMs, after: 'last' });

  constructor(
    private readonly workspaceState: Memento,
    private readonly globalState: Memento,
  ) {}

  state(traceId: string): ViewState {
    return readState(this.states()[traceId]);
  }

  saveState(traceId: string, state: ViewState): void {
    const { [traceId]: _, ...others } = this.states();
    const kept = Object.entries(others).slice(-(maxTraces - 1));
    const read = readState(state);
    const bounded: ViewState = {
      ...read,
      find: read.find?.slice(0, maxText),
      collapsed: read.collapsed?.slice(0, maxIds),
      expandedGroups: read.expandedGroups?.slice(0, maxIds),
    };
    this.unwritten = { ...Object.fromEntries(kept), [traceId]: bounded };
    this.writing.ask();
  }

  layout(): ViewLayout {
    return readLayout(this.globalState.get(layoutKey));
  }

  async saveLayout(layout: ViewLayout): Promise<void> {
    await this.globalState.update(layoutKey, readLayout(layout));
  }

  private states(): Readonly<Record<string, unknown>> {
    if (this.unwritten) return this.unwritten;
    const kept = this.workspaceState.get(stateKey);
    return isRecord(kept) ? kept : {};
  }

  private write(): void {
    const { unwritten } = this;
    this.unwritten = undefined;
    if (unwritten) void this.workspaceState.update(stateKey, unwritten);
  }

  dispose(): void {
    this.writing.dispose();
    this.write();
  }
}
