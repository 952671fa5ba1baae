// Which launched programs are captured: what is asked, in which order, and what happens without an answer. Time and the person are the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchAnswer } from '../../../../src/app/launches/launchAnswers';
import { endpoint, LaunchWorld, launchOf, never } from '../support/launchWorld';

const always: LaunchAnswer = { capture: true, remember: true };
const once: LaunchAnswer = { capture: true, remember: false };

let world: LaunchWorld;
beforeEach(() => {
  vi.useFakeTimers();
  world = new LaunchWorld();
});
afterEach(() => void vi.useRealTimers());
const begin = (name: string, signal?: AbortSignal): Promise<unknown> => world.begin(name, signal);
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('a launch that is asked about', () => {
  it('gets its environment with what it has, when the answer is to capture', async () => {
    const environment = begin('api');
    await turn();
    world.questions[0].answer(once);
    expect(await environment).toMatchObject({ MINE: '1', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(world.sessions).toEqual(['api']);
  });

  it('starts as it is when nobody answers for half a minute, and says so; the question goes', async () => {
    const environment = begin('api');
    await vi.advanceTimersByTimeAsync(29_999);
    expect([world.questions.length, world.unanswered]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(1);
    expect([await environment, world.unanswered, world.questions[0].signal.aborted]).toEqual([undefined, ['api'], true]);
  });

  it('starts as it is, without a word, when the question is dismissed', async () => {
    const environment = begin('api');
    await turn();
    world.questions[0].answer(undefined);
    expect([await environment, world.unanswered, world.sessions]).toEqual([undefined, [], []]);
  });

  it('is asked about after the one before it was, each with its own time', async () => {
    const both = [begin('api'), begin('worker')];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(world.questions.map(({ name }) => name)).toEqual(['api']);
    world.questions[0].answer(once);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(world.questions.map(({ name }) => name)).toEqual(['api', 'worker']);
    world.questions[1].answer(once);
    expect(await Promise.all(both)).toHaveLength(2);
    expect([world.sessions, world.unanswered]).toEqual([['api', 'worker'], []]);
  });

  it('that is cancelled is not asked about, and its question goes; the next one is asked', async () => {
    const stop = new AbortController();
    const cancelled = [begin('api', stop.signal), begin('worker', stop.signal)];
    const next = begin('web');
    await turn();
    stop.abort();
    expect(await Promise.all(cancelled)).toEqual([undefined, undefined]);
    await turn();
    expect(world.questions.map(({ name }) => name)).toEqual(['api', 'web']);
    expect(world.unanswered).toEqual([]);
    world.questions[1].answer(once);
    expect(await next).toBeDefined();
  });

  it('starts as it is when capturing ended over the question', async () => {
    const environment = begin('api');
    await turn();
    world.capture.endpoint = undefined;
    world.questions[0].answer(once);
    expect([await environment, world.sessions]).toEqual([undefined, []]);
  });

  it('is not asked about again where the answer was for good, until answers are forgotten', async () => {
    const first = begin('api');
    await turn();
    world.questions[0].answer(always);
    await first;
    expect(await begin('api')).toBeDefined();
    expect(world.questions).toHaveLength(1);
    // Another configuration of that name is another one.
    void world.launches.prepare(launchOf('api', { folder: 'file:///other' }), never);
    await turn();
    expect(world.questions).toHaveLength(2);
    world.questions[1].answer(undefined);
    await world.answers.forget();
    void begin('api');
    await turn();
    expect(world.questions).toHaveLength(3);
  });

  it.each(['text', 7, null, ['x'], { 'file:///shop#node#api': 'yes' }])(
    'is asked about where what is kept is %j',
    async (broken) => {
      world.kept.set('capture.debugAnswers', broken);
      const environment = begin('api');
      await turn();
      world.questions[0].answer(once);
      expect(await environment).toBeDefined();
    },
  );
});

describe('a launch that is not asked about', () => {
  it.each(['always', 'off'] as const)('with the setting "%s"', async (setting) => {
    world.mode = setting;
    expect((await begin('api')) !== undefined).toBe(setting === 'always');
    expect(world.questions).toHaveLength(0);
  });

  it('while nothing is captured', async () => {
    world.capture.endpoint = undefined;
    expect(await begin('api')).toBeUndefined();
    expect(world.questions).toHaveLength(0);
  });

  it('writes into the log which variables it set and took away, and the value of none', async () => {
    world.mode = 'always';
    world.files = {
      ...world.files,
      debugger: new Map([['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=secret']]),
      read: ['/shop/a.env'],
    };
    await begin('api');
    expect(world.logged).toEqual([
      expect.stringMatching(
        /^"api" \(node\) is launched with capture, as session [0-9a-f-]{36}\. Set: OTEL_EXPORTER_OTLP_ENDPOINT, .*Taken away: OTEL_EXPORTER_OTLP_HEADERS\. .*\/shop\/a\.env\.$/,
      ),
    ]);
    expect(world.logged[0]).not.toMatch(/secret|4400/);
  });

  it('leaves a name that a file gives, and says once what is wrong with a file', async () => {
    world.mode = 'always';
    world.files = {
      ...world.files,
      debugger: new Map([['OTEL_SERVICE_NAME', 'theirs']]),
      warnings: ['Its envFile x cannot be read.'],
    };
    for (let run = 0; run < 2; run++) expect(await begin('api')).not.toHaveProperty('OTEL_SERVICE_NAME');
    expect(world.shown).toEqual(['Traces of "api": Its envFile x cannot be read.']);
  });
});
