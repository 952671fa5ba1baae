/**
 * What waterfalls remember: of each trace for this workspace, and of all traces for this person. Bounded. States come many times a second
 * while a person zooms; they are known at once, and written when nothing new has come for a moment.
 */

import type { Disposable, Memento } from 'vscode';
import type { ViewLayout, ViewState } from '../../protocol/view';

const stateKey = 'waterfall.states';
const layoutKey = 'waterfall.layout';
/** Traces that are remembered; the least recently seen are forgotten. */
const maxTraces = 100;
/** Span ids in one list of one trace. */
const maxIds = 2000;
const writeMs = 400;

export class ViewMemory implements Disposable {
  private unwritten: Record<string, ViewState> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly workspaceState: Memento,
    private readonly globalState: Memento,
  ) {}

  state(traceId: string): ViewState {
    return this.states()[traceId] ?? {};
  }

  saveState(traceId: string, state: ViewState): void {
    const { [traceId]: _, ...others } = this.states();
    const kept = Object.entries(others).slice(-(maxTraces - 1));
    const bounded: ViewState = {
      ...state,
      collapsed: state.collapsed?.slice(0, maxIds),
      expandedGroups: state.expandedGroups?.slice(0, maxIds),
    };
    this.unwritten = { ...Object.fromEntries(kept), [traceId]: bounded };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), writeMs);
  }

  layout(): ViewLayout {
    return this.globalState.get<ViewLayout>(layoutKey) ?? {};
  }

  async saveLayout(layout: ViewLayout): Promise<void> {
    await this.globalState.update(layoutKey, layout);
  }

  private states(): Readonly<Record<string, ViewState>> {
    return this.unwritten ?? this.workspaceState.get<Record<string, ViewState>>(stateKey) ?? {};
  }

  private write(): void {
    clearTimeout(this.timer);
    const { unwritten } = this;
    this.unwritten = undefined;
    if (unwritten) void this.workspaceState.update(stateKey, unwritten);
  }

  dispose(): void {
    this.write();
  }
}
