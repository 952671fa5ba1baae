/** Everything that features share, built in order of need. Building costs next to nothing: nothing is read, sent or started here. */

import { commands, type Disposable, type ExtensionContext, type LogOutputChannel, Uri, window } from 'vscode';
import { Backends, readerIn } from '../../app/backends/backends';
import { Credentials } from '../../app/backends/credentials';
import { CaptureService } from '../../app/captures/captureService';
import { EngineService } from '../../app/engine/engineService';
import { TraceFiles } from '../../app/files/traceFiles';
import { type NoticeSteps, Notices } from '../../app/messages/notices';
import { Problems } from '../../app/messages/problems';
import { OwnSettings } from '../../app/settings/ownSettings';
import { Settings } from '../../app/settings/settings';
import { TraceService } from '../../app/traces/traceService';
import { Disposables } from '../../base/disposables';
import { vsCodeFiles } from '../adapters/fileSystem';
import { VsCodeSettings } from '../adapters/settingsSource';
import { vsCodeInterface } from '../adapters/userInterface';
import { CodeKnowledge } from '../code/codeKnowledge';
import { SourceOpener } from '../source/sourceOpener';
import { SourceService } from '../source/sourceService';
import { TraceViews } from '../waterfall/traceViews';

export interface Services extends Disposable {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly problems: Problems;
  readonly settings: Settings;
  /** Settings for which the workspace's values are not used. */
  readonly ownSettings: OwnSettings;
  readonly engine: EngineService;
  readonly credentials: Credentials;
  readonly backends: Backends;
  readonly files: TraceFiles;
  readonly traces: TraceService;
  readonly capture: CaptureService;
  readonly source: SourceService;
  readonly opener: SourceOpener;
  /** What ran where in the code. */
  readonly code: CodeKnowledge;
  /** Open waterfalls, and opening them. */
  readonly views: TraceViews;
}

const noticeSteps: NoticeSteps = {
  redaction: {
    id: 'redaction',
    label: 'Edit Patterns',
    run: () => commands.executeCommand('workbench.action.openSettings', 'spanhop.redact.patterns'),
  },
  capture: { id: 'capture', label: 'Start Capture', run: () => commands.executeCommand('spanhop.startCapture') },
};

export function createServices(context: ExtensionContext): Services {
  const disposables = new Disposables();
  const log = disposables.own(window.createOutputChannel('Spanhop', { log: true }));
  const problems = new Problems(log, vsCodeInterface);
  const ownSettings = disposables.own(new OwnSettings(context.workspaceState));
  const settings = disposables.own(new Settings(disposables.own(new VsCodeSettings()), log, ownSettings));
  // A window without a folder has no storage of its own.
  const captureDirectory = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'captures').fsPath;
  const engine = disposables.own(
    new EngineService({
      workerPath: Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath,
      captureDirectory,
      settings: () => settings.engine(),
      log,
    }),
  );
  disposables.own(new Notices(engine, problems, noticeSteps));
  const credentials = disposables.own(new Credentials(context.secrets));
  const backends = disposables.own(new Backends(readerIn(engine), settings, credentials));
  const files = disposables.own(new TraceFiles(engine, vsCodeFiles));
  const traces = disposables.own(new TraceService(engine, backends, files));
  const capture = disposables.own(new CaptureService(engine, settings, context.workspaceState, captureDirectory));
  const source = disposables.own(new SourceService({ context, engine, settings, problems, log }));
  const opener = disposables.own(new SourceOpener(source, problems, context.extensionUri));
  const code = disposables.own(new CodeKnowledge(engine, source));
  const views = disposables.own(new TraceViews({ context, engine, traces, files, source, opener, problems, log }));
  disposables.add(
    settings.onDidChangeOf(['redact', 'memoryMegabytes', 'capture.memoryMegabytes', 'capture.logMegabytes'], () => {
      engine.reconfigure().catch((error: unknown) => problems.record(error));
    }),
  );
  return {
    context,
    log,
    problems,
    settings,
    ownSettings,
    engine,
    credentials,
    backends,
    files,
    traces,
    capture,
    source,
    opener,
    code,
    views,
    dispose: () => disposables.dispose(),
  };
}
