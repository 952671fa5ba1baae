/**
 * Tells a person once what the settings of a workspace do to their own (`app/settings/overrides.ts`): when the window opens, when the workspace
 * becomes trusted, and when settings change meanwhile. Once for each workspace and each thing that is done; what changed since is another.
 */

import { createHash } from 'node:crypto';
import { type Disposable, Disposables } from '../../base/disposables';
import type { Problems } from '../messages/problems';
import type { Memento } from '../ports/memento';
import type { UserInterface } from '../ports/userInterface';
import type { Workspace } from '../ports/workspace';
import { findOverrides, type Override, settingsOf } from './overrides';
import type { OwnSettings } from './ownSettings';
import type { Settings } from './settings';

const announcedKey = 'settings.announced';
const maxRemembered = 200;

const useMine = 'Use Mine Instead';
const show = 'Show Setting';
const undo = 'Undo';

export interface AnnouncerOptions {
  readonly settings: Settings;
  readonly own: OwnSettings;
  readonly problems: Pick<Problems, 'guard'>;
  readonly memento: Memento;
  readonly ui: Pick<UserInterface, 'showMessage' | 'run'>;
  readonly workspace: Pick<Workspace, 'onDidChangeFolders'>;
}

export class Announcer implements Disposable {
  private readonly disposables = new Disposables();
  private announced: readonly string[];

  constructor(private readonly services: AnnouncerOptions) {
    const { settings, memento, workspace } = services;
    const kept = memento.get(announcedKey);
    this.announced = Array.isArray(kept) ? kept.filter((each): each is string => typeof each === 'string') : [];
    this.disposables.add(
      settings.onDidChangeOf(Object.values(settingsOf).flat(), () => this.look()),
      workspace.onDidChangeFolders(() => this.look()),
    );
  }

  /** What the workspace overrides, whichever value is used. */
  get all(): readonly Override[] {
    return this.services.settings.isTrusted ? findOverrides((name) => this.services.settings.layers(name)) : [];
  }

  /** Announces what was not yet, as far as it is in use. */
  look(): void {
    if (!this.services.settings.isTrusted || this.disposables.isDisposed) return;
    const { settings, own, problems } = this.services;
    const inUse = findOverrides((name) => {
      const layers = settings.layers(name);
      return own.has(name) ? { ...layers, here: layers.mine } : layers;
    });
    for (const override of inUse) if (this.isNew(override)) void problems.guard(() => this.announce(override));
  }

  /** Uses the person's own values instead of the workspace's, or no more. */
  async choose({ settings }: Override, isMine: boolean): Promise<void> {
    await this.services.own.set(settings, isMine);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  /** Once it is shown it is known, whatever is answered. */
  private isNew({ kind, print }: Override): boolean {
    const key = `${kind} ${createHash('sha256').update(print).digest('hex')}`;
    if (this.announced.includes(key)) return false;
    this.announced = [...this.announced, key].slice(-maxRemembered);
    void this.services.memento.update(announcedKey, this.announced);
    return true;
  }

  private async showSetting({ settings: [name] }: Override): Promise<void> {
    await this.services.ui.run('workbench.action.openWorkspaceSettingsFile', { revealSetting: { key: `spanhop.${name}` } });
  }

  private async announce(override: Override): Promise<void> {
    const { ui } = this.services;
    const answer = await ui.showMessage('warning', override.message, useMine, show);
    if (answer === show) await this.showSetting(override);
    if (answer !== useMine) return;
    await this.choose(override, true);
    const done = `Your own ${mineOf(override)} in this workspace from now on. "Spanhop: Review Workspace Settings…" changes that.`;
    if ((await ui.showMessage('info', done, undo)) === undo) await this.choose(override, false);
  }
}

function mineOf({ kind }: Override): string {
  switch (kind) {
    case 'redaction':
      return 'redaction is used';
    case 'backends':
      return 'backends are used';
    case 'capture':
      return 'settings of captures are used';
    case 'mappings':
      return 'path mappings are used';
  }
}
