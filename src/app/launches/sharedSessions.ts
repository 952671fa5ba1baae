/**
 * Terminals, tasks and tests while something is captured: which variables they get, folder by folder, and when that changes. The window's side gives them
 * (`SharedTargets`).
 */

import { randomUUID } from 'node:crypto';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import { Throttle } from '../../base/throttle';
import type { LaunchChange } from '../../capture/environmentEditor';
import type { CaptureService } from '../captures/captureService';
import type { Problems } from '../messages/problems';
import type { Settings } from '../settings/settings';
import type { DebugSessions } from './debugSessions';
import type { EnvFiles } from './envFiles';
import type { HostVariables } from './hostVariables';
import { type SharedVariables, sharedVariables } from './sharedVariables';

export type SharedKind = 'terminals' | 'tests';

/** Milliseconds until a debugger has opened its terminal. */
const holdMs = 3_000;

const names: Readonly<Record<SharedKind, string>> = { terminals: 'Terminals and tasks', tests: 'Tests' };

/** What the terminals of one folder get; without a folder those of a window that has none. */
export interface FolderVariables extends SharedVariables {
  /** URI. */
  readonly folder: string | undefined;
}

/** Who gives variables to terminals. */
export interface TerminalTarget {
  /** These and no others from now on, each for terminals of its folder. */
  give(all: readonly FolderVariables[]): void;
  /** What the person sets for terminals of a folder (`terminal.integrated.env`). */
  settingsOf(folder: string | undefined): Readonly<Record<string, string>>;
}

export interface SharedSessionsOptions {
  readonly capture: Pick<CaptureService, 'endpoint' | 'ports' | 'onDidChange'>;
  readonly settings: Pick<Settings, 'capture'>;
  readonly sessions: Pick<DebugSessions, 'add'>;
  readonly envFiles: Pick<EnvFiles, 'read'>;
  readonly host: HostVariables;
  readonly terminals: TerminalTarget;
  readonly problems: Pick<Problems, 'record'>;
  /** URIs and paths of the workspace's folders; no path where they are on no disk. */
  readonly folders: () => readonly { readonly uri: string; readonly path: string | undefined }[];
  readonly windows: boolean;
}

export class SharedSessions implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<void>());
  /** Other variables are given, or none any more. */
  readonly onDidChange = this.changed.event;
  private readonly soon = this.disposables.own(new Throttle(() => void this.update(), { waitMs: 50 }));
  private readonly ids: Readonly<Record<SharedKind, string>> = {
    terminals: `terminals-${randomUUID()}`,
    tests: `tests-${randomUUID()}`,
  };
  /** Kinds for which the person wants none until the window is loaded again. */
  private readonly stopped = new Set<SharedKind>();
  private given: Readonly<Record<SharedKind, readonly FolderVariables[]>> = { terminals: [], tests: [] };
  /** What was given, to tell a change. */
  private print = '';
  private turn = 0;
  private holding: NodeJS.Timeout | undefined;

  constructor(private readonly own: SharedSessionsOptions) {
    this.disposables.add(own.capture.onDidChange(() => this.follow()));
    this.follow();
  }

  /** What is given now. */
  of(kind: SharedKind): readonly FolderVariables[] {
    return this.given[kind];
  }

  /** Something that it depends on may be another: settings, folders, a `.env`. */
  refresh(): void {
    this.print = '';
    this.soon.ask();
  }

  /** No variables any more, until the window is loaded again. */
  stop(kind: SharedKind): void {
    this.stopped.add(kind);
    this.refresh();
  }

  /** A terminal that is opened now has variables of its own, over which VS Code would put these: none for a moment. */
  holdTerminals(): void {
    this.own.terminals.give([]);
    clearTimeout(this.holding);
    this.holding = setTimeout(() => {
      this.holding = undefined;
      this.own.terminals.give(this.given.terminals);
    }, holdMs);
  }

  dispose(): void {
    clearTimeout(this.holding);
    this.disposables.dispose();
    this.own.host.restore();
    this.own.terminals.give([]);
  }

  /** What is told of a capture changes with every request; where it listens does not. */
  private follow(): void {
    const { endpoint, ports } = this.own.capture;
    const print = endpoint === undefined ? '' : [endpoint, ...ports].join();
    if (print === this.print) return;
    this.print = print;
    if (endpoint === undefined) this.clear();
    else this.soon.ask();
  }

  /** At once: where nothing listens, programs hang at their end. */
  private clear(): void {
    this.turn++;
    this.soon.cancel();
    this.apply({ terminals: [], tests: [] });
  }

  private async update(): Promise<void> {
    const { capture, settings, problems } = this.own;
    const turn = ++this.turn;
    const { endpoint, ports } = capture;
    this.print = endpoint === undefined ? '' : [endpoint, ...ports].join();
    if (endpoint === undefined) {
      this.clear();
      return;
    }
    try {
      const { terminals, tests } = settings.capture;
      const [forTerminals, forTests] = await Promise.all([
        terminals && !this.stopped.has('terminals') ? this.make('terminals', endpoint, ports) : [],
        tests && !this.stopped.has('tests') ? this.make('tests', endpoint, ports) : [],
      ]);
      if (turn === this.turn && capture.endpoint === endpoint) this.apply({ terminals: forTerminals, tests: forTests });
    } catch (error) {
      problems.record(error);
    }
  }

  private make(kind: SharedKind, endpoint: string, ports: readonly number[]): Promise<readonly FolderVariables[]> {
    const { host, terminals, envFiles, windows } = this.own;
    const folders = this.own.folders();
    const all = folders.length > 0 ? folders : [{ uri: undefined, path: undefined }];
    return Promise.all(
      all.map(async ({ uri, path }) => {
        const files = await envFiles.read({ named: [], folder: path, usual: undefined, cwd: undefined, args: [] });
        const set = kind === 'terminals' ? terminals.settingsOf(uri) : {};
        const sessionId = this.ids[kind];
        const request = { endpoint, ports, sessionId, outer: host.outer, set, dotenv: files.program, windows };
        return { folder: uri, ...sharedVariables(request) };
      }),
    );
  }

  private apply(given: Readonly<Record<SharedKind, readonly FolderVariables[]>>): void {
    const { host, terminals, sessions } = this.own;
    const before = this.given;
    this.given = given;
    for (const kind of ['terminals', 'tests'] as const) {
      const has = (all: readonly FolderVariables[]): boolean => all.some(({ variables }) => variables.length > 0);
      if (has(given[kind]) && !has(before[kind])) sessions.add(this.ids[kind], names[kind], Date.now());
    }
    if (this.holding === undefined) terminals.give(given.terminals);
    host.set(forAll(given.tests));
    this.changed.fire();
  }
}

/** There is one environment for what is started for all folders: what each of them gets alike. */
function forAll(all: readonly FolderVariables[]): readonly LaunchChange[] {
  const [first, ...others] = all;
  return (first?.variables ?? []).filter(({ name, value }) =>
    others.every(({ variables }) => variables.some((each) => each.name === name && each.value === value)),
  );
}
