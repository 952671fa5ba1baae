/** Writes a trace to a file, in a format of choice, redacted as everything that is shown. */

import { homedir } from 'node:os';
import { Uri, workspace } from 'vscode';
import type { App } from '../../app/app';
import type { SpanArgument } from '../../app/links/spanArgument';
import { formatCount } from '../../core/text/formatText';
import { plain } from '../../core/text/plainText';
import { askWhereToSave } from '../plain/dialogs';
import { type PickItem, pickOne } from '../plain/quickPick';
import { showInStatusBar } from '../plain/statusBar';

interface FormatItem extends PickItem {
  readonly label: string;
  readonly format: 'otlp-json' | 'otlp-proto';
  readonly extension: string;
}

const formats: readonly FormatItem[] = [
  {
    label: 'OTLP JSON',
    description: '.otlp.json',
    detail: 'Readable text; any tool that knows OpenTelemetry reads it',
    format: 'otlp-json',
    extension: 'otlp.json',
  },
  {
    label: 'OTLP protobuf',
    description: '.otlp.pb',
    detail: 'Compact; keeps 64-bit integers and bytes as they are',
    format: 'otlp-proto',
    extension: 'otlp.pb',
  },
];

export async function exportTrace(
  { traces, engine }: Pick<App, 'traces' | 'engine'>,
  { traceId, backend }: SpanArgument,
): Promise<void> {
  const key = await traces.locate(traceId, { backend });
  const chosen = await pickOne(formats, { title: 'Export trace', placeholder: 'Format' });
  if (!chosen) return;
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const name = `trace-${key.traceId.slice(0, 8)}.${chosen.extension}`;
  const target = await askWhereToSave({
    title: 'Export trace',
    defaultUri: Uri.joinPath(folder, name),
    // Of an ending with two dots, dialogs take the last part for the ending and would append the whole of it once more.
    filters: { [chosen.label]: [chosen.extension.replace(/^.*\./, '')] },
  });
  if (!target) return;
  const isDisk = target.scheme === 'file';
  const { bytes, spanCount } = await engine.call(
    'exportTrace',
    { ...key, format: chosen.format, path: isDisk ? target.fsPath : undefined },
    { timeoutMs: 0 },
  );
  if (bytes) await workspace.fs.writeFile(target, bytes);
  showInStatusBar(plain`$(check) Exported ${formatCount(spanCount, 'span')} to ${workspace.asRelativePath(target)}`, 5000);
}
