/** What a launch of a Python program gets, and what its person is told and offered. Interpreters are the machine's own. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { InstrumentedLaunch, Prepared } from '../../../../src/app/instrument/instrumentation';
import { PythonInstrumentation, type PythonServices } from '../../../../src/app/instrument/python';
import { probePython } from '../../../../src/app/instrument/pythonProbe';
import type { RunnableTask } from '../../../../src/app/ports/userInterface';
import { projectRoot } from '../../../vscode/locations.mjs';

const temporary = mkdtempSync(join(tmpdir(), 'spanhop-python-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const launch = (given: Partial<InstrumentedLaunch> = {}, variables: Record<string, string> = {}): InstrumentedLaunch => ({
  type: 'debugpy',
  name: 'shop',
  folder: temporary,
  configuration: {},
  get: (name) => variables[name],
  endpoint: 'http://127.0.0.1:4711',
  ports: [4711, 4318],
  sessionId: 'c0ffee00-0000-4000-8000-000000000001',
  windows: false,
  ...given,
});

interface World {
  readonly prepare: (given: InstrumentedLaunch) => Promise<Prepared>;
  readonly tasks: RunnableTask[];
  readonly messages: string[];
}

/** @param interpreters that the editor knows @param exit of the tasks */
function world(given: { interpreters?: string[]; isTrusted?: boolean; exit?: number } = {}): World {
  const remembered = new Map<string, unknown>();
  const tasks: RunnableTask[] = [];
  const messages: string[] = [];
  const ui: PythonServices['ui'] = {
    showMessage: async (_level, message) => void messages.push(message),
    showProgress: (_title, work) => work(new AbortController().signal),
    runTask: async (task) => {
      tasks.push(task);
      return given.exit ?? 0;
    },
    typeInTerminal: () => {},
  };
  const python = new PythonInstrumentation({
    sources: join(projectRoot, 'src', 'instrument'),
    settings: { isTrusted: given.isTrusted ?? true },
    ui,
    memento: { get: (key) => remembered.get(key), update: async (key, value) => void remembered.set(key, value) },
    python: { interpreters: async () => given.interpreters ?? [] },
  });
  return { prepare: (each) => python.prepare(each), tasks, messages };
}

/** An interpreter that says so of itself. */
function interpreter(name: string, answer: object | string): string {
  const path = join(temporary, name);
  const text = typeof answer === 'string' ? answer : `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`;
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const bare = {
  executable: '/shop/.venv/bin/python',
  prefix: '/shop/.venv',
  version: '3.12.1',
  hasSdk: false,
  instrumentations: [],
  requirements: ['opentelemetry-sdk', 'opentelemetry-instrumentation-flask'],
  hasPip: true,
  isManaged: false,
};

const hook = join(projectRoot, 'src', 'instrument', 'python');
const valuesOf = ({ variables }: Prepared): Record<string, string | undefined> =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));

describe('a Python program that is launched', () => {
  it('loads the hook before its first line, and hands its spans over where the window receives', async () => {
    expect(valuesOf(await world().prepare(launch()))).toEqual({
      PYTHONPATH: hook,
      SPANHOP_STREAM: '127.0.0.1:4711',
      SPANHOP_PORTS: '4711,4318',
      SPANHOP_SESSION: 'c0ffee00-0000-4000-8000-000000000001',
    });
  });

  it('keeps the path that it has of its own, the empty entry that means the working folder too, and once', async () => {
    const prepared = await world().prepare(launch({}, { PYTHONPATH: `/lib:${hook}:` }));
    expect(valuesOf(prepared).PYTHONPATH).toBe(`${hook}:/lib:`);
  });

  it('is stepped through as without us: the debugger goes over what traces, and keeps to the rules that it has', async () => {
    const own = { path: '/vendored/**', include: false };
    const { configuration } = await world().prepare(launch({ configuration: { rules: [own] } }));
    expect(configuration).toEqual({ rules: [own, { path: `${hook}/**`, include: false }] });
  });

  it('separates as Windows does there', async () => {
    const prepared = await world().prepare(launch({ windows: true }, { PYTHONPATH: 'C:\\lib' }));
    expect(valuesOf(prepared).PYTHONPATH).toBe(`${hook};C:\\lib`);
  });

  it.each(['-I', '-sE', '-S'])('is told that %s keeps it from being traced', async (option) => {
    const prepared = await world().prepare(launch({ configuration: { pythonArgs: ['-X', 'dev', option] } }));
    expect(prepared.missing?.message).toContain(option);
  });

  it('takes other options for what they are', async () => {
    const pythonArgs = ['-Werror::ImportWarning', '-X', 'importtime', '-u'];
    const found = { ...bare, hasSdk: true, instrumentations: ['flask'] };
    const configuration = { pythonArgs, python: interpreter('full', found) };
    expect((await world().prepare(launch({ configuration }))).missing).toBeUndefined();
  });
});

