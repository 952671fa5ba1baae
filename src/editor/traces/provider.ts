/** The Traces view's tree: groups, traces, and below a trace its errors, its slowest spans and its services. */

import {
  DataTransferItem,
  type Disposable,
  EventEmitter,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
} from 'vscode';
import { toErrorData } from '../../core/errors';
import { formatCount } from '../../core/text/format';
import { Disposables } from '../services/disposables';
import type { EngineService } from '../services/engine';
import type { Settings } from '../services/settings';
import type { TraceService } from '../services/traces';
import { groupTraces } from './groups';
import { itemOf, traceTooltip } from './items';
import type { TracesModel } from './model';
import type { NoteNode, SectionNode, SpanNode, TraceNode, TracesNode } from './nodes';

/** How many errors, and how many slow spans, are listed below a trace. */
const highlightLimit = 10;

export interface ProviderOptions {
  readonly model: TracesModel;
  readonly traces: TraceService;
  readonly engine: EngineService;
  readonly settings: Settings;
  /** `cartStore.ts:31`, where a trace starts in code. */
  readonly sourceLabel: (node: TraceNode) => Promise<string | undefined>;
  /** Name of a debug session. */
  readonly sessionName: (id: string) => string;
  /** Link that opens a trace from elsewhere. */
  readonly linkOf: (node: TraceNode) => string;
}

export class TracesProvider implements TreeDataProvider<TracesNode>, TreeDragAndDropController<TracesNode>, Disposable {
  private readonly disposables = new Disposables();
  private readonly emitter = this.disposables.own(new EventEmitter<TracesNode | undefined>());
  readonly onDidChangeTreeData = this.emitter.event;
  readonly dragMimeTypes = ['text/uri-list', 'text/plain'];
  readonly dropMimeTypes: readonly string[] = [];

  constructor(private readonly options: ProviderOptions) {
    this.disposables.add(options.model.onDidChange(() => this.emitter.fire(undefined)));
  }

  getTreeItem(node: TracesNode): TreeItem {
    return itemOf(node, Date.now());
  }

  getChildren(node?: TracesNode): TracesNode[] | Promise<TracesNode[]> {
    if (node === undefined) return this.roots();
    switch (node.kind) {
      case 'group':
        return [...node.traces];
      case 'section':
        return [...node.children];
      case 'trace':
        return this.below(node);
      case 'span':
      case 'service':
      case 'loadMore':
      case 'note':
        return [];
      default:
        return node satisfies never;
    }
  }

  async resolveTreeItem(item: TreeItem, node: TracesNode): Promise<TreeItem> {
    if (node.kind === 'trace') item.tooltip = traceTooltip(node, await this.options.sourceLabel(node).catch(() => undefined));
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

  private roots(): TracesNode[] {
    const { model, settings, sessionName } = this.options;
    const grouped = groupTraces(model.list, settings.groupBy, Date.now(), sessionName);
    return model.more ? [...grouped, { kind: 'loadMore' }] : [...grouped];
  }

  private async below(node: TraceNode): Promise<TracesNode[]> {
    const { backend, traceId } = node;
    try {
      const key = await this.options.traces.locate(traceId, { backend });
      const found = await this.options.engine.call('highlights', { ...key, limit: highlightLimit });
      const span =
        (why: SpanNode['why']) =>
        (one: SpanNode['span']): SpanNode => ({
          kind: 'span',
          backend,
          traceId,
          spanId: one.spanId,
          why,
          span: one,
        });
      const id = `${backend}:${traceId}`;
      const sections: SectionNode[] = [
        {
          kind: 'section',
          id: `${id}:errors`,
          label: 'Errors',
          description: countOf(found.errors.length, found.errorCount),
          children: found.errors.map(span('error')),
          open: true,
        },
        {
          kind: 'section',
          id: `${id}:slow`,
          label: 'Slowest spans',
          children: found.slowest.map(span('slow')),
          open: found.errorCount === 0,
        },
        {
          kind: 'section',
          id: `${id}:services`,
          label: 'Services',
          description: String(found.services.length),
          children: found.services.map((service) => ({ kind: 'service', backend, traceId, ...service })),
          open: false,
        },
      ];
      return sections.filter((section) => section.children.length > 0);
    } catch (error) {
      const note: NoteNode = { kind: 'note', id: `${backend}:${traceId}:note`, text: toErrorData(error).message };
      return [note];
    }
  }
}

function countOf(shown: number, all: number): string {
  return shown < all ? `${shown} of ${formatCount(all, 'error')}` : String(all);
}
