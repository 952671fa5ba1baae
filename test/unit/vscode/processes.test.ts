import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseLauncherArguments } from '../../vscode/launcher.mjs';
import { withLock } from '../../vscode/lock.mjs';
import { startOwned, temporaryFolder } from '../../vscode/processes.mjs';

/** A process that has ended and waits to be reaped does not live: where nobody reaps soon, signal 0 would still reach it. */
const isAlive = (pid: number): boolean => {
  if (process.platform !== 'linux')
    return /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) Z /.test(readFileSync(file, 'utf8'));
};

/** Polls: nobody is told when a process that is not a child ends. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await delay(50);
  return !isAlive(pid);
}

/** The first line of a stream of text. */
function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
}

describe('startOwned', () => {
  it('passes output and exit code through', async () => {
    const { child, exited } = startOwned('/bin/sh', ['-c', 'echo "a b"; exit 7']);
    expect(await firstLine(child.stdout)).toBe('a b');
    expect(await exited).toBe(7);
  });

  it('kills what its process started, when stopped', async () => {
    const owned = startOwned('/bin/sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = Number(await firstLine(owned.child.stdout));
    await owned.stop();
    expect(await gone(grandchild)).toBe(true);
  });

  it('kills what a process has left behind when it ended by itself', async () => {
    const { child, exited } = startOwned('/bin/sh', ['-c', 'sleep 600 >/dev/null 2>&1 & echo $!']);
    const left = Number(await firstLine(child.stdout));
    expect(await exited).toBe(0);
    expect(await gone(left)).toBe(true);
  });

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('leaves nothing when its owner gets %s', async (signal) => {
    const folder = temporaryFolder('unit');
    const script = join(folder.path, 'owner.mjs');
    const module = new URL('../../vscode/processes.mjs', import.meta.url).href;
    writeFileSync(
      script,
      `import { startOwned, temporaryFolder } from ${JSON.stringify(module)};
       const owned = startOwned('/bin/sh', ['-c', 'echo $$; exec sleep 600']);
       owned.child.stdout.on('data', (chunk) => process.stdout.write(String(chunk).trim() + ' ' + temporaryFolder('unit').path + '\\n'));`,
    );
    const owner: ChildProcess = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (owner.stdout === null) throw new Error('no output');
    const [pid, made] = (await firstLine(owner.stdout)).split(' ');
    expect(isAlive(Number(pid))).toBe(true);
    owner.kill(signal);
    expect(await gone(Number(pid))).toBe(true);
    await gone(owner.pid ?? 0);
    // Nobody can tidy up after kill -9; after the others the folder is gone as well.
    expect(existsSync(made)).toBe(signal === 'SIGKILL');
    folder.remove();
  });

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('leaves none of its own temporary files when it gets %s', async (signal) => {
    const folder = temporaryFolder('unit');
    const script = join(folder.path, 'owner.mjs');
    const module = new URL('../../vscode/processes.mjs', import.meta.url).href;
    writeFileSync(
      script,
      `import { spawn } from 'node:child_process';
       import { ownTemporaryFolder } from ${JSON.stringify(module)};
       ownTemporaryFolder('unit');
       spawn('/bin/sh', ['-c', 'mktemp && echo $TMPDIR'], { stdio: ['ignore', 'inherit', 'inherit'] });
       setInterval(() => {}, 1000);`,
    );
    const env = { ...process.env, TMPDIR: folder.path };
    const owner: ChildProcess = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (owner.stdout === null) throw new Error('no output');
    const made = await firstLine(owner.stdout);
    expect(existsSync(made)).toBe(true);
    owner.kill(signal);
    for (let tries = 0; tries < 100 && existsSync(made); tries++) await delay(50); // the folder's own guard is nobody's child
    expect(readdirSync(folder.path)).toEqual(['owner.mjs']);
    folder.remove();
  });
});

describe('withLock', () => {
  it('fails where a lock can never be had', async () => {
    const folder = temporaryFolder('unit');
    await expect(withLock(join(folder.path, 'missing', 'lock'), async () => 'in')).rejects.toThrow('ENOENT');
    folder.remove();
  });

  it('lets one in at a time', async () => {
    const folder = temporaryFolder('unit');
    const lock = join(folder.path, 'lock');
    const events: string[] = [];
    const enter = (name: string) =>
      withLock(lock, async () => {
        events.push(`${name} in`);
        await delay(10);
        events.push(`${name} out`);
      });
    await Promise.all([enter('a'), enter('b')]);
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
    folder.remove();
  });

  it.each([
    ['an owner that is gone', '2147483646'],
    ['no owner, for longer than writing it takes', undefined],
  ])('takes over a lock with %s', async (_name, owner) => {
    const folder = temporaryFolder('unit');
    const lock = join(folder.path, 'lock');
    mkdirSync(lock);
    if (owner !== undefined) writeFileSync(join(lock, 'owner'), owner);
    utimesSync(lock, new Date(0), new Date(0));
    expect(await withLock(lock, async () => 'in')).toBe('in');
    folder.remove();
  });
});

describe('the launcher', () => {
  it("understands test-electron's arguments", () => {
    // As @vscode/test-electron 2.5.2 gives them.
    const args = ['/work space/shop', '--no-sandbox', '--disable-workspace-trust', '--extensionTestsPath=/p/out/index.js'].concat(
      [
        '--extensionDevelopmentPath=/p',
        '--extensions-dir=/p/.vscode-test/extensions',
        '--user-data-dir=/p/.vscode-test/user-data',
      ],
    );
    expect(parseLauncherArguments(args)).toEqual({ workspace: '/work space/shop', development: '/p', tests: '/p/out/index.js' });
    expect(parseLauncherArguments(['--extensionTestsPath=file:///a%20b/t.js'])).toMatchObject({
      workspace: undefined,
      tests: '/a b/t.js',
    });
  });
});
