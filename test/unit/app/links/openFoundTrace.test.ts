// An id that was found in a text is opened from wherever its trace is; where nobody has it, the message says what would help.

import { expect, it } from 'vitest';
import { type OpenServices, openFoundTrace } from '../../../../src/app/links/openFoundTrace';
import type { ProblemContext } from '../../../../src/app/messages/problems';
import { plainConnection } from '../../../../src/app/settings/connection';
import type { ConfiguredBackend } from '../../../../src/app/settings/settings';
import { SpanhopError, toErrorData } from '../../../../src/base/errors';
import type { TraceKey } from '../../../../src/protocol/traces';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const jaeger: ConfiguredBackend = {
  settings: { name: 'Jaeger', type: 'jaeger', url: 'http://localhost:16686', options: {} },
  from: 'user',
  connection: plainConnection,
};

function services(found: TraceKey | SpanhopError, backends: readonly ConfiguredBackend[] = []) {
  const opened: unknown[] = [];
  const told: { readonly message: string; readonly context: ProblemContext }[] = [];
  const all: OpenServices = {
    traces: {
      locate: async () => {
        if (found instanceof SpanhopError) throw found;
        return found;
      },
    },
    backends: { list: () => backends },
    capture: {
      state: {
        running: false,
        registered: [],
        counts: { spans: 0, traces: 0, rejected: 0, metricRequests: 0, logRequests: 0 },
      },
    },
    problems: { show: async (error, context = {}) => void told.push({ message: toErrorData(error).message, context }) },
    ui: { showProgress: (_, work) => work(new AbortController().signal), run: async () => undefined },
    views: { openTrace: async (id, options) => void opened.push([id, options]) },
  };
  return { all, opened, told };
}

it('opens the trace where it is', async () => {
  const { all, opened, told } = services({ dataset: 'backend:Jaeger', traceId });
  await openFoundTrace(all, { traceId: traceId.toUpperCase(), spanId: '00f067aa0ba902b7' }, 2);
  expect(opened).toEqual([[traceId, { backend: 'Jaeger', spanId: '00f067aa0ba902b7', viewColumn: 2 }]]);
  expect(told).toEqual([]);
});

it('says what would help where nobody has it', async () => {
  const missing = new SpanhopError('NotFound', `There is no trace ${traceId}.`);
  const alone = services(missing);
  await openFoundTrace(alone.all, { traceId });
  expect(alone.told[0]?.message).toMatch(/There is no trace .* Add the backend that has it\. .* try again then\.$/);
  expect(alone.told[0]?.context.steps?.map(({ label }) => label)).toEqual(['Add Backend…', 'Start Capture']);
  const withOne = services(missing, [jaeger]);
  await openFoundTrace(withOne.all, { traceId });
  expect(withOne.told[0]?.message).toMatch(/If another backend has it, add that one\./);
  expect(withOne.told[0]?.context.steps?.map(({ label }) => label)).toEqual(['Add Backend…']);
});

it('does it again from the message', async () => {
  const { all, told } = services(new SpanhopError('Unreachable', 'nothing listens there'));
  await openFoundTrace(all, { traceId, backend: 'Jaeger' });
  expect(told).toHaveLength(1);
  expect(told[0]?.context).toMatchObject({ backend: 'Jaeger', steps: [] });
  await told[0]?.context.retry?.();
  expect(told).toHaveLength(2);
});

it('says of what is no id that it is none', async () => {
  const { all, told } = services({ dataset: 'local', traceId });
  await openFoundTrace(all, { traceId: 'café' });
  expect(told[0]?.message).toMatch(/"café" is no trace id/);
});
