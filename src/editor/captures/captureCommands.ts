/** What can be done with captures: opened, named, kept, exported, chosen to be compared with, deleted after a question. */

import { commands, type Disposable, env, type TreeView, Uri } from 'vscode';
import type { App } from '../../app/app';
import type { CaptureList } from '../../app/captures/captureList';
import { captureTitle } from '../../app/captures/captureText';
import { Disposables } from '../../base/disposables';
import { MAX_CAPTURE_NAME } from '../../capture/directory/captureAbout';
import { formatCount, formatLocalTime, formatRelativeTime } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import type { CaptureInfo } from '../../protocol/capture';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import { askForText } from '../plain/inputBox';
import { askModal, showMessage, showProgress } from '../plain/messages';
import { pickOne } from '../plain/quickPick';
import { exportCapture } from './exportCapture';
import type { RecordDocuments } from './recordDocuments';

export type CaptureServices = Pick<App, 'capture' | 'backends' | 'problems'>;

export interface CaptureRows {
  readonly list: CaptureList;
  readonly view: TreeView<CaptureInfo>;
  readonly sessionName: (id: string) => string;
  readonly records: Pick<RecordDocuments, 'open'>;
}

export function registerCaptureCommands(services: CaptureServices, rows: CaptureRows): Disposable {
  const { capture, backends, problems } = services;
  const { list, view, sessionName, records } = rows;
  const nameOf = (info: CaptureInfo): string => captureTitle(info, Date.now(), sessionName);
  /** The row that was clicked, or that keys are for, or one that is asked for. */
  const chosenFor = async (
    given: unknown,
    title: string,
    passes = (_: CaptureInfo): boolean => true,
  ): Promise<CaptureInfo | undefined> => {
    if (isCapture(given)) return list.now(given);
    const [selected] = view.visible ? view.selection : [];
    if (selected && passes(list.now(selected))) return list.now(selected);
    return pick(services, title, nameOf, passes);
  };
  const load = async (chosen: CaptureInfo): Promise<void> => {
    if (chosen.loaded || chosen.live) return;
    await showProgress({ location: { viewId: 'spanhop.captures' } }, () => capture.load(chosen.id));
    await list.refresh();
  };
  const register = (command: string, run: (given: unknown) => unknown): Disposable => registerCommand(problems, command, run);
  const keep = async (given: unknown, pinned: boolean): Promise<void> => {
    const chosen = await chosenFor(
      given,
      pinned ? 'Keep capture' : 'Let limits delete capture',
      (info) => (info.pinned ?? false) !== pinned,
    );
    if (!chosen) return;
    await capture.describe(chosen.id, { pinned });
    await list.refresh();
  };

  return new Disposables(
    register('spanhop.openCapture', async (given) => {
      const chosen = isCapture(given) ? list.now(given) : await pick(services, 'Open capture', nameOf);
      if (!chosen) return;
      await load(chosen);
      if (backends.active !== LOCAL_DATASET) await backends.setActive(LOCAL_DATASET);
      await commands.executeCommand('spanhop.traces.focus');
      await commands.executeCommand('spanhop.refresh');
    }),
    register('spanhop.renameCapture', async (given) => {
      const chosen = await chosenFor(given, 'Rename capture');
      if (!chosen) return;
      const name = await askForText({
        title: plain`Rename ${nameOf(chosen)}`,
        prompt: chosen.session === undefined ? 'Empty: called by when it began' : 'Empty: called as its session',
        value: chosen.name ?? '',
        validate: (value) => (value.trim().length > MAX_CAPTURE_NAME ? `At most ${MAX_CAPTURE_NAME} characters.` : undefined),
      });
      if (name === undefined || name.trim() === (chosen.name ?? '')) return;
      await capture.describe(chosen.id, { name: name.trim() });
      await list.refresh();
    }),
    register('spanhop.keepCapture', (given) => keep(given, true)),
    register('spanhop.releaseCapture', (given) => keep(given, false)),
    register('spanhop.exportCapture', async (given) => {
      const chosen = await chosenFor(given, 'Export capture');
      if (chosen) await exportCapture(services, chosen, nameOf(chosen));
    }),
    register('spanhop.selectCaptureForCompare', async (given) => {
      const chosen = await chosenFor(given, 'Compare later captures with', (info) => !info.live);
      if (!chosen) return;
      await load(chosen);
      await capture.compare(chosen.id);
    }),
    register('spanhop.clearCaptureForCompare', () => capture.compare(undefined)),
    register('spanhop.deleteCapture', async (given) => {
      // A menu is for all that are selected, where what was clicked is one of them.
      const selected = view.visible ? view.selection.map((each) => list.now(each)) : [];
      const isOfSelection = !isCapture(given) || selected.some(({ id }) => id === given.id);
      const one =
        isOfSelection && selected.length > 0 ? undefined : await chosenFor(given, 'Delete capture', (info) => !info.live);
      await remove(one ? [one] : isOfSelection ? selected : []);
    }),
    register('spanhop.showCaptureRecords', async (given) => {
      const chosen = await chosenFor(given, 'Show log records of capture');
      if (chosen) await records.open(chosen, nameOf(chosen));
    }),
    register('spanhop.revealCapture', async (given) => {
      const chosen = await chosenFor(given, 'Reveal capture log');
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

  async function remove(chosen: readonly CaptureInfo[]): Promise<void> {
    const ended = chosen.filter(({ live }) => !live);
    if (ended.length === 0) {
      if (chosen.length > 0)
        void showMessage('info', 'A capture that runs cannot be deleted. Stop capturing first, or end its program.');
      return;
    }
    const spans = formatCount(
      ended.reduce((sum, each) => sum + each.spans, 0),
      'span',
    );
    const [only] = ended;
    const what =
      ended.length > 1
        ? `${formatCount(ended.length, 'capture')} with ${spans}`
        : only.name === undefined && only.session === undefined
          ? `${spans} captured ${formatRelativeTime(only.startedAt, Date.now())}`
          : `${nameOf(only)} with ${spans}`;
    const running = chosen.length > ended.length ? 'Captures that run stay.' : '';
    const logs = ended.length > 1 ? 'The logs are deleted from disk.' : 'The log is deleted from disk.';
    const kept = ended.filter(({ pinned }) => pinned);
    const isKept = kept.length === 0 ? '' : ended.length === 1 ? 'You keep this capture.' : `You keep ${kept.length} of them.`;
    const answer = await askModal('warning', `Delete ${what}? ${logs}`, [isKept, running], 'Delete');
    if (answer !== 'Delete') return;
    for (const { id } of ended) await capture.clear(id);
    await list.refresh();
  }
}

async function askToClear(services: Pick<App, 'capture'>): Promise<boolean> {
  const list = await services.capture.list();
  const spans = list.reduce((sum, one) => sum + one.spans, 0);
  // Log records may have come without a span.
  if (list.every(({ bytes }) => bytes === 0)) return true;
  const inCaptures = formatCount(list.length, 'capture');
  const what = spans === 0 ? inCaptures : `${formatCount(spans, 'captured span')} in ${inCaptures}`;
  const kept = list.some(({ pinned }) => pinned) ? 'Captures that you keep are deleted as well.' : '';
  return (await askModal('warning', `Delete ${what}? The logs are deleted from disk.`, [kept], 'Delete')) === 'Delete';
}

async function pick(
  services: Pick<App, 'capture'>,
  title: string,
  nameOf: (info: CaptureInfo) => string,
  passes: (info: CaptureInfo) => boolean = () => true,
): Promise<CaptureInfo | undefined> {
  const list = (await services.capture.list()).filter(passes);
  if (list.length === 0) {
    void showMessage('info', 'There is no capture for that yet.');
    return undefined;
  }
  const items = [...list]
    .sort((a, b) => b.startedAt - a.startedAt)
    .map((info) => ({
      label:
        info.name === undefined && info.session === undefined
          ? formatLocalTime(BigInt(info.startedAt) * 1_000_000n)
          : nameOf(info),
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
