/** What a launch of a Python program gets. */

import { describe, expect, it } from 'vitest';
import type { InstrumentedLaunch } from '../../../../src/app/instrument/instrumentation';
import { PythonInstrumentation } from '../../../../src/app/instrument/python';

const launch = (variables: Record<string, string>, windows = false): InstrumentedLaunch => ({
  type: 'debugpy',
  name: 'shop',
  folder: '/work',
  configuration: {},
  get: (name) => variables[name],
  endpoint: 'http://127.0.0.1:4711',
  sessionId: 'c0ffee00-0000-4000-8000-000000000001',
  windows,
});

async function variables(given: InstrumentedLaunch): Promise<Record<string, string | undefined>> {
  const prepared = await new PythonInstrumentation({ sources: '/ext/dist/instrument' }).prepare(given);
  return Object.fromEntries((prepared?.variables ?? []).map(({ name, value }) => [name, value]));
}

describe('a Python program that is launched', () => {
  it('loads the hook before its first line, and hands its spans over where the window receives', async () => {
    expect(await variables(launch({}))).toEqual({
      PYTHONPATH: '/ext/dist/instrument/python',
      SPANHOP_STREAM: '127.0.0.1:4711',
      SPANHOP_SESSION: 'c0ffee00-0000-4000-8000-000000000001',
    });
  });

  it('keeps the path that it has of its own, the empty entry that means the working folder too, and once', async () => {
    const own = '/lib:/ext/dist/instrument/python:';
    expect((await variables(launch({ PYTHONPATH: own }))).PYTHONPATH).toBe('/ext/dist/instrument/python:/lib:');
  });

  it('separates as Windows does there', async () => {
    expect((await variables(launch({ PYTHONPATH: 'C:\\lib' }, true))).PYTHONPATH).toBe('/ext/dist/instrument/python;C:\\lib');
  });
});
