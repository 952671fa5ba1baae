/** VS Code's settings as `app/settings` reads them. */

import { type ConfigurationScope, ConfigurationTarget, type Disposable, Uri, workspace } from 'vscode';
import type { SettingPlaces, SettingScope, SettingsSource } from '../../app/ports/settingsSource';
import { Disposables } from '../../base/disposables';
import { Emitter } from '../../base/emitter';

const section = 'spanhop';

export class VsCodeSettings implements SettingsSource, Disposable {
  private readonly disposables = new Disposables();
  private readonly changed = this.disposables.own(new Emitter<(name: string) => boolean>());
  readonly onDidChange = this.changed.event;

  constructor() {
    this.disposables.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.changed.fire((name) => event.affectsConfiguration(`${section}.${name}`));
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.changed.fire(() => true)),
    );
  }

  get isTrusted(): boolean {
    return workspace.isTrusted;
  }

  get folders(): readonly Uri[] {
    return (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  }

  get(name: string, scope?: SettingScope): unknown {
    return workspace.getConfiguration(section, toScope(scope)).get<unknown>(name);
  }

  inspect(name: string, scope?: SettingScope): SettingPlaces | undefined {
    return workspace.getConfiguration(section, toScope(scope)).inspect<unknown>(name);
  }

  async update(name: string, value: unknown, where: 'user' | 'workspace'): Promise<void> {
    const target = where === 'user' ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
    await workspace.getConfiguration(section).update(name, value, target);
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function toScope(scope: SettingScope | undefined): ConfigurationScope | undefined {
  if (scope === undefined) return undefined;
  if ('scheme' in scope) return Uri.from(scope);
  const uri = scope.uri && Uri.from(scope.uri);
  return scope.languageId === undefined ? uri : { uri, languageId: scope.languageId };
}
