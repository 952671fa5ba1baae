/** Writes a whole capture to a file, in a format of choice, with how far it is, and a way to end it. */

import { randomUUID } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, ProgressLocation, Uri, workspace } from 'vscode';
import type { App } from '../../app/app';
import { captureTitle } from '../../app/captures/captureText';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import type { CaptureFormat, CaptureInfo } from '../../protocol/capture';
import { withSignal } from '../adapters/cancellation';
import { askWhereToSave } from '../plain/dialogs';
import { showMessage, showProgress } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';

interface FormatItem extends PickItem {
  readonly label: string;
  readonly format: CaptureFormat;
  readonly extension: string;
}

const formats: readonly FormatItem[] = [
  {
    label: 'OTLP JSON',
    description: '.otlp.json',
    detail: 'One document; any tool that knows OpenTelemetry reads it',
    format: 'otlp-json',
    extension: 'otlp.json',
  },
  {
    label: 'OTLP JSON lines',
    description: '.otlp.jsonl',
    detail: 'A request a line, as the Collector writes JSON: for large captures, and for tools that read line by line',
    format: 'otlp-jsonl',
    extension: 'otlp.jsonl',
  },
  {
    label: 'Collector protobuf',
    description: '.otlp.pb',
    detail: 'Requests with their lengths, as the Collector writes protobuf: compact; keeps 64-bit integers and bytes as they are',
    format: 'otlp-proto',
    extension: 'otlp.pb',
  },
];

export async function exportCapture({ capture }: Pick<App, 'capture'>, chosen: CaptureInfo, name: string): Promise<void> {
  const format = await pickOne(formats, { title: plain`Export ${name}`, placeholder: 'Format' });
  if (!format) return;
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const target = await askWhereToSave({
    title: 'Export capture',
    defaultUri: Uri.joinPath(folder, `${fileNameOf(chosen)}.${format.extension}`),
    // Of an ending with two dots, dialogs take the last part for the ending and would append the whole of it once more.
    filters: { [format.label]: [format.extension.replace(/^.*\./, '')] },
  });
  if (!target) return;
  // The engine writes to this machine's disk: what is elsewhere gets a copy of that.
  const isHere = target.scheme === 'file';
  const path = isHere ? target.fsPath : join(tmpdir(), `spanhop-${randomUUID()}.${format.extension}`);
  const exported = await showProgress(
    { location: ProgressLocation.Notification, title: plain`Exporting ${name}`, cancellable: true },
    (token, report) =>
      withSignal(token, (signal) => {
        let percent = 0;
        const onProgress = ({ done, total }: { readonly done: number; readonly total?: number }): void => {
          const now = total ? Math.floor((done / total) * 100) : percent;
          report(plain`${now} %`, now - percent);
          percent = now;
        };
        return capture.export(chosen.id, { format: format.format, path }, { signal, onProgress });
      }),
  );
  const files = [{ from: path, to: target }];
  if (exported.recordsPath !== undefined) {
    const to = isHere ? Uri.file(exported.recordsPath) : target.with({ path: `${target.path}.logs.${format.extension}` });
    files.push({ from: exported.recordsPath, to });
  }
  if (!isHere) {
    for (const { from, to } of files) {
      await workspace.fs.copy(Uri.file(from), to, { overwrite: true });
      await workspace.fs.delete(Uri.file(from));
    }
  }
  const names = files.map(({ to }) => workspace.asRelativePath(to)).join(' and ');
  const records = exported.records > 0 ? ` and ${formatCount(exported.records, 'log record')}` : '';
  const open = await showMessage('info', `Exported ${formatCount(exported.spans, 'span')}${records} to ${names}.`, 'Open');
  if (open === 'Open') await commands.executeCommand('spanhop.openTraceFile', target);
}

/** A name that any disk takes. */
function fileNameOf(capture: CaptureInfo): string {
  const title = captureTitle({ ...capture, live: false }, Date.now()).toLowerCase();
  const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return `capture-${name.slice(0, 60) || capture.id.slice(0, 15)}`;
}
