/**
 * The settings, read and checked in one place. What a person typed wrong is not used and is named in the log; a setting never makes
 * anything throw.
 */

import { isIP } from 'node:net';
import type { URI } from 'vscode-uri';
import type { BackendSettings } from '../../backends/common/backend';
import { readEntry } from '../../backends/kinds';
import { type Disposable, Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';
import type { Language } from '../../capture/languages';
import { isLoopback } from '../../capture/listen/admission';
import { visibleText } from '../../core/text/visibleText';
import type { EngineSettings } from '../../protocol/engine';
import { LOCAL_DATASET } from '../../protocol/traces';
import type { Log } from '../ports/log';
import type { SettingScope, SettingsSource } from '../ports/settingsSource';
import { type Connection, readConnection } from './connection';
import type { SettingLayers } from './overrides';
import type { OwnSettings } from './ownSettings';

/** A backend and where it is configured: what a workspace names is not trusted before the workspace is. */
export interface ConfiguredBackend {
  readonly settings: BackendSettings;
  readonly from: 'user' | 'workspace';
  /** How it is connected to. */
  readonly connection: Connection;
}

export type GroupBy = 'none' | 'time' | 'service' | 'operation' | 'session';
export type DebugSessions = 'off' | 'ask' | 'always';
/** How a line in the editor is marked: a bar at the edge of the gutter, or an icon inside of it. */
export type MarkStyle = 'bar' | 'icon';
export type ProblemSeverity = 'error' | 'warning' | 'information';

/** Whether the line of the selected span is shown: never, where a source column is open beside, or always. */
export type FollowSelection = 'off' | 'whenSourceVisible' | 'always';

const dayMs = 86_400_000;
const megabyte = 1 << 20;
const groupings: readonly GroupBy[] = ['none', 'time', 'service', 'operation', 'session'];
const markStyles: readonly MarkStyle[] = ['bar', 'icon'];
const severities: readonly ProblemSeverity[] = ['error', 'warning', 'information'];
const followChoices: readonly FollowSelection[] = ['off', 'whenSourceVisible', 'always'];
const debugChoices: readonly DebugSessions[] = ['off', 'ask', 'always'];

export class Settings implements Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<(name: string) => boolean>());
  /** Fires with a test: whether the named setting (without `spanhop.`) is among those that changed. */
  readonly onDidChange = this.changed.event;

  /** @param own settings for which the workspace's values are not used */
  constructor(
    private readonly source: SettingsSource,
    private readonly log: Log,
    private readonly own?: OwnSettings,
  ) {
    if (own)
      this.disposables.add(own.onDidChange((names) => this.changed.fire((name) => names.some((each) => isPart(each, name)))));
    this.disposables.add(source.onDidChange((affects) => this.changed.fire(affects)));
  }

  /** Runs when one of the named settings (without `spanhop.`) changed, or all may have because the workspace became trusted. */
  onDidChangeOf(names: readonly string[], listener: () => void): Disposable {
    return this.onDidChange((affects) => {
      if (names.some(affects)) listener();
    });
  }

  /** The configured backends: those of the workspace, then those of the user that no other has the name of. */
  backends(): readonly ConfiguredBackend[] {
    const inspected = this.source.inspect('backends');
    const all: ConfiguredBackend[] = [];
    const prefersOwn = this.own?.has('backends') === true;
    const mine = namesOf(inspected?.globalValue);
    const add = (value: unknown, from: ConfiguredBackend['from']): void => {
      if (!Array.isArray(value)) return;
      for (const entry of value) {
        const settings = toBackend(entry);
        const found = typeof settings === 'string' ? settings : withConnection(settings, entry, this.foldersOf(from));
        const isRefused = from === 'workspace' && prefersOwn && typeof found !== 'string' && takesOver(found, mine);
        if (isRefused) continue;
        if (typeof found === 'string')
          this.log.warn(`A backend in the settings of the ${from} is left out: ${visibleText(found)}.`);
        else if (!all.some((known) => known.settings.name === found.settings.name)) all.push({ ...found, from });
      }
    };
    if (this.source.isTrusted) {
      add(inspected?.workspaceFolderValue, 'workspace');
      add(inspected?.workspaceValue, 'workspace');
    }
    add(inspected?.globalValue, 'user');
    return all;
  }

  /** Paths in the settings of a workspace may begin in its folder. */
  private foldersOf(from: ConfiguredBackend['from']): readonly URI[] {
    return from === 'workspace' ? this.source.folders : [];
  }

  /** Whether the person trusts the workspace. */
  get isTrusted(): boolean {
    return this.source.isTrusted;
  }

  get activeBackend(): string {
    return this.text('activeBackend', LOCAL_DATASET);
  }

  /** The entries of `backends` at one place as they are written there, wrong ones among them. */
  writtenBackends(from: ConfiguredBackend['from']): readonly unknown[] {
    return this.writtenList('backends', from);
  }

  async writeBackends(from: ConfiguredBackend['from'], entries: readonly unknown[]): Promise<void> {
    await this.writeList('backends', from, entries);
  }

  /** The entries of a list at one place as they are written there, wrong ones among them. */
  writtenList(name: string, from: 'user' | 'workspace'): readonly unknown[] {
    const inspected = this.source.inspect(name);
    const written = from === 'user' ? inspected?.globalValue : inspected?.workspaceValue;
    return Array.isArray(written) ? written : [];
  }

  async writeList(name: string, from: 'user' | 'workspace', entries: readonly unknown[]): Promise<void> {
    await this.source.update(name, entries.length === 0 ? undefined : entries, from);
  }

  /** A folder or a workspace file is open, whose settings others may share. */
  get hasWorkspace(): boolean {
    return this.source.folders.length > 0;
  }

  /** Writes where the setting is already, else to the user's settings. */
  async update(name: string, value: unknown): Promise<void> {
    const inWorkspace = this.source.inspect(name)?.workspaceValue !== undefined;
    await this.source.update(name, value, inWorkspace ? 'workspace' : 'user');
  }

  get capture(): {
    readonly autoStart: boolean;
    readonly debugSessions: DebugSessions;
    /** Terminals and tasks get variables. */
    readonly terminals: boolean;
    /** What other extensions start gets variables: the processes in which they run tests. */
    readonly tests: boolean;
    readonly wellKnownPort: boolean;
    readonly zipkinPort: boolean;
    readonly port: number;
    /** An IP address beside loopback; undefined: none. */
    readonly host: string | undefined;
  } {
    return {
      autoStart: this.flag('capture.autoStart', false),
      debugSessions: oneOf(debugChoices, this.value('capture.debugSessions'), 'always'),
      terminals: this.flag('capture.terminals', true),
      tests: this.flag('capture.tests', true),
      wellKnownPort: this.flag('capture.wellKnownPort', true),
      zipkinPort: this.flag('capture.zipkinPort', false),
      port: this.number('capture.port', 0, 0, 65535),
      host: foreignHost(this.value('capture.host')),
    };
  }

  /** Where what is captured is sent as well; empty: nowhere. */
  get forwardTo(): string {
    return this.text('capture.forwardTo', '').trim();
  }

  /** Path of the OpenTelemetry agent for Java; empty: it is looked for. */
  get javaAgent(): string {
    return this.text('capture.javaAgent', '');
  }

  /** Whether programs of a language that have no tracing of their own are given one when they are launched. */
  instruments(language: Language): boolean {
    const value = this.value('capture.instrument');
    return typeof value !== 'object' || value === null || Reflect.get(value, language) !== false;
  }

  /** Whether instrumented programs record where in the code their spans began. */
  get codeAttributes(): boolean {
    return this.flag('capture.codeAttributes', true);
  }

  engine(): EngineSettings {
    // A setting of before, which has no value until somebody gives it one.
    const isLimited = typeof this.value('capture.memoryMegabytes') === 'number';
    const capturesPart = isLimited ? this.number('capture.memoryMegabytes', 0, 16, 65536) : 0;
    const maxAgeDays = this.number('capture.maxAgeDays', 30, 0, 36_500);
    return {
      redactKeys: this.texts('redact.keys'),
      redactPatterns: this.texts('redact.patterns'),
      redactCardNumbers: this.flag('redact.cardNumbers', true),
      redactStored: this.flag('redact.stored', true),
      memoryBytes: this.number('memoryMegabytes', 2048, 256, 65536) * megabyte,
      captureMemoryBytes: capturesPart === 0 ? undefined : capturesPart * megabyte,
      captureLogBytes: this.number('capture.logMegabytes', 1024, 16, 65536) * megabyte,
      captureMaxAgeMs: maxAgeDays === 0 ? undefined : maxAgeDays * dayMs,
    };
  }

  get groupBy(): GroupBy {
    return oneOf(groupings, this.value('traces.groupBy'), 'time');
  }

  get pageSize(): number {
    return this.number('traces.pageSize', 20, 1, 1000);
  }

  /** Names of backends that are listed beside the active one. */
  get alsoShow(): readonly string[] {
    return this.texts('traces.alsoShow').slice(0, 20);
  }

  get requestTimeoutMs(): number {
    return this.number('requests.timeoutSeconds', 30, 1, 600) * 1000;
  }

  get requestMaxBytes(): number {
    return this.number('requests.maxMegabytes', 256, 1, 4096) * megabyte;
  }

  codeLens(scope?: SettingScope): boolean {
    return this.flag('codeLens.enabled', true, scope);
  }

  /** Whether functions, routes, SQL and names of spans are looked for in the source of the workspace. */
  get searchWorkspace(): boolean {
    return this.flag('source.searchWorkspace', true);
  }

  get inferMappings(): boolean {
    return this.flag('source.inferMappings', true);
  }

  /** Whether CodeLens tells how a function fares against an earlier capture. */
  codeTrend(scope?: SettingScope): boolean {
    return this.flag('codeLens.trend', true, scope);
  }

  codeHover(scope?: SettingScope): { readonly enabled: boolean; readonly attributes: readonly string[] } {
    return { enabled: this.flag('codeHover.enabled', true, scope), attributes: this.texts('codeHover.attributes', scope) };
  }

  codeMarks(scope?: SettingScope): { readonly errors: boolean; readonly functions: boolean; readonly style: MarkStyle } {
    return {
      errors: this.flag('codeMarks.enabled', true, scope),
      functions: this.flag('codeMarks.functions', false, scope),
      style: oneOf(markStyles, this.value('codeMarks.style', scope), 'bar'),
    };
  }

  /** Errors in Problems, for a file and its language. */
  problems(scope: SettingScope): { readonly enabled: boolean; readonly severity: ProblemSeverity } {
    return {
      enabled: this.flag('problems.enabled', true, scope),
      severity: oneOf(severities, this.value('problems.severity', scope), 'warning'),
    };
  }

  /** Whether they are set for single languages. */
  get hasProblemsByLanguage(): boolean {
    return ['problems.enabled', 'problems.severity'].some((name) => this.source.inspect(name)?.languageIds?.length);
  }

  /** Whether errors are in Problems of any file. */
  get anyProblems(): boolean {
    const inspected = this.source.inspect('problems.enabled');
    // What is off in general may be on for a folder or a language.
    const more = [
      inspected?.workspaceFolderValue,
      inspected?.globalLanguageValue,
      inspected?.workspaceLanguageValue,
      inspected?.workspaceFolderLanguageValue,
    ];
    const folders = this.source.folders.map((folder) => this.flag('problems.enabled', true, folder));
    return (
      this.flag('problems.enabled', true) || (inspected?.languageIds?.length ?? 0) > 0 || [...more, ...folders].includes(true)
    );
  }

  get terminalLinks(): boolean {
    return this.flag('links.terminal', true);
  }

  documentLinks(scope?: SettingScope): boolean {
    return this.flag('links.documents', true, scope);
  }

  get followSelection(): FollowSelection {
    return oneOf(followChoices, this.value('source.followSelection'), 'whenSourceVisible');
  }

  get markAtCursor(): boolean {
    return this.flag('source.markAtCursor', true);
  }

  /** Path mappings as written, `${workspaceFolder}` not yet replaced. */
  pathMappings(scope?: SettingScope): Readonly<Record<string, string>> {
    const value = this.value('source.pathMappings', scope);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  }

  /** Attributes that name a commit, tag or branch, asked before the usual ones. */
  get versionAttributes(): readonly string[] {
    return this.texts('source.versionAttributes').slice(0, 20);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** What the person wrote, and what holds in the workspace, whichever of the two is used. */
  layers(name: string): SettingLayers {
    const scope = this.source.folders[0];
    const inspected = this.source.inspect(name, scope);
    const ofWorkspace = [inspected?.workspaceFolderValue, inspected?.workspaceValue].filter((value) => Array.isArray(value));
    return {
      mine: inspected?.globalValue ?? inspected?.defaultValue,
      isWritten: inspected?.globalValue !== undefined,
      // Lists of backends are put together.
      here: name === 'backends' ? ofWorkspace.flat() : this.source.get(name, scope),
    };
  }

  private value(name: string, scope?: SettingScope): unknown {
    if (!this.own?.has(name)) return this.source.get(name, scope);
    const inspected = this.source.inspect(name, scope);
    return inspected?.globalValue ?? inspected?.defaultValue;
  }

  private flag(name: string, fallback: boolean, scope?: SettingScope): boolean {
    const value = this.value(name, scope);
    return typeof value === 'boolean' ? value : fallback;
  }

  private text(name: string, fallback: string): string {
    const value = this.value(name);
    return typeof value === 'string' && value !== '' ? value : fallback;
  }

  private texts(name: string, scope?: SettingScope): readonly string[] {
    const value = this.value(name, scope);
    return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string' && entry !== '') : [];
  }

  private number(name: string, fallback: number, least: number, most: number): number {
    const value = this.value(name);
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : fallback;
  }
}

