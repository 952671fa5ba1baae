// What CodeLens, hovers and Problems say of one capture: the same number of the same errors, however many nested spans recorded them.
import { describe, expect, it, vi } from 'vitest';
import { errorsText, recordedText } from '../../../src/app/code/errorsText';
import { hoverText } from '../../../src/app/code/hoverText';
import { messageOf } from '../../../src/app/exceptions/exceptionText';
import { functionsOf, statisticsOf } from '../../../src/code';
import { InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS, type SpanSpec } from '../../support/otlp';

vi.setConfig({ testTimeout: 30_000 });

type Event = NonNullable<SpanSpec['events']>[number];

const thrown = (type: string, line = 21): Event => ({
  name: 'exception',
  attributes: {
    'exception.type': type,
    'exception.message': 'no answer',
    'exception.stacktrace': `${type}: no answer\n    at charge (/app/pay.ts:${line}:9)\n    at next (/app/other.ts:3:1)`,
  },
});

interface Failed {
  readonly trace?: number;
  readonly parent?: number;
  readonly name?: string;
  /** Of the function. */
  readonly of?: string;
  readonly events?: readonly Event[];
  readonly error?: boolean;
}

/** A failing call; calls begin in the order of their numbers. */
const call = (id: number, { trace = 1, parent, name = 'call', of = 'charge', events = [], error = true }: Failed): SpanSpec => ({
  traceId: trace.toString(16),
  spanId: id.toString(16),
  startMs: id,
  durationMs: 100 - 2 * id,
  name,
  error,
  events,
  attributes: { 'code.file.path': '/app/pay.ts', 'code.function.name': of, 'code.line.number': of === 'charge' ? 20 : 40 },
  ...(parent === undefined ? {} : { parent: parent.toString(16) }),
});

interface Said {
  /** `3 calls: 1 error, recorded by 3 calls`, by function. */
  readonly lens: Readonly<Record<string, string>>;
  /** Its head's errors, and how often each came. */
  readonly hover: Readonly<Record<string, readonly string[]>>;
  readonly problems: readonly string[];
}

async function said(...datasets: readonly (readonly SpanSpec[])[]): Promise<Said> {
  const engine = new InProcessEngine();
  for (const [i, spans] of datasets.entries()) await engine.open(spans, `file:${i}`);
  const { generation, ...places } = await engine.call('codePlaces', { baseName: 'pay.ts' });
  const located = [...places.place].map((place, i) => ({
    place,
    name: places.functions[places.functionName[i]],
    line: places.line[i],
  }));
  const functions = functionsOf(located);
  const groups = functions.map((one) => one.places.map(({ place }) => place));
  const answer = await engine.call('codeStatistics', { generation, groups });
  const lens: Record<string, string> = {};
  const hover: Record<string, readonly string[]> = {};
  for (const statistics of answer ? statisticsOf(functions, answer) : []) {
    const { name, calls } = statistics;
    lens[name] = `${calls} calls: ${errorsText(statistics)}${recordedText(statistics)}`;
    const details = await engine.call('codeDetails', { generation, places: statistics.places, keys: [] });
    const subject = { statistics, thrown: 0, told: [], details, trend: undefined, frames: [], target: 1 };
    const text = hoverText(subject, BASE_MS).replaceAll('\\', '');
    const each = [...text.matchAll(/^\*\*(\S+)\*\*:? .*— (\d+)×/gm)].map(([, type, count]) => `${type} ${count}×`);
    hover[name] = [/\*\*(\d+ errors?)\*\*/.exec(text)?.[1] ?? '', ...each.sort()];
    expect(details?.thrown).toBe(statistics.errors);
  }
  const { changed } = await engine.call('exceptions', {});
  return { lens, hover, problems: changed.map((one) => messageOf({ ...one, lastMs: one.firstMs })).sort() };
}

