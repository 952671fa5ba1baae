/** The composition root: builds the application and what VS Code's side adds to it, and registers the features. A new feature is a line here. */

import { type ExtensionContext, env, Uri, window } from 'vscode';
import type { SpanhopApi } from './api';
import { createApp } from './app/app';
import { DebugSessions } from './app/launches/debugSessions';
import { type Head, SessionFacts } from './app/launches/sessionFacts';
import { linkTo, readLink } from './app/links/traceUri';
import { TraceViews } from './app/views/traceViews';
import { ViewMemory } from './app/views/viewMemory';
import { HttpTransport, type TransportOptions } from './backends/common/httpTransport';
import { Traffic } from './backends/common/traffic';
import { Disposables } from './base/disposables';
import { setUnexpectedErrorHandler } from './base/unexpected';
import { vsCodeFiles } from './editor/adapters/fileSystem';
import { vsCodeGit } from './editor/adapters/gitProgram';
import { VsCodeSettings } from './editor/adapters/settingsSource';
import { vsCodeSymbols } from './editor/adapters/symbolProviders';
import { vsCodeInterface } from './editor/adapters/userInterface';
import { vsCodeWorkspace } from './editor/adapters/workspace';
import { createApi } from './editor/api/createApi';
import { registerBackends } from './editor/backends/registerBackends';
import { createLaunching } from './editor/capture/launching';
import { registerCapture } from './editor/capture/registerCapture';
import { registerForwarding } from './editor/capture/registerForwarding';
import { registerCapturesView } from './editor/captures/capturesView';
import { registerCode } from './editor/code/registerCode';
import { registerCommands } from './editor/commands/registerCommands';
import { registerDebug } from './editor/debug/registerDebug';
import { registerDiagnostics } from './editor/diagnostics/registerDiagnostics';
import { registerLinks } from './editor/links/registerLinks';
import { registerLive } from './editor/live/registerLive';
import { Gate } from './editor/opening/gate';
import { Originals } from './editor/opening/originals';
import { registerSampleFiles } from './editor/sample/sampleFiles';
import { registerSource } from './editor/source/registerSource';
import { sourceLabel } from './editor/source/sourceLabel';
import { SourceOpener } from './editor/source/sourceOpener';
import { registerTracesView } from './editor/traces/register';
import { registerTrust } from './editor/trust/registerTrust';
import { registerUriHandler } from './editor/uri/registerUriHandler';
import { registerWalkthrough } from './editor/walkthrough/registerWalkthrough';
import { WebviewPanels } from './editor/waterfall/panels';
import { registerWaterfall } from './editor/waterfall/registerWaterfall';
import { TextDocuments } from './editor/waterfall/textDocuments';
import { viewActions } from './editor/waterfall/viewActions';
import { EngineClient } from './engine/client';

export interface Composition {
  readonly api: SpanhopApi;
  /** Ends everything. Resolves when the capture's log is tidy and the engine is gone. */
  close(): Promise<void>;
}

/** Costs next to nothing: nothing is read, sent or started. */
export function compose(context: ExtensionContext): Composition {
  const disposables = new Disposables();
  const log = disposables.own(window.createOutputChannel('Spanhop', { log: true }));
  const traffic = new Traffic();
  const connect = (options: TransportOptions): HttpTransport => new HttpTransport(options, { traffic });
  const app = createApp({
    log,
    ui: vsCodeInterface,
    settings: disposables.own(new VsCodeSettings()),
    memento: context.workspaceState,
    secrets: context.secrets,
    files: vsCodeFiles,
    connect,
    workspace: vsCodeWorkspace(),
    git: vsCodeGit,
    symbols: vsCodeSymbols,
    engine: new EngineClient({
      workerPath: Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath,
      onLog: (level, message) => log[level](message),
    }),
    // A window without a folder has no storage of its own.
    captureDirectory: Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'captures').fsPath,
  });
  const { problems, capture, source } = app;
  setUnexpectedErrorHandler((error) => problems.record(error));
  const { extensionUri } = context;
  const gate = new Gate(source.files.fence);
  const originals = new Originals();
  const opener = disposables.own(new SourceOpener({ source, gate, originals, problems, extensionUri }));
  const memory = new ViewMemory(context.workspaceState, context.globalState);
  const panels = new WebviewPanels(extensionUri);
  const texts = new TextDocuments({ ...app, show: (uri, line, options) => opener.showLine(uri, line, options) });
  const views = disposables.own(new TraceViews({ ...app, actions: viewActions(texts), opener, log, memory, panels }));
  const sessions = disposables.own(new DebugSessions(app.memento));
  const { engine } = app;
  const head = (folder: string): Promise<Head | undefined> => source.git.history.head(folder);
  const facts = disposables.own(new SessionFacts({ engine, sessions, problems, head }));
  const storage = context.globalStorageUri.fsPath;
  const all = { ...app, connect, storage, extensionUri, gate, originals, opener, views, panels, texts };
  const launching = createLaunching(all, sessions);
  disposables.add(
    registerSampleFiles(extensionUri),
    registerTracesView(all, {
      sourceLabel: (node) => sourceLabel(all, node),
      sessionName: (id) => sessions.nameOf(id),
      linkOf: (node) => linkTo(node, env.uriScheme),
      readLink,
    }),
    registerCapturesView(all, sessions, launching.records),
    registerCapture({ ...all, sessions, facts, collection: context.environmentVariableCollection }, launching),
    registerDebug(all),
    registerForwarding(all),
    registerCommands(all),
    registerWaterfall(all),
    registerSource(all),
    registerCode(all),
    registerDiagnostics(all),
    registerLinks(all),
    registerLive(all),
    registerUriHandler(all),
    registerBackends(all),
    registerTrust(all),
    registerWalkthrough(all),
  );
  // Capturing again after a reload is not part of activation.
  const resuming = setTimeout(() => void problems.guard(() => capture.resume()), 0);
  disposables.add({ dispose: () => clearTimeout(resuming) });
  const api = createApi({ ...all, sessions, launches: launching.provider }, disposables);
  const close = async (): Promise<void> => {
    const closing = app.close();
    disposables.dispose();
    await closing;
  };
  return { api, close };
}
