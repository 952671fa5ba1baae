// What captures of sessions are called, when Git answers late, several debuggers run for one launch, and the engine is another one.
import { expect, it, vi } from 'vitest';
import { DebugSessions } from '../../../../src/app/launches/debugSessions';
import { originOf } from '../../../../src/app/launches/launchedProgram';
import { type Head, SessionFacts } from '../../../../src/app/launches/sessionFacts';
import { Emitter } from '../../../../src/base/emitter';
import { toErrorData } from '../../../../src/base/errors';

function made(head: (folder: string) => Promise<Head | undefined> = async () => undefined) {
  const told: unknown[] = [];
  const restarted = new Emitter<void>();
  const engine = {
    call: vi.fn(async (method: string, params: unknown) => {
      told.push([method, params]);
    }),
    onDidRestart: restarted.event,
  };
  const sessions = new DebugSessions({ get: () => undefined, update: async () => {} });
  const facts = new SessionFacts({ engine: engine as never, sessions, problems: { record: toErrorData }, head });
  return { told, facts, sessions, restarted };
}

it('tells the name at once, and the commit when Git has said it', async () => {
  let answer = (_: Head): void => {};
  const { told, sessions } = made(() => new Promise((resolve) => (answer = resolve)));
  sessions.add('1', 'Launch shop', 0, { program: 'server.mjs', folder: '/work/shop' });
  const about = { name: 'Launch shop', program: 'server.mjs' };
  expect(told).toEqual([['beginSession', { session: '1', about }]]);
  answer({ commit: 'a'.repeat(40), changes: true });
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(told[1]).toEqual(['beginSession', { session: '1', about: { ...about, commit: 'a'.repeat(40), changes: true } }]);
});

it('needs no Git, and no folder', async () => {
  const { told, sessions } = made(() => Promise.reject(new Error('no Git')));
  sessions.add('1', 'one', 0, { folder: '/a' });
  sessions.add('2', 'Terminals and tasks', 0);
  await Promise.resolve();
  expect(told).toHaveLength(2);
});

it('is over with the last of its debuggers, once', () => {
  const { told, facts, sessions } = made();
  sessions.add('1', 'one', 0);
  facts.debugged('1', 'a');
  facts.debugged('1', 'b');
  facts.undebugged('1', 'a');
  expect(told).toHaveLength(1);
  facts.undebugged('1', 'b');
  facts.undebugged('1', 'b');
  expect(told.slice(1)).toEqual([['endSession', { session: '1' }]]);
});

it('tells another engine of the sessions that go on', () => {
  const { told, facts, sessions, restarted } = made();
  sessions.add('1', 'one', 0);
  sessions.add('2', 'two', 0);
  facts.undebugged('1', 'a');
  told.length = 0;
  restarted.fire();
  expect(told).toEqual([['beginSession', { session: '2', about: { name: 'two' } }]]);
});

it('says what is launched, without arguments', () => {
  const of = (configuration: Record<string, unknown>, folder = '/work/shop'): string | undefined =>
    originOf(configuration, folder).program;
  expect(of({ program: '/work/shop/src/server.mjs', args: ['--token', 'secret'] })).toBe('src/server.mjs');
  expect(of({ program: '/elsewhere/server.mjs' })).toBe('/elsewhere/server.mjs');
  expect(of({ module: 'flask', args: ['run'] })).toBe('flask');
  expect(of({ mainClass: 'com.shop.Main', vmArgs: '-Dpassword=x' })).toBe('com.shop.Main');
  expect(of({ runtimeExecutable: '/usr/bin/npm', runtimeArgs: ['run', 'dev', '--', 'secret'] })).toBe('npm run dev');
  expect(of({ runtimeExecutable: 'npm', runtimeArgs: ['--token=secret'] })).toBe('npm');
  expect(of({ program: 4, module: ' ' })).toBeUndefined();
});
