// The gate at the moment of opening: what becomes a link while it is being opened, and what nobody is asked about.

import { deepStrictEqual, rejects, strictEqual } from 'node:assert';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Uri, workspace } from 'vscode';
import { WorkspaceFence } from '../../src/app/workspace/workspaceFence';
import { WorkspaceFiles } from '../../src/app/workspace/workspaceFiles';
import { vsCodeWorkspace } from '../../src/editor/adapters/workspace';
import { Gate } from '../../src/editor/opening/gate';
import { workspaceFolder } from './support/spanhop';

describe('the gate', () => {
  const root = (): string => join(workspaceFolder().fsPath, 'gated');
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'spanhop-gate-')));
  const secret = join(elsewhere, 'secret.txt');
  const fence = new WorkspaceFence(vsCodeWorkspace(), () => [], true);

  before(() => {
    mkdirSync(root(), { recursive: true });
    writeFileSync(secret, 'theirs');
  });
  after(() => {
    rmSync(root(), { recursive: true, force: true });
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('opens what is inside, by the name that it has there', async () => {
    writeFileSync(join(root(), 'a.txt'), 'ours');
    const document = await new Gate(fence).openInside(Uri.file(join(root(), '..', 'gated', 'a.txt')));
    strictEqual(document?.getText(), 'ours');
    strictEqual(document.uri.fsPath, join(root(), 'a.txt'));
  });

  it('does not show what became a link while it was loaded', async () => {
    const file = join(root(), 'b.txt');
    writeFileSync(file, 'ours');
    let looks = 0;
    const swapping = new Gate({
      now: async (uri) => {
        if (++looks === 2) {
          rmSync(file);
          symlinkSync(secret, file);
        }
        return fence.now(uri);
      },
    });
    strictEqual(await swapping.openInside(Uri.file(file)), undefined);
    strictEqual(looks, 3);
  });

  it('leaves what is outside alone, unless the person picked it', async () => {
    const gate = new Gate(fence);
    strictEqual(await gate.openInside(Uri.file(secret)), undefined);
    strictEqual(await gate.isInside(Uri.file(secret)), false);
    deepStrictEqual(
      workspace.textDocuments.filter(({ uri }) => uri.fsPath === secret),
      [],
    );
    strictEqual((await gate.openChosen(Uri.file(secret)))?.getText(), 'theirs');
  });

  it('says of what is gone that it is not there, and asks no other machine', async () => {
    const gate = new Gate(fence);
    await rejects(gate.open(Uri.file(join(root(), 'gone.txt'))), /gone\.txt is not there/);
    strictEqual(await gate.openInside(Uri.parse('file://host/share/x.txt')), undefined);
  });

  it('has nothing read by which a link leads out, and nothing asked for elsewhere', async () => {
    const files = new WorkspaceFiles(vsCodeWorkspace());
    try {
      symlinkSync(secret, join(root(), 'link.txt'));
      const uri = Uri.file(join(root(), 'link.txt')).toString();
      strictEqual(await files.exists(uri), true);
      strictEqual(await files.isInside(uri), false);
      strictEqual(await files.readText(uri, 1000), undefined);
      strictEqual(await files.exists(Uri.file(secret).toString()), false);
      strictEqual(await files.readText(Uri.file(secret).toString(), 1000), undefined);
    } finally {
      files.dispose();
    }
    const mapped = new WorkspaceFiles(vsCodeWorkspace(), () => [Uri.file(elsewhere).toString()]);
    try {
      strictEqual(await mapped.exists(Uri.file(secret).toString()), true);
      strictEqual(await mapped.readText(Uri.file(secret).toString(), 1000), 'theirs');
      strictEqual(await mapped.isInside(Uri.file(secret).toString()), false);
    } finally {
      mapped.dispose();
    }
  });
});