describe('the packages that an environment lacks', () => {
  it('are named, and installed with that interpreter in a terminal, when the person says so', async () => {
    const { prepare, tasks, messages } = world();
    const configuration = { python: [interpreter('bare', bare), '-u'] };
    const { missing } = await prepare(launch({ configuration }));
    expect(missing?.message).toContain('installed there: opentelemetry-sdk, and the instrumentations of flask.');
    expect(tasks).toEqual([]);
    await missing?.offers.find(({ title }) => title === 'Install in Terminal')?.run();
    expect(tasks).toEqual([
      {
        name: 'Installing OpenTelemetry packages',
        folder: temporary,
        program: '/shop/.venv/bin/python',
        args: ['-m', 'pip', 'install', '--disable-pip-version-check', ...bare.requirements],
      },
    ]);
    expect(messages).toEqual(['Installed. Start "shop" again, and it is traced.']);
  });

  it('are told to be missing still when the installation failed', async () => {
    const { prepare, messages } = world({ exit: 1 });
    const { missing } = await prepare(launch({ configuration: { python: interpreter('fails', bare) } }));
    await expect(missing?.offers[0].run()).rejects.toThrow('exit code 1');
    expect(messages).toEqual([]);
  });

  it('are not spoken of again for an environment of which the person said so', async () => {
    const { prepare } = world();
    const configuration = { python: interpreter('never', bare) };
    const { missing } = await prepare(launch({ configuration }));
    await missing?.offers.find(({ title }) => title === "Don't Ask Again")?.run();
    expect((await prepare(launch({ configuration }))).missing).toBeUndefined();
  });

  it('are not installed where the system forbids it: an environment is offered', async () => {
    const configuration = { python: interpreter('system', { ...bare, isManaged: true }) };
    const { missing } = await world().prepare(launch({ configuration }));
    expect(missing?.message).toContain('belongs to the system');
    expect(missing?.offers.map(({ title }) => title)).toEqual(['Make Environment in Terminal', "Don't Ask Again"]);
  });

  it('are not asked for in a workspace that is not trusted: no interpreter of it is run', async () => {
    const python = interpreter('untrusted', `#!/bin/sh\ntouch ${join(temporary, 'was-run')}\n`);
    const { missing } = await world({ isTrusted: false }).prepare(launch({ configuration: { python } }));
    expect(missing).toBeUndefined();
    expect(() => execFileSync('ls', [join(temporary, 'was-run')], { stdio: 'ignore' })).toThrow();
  });

  it('leave out what pip would not take for a name of OpenTelemetry', async () => {
    const requirements = ['opentelemetry-sdk', '--index-url=http://x', 'evil', 'opentelemetry-sdk @ file:///x'];
    const { prepare, tasks } = world();
    const { missing } = await prepare(launch({ configuration: { python: interpreter('odd', { ...bare, requirements }) } }));
    await missing?.offers[0].run();
    expect(tasks[0].args.slice(4)).toEqual(['opentelemetry-sdk']);
  });

  it.each([
    ['prints something else', '#!/bin/sh\necho hello\n'],
    ['prints a list', "#!/bin/sh\necho '[]'\n"],
    ['fails', '#!/bin/sh\nexit 1\n'],
    ['prints without end', '#!/bin/sh\nyes\n'],
    ['is no program', 'not a program'],
  ])('are not told of an interpreter that %s', async (what, text) => {
    const python = interpreter(what.replaceAll(' ', '-'), text);
    expect((await world().prepare(launch({ configuration: { python } }))).missing).toBeUndefined();
  });

  it('do not hold up a launch: an interpreter that takes its time is known to the next one', async () => {
    const slow = interpreter('slow', `#!/bin/sh\nsleep 1.2\necho '${JSON.stringify(bare)}'\n`);
    const { prepare } = world();
    const begun = performance.now();
    const given = launch({ configuration: { python: slow } });
    const first = await prepare(given);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(first.missing).toBeUndefined();
    await vi.waitFor(async () => expect((await prepare(given)).missing).toBeDefined(), { timeout: 4_000 });
  });

  it('are known of an interpreter that ended before it was listened to, or left a process with its output', async () => {
    const line = JSON.stringify(bare);
    const ended = interpreter('ended', `#!/bin/sh\necho '${line}'\n`);
    const leaving = interpreter('leaving', `#!/bin/sh\nsleep 5 &\necho '${line}'\n`);
    for (let round = 0; round < 5; round++) {
      const known = probePython(ended, 'probe.py', 5_000);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
      expect((await known)?.prefix).toBe('/shop/.venv');
    }
    const begun = performance.now();
    expect((await probePython(leaving, 'probe.py', 5_000))?.prefix).toBe('/shop/.venv');
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('are looked for in the environment that the editor knows, before the folder’s own and the PATH’s', async () => {
    const chosen = interpreter('chosen', { ...bare, prefix: '/chosen' });
    const { missing } = await world({ interpreters: ['/nowhere/python', chosen] }).prepare(launch());
    expect(missing?.message).toContain('/chosen');
  });
});
