/** What a trusted workspace changes of the person's own settings: told once, and looked through whenever somebody asks. */

import type { Disposable } from 'vscode';
import type { App } from '../../app/app';
import type { Announcer } from '../../app/settings/announcer';
import type { Override, OverrideKind } from '../../app/settings/overrides';
import type { OwnSettings } from '../../app/settings/ownSettings';
import { Disposables } from '../../base/disposables';
import { registerCommand } from '../adapters/registerCommand';
import { showMessage } from '../plain/messages';
import { type PickItem, pickOne } from '../plain/quickPick';

const names: Readonly<Record<OverrideKind, string>> = {
  redaction: 'Redaction',
  backends: 'Backends',
  capture: 'Captures',
  mappings: 'Path mappings',
};

type TrustServices = Pick<App, 'announcer' | 'ownSettings' | 'problems'>;

export function registerTrust({ announcer, ownSettings: own, problems }: TrustServices): Disposable {
  // Not part of activation.
  const looking = setTimeout(() => announcer.look(), 0);
  return new Disposables(
    { dispose: () => clearTimeout(looking) },
    registerCommand(problems, 'spanhop.reviewWorkspaceSettings', () => review(announcer, own)),
  );
}

/** A list of what the workspace overrides; choosing a row changes whose is used. */
async function review(announcer: Announcer, own: OwnSettings): Promise<void> {
  const { all } = announcer;
  if (!all.length) {
    await showMessage('info', "This workspace's settings take nothing away from yours.");
    return;
  }
  const isMine = ({ settings }: Override): boolean => settings.every((name) => own.has(name));
  const items = all.map((override): PickItem & { readonly override: Override } => ({
    label: names[override.kind],
    description: isMine(override) ? 'yours is used' : "the workspace's is used",
    detail: override.message,
    override,
  }));
  const chosen = await pickOne(items, {
    title: 'What this workspace changes of your settings',
    placeholder: 'Choose one to use yours, or the one of the workspace again',
  });
  if (chosen) await announcer.choose(chosen.override, !isMine(chosen.override));
}
