/** Tabs of equal names are told apart, all of them, and only where it is needed. */

import { describe, expect, it } from 'vitest';
import { TabTitles, type TitledTrace, titlesOf } from '../../../../src/app/views/tabTitles';

const at = (iso: string): string => `${Date.parse(iso)}000000`;
const one: TitledTrace = {
  name: 'POST /checkout',
  traceId: 'a1'.repeat(16),
  from: 'local',
  startUnixNano: at('2026-11-21T14:03:12Z'),
};
const later: TitledTrace = { ...one, traceId: 'b2'.repeat(16), startUnixNano: at('2026-11-21T14:05:00Z') };
const other: TitledTrace = { ...one, name: 'GET /cart', traceId: 'c3'.repeat(16) };
const titles = (...traces: TitledTrace[]): string[] => titlesOf(traces, 'en-GB', 'UTC');

describe('titles of tabs', () => {
  it('are names where these differ', () => {
    expect(titles(one, other)).toEqual(['POST /checkout', 'GET /cart']);
  });

  it('tell when each began, of all that have one name and of no others', () => {
    expect(titles(one, other, later)).toEqual(['POST /checkout · 14:03:12', 'GET /cart', 'POST /checkout · 14:05:00']);
  });

  it('tell ids where they began in one second, or one of them at no time', () => {
    const same = { ...later, startUnixNano: one.startUnixNano };
    expect(titles(one, same)).toEqual(['POST /checkout · a1a1a1a1', 'POST /checkout · b2b2b2b2']);
    for (const startUnixNano of [undefined, '9'.repeat(19), 'x'])
      expect(titles(one, { ...later, startUnixNano })[1]).toMatch(/^POST \/checkout · /);
    expect(titles(one, { ...later, startUnixNano: undefined })).toEqual([
      'POST /checkout · a1a1a1a1',
      'POST /checkout · b2b2b2b2',
    ]);
  });

  it('tell where the same trace is from', () => {
    expect(titles(one, { ...one, from: 'production' })).toEqual(['POST /checkout · local', 'POST /checkout · production']);
  });

  it('change with what is open: the first when a second comes, and back when one of them goes', () => {
    const stages = [1, 2, 3].map(() => {
      const said: string[] = [];
      return { said, setTitle: (title: string) => void said.push(title) };
    });
    const tabs = new TabTitles();
    tabs.set(stages[0], one);
    tabs.set(stages[1], other);
    tabs.set(stages[2], { ...one, traceId: later.traceId });
    tabs.set(stages[1], other);
    tabs.forget(stages[0]);
    const [first, second, third] = stages.map(({ said }) => said);
    expect(first).toEqual(['POST /checkout', 'POST /checkout · a1a1a1a1']);
    expect(second).toEqual(['GET /cart']);
    expect(third).toEqual(['POST /checkout · b2b2b2b2', 'POST /checkout']);
  });
});
