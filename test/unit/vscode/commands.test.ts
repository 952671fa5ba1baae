// What the README's two commands say to somebody who mistypes, before they do anything.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { projectRoot } from '../../vscode/locations.mjs';

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
