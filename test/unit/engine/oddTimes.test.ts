// What a person is told of a span whose parts have no times, and of links that lead nowhere.

import { expect, it } from 'vitest';
import { describeTrace } from '../../../src/app/traces/traceText';
import { InProcessEngine } from '../../support/inProcessEngine';

const traceId = 'ab'.repeat(16);
const open = async (spans: readonly object[]) => {
  const engine = new InProcessEngine();
  const bytes = new TextEncoder().encode(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  const { traces } = await engine.openAndList({ dataset: 'file:a', name: 'a', bytes });
  const key = { dataset: 'file:a', traceId };
  const { revision } = await engine.call('openTrace', key);
  return {
    engine,
    key: { ...key, revision },
    overview: traces[0],
    details: await engine.call('spanDetails', { ...key, revision, row: 0 }),
  };
};

it('events and exceptions without a time have none, stand last, and no mark is painted', async () => {
  const { engine, key, details } = await open([
    {
      traceId,
      spanId: '1'.repeat(16),
      name: 'GET /',
      startTimeUnixNano: '1760000000000000000',
      endTimeUnixNano: '1760000000100000000',
      events: [
        { name: 'exception', attributes: [{ key: 'exception.type', value: { stringValue: 'E' } }] },
        { name: 'cached', timeUnixNano: '1760000000020000000' },
      ],
    },
  ]);
  expect(details.events.map(({ name, atNs }) => [name, atNs])).toEqual([
    ['cached', 20e6],
    ['exception', undefined],
  ]);
  expect(details.exceptions).toEqual([{ type: 'E', message: '', stack: '' }]);
  expect([...(await engine.call('eventTimes', { ...key, rows: [0] })).atNs]).toEqual([20e6]);
});

it('a trace without times is not of 1970, nor running', async () => {
  const { details, overview } = await open([
    { traceId, spanId: '1'.repeat(16), name: 'GET /', events: [{ name: 'e', timeUnixNano: '1760000000020000000' }] },
  ]);
  expect(details).toMatchObject({ startUnixNano: '0', running: false });
  expect(details.events[0].atNs).toBeUndefined();
  expect(describeTrace(overview, Date.now())).toBe('time not known · 1 span');
});
