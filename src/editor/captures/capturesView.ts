/** The Captures view: captures that run and kept ones, newest first, each with what was launched and what came of it. */

import { type Disposable, EventEmitter, ThemeColor, ThemeIcon, type TreeDataProvider, type TreeItem, window } from 'vscode';
import { CaptureList } from '../../app/captures/captureList';
import type { CaptureService } from '../../app/captures/captureService';
import { captureDetails, captureNotes, describeCapture, notesAboveRows, titleAmong } from '../../app/captures/captureText';
import type { DebugSessions } from '../../app/launches/debugSessions';
import type { LaunchRecords } from '../../app/launches/launchRecords';
import { Disposables } from '../../base/disposables';
import type { CaptureInfo } from '../../protocol/capture';
import type { Gate } from '../opening/gate';
import { linesTooltip } from '../plain/markdown';
import { setViewMessage, treeItem } from '../plain/views';
import { type CaptureServices, registerCaptureCommands } from './captureCommands';
import { RecordDocuments } from './recordDocuments';

class CapturesProvider implements TreeDataProvider<CaptureInfo>, Disposable {
  private readonly disposables = new Disposables();
  private readonly emitter = this.disposables.own(new EventEmitter<CaptureInfo[] | undefined>());
  /** The rows that are drawn: only those that changed are drawn again, because on a row that is drawn just then a press on a button may miss. */
  private drawn: readonly CaptureInfo[] = [];
  readonly onDidChangeTreeData = this.emitter.event;

  constructor(
    private readonly captures: CaptureList,
    private readonly capture: CaptureService,
    private readonly sessionName: (id: string) => string,
    private readonly given: (session: string) => readonly string[],
  ) {
    let compared = capture.compared;
    this.disposables.add(
      captures.onDidChange((changed) => this.redraw(changed)),
      capture.onDidChange(() => {
        if (capture.compared !== compared) this.emitter.fire(undefined);
        compared = capture.compared;
      }),
    );
  }

  async getChildren(node?: CaptureInfo): Promise<CaptureInfo[]> {
    if (node) return [];
    await this.captures.loaded();
    this.drawn = this.captures.rows;
    return [...this.drawn];
  }

  getTreeItem(row: CaptureInfo): TreeItem {
    const capture = this.captures.now(row);
    const { trouble } = this.capture.state;
    const isCompared = this.capture.compared === capture.id;
    const kind = capture.live ? 'live' : 'kept';
    return treeItem({
      id: capture.id,
      label: titleAmong(this.captures.rows, capture, Date.now(), this.sessionName),
      description: describeCapture(capture, Date.now(), isCompared),
      tooltip: linesTooltip([
        ...captureDetails(capture, trouble, isCompared),
        ...(capture.session === undefined ? [] : this.given(capture.session)),
      ]),
      icon: capture.live
        ? trouble === undefined
          ? new ThemeIcon('record', new ThemeColor('debugIcon.startForeground'))
          : new ThemeIcon('error', new ThemeColor('list.errorForeground'))
        : capture.damage
          ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
          : new ThemeIcon(capture.reading ? 'loading~spin' : capture.loaded ? 'archive' : 'circle-large-outline'),
      contextValue: [
        ...['capture', kind],
        ...(capture.pinned ? ['pinned'] : []),
        ...(isCompared ? ['compared'] : []),
        ...(capture.hasRecords ? ['logs'] : []),
      ].join(' '),
      command: capture.live
        ? { command: 'spanhop.traces.focus', title: 'Show Traces' }
        : { command: 'spanhop.openCapture', title: 'Open Capture', arguments: [capture] },
    });
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private redraw(changed: readonly CaptureInfo[] | undefined): void {
    this.emitter.fire(changed && this.drawn.filter(({ id }) => changed.some((each) => each.id === id)));
  }
}

export function registerCapturesView(
  services: CaptureServices & { readonly gate: Pick<Gate, 'open'> },
  sessions: Pick<DebugSessions, 'nameOf'>,
  launches: Pick<LaunchRecords, 'linesOf'>,
): Disposable {
  const { capture, problems, gate } = services;
  const disposables = new Disposables();
  const list = disposables.own(new CaptureList({ capture, problems }));
  const sessionName = (id: string): string => sessions.nameOf(id);
  const provider = disposables.own(new CapturesProvider(list, capture, sessionName, (id) => launches.linesOf(id)));
  const view = disposables.own(window.createTreeView('spanhop.captures', { treeDataProvider: provider, canSelectMany: true }));
  const records = disposables.own(new RecordDocuments(capture, gate));
  const showMessageLine = (): void => {
    const first = list.trouble ?? capture.leftMemory;
    setViewMessage(view, notesAboveRows([...(first === undefined ? [] : [first]), ...captureNotes(capture)]));
  };
  showMessageLine();
  list.setVisible(view.visible);
  disposables.add(
    capture.onDidChange(showMessageLine),
    list.onDidChange(showMessageLine),
    view.onDidChangeVisibility(({ visible }) => list.setVisible(visible)),
    registerCaptureCommands(services, { list, view, sessionName, records }),
  );
  return disposables;
}