describe('CodeLens, hover and Problems', () => {
  it('count an exception once that nested spans of one function recorded', async () => {
    const events = [thrown('Timeout')];
    expect(
      await said([call(1, { events }), call(2, { parent: 1, events }), call(3, { parent: 2, events: [...events, ...events] })]),
    ).toEqual({
      lens: { charge: '3 calls: 1 error, recorded by 3 calls' },
      hover: { charge: ['1 error', 'Timeout 1×'] },
      problems: ['Timeout: no answer'],
    });
  });

  it('count it once at each function that it left', async () => {
    const events = [thrown('Timeout')];
    expect(
      await said([call(1, { of: 'checkout', events }), call(2, { parent: 1, events }), call(3, { parent: 2, events })]),
    ).toEqual({
      lens: { charge: '2 calls: 1 error, recorded by 2 calls', checkout: '1 calls: 1 error' },
      hover: { charge: ['1 error', 'Timeout 1×'], checkout: ['1 error', 'Timeout 1×'] },
      problems: ['Timeout: no answer'],
    });
  });

  it('count what was thrown anew with another type as another', async () => {
    expect(
      await said([call(1, { events: [thrown('Refused', 30)] }), call(2, { parent: 1, events: [thrown('Timeout')] })]),
    ).toEqual({
      lens: { charge: '2 calls: 2 errors' },
      hover: { charge: ['2 errors', 'Refused 1×', 'Timeout 1×'] },
      problems: ['Refused: no answer', 'Timeout: no answer'],
    });
  });

  it('count it once where only the span above, or only the one below, recorded it, and the others are in error', async () => {
    const events = [thrown('Timeout')];
    const once: Said = {
      lens: { charge: '3 calls: 1 error, recorded by 3 calls' },
      hover: { charge: ['1 error', 'Timeout 1×'] },
      problems: ['Timeout: no answer'],
    };
    expect(await said([call(1, { events }), call(2, { parent: 1 }), call(3, { parent: 2 })])).toEqual(once);
    expect(await said([call(1, {}), call(2, { parent: 1 }), call(3, { parent: 2, events })])).toEqual(once);
  });

  it('count it in each trace, and a trace that is open twice once', async () => {
    const spans = [1, 2].flatMap((trace) => {
      const events = [thrown('Timeout')];
      return [call(trace * 10, { trace, events }), call(trace * 10 + 1, { trace, parent: trace * 10, events })];
    });
    const twice: Said = {
      lens: { charge: '4 calls: 2 errors, recorded by 4 calls' },
      hover: { charge: ['2 errors', 'Timeout 2×'] },
      problems: ['Timeout: no answer (2×)'],
    };
    expect(await said(spans)).toEqual(twice);
    expect(await said(spans, spans)).toEqual(twice);
  });

  it('count each call of a job or each try that failed alike, though the span above recorded the last of them as well', async () => {
    const events = [thrown('Timeout')];
    const tries = [2, 3, 4].flatMap((id) => [
      call(id, { parent: 1, events, name: 'try' }),
      call(id + 10, { parent: id, events, name: 'send' }),
    ]);
    expect(await said([call(1, { events, of: 'checkout' }), ...tries])).toEqual({
      lens: { charge: '6 calls: 3 errors, recorded by 6 calls', checkout: '1 calls: 1 error' },
      hover: { charge: ['3 errors', 'Timeout 3×'], checkout: ['1 error', 'Timeout 1×'] },
      problems: ['Timeout: no answer (3×)'],
    });
    // As layers of a framework do: side by side, and each another one.
    expect(
      await said([call(1, {}), call(2, { parent: 1, events, name: 'a' }), call(3, { parent: 1, events, name: 'b' })]),
    ).toMatchObject({
      lens: { charge: '3 calls: 1 error, recorded by 3 calls' },
      hover: { charge: ['1 error', 'Timeout 1×'] },
      problems: ['Timeout: no answer'],
    });
  });

  it('count a span in error that recorded nothing, once where it passed it on; Problems has exceptions only', async () => {
    expect(
      await said([call(1, {}), call(2, { parent: 1 }), call(3, { parent: 1, error: false }), call(4, { trace: 2 })]),
    ).toEqual({
      lens: { charge: '4 calls: 2 errors, recorded by 3 calls' },
      hover: { charge: ['2 errors', 'error 2×'] },
      problems: [],
    });
    // Each other's parents.
    expect((await said([call(1, { parent: 2 }), call(2, { parent: 1 })])).lens).toEqual({
      charge: '2 calls: 1 error, recorded by 2 calls',
    });
  });

  it('count an exception that a span recorded which is not in error, and each of two of one span', async () => {
    expect(await said([call(1, { events: [thrown('Timeout'), thrown('Refused', 30)], error: false })])).toEqual({
      lens: { charge: '1 calls: 2 errors, recorded by 1 call' },
      hover: { charge: ['2 errors', 'Refused 1×', 'Timeout 1×'] },
      problems: ['Refused: no answer', 'Timeout: no answer'],
    });
  });
});

it('a line that threw tells of what was thrown there alone', async () => {
  const engine = new InProcessEngine();
  await engine.open([call(1, { events: [thrown('Timeout'), thrown('Refused', 30)] })]);
  const { generation, throws } = await engine.call('codeThrows', {});
  for (const { number, stack } of throws) {
    const details = await engine.call('codeDetails', { generation, places: [], throws: [number], keys: [] });
    expect(details?.exceptions.map(({ type, count }) => [type, count])).toEqual([[stack.split(':')[0], 1]]);
  }
  expect(throws).toHaveLength(2);
});
