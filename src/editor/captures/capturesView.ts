/** The Captures view: the running capture and the kept ones, newest first. A kept one is opened into the Traces view, or deleted after a question. */

import {
  commands,
  type Disposable,
  EventEmitter,
  env,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  type TreeItem,
  Uri,
  window,
} from 'vscode';
import type { App } from '../../app/app';
import { CaptureList } from '../../app/captures/captureList';
import type { CaptureService } from '../../app/captures/captureService';
import { captureDetails, captureNotes, captureTitle, describeCapture, notesAboveRows } from '../../app/captures/captureText';
import { Disposables } from '../../base/disposables';
import { formatCount, formatLocalTime, formatRelativeTime } from '../../core/text/formatText';
import type { CaptureInfo } from '../../protocol/capture';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import type { Gate } from '../opening/gate';
import { linesTooltip } from '../plain/markdown';
import { askModal, showMessage, showProgress } from '../plain/messages';
import { pickOne } from '../plain/quickPick';
import { setViewMessage, treeItem } from '../plain/views';
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
  ) {
    this.disposables.add(captures.onDidChange((changed) => this.redraw(changed)));
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
    return treeItem({
      id: capture.id,
      label: captureTitle(capture, Date.now()),
      description: describeCapture(capture, Date.now()),
      tooltip: linesTooltip(captureDetails(capture, trouble)),
      icon: capture.live
        ? trouble === undefined
          ? new ThemeIcon('record', new ThemeColor('debugIcon.startForeground'))
          : new ThemeIcon('error', new ThemeColor('list.errorForeground'))
        : capture.damage
          ? new ThemeIcon('warning', new ThemeColor('list.warningForeground'))
          : new ThemeIcon(capture.reading ? 'loading~spin' : capture.loaded ? 'archive' : 'circle-large-outline'),
      contextValue: `${capture.live ? 'capture live' : 'capture kept'}${capture.hasRecords ? ' logs' : ''}`,
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
  services: Pick<App, 'capture' | 'backends' | 'problems'> & { readonly gate: Pick<Gate, 'open'> },
): Disposable {
  const { capture, backends, problems, gate } = services;
  const disposables = new Disposables();
  const list = disposables.own(new CaptureList({ capture, problems }));
  const provider = disposables.own(new CapturesProvider(list, capture));
  const view = disposables.own(window.createTreeView('spanhop.captures', { treeDataProvider: provider }));
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
  );
  const register = (command: string, run: (given: unknown) => unknown): Disposable => registerCommand(problems, command, run);

  disposables.add(
    register('spanhop.openCapture', async (given) => {
      const chosen = isCapture(given) ? list.now(given) : await pick(services, 'Open capture');
      if (!chosen) return;
      if (!chosen.loaded && !chosen.live) {
        await showProgress({ location: { viewId: 'spanhop.captures' } }, () => capture.load(chosen.id));
        await list.refresh();
      }
      if (backends.active !== LOCAL_DATASET) await backends.setActive(LOCAL_DATASET);
      await commands.executeCommand('spanhop.traces.focus');
      await commands.executeCommand('spanhop.refresh');
    }),
    register('spanhop.deleteCapture', async (given) => {
      const chosen = isCapture(given) ? list.now(given) : await pick(services, 'Delete capture');
      if (!chosen) return;
      const what = `${formatCount(chosen.spans, 'span')} captured ${formatRelativeTime(chosen.startedAt, Date.now())}`;
      const answer = await askModal('warning', `Delete ${what}? The log is deleted from disk.`, [], 'Delete');
      if (answer !== 'Delete') return;
      await capture.clear(chosen.id);
      await list.refresh();
    }),
    register('spanhop.showCaptureRecords', async (given) => {
      const chosen = isCapture(given) ? list.now(given) : await pick(services, 'Show log records of capture');
      if (chosen) await records.open(chosen, captureTitle(chosen, Date.now()));
    }),
    register('spanhop.revealCapture', async (given) => {
      const chosen = isCapture(given) ? list.now(given) : await pick(services, 'Reveal capture log');
      if (!chosen) return;
      await commands.executeCommand(
        env.uiKind === 1 && env.remoteName === undefined ? 'revealFileInOS' : 'vscode.open',
        Uri.file(chosen.path),
      );
    }),
    register('spanhop.clearCapture', async (given) => {
      const sure = isForced(given) || (await askToClear(services));
      if (!sure) return;
      await capture.clear();
      await list.refresh();
    }),
  );
  return disposables;
}

async function askToClear(services: Pick<App, 'capture'>): Promise<boolean> {
  const list = await services.capture.list();
  const spans = list.reduce((sum, one) => sum + one.spans, 0);
  // Log records may have come without a span.
  if (list.every(({ bytes }) => bytes === 0)) return true;
  const inCaptures = formatCount(list.length, 'capture');
  const what = spans === 0 ? inCaptures : `${formatCount(spans, 'captured span')} in ${inCaptures}`;
  return (await askModal('warning', `Delete ${what}? The logs are deleted from disk.`, [], 'Delete')) === 'Delete';
}

async function pick(services: Pick<App, 'capture'>, title: string): Promise<CaptureInfo | undefined> {
  const list = await services.capture.list();
  if (list.length === 0) {
    void showMessage('info', 'Nothing was captured yet.');
    return undefined;
  }
  const items = [...list]
    .sort((a, b) => b.startedAt - a.startedAt)
    .map((info) => ({
      label: formatLocalTime(BigInt(info.startedAt) * 1_000_000n),
      description: `${formatCount(info.spans, 'span')} · ${info.live ? 'running' : formatRelativeTime(info.startedAt, Date.now())}`,
      info,
    }));
  return (await pickOne(items, { title }))?.info;
}

function isCapture(value: unknown): value is CaptureInfo {
  return typeof value === 'object' && value !== null && 'id' in value && 'startedAt' in value && 'path' in value;
}

/** `{ force: true }`: scripts that know what they do are not asked. */
function isForced(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'force' in value && value.force === true;
}
