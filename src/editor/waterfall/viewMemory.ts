/** What waterfalls remember: of each trace for this workspace, and of all traces for this person. Bounded. */

import type { Memento } from 'vscode';
import type { ViewLayout, ViewState } from '../../protocol/webviewProtocol';

const stateKey = 'waterfall.states';
const layoutKey = 'waterfall.layout';
/** Traces that are remembered; the least recently seen are forgotten. */
const maxTraces = 100;
/** Span ids in one list of one trace. */
const maxIds = 2000;

export class ViewMemory {
  constructor(
    private readonly workspaceState: Memento,
    private readonly globalState: Memento,
  ) {}

  state(traceId: string): ViewState {
    return this.states()[traceId] ?? {};
  }

  async saveState(traceId: string, state: ViewState): Promise<void> {
    const { [traceId]: _, ...others } = this.states();
    const kept = Object.entries(others).slice(-(maxTraces - 1));
    const bounded: ViewState = {
      ...state,
      collapsed: state.collapsed?.slice(0, maxIds),
      expandedGroups: state.expandedGroups?.slice(0, maxIds),
    };
    await this.workspaceState.update(stateKey, { ...Object.fromEntries(kept), [traceId]: bounded });
  }

  layout(): ViewLayout {
    return this.globalState.get<ViewLayout>(layoutKey) ?? {};
  }

  async saveLayout(layout: ViewLayout): Promise<void> {
    await this.globalState.update(layoutKey, layout);
  }

  private states(): Readonly<Record<string, ViewState>> {
    return this.workspaceState.get<Record<string, ViewState>>(stateKey) ?? {};
  }
}
