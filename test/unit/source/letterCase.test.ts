// Paths of Windows are written in any letter case; a host where letter case matters finds their files all the same.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveAttributes } from '../../../src/source';
import { diskWorkspace } from './support/workspace';

it('finds a file whose name a Windows path writes in other letters, and no other path does', async () => {
  const root = mkdtempSync(join(tmpdir(), 'spanhop-case-'));
  try {
    mkdirSync(join(root, 'Billing'));
    writeFileSync(join(root, 'Billing', 'Ledger.cs'), 'class Ledger {\n  int Total() { return 1; }\n}\n');
    const ports = { workspace: diskWorkspace({ 'file:///home/dev/acme': root }) };
    const at = async (path: string): Promise<string | undefined> => {
      const attributes = { 'code.file.path': path, 'code.line.number': 2, 'code.function.name': 'Ledger.Total' };
      return (await resolveAttributes(attributes, ports, { pathMappings: {} })).candidates[0]?.file;
    };
    expect(await at('C:\\build\\billing\\ledger.cs')).toBe('file:///home/dev/acme/Billing/Ledger.cs');
    expect(await at('/build/Billing/Ledger.cs')).toBe('file:///home/dev/acme/Billing/Ledger.cs');
    expect(await at('/build/billing/ledger.cs')).toBeUndefined();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
