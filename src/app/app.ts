/**
 * The application: everything that the product knows and does without a window, built in order of need out of what its surface gives it. Building
 * costs next to nothing: nothing is read, sent or started here.
 */

import type { TransportOptions } from '../backends/common/httpTransport';
import type { Transport } from '../backends/common/transport';
import { Disposables } from '../base/disposables';
import { BackendEdits } from './backends/backendEdits';
import { Backends, readerIn } from './backends/backends';
import { Credentials } from './backends/credentials';
import { CaptureService, comparedWith } from './captures/captureService';
import { CaptureToken } from './captures/captureToken';
import { CodeKnowledge } from './code/codeKnowledge';
import { EnclosingFunctions } from './code/enclosingFunctions';
import { type EngineLink, EngineService } from './engine/engineService';
import { TraceFiles } from './files/traceFiles';
import { TraceFolders } from './files/traceFolders';
import { CaptureForwarding } from './forwarding/captureForwarding';
import { Notices, noticeSteps } from './messages/notices';
import { Problems } from './messages/problems';
import type { FileSystem } from './ports/fileSystem';
import type { GitProgram } from './ports/gitProgram';
import type { Log } from './ports/log';
import type { Memento } from './ports/memento';
import type { Secrets } from './ports/secrets';
import type { SettingsSource } from './ports/settingsSource';
import type { SymbolProviders } from './ports/symbolProviders';
import type { UserInterface } from './ports/userInterface';
import type { Workspace } from './ports/workspace';
import { noMemento, sampleSettings, sampleWorkspace } from './sample/sampleWorkspace';
import { Announcer } from './settings/announcer';
import { OwnSettings } from './settings/ownSettings';
import { Settings } from './settings/settings';
import { SourceService } from './source/sourceService';
import { BackendFacts } from './traces/backendFacts';
import { TraceService } from './traces/traceService';

/** What a surface gives: VS Code's side of it is in `editor/adapters`. */
export interface AppPorts {
  readonly log: Log;
  readonly ui: UserInterface;
  readonly settings: SettingsSource;
  /** What is remembered for the workspace. */
  readonly memento: Memento;
  readonly secrets: Secrets;
  readonly files: FileSystem;
  /** How backends are asked: in VS Code's main thread its proxy and certificate settings apply to Node's HTTP client. */
  readonly connect: (options: TransportOptions) => Transport;
  readonly workspace: Workspace;
  readonly git: GitProgram;
  /** Undefined: nobody knows symbols. */
  readonly symbols?: SymbolProviders;
  /** The engine, not yet started. The application ends it. */
  readonly engine: EngineLink;
  /** The folder where captures' logs are kept. */
  readonly captureDirectory: string;
}

export interface App {
  readonly log: Log;
  readonly ui: UserInterface;
  /** What is remembered for the workspace. */
  readonly memento: Memento;
  readonly problems: Problems;
  readonly settings: Settings;
  /** Settings for which the workspace's values are not used. */
  readonly ownSettings: OwnSettings;
  /** Tells what the workspace's settings do to the person's own. */
  readonly announcer: Announcer;
  readonly engine: EngineService;
  readonly credentials: Credentials;
  readonly backends: Backends;
  readonly backendEdits: BackendEdits;
  readonly files: TraceFiles;
  readonly traces: TraceService;
  /** What a backend knows beside its traces. */
  readonly facts: BackendFacts;
  readonly capture: CaptureService;
  /** What is captured is sent elsewhere as well. */
  readonly forwarding: CaptureForwarding;
  /** From spans to code. */
  readonly source: SourceService;
  /** From code to spans: what ran where. */
  readonly code: CodeKnowledge;
  /** Functions around lines, as languages tell them. */
  readonly enclosing: EnclosingFunctions;
  /** Ends it. Resolves when the capture's log is tidy and the engine is gone. */
  close(): Promise<void>;
}

/** Milliseconds that what is on its way to another endpoint has when the window closes. */
const flushMs = 1_000;

export function createApp({ log, ui, memento, ...ports }: AppPorts): App {
  const disposables = new Disposables();
  const problems = new Problems(log, ui);
  const ownSettings = disposables.own(new OwnSettings(memento));
  const settings = disposables.own(new Settings(ports.settings, log, ownSettings));
  const announcer = disposables.own(
    new Announcer({ settings, own: ownSettings, problems, memento, ui, workspace: ports.workspace }),
  );
  const engine = new EngineService(ports.engine, ports.captureDirectory, () => ({
    ...settings.engine(),
    ...comparedWith(memento),
  }));
  const credentials = disposables.own(new Credentials(ports.secrets));
  const folders = new TraceFolders(engine, ports.files);
  const backends = disposables.own(new Backends(readerIn(engine), settings, credentials, ports.connect, folders));
  const backendEdits = new BackendEdits(settings, backends, credentials);
  const files = disposables.own(new TraceFiles(engine, ports.files));
  const traces = disposables.own(new TraceService(engine, backends, files));
  const facts = new BackendFacts(engine, backends, traces);
  const capture = disposables.own(
    new CaptureService(engine, settings, memento, ports.captureDirectory, new CaptureToken(ports.secrets)),
  );
  const { connect, secrets } = ports;
  const forwarding = disposables.own(new CaptureForwarding({ engine, settings, capture, connect, secrets, problems, log }));
  const { workspace, git, symbols } = ports;
  const source = disposables.own(
    new SourceService({
      ...{ workspace, engine, settings, problems, memento, log, git, symbols },
      sample: () =>
        new SourceService({
          ...{ workspace: sampleWorkspace(workspace), settings: sampleSettings, memento: noMemento },
          ...{ engine, problems, log, git },
        }),
    }),
  );
  const code = disposables.own(new CodeKnowledge(engine, source));
  const enclosing = disposables.own(new EnclosingFunctions(workspace.documents, symbols));
  disposables.add(
    new Notices(engine, problems, noticeSteps(ui)),
    settings.onDidChangeOf(
      ['redact', 'memoryMegabytes', 'capture.memoryMegabytes', 'capture.logMegabytes', 'capture.maxAgeDays'],
      () => {
        engine.reconfigure().catch((error: unknown) => problems.record(error));
      },
    ),
  );
  const close = async (): Promise<void> => {
    await forwarding.close(flushMs);
    disposables.dispose();
    await engine.close();
  };
  return {
    log,
    ui,
    memento,
    problems,
    settings,
    ownSettings,
    announcer,
    engine,
    credentials,
    backends,
    backendEdits,
    files,
    traces,
    facts,
    capture,
    forwarding,
    source,
    code,
    enclosing,
    close,
  };
}
