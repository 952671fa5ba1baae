// Whether the extension is there at all: it activates, and what its package.json promises is registered.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: ReadonlyArray<{ readonly command: string }>;
    readonly views: Readonly<Record<string, ReadonlyArray<{ readonly id: string }>>>;
    readonly configuration: ReadonlyArray<{ readonly properties: Readonly<Record<string, unknown>> }>;
  };
}

describe('the extension', () => {
  const extension = vscode.extensions.getExtension<{ readonly apiVersion: unknown }>('spanhop.spanhop');
  assert.ok(extension, 'VS Code does not know spanhop.spanhop');
  const manifest: Manifest = extension.packageJSON;

  it('activates and exports its API', async () => {
    const api = await extension.activate();
    assert.equal(extension.isActive, true);
    assert.notEqual(api.apiVersion, undefined);
  });

  it('registers every command that it declares', async () => {
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('shows its views', async () => {
    for (const { id } of Object.values(manifest.contributes.views).flat()) await vscode.commands.executeCommand(`${id}.focus`);
  });

  it('has a default for every setting', () => {
    const settings = vscode.workspace.getConfiguration('spanhop');
    for (const group of manifest.contributes.configuration) {
      for (const key of Object.keys(group.properties)) {
        const inspected = settings.inspect(key.replace('spanhop.', ''));
        assert.notEqual(inspected?.defaultValue, undefined, `${key} has no default`);
      }
    }
  });
});
