/** The settings as somebody wrote them, not yet checked. Names are without `spanhop.`. */

import type { URI } from 'vscode-uri';
import type { Event } from '../../base/emitter';

/** What a setting is asked for: a file, a folder, or a file and its language. A document of VS Code is one. */
export type SettingScope = URI | { readonly uri?: URI; readonly languageId?: string };

/** A setting's value at each place where it may stand. */
export interface SettingPlaces {
  readonly defaultValue?: unknown;
  readonly globalValue?: unknown;
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
  readonly globalLanguageValue?: unknown;
  readonly workspaceLanguageValue?: unknown;
  readonly workspaceFolderLanguageValue?: unknown;
  /** Languages that it is set for. */
  readonly languageIds?: readonly string[];
}

export interface SettingsSource {
  /** Whether the person trusts the workspace: until then its settings send no credential anywhere. */
  readonly isTrusted: boolean;
  /** The folders of the workspace. */
  readonly folders: readonly URI[];
  /** The value that holds. */
  get(name: string, scope?: SettingScope): unknown;
  inspect(name: string, scope?: SettingScope): SettingPlaces | undefined;
  update(name: string, value: unknown, where: 'user' | 'workspace'): Promise<void>;
  /** Fires with a test whether a setting is among those that changed; all may have when the workspace becomes trusted. */
  readonly onDidChange: Event<(name: string) => boolean>;
}