/** Undefined for loopback, at which captures listen anyway, and for what is no address. */
function foreignHost(value: unknown): string | undefined {
  const host = typeof value === 'string' ? value.trim() : '';
  return isIP(host) === 0 || isLoopback(host) ? undefined : host;
}

function oneOf<T extends string>(all: readonly T[], value: unknown, fallback: T): T {
  return all.find((one) => one === value) ?? fallback;
}

/** Whether a setting is the one asked about, or in the group asked about. */
function isPart(name: string, asked: string): boolean {
  return name === asked || name.startsWith(`${asked}.`);
}

function namesOf(backends: unknown): readonly string[] {
  if (!Array.isArray(backends)) return [];
  return backends.map(toBackend).flatMap((each) => (typeof each === 'string' ? [] : [each.name]));
}

/** What a person does not want of a workspace who wants their own backends: their names for others, and programs that run. */
function takesOver({ settings, connection }: Omit<ConfiguredBackend, 'from'>, mine: readonly string[]): boolean {
  return mine.includes(settings.name) || connection.headersCommand !== undefined;
}

function withConnection(
  settings: BackendSettings,
  entry: unknown,
  folders: readonly URI[],
): Omit<ConfiguredBackend, 'from'> | string {
  const connection = readConnection(Object(entry), folders);
  return typeof connection === 'string' ? `of "${settings.name}", ${connection}` : { settings, connection };
}

/** The backend that an entry of the setting describes, or what is wrong with it in words. */
function toBackend(entry: unknown): BackendSettings | string {
  const settings = readEntry(entry);
  if (typeof settings !== 'string' && settings.name === LOCAL_DATASET)
    return 'the name "local" is taken by the captures of this machine';
  return settings;
}
