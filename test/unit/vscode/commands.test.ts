// The README's two commands as processes: what they say to somebody who mistypes, before they do anything, and that they end with their npm.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { projectRoot } from '../../vscode/locations.mjs';
import { temporaryFolder } from '../../vscode/processes.mjs';

function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

it.each([
  [['--prot', '1'], "Unknown option '--prot'"],
  [['--port', 'any'], '--port takes a number from 0 to 65535.'],
])('tells npm start %j what it takes instead', async (args, sentence) => {
  const { code, said } = await run('test/start.mjs', ...args);
  expect(code).toBe(1);
  expect(said.split('\n').slice(0, 3)).toEqual([sentence, '', 'npm start -- [options]']);
});

it('does not wait for a server that cannot have its port', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    }),
  );
  const { code, said } = await run('test/start.mjs', '--server', '--port', String(port));
  other.close();
  expect(code).toBe(1);
  expect(said).toBe(`Port ${port} belongs to another program. Name another one, or none: then any is taken that is free.\n`);
});

it('takes no stage for passed that there is not', async () => {
  const { code, said } = await run('test/run.mjs', 'unti');
  expect(code).toBe(1);
  expect(said).toMatch(/^There is no stage unti\. Stages: set-up, .*\bunit\b/);
});

// The signal of `kill` reaches npm alone; a terminal's Ctrl+C reaches all.
it.each([
  ['start', 'SIGTERM'],
  ['start', 'SIGKILL'],
  ['test', 'SIGTERM'],
  ['test', 'SIGKILL'],
] as const)('ends what npm %s runs when npm gets %s', async (command, signal) => {
  const folder = temporaryFolder('scripts');
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify({ scripts: { [command]: scripts[command] } }));
  mkdirSync(join(folder.path, 'test'));
  const processes = pathToFileURL(join(projectRoot, 'test', 'vscode', 'processes.mjs'));
  const program = `import { endWithNpm, temporaryFolder } from '${processes}'; endWithNpm(); temporaryFolder('held', ${JSON.stringify(folder.path)});
    setInterval(() => {}, 1000); console.log('runs as', process.pid);`;
  for (const name of ['start', 'run']) writeFileSync(join(folder.path, 'test', `${name}.mjs`), program);
  const npm = spawn('npm', [command], { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => {
    npm.stdout.on('data', (chunk) => {
      const found = /^runs as (\d+)$/m.exec(String(chunk));
      if (found) resolve(Number(found[1]));
    });
  });
  npm.kill(signal);
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  // In order: what it had made is gone as well.
  expect(readdirSync(folder.path).filter((name) => name.startsWith('spanhop-held'))).toEqual([]);
  folder.remove();
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
