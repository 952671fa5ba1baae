/** The Traces view's tree: groups, traces, and what is below a trace. Draws its rows again when they change, and as their times pass. */

import {
  DataTransferItem,
  type Disposable,
  EventEmitter,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
} from 'vscode';
import type { Settings } from '../../app/settings/settings';
import { groupTraces } from '../../app/traces/groups';
import type { TraceHighlightRows } from '../../app/traces/traceHighlights';
import type { TraceList } from '../../app/traces/traceList';
import type { ActionNode, TraceNode, TracesNode } from '../../app/traces/traceNodes';
import { Disposables } from '../../base/disposables';
import { setTooltip } from '../plain/views';
import { itemOf, type TracePlaces, traceTooltip } from './items';

/** Relative times are drawn again this often while a trace is younger than a minute, and else once a minute. */
const youngTickMs = 10_000;
const tickMs = 60_000;

export interface ProviderOptions {
  readonly model: TraceList;
  readonly rows: TraceHighlightRows;
  readonly settings: Settings;
  /** Where a trace starts in code, and where it fails. */
  readonly places: (node: TraceNode) => Promise<TracePlaces>;
  /** Name of a debug session. */
  readonly sessionName: (id: string) => string;
  /** Whether spans of a trace may still be under way. */
  readonly isGrowing: (node: TraceNode) => boolean;
  /** What to do where there are no traces. */
  readonly nextSteps: () => readonly ActionNode[];
  /** Link that opens a trace from elsewhere. */
  readonly linkOf: (node: TraceNode) => string;
}

export class TracesProvider implements TreeDataProvider<TracesNode>, TreeDragAndDropController<TracesNode>, Disposable {
  private readonly disposables = new Disposables();
  private readonly emitter = this.disposables.own(new EventEmitter<TracesNode[] | undefined>());
  private ticking: NodeJS.Timeout | undefined;
  /** What the rows of traces say that were drawn since all were. */
  private readonly drawn = new Map<TraceNode, string>();
  private drawnGroups = '';
  readonly onDidChangeTreeData = this.emitter.event;
  readonly dragMimeTypes = ['text/uri-list', 'text/plain'];
  readonly dropMimeTypes: readonly string[] = [];

  constructor(private readonly options: ProviderOptions) {
    this.disposables.add(
      options.model.onDidChange(() => this.redraw()),
      { dispose: () => clearTimeout(this.ticking) },
    );
  }

  /** Times pass only while somebody looks. */
  setVisible(visible: boolean): void {
    if (visible) this.tick();
    else clearTimeout(this.ticking);
  }

  redraw(): void {
    this.emitter.fire(undefined);
  }

  getTreeItem(node: TracesNode): TreeItem {
    if (node.kind !== 'trace') return itemOf(node, Date.now(), false);
    const item = this.traceItem(node);
    this.drawn.set(node, textOf(item));
    return item;
  }

  async getChildren(node?: TracesNode): Promise<TracesNode[]> {
    if (node === undefined) return this.roots();
    switch (node.kind) {
      case 'group':
        return [...node.traces];
      case 'section':
        return [...node.children];
      case 'trace':
        return [...(await this.options.rows.rowsOf(node))];
      case 'span':
      case 'service':
      case 'loadMore':
      case 'action':
        return [];
      default:
        return node satisfies never;
    }
  }

  async resolveTreeItem(item: TreeItem, node: TracesNode): Promise<TreeItem> {
    if (node.kind === 'trace') setTooltip(item, traceTooltip(node, await this.options.places(node).catch(() => ({}))));
    return item;
  }

  /** A trace dragged into an editor opens; into a text or a chat it gives its link. */
  handleDrag(nodes: readonly TracesNode[], transfer: { set(mime: string, item: DataTransferItem): void }): void {
    const links = nodes.filter((node): node is TraceNode => node.kind === 'trace').map((node) => this.options.linkOf(node));
    if (links.length === 0) return;
    transfer.set('text/uri-list', new DataTransferItem(links.join('\r\n')));
    transfer.set('text/plain', new DataTransferItem(links.join('\n')));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private traceItem(node: TraceNode): TreeItem {
    return itemOf(node, Date.now(), this.options.isGrowing(node));
  }

  private groups(): ReturnType<typeof groupTraces> {
    const { model, settings, sessionName } = this.options;
    return groupTraces(model.list, settings.groupBy, Date.now(), sessionName);
  }

  private roots(): TracesNode[] {
    const { model } = this.options;
    const groups = this.groups();
    this.drawn.clear();
    this.drawnGroups = namesOf(groups);
    const rows: TracesNode[] = [...groups];
    if (model.more) rows.push({ kind: 'loadMore', loading: model.loading });
    if (rows.length === 0) return [...this.options.nextSteps()];
    // The message line says why; these rows are still there, and are old.
    return model.error === undefined ? rows : [oldRows, ...rows];
  }

  /** Draws only rows that say something else now: a row that is drawn loses its hover, and a press on its buttons may miss. */
  private timesPass(): void {
    if (namesOf(this.groups()) !== this.drawnGroups) {
      this.redraw();
      return;
    }
    const changed = [...this.drawn].filter(([node, text]) => textOf(this.traceItem(node)) !== text).map(([node]) => node);
    if (changed.length > 0) this.emitter.fire(changed);
  }

  private tick(): void {
    clearTimeout(this.ticking);
    const newest = this.options.model.list[0]?.overview.startUnixNano;
    const isYoung = newest !== undefined && Date.now() - Number(newest / 1_000_000n) < tickMs;
    this.ticking = setTimeout(
      () => {
        this.timesPass();
        this.tick();
      },
      isYoung ? youngTickMs : tickMs,
    );
  }
}

/** What tells whether rows have changed their groups. */
function namesOf(groups: ReturnType<typeof groupTraces>): string {
  return groups.map((node) => (node.kind === 'group' ? `${node.id} ${node.traces.length}` : node.traceId)).join('\n');
}

function textOf({ label, description }: TreeItem): string {
  return `${label}\n${description}`;
}

const oldRows: ActionNode = {
  kind: 'action',
  id: 'oldRows',
  label: 'Not up to date',
  icon: 'warning',
  detail: 'Try again',
  command: { id: 'spanhop.refresh', title: 'Try again' },
};
