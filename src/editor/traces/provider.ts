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
import type { Attention } from '../../app/traces/attention';
import { backendRow, oldRowsOf } from '../../app/traces/backendRows';
import { groupTraces } from '../../app/traces/groups';
import type { Listing } from '../../app/traces/listing';
import { type CaptureStatus, stepsOf } from '../../app/traces/listStatus';
import type { TraceHighlightRows } from '../../app/traces/traceHighlights';
import type { TraceList } from '../../app/traces/traceList';
import type { TraceNode, TracesNode } from '../../app/traces/traceNodes';
import { Disposables } from '../../base/disposables';
import { setTooltip, textOfRow } from '../plain/views';
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
  readonly capture: CaptureStatus;
  /** Whether somebody is at the rows. */
  readonly attention: Pick<Attention, 'here' | 'came'>;
  /** Link that opens a trace from elsewhere. */
  readonly linkOf: (node: TraceNode) => string;
}

interface Drawn {
  readonly node: TracesNode;
  readonly text: string;
}

export class TracesProvider implements TreeDataProvider<TracesNode>, TreeDragAndDropController<TracesNode>, Disposable {
  private readonly disposables = new Disposables();
  private readonly emitter = this.disposables.own(new EventEmitter<TracesNode[] | undefined>());
  private ticking: NodeJS.Timeout | undefined;
  /** Rows as VS Code has them, by what they are about, since all were drawn. */
  private readonly drawn = new Map<string, Drawn>();
  /** The same rows as they are now. */
  private readonly present = new Map<string, TracesNode>();
  private shape = '';
  /** The moment that groups by age are of: it stands still with the rows. */
  private groupedAtMs = 0;
  readonly onDidChangeTreeData = this.emitter.event;
  readonly dragMimeTypes = ['text/uri-list', 'text/plain'];
  readonly dropMimeTypes: readonly string[] = [];

  constructor(private readonly options: ProviderOptions) {
    this.disposables.add(
      options.model.onDidChange(() => this.update()),
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
    const key = keyOf(node);
    const item = this.itemOf((key !== undefined && this.present.get(key)) || node);
    if (key !== undefined) this.drawn.set(key, { node, text: textOfRow(item) });
    return item;
  }

  async getChildren(node?: TracesNode): Promise<TracesNode[]> {
    if (node === undefined) return this.draw();
    switch (node.kind) {
      case 'backend': {
        const backend = this.present.get(keyOf(node) ?? '');
        return [...(backend?.kind === 'backend' ? backend : node).children];
      }
      case 'group': {
        const group = this.present.get(keyOf(node) ?? '');
        return [...(group?.kind === 'group' ? group : node).traces];
      }
      case 'section':
        return [...node.children];
      case 'trace': {
        const trace = this.present.get(keyOf(node) ?? '');
        return [...(await this.options.rows.rowsOf(trace?.kind === 'trace' ? trace : node))];
      }
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
    this.options.attention.came();
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

  private itemOf(node: TracesNode): TreeItem {
    return itemOf(node, Date.now(), node.kind === 'trace' && this.options.isGrowing(node));
  }

  private groups({ list, newer }: Listing): ReturnType<typeof groupTraces> {
    const { settings, sessionName, attention } = this.options;
    if (!attention.here) this.groupedAtMs = Date.now();
    const groups = groupTraces(list, settings.groupBy, this.groupedAtMs, sessionName);
    const [first, ...others] = groups;
    return first?.kind === 'group' && newer > 0 ? [{ ...first, newer }, ...others] : groups;
  }

  /** All rows at the top, to be drawn anew. */
  private draw(): TracesNode[] {
    const rows = this.roots();
    this.drawn.clear();
    this.note(rows);
    return rows;
  }

  private roots(): TracesNode[] {
    const { model, capture } = this.options;
    const { main, others } = model;
    if (others.length > 0)
      return [main, ...others].map((listing) => backendRow(listing, listing === main, this.groups(listing), capture));
    const rows: TracesNode[] = [...this.groups(main)];
    const isEmpty = rows.length === 0;
    if (main.more) rows.push({ kind: 'loadMore', backend: main.backend, loading: main.loading });
    if (isEmpty) return [...rows, ...stepsOf(main, capture)];
    // The message line says why; these rows are still there, and are old.
    return main.error === undefined ? rows : [oldRowsOf(main.backend), ...rows];
  }

  private note(rows: readonly TracesNode[]): void {
    this.shape = shapeOf(rows);
    this.present.clear();
    for (const node of flat(rows)) this.present.set(keyOf(node) ?? '', node);
  }

  /** Draws only rows that say something else now: a row that is drawn loses its hover, and a press on its buttons may miss. */
  private update(): void {
    const rows = this.roots();
    if (shapeOf(rows) !== this.shape) {
      this.redraw();
      return;
    }
    this.note(rows);
    const changed = [...this.drawn].flatMap(([key, { node, text }]) => {
      const present = this.present.get(key);
      return present && textOfRow(this.itemOf(present)) !== text ? [node] : [];
    });
    if (changed.length > 0) this.emitter.fire(changed);
  }

  private tick(): void {
    clearTimeout(this.ticking);
    const newest = this.options.model.main.list[0]?.overview.startUnixNano;
    const isYoung = newest !== undefined && Date.now() - Number(newest / 1_000_000n) < tickMs;
    this.ticking = setTimeout(
      () => {
        this.update();
        this.tick();
      },
      isYoung ? youngTickMs : tickMs,
    );
  }
}

/** What a row at the top, or in a group, is about; undefined: it is of a trace, and comes and goes with that. */
function keyOf(node: TracesNode): string | undefined {
  switch (node.kind) {
    case 'trace':
      return `${node.backend}:${node.traceId}`;
    case 'group':
      return `group:${node.id}`;
    case 'backend':
      return `backend:${node.name}`;
    case 'loadMore':
      return `loadMore:${node.backend}`;
    case 'action':
      return `${node.id} ${node.command.argument}`;
    default:
      return undefined;
  }
}

/** Which rows there are, in which groups and order. */
function shapeOf(rows: readonly TracesNode[]): string {
  return flat(rows).map(keyOf).join('\n');
}

/** Rows with those below them, as far as these come without being asked for. */
function flat(rows: readonly TracesNode[]): TracesNode[] {
  return rows.flatMap((row) =>
    row.kind === 'group' ? [row, ...row.traces] : row.kind === 'backend' ? [row, ...flat(row.children)] : [row],
  );
}
