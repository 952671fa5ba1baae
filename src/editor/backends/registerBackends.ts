/** Backends: add, select, change, remove, and their credentials. */

import { commands, type Disposable } from 'vscode';
import type { ConfiguredBackend } from '../../app/settings/settings';
import { isBackendNode } from '../../app/traces/traceNodes';
import { backendKind } from '../../backends/kinds';
import { Disposables } from '../../base/disposables';
import { registerCommand } from '../adapters/registerCommand';
import { addBackend } from './addBackend';
import { changeAddress, removeBackend, requireBackend } from './changeBackend';
import type { FormServices } from './formServices';
import { pickConfigured, selectBackend } from './selectBackend';
import { setCredential } from './setCredential';
import { hideBackend, showBeside } from './severalBackends';

export function registerBackends(services: FormServices): Disposable {
  const register = (id: string, run: (given: unknown) => unknown): Disposable => registerCommand(services.problems, id, run);
  /** A command about one backend: the one whose name is given, or that a person picks. */
  const registerOf = (id: string, question: string, run: (backend: ConfiguredBackend) => Promise<void>): Disposable =>
    register(id, async (given) => {
      const name = nameIn(given) ?? (await pickConfigured(services, question));
      if (name !== undefined) await run(requireBackend(services, name));
    });
  const { backends } = services;
  const tellMenus = (): void => {
    void commands.executeCommand('setContext', 'spanhop.hasBackends', backends.list().length > 0);
    void commands.executeCommand('setContext', 'spanhop.hasSeveral', backends.beside.length > 0);
  };
  tellMenus();
  return new Disposables(
    backends.onDidChange(tellMenus),
    backends.onDidChangeActive(tellMenus),
    backends.onDidChangeBeside(tellMenus),
    register('spanhop.addBackend', () => addBackend(services)),
    register('spanhop.editBackends', () => commands.executeCommand('workbench.action.openSettings', 'spanhop.backends')),
    register('spanhop.selectBackend', (given) => selectBackend(services, nameIn(given))),
    register('spanhop.showBackendBeside', (given) => showBeside(services, nameIn(given))),
    register('spanhop.hideBackend', (given) => hideBackend(services, nameIn(given))),
    registerOf('spanhop.changeBackendAddress', 'Change the address of which backend?', (backend) =>
      changeAddress(services, backend),
    ),
    registerOf('spanhop.removeBackend', 'Remove which backend?', (backend) => removeBackend(services, backend)),
    registerOf('spanhop.setCredential', 'Set credential of which backend?', ({ settings: { name, url, type }, connection }) =>
      setCredential(services, { name, url, kind: backendKind(type), connection }),
    ),
  );
}

/** What a command is about: a backend's name, or its row. */
function nameIn(given: unknown): string | undefined {
  return typeof given === 'string' ? given : isBackendNode(given) ? given.name : undefined;
}
