/** Commands about traces as such: open, open a file, try the sample, copy, export, show the log. */

import { type Disposable, env, Uri, ViewColumn } from 'vscode';
import type { App } from '../../app/app';
import { openFoundTrace } from '../../app/links/openFoundTrace';
import { readSpanArgument, type SpanArgument } from '../../app/links/spanArgument';
import { linkTo } from '../../app/links/traceUri';
import { TraceService } from '../../app/traces/traceService';
import type { TraceViews } from '../../app/views/traceViews';
import { Disposables } from '../../base/disposables';
import { SpanhopError } from '../../base/errors';
import { plain } from '../../core/text/plainText';
import { sampleTrace } from '../../protocol/sample';
import { LOCAL_DATASET } from '../../protocol/traces';
import { registerCommand } from '../adapters/registerCommand';
import { editorColumns } from '../opening/editorColumns';
import { askForFile } from '../plain/dialogs';
import { showInStatusBar } from '../plain/statusBar';
import { archiveTrace } from './archiveTrace';
import { askForTraceId } from './askForTraceId';
import { exportTrace } from './exportTrace';

export interface CommandServices
  extends Pick<App, 'traces' | 'backends' | 'facts' | 'capture' | 'engine' | 'problems' | 'ui' | 'log'> {
  readonly views: TraceViews;
}

export function registerCommands(services: CommandServices): Disposable {
  const { views, problems, log } = services;
  const register = (id: string, run: (given: unknown) => unknown): Disposable => registerCommand(problems, id, run);

  const open = async (given: unknown, viewColumn?: ViewColumn): Promise<void> => {
    const named = readSpanArgument(given) ?? (await askForTraceId());
    if (!named) return;
    const { traceId, backend, spanId } = named;
    if (!isTreeRow(given)) {
      await openFoundTrace(services, named, viewColumn);
      return;
    }
    try {
      await views.openTrace(traceId, { backend, spanId, viewColumn, preview: true });
    } catch (error) {
      void problems.show(error, { backend });
    }
  };

  /** What is wrong with a file its editor shows; a notification on top would say it twice. */
  const openFile = async (uri: Uri): Promise<void> => {
    await views.openFile(uri).catch((error: unknown) => problems.record(error));
  };

  return new Disposables(
    register('spanhop.openTrace', (given) => open(given)),
    register('spanhop.openTraceBeside', (given) => open(given ?? current(services), besideTrace())),
    ...['spanhop.openTraceFile', 'spanhop.openFileAsTrace'].map((id) =>
      register(id, async (given) => {
        const uri = given instanceof Uri ? given : await askForTraceFile();
        if (uri) await openFile(uri);
      }),
    ),
    register('spanhop.openSampleTrace', () => views.openFile(Uri.parse(sampleTrace))),
    register('spanhop.copyTraceId', async (given) => copy((await required(services, given)).traceId, 'trace id')),
    register('spanhop.copyTraceLink', async (given) =>
      copy(linkTo(await required(services, given), env.uriScheme), 'link to the trace'),
    ),
    register('spanhop.exportTrace', async (given) => exportTrace(services, await required(services, given))),
    register('spanhop.archiveTrace', async (given) => archiveTrace(services, await required(services, given))),
    register('spanhop.showLog', () => log.show()),
  );
}

/** Beside the trace that has the focus; beside code, where traces open anyway. */
function besideTrace(): ViewColumn | undefined {
  return editorColumns().some(({ active, front }) => active && front === 'trace') ? ViewColumn.Beside : undefined;
}

/** The trace that is shown in the active waterfall. */
function current({ views }: CommandServices): SpanArgument | undefined {
  const session = views.active;
  if (!session?.key) return undefined;
  const { dataset, traceId } = session.key;
  const backend = TraceService.backendOf(dataset);
  return { traceId, backend: backend === LOCAL_DATASET ? undefined : backend, spanId: session.selected?.spanId };
}

/** The trace of the argument or of the active waterfall, or one that the person names. Throws when there is none. */
async function required(services: CommandServices, given: unknown): Promise<SpanArgument> {
  const found = readSpanArgument(given) ?? current(services) ?? (await askForTraceId());
  if (!found) throw new SpanhopError('Cancelled', 'Cancelled.');
  return found;
}

async function copy(text: string, what: string): Promise<void> {
  await env.clipboard.writeText(text);
  showInStatusBar(plain`$(check) Copied ${what}`, 2000);
}

/** As *Open as Trace* has them in package.json. */
const traceEndings = 'json json5 jsonl ndjson pb bin binpb otlp trace traces log out err txt har gz zst'.split(' ');

function askForTraceFile(): Promise<Uri | undefined> {
  return askForFile({
    title: 'Open trace file',
    openLabel: 'Open',
    filters: { 'Trace files': traceEndings, 'All files': ['*'] },
  });
}

/** A click in the tree is a look in passing, as a click in the explorer is. */
function isTreeRow(given: unknown): boolean {
  return typeof given === 'object' && given !== null && 'kind' in given;
}
