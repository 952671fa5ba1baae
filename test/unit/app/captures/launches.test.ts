// Which launched programs are captured: what is asked, in which order, and what happens without an answer. Time and the person are the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EnvFileValues } from '../../../../src/app/captures/envFiles';
import { type LaunchAnswer, LaunchAnswers, type LaunchPrompt } from '../../../../src/app/captures/launchAnswers';
import { LaunchChoices } from '../../../../src/app/captures/launchChoices';
import { type Launch, Launches } from '../../../../src/app/captures/launches';
import { LaunchRecords } from '../../../../src/app/captures/launchRecords';
import type { Instruments } from '../../../../src/app/instrument/instruments';
import type { NextStep } from '../../../../src/app/messages/problems';

interface Question {
  readonly name: string;
  readonly signal: AbortSignal;
  answer(answer: LaunchAnswer | undefined): void;
}

const endpoint = 'http://127.0.0.1:4400';
const always: LaunchAnswer = { capture: true, remember: true };
const once: LaunchAnswer = { capture: true, remember: false };
const never = new AbortController().signal;

let kept: Map<string, unknown>;
let questions: Question[];
let unanswered: string[];
let capture: { endpoint: string | undefined; ports: readonly number[] };
let mode: 'ask' | 'always' | 'off';
let shown: string[];
let sessions: string[];
let files: EnvFileValues;
let logged: string[];
let offered: string[];
let prepare: Instruments['prepare'];
let choices: LaunchChoices;
let records: LaunchRecords;
let outer: Record<string, string>;
/** The button that is pressed. */
let pressed: string | undefined;
let answers: LaunchAnswers;
let launches: Launches;

beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
  questions = [];
  unanswered = [];
  shown = [];
  sessions = [];
  logged = [];
  offered = [];
  outer = {};
  pressed = undefined;
  prepare = async () => undefined;
  files = { debugger: new Map(), program: new Map(), read: [], warnings: [] };
  capture = { endpoint, ports: [4400] };
  mode = 'ask';
  const prompt: LaunchPrompt = {
    ask: (name, _waitMs, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(undefined));
        questions.push({ name, signal, answer: resolve });
      }),
    unanswered: (name) => void unanswered.push(name),
  };
  const problems = {
    guard: async <T>(work: () => Promise<T> | T) => work(),
    record: (error: unknown) => {
      throw error;
    },
    tell: async (_level: string, message: string, steps: readonly NextStep[] = []) => {
      offered.push([message, ...steps.map(({ label }) => label)].join(' | '));
      await steps.find(({ label }) => label === pressed)?.run();
    },
  };
  const memento = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  answers = new LaunchAnswers(prompt, memento);
  choices = new LaunchChoices(memento, problems);
  records = new LaunchRecords();
  launches = new Launches({
    capture,
    settings: {
      capture: {
        get debugSessions() {
          return mode;
        },
      },
    },
    sessions: { add: (_id, name) => void sessions.push(name) },
    answers,
    problems,
    ui: { showMessage: async (_level, message) => void shown.push(message) },
    envFiles: { read: async () => files },
    log: { info: (line) => void logged.push(line) },
    choices,
    names: { nameOf: async ({ name }) => name },
    records,
    outer: () => outer,
    instruments: { prepare: async (launch, signal) => prepare(launch, signal) },
  });
});
afterEach(() => void vi.useRealTimers());

const launchOf = (name: string, more: Partial<Launch> = {}): Launch => ({
  folder: 'file:///shop',
  type: 'node',
  name,
  environment: { MINE: '1' },
  envFiles: { named: [], folder: '/shop', usual: undefined, cwd: undefined, args: [] },
  configuration: { type: 'node', name, request: 'launch' },
  ...more,
});
const begin = (name: string, signal = never): Promise<unknown> =>
  launches.prepare(launchOf(name), signal).then((given) => given?.environment);
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('a launch that is asked about', () => {
  it('gets its environment with what it has, when the answer is to capture', async () => {
    const environment = begin('api');
    await turn();
    questions[0].answer(once);
    expect(await environment).toMatchObject({ MINE: '1', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(sessions).toEqual(['api']);
  });

  it('starts as it is when nobody answers for half a minute, and says so; the question goes', async () => {
    const environment = begin('api');
    await vi.advanceTimersByTimeAsync(29_999);
    expect([questions.length, unanswered]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(1);
    expect([await environment, unanswered, questions[0].signal.aborted]).toEqual([undefined, ['api'], true]);
  });

  it('starts as it is, without a word, when the question is dismissed', async () => {
    const environment = begin('api');
    await turn();
    questions[0].answer(undefined);
    expect([await environment, unanswered, sessions]).toEqual([undefined, [], []]);
  });

  it('is asked about after the one before it was, each with its own time', async () => {
    const both = [begin('api'), begin('worker')];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(questions.map(({ name }) => name)).toEqual(['api']);
    questions[0].answer(once);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(questions.map(({ name }) => name)).toEqual(['api', 'worker']);
    questions[1].answer(once);
    expect(await Promise.all(both)).toHaveLength(2);
    expect([sessions, unanswered]).toEqual([['api', 'worker'], []]);
  });

  it('that is cancelled is not asked about, and its question goes; the next one is asked', async () => {
    const stop = new AbortController();
    const cancelled = [begin('api', stop.signal), begin('worker', stop.signal)];
    const next = begin('web');
    await turn();
    stop.abort();
    expect(await Promise.all(cancelled)).toEqual([undefined, undefined]);
    await turn();
    expect(questions.map(({ name }) => name)).toEqual(['api', 'web']);
    expect(unanswered).toEqual([]);
    questions[1].answer(once);
    expect(await next).toBeDefined();
  });

  it('starts as it is when capturing ended over the question', async () => {
    const environment = begin('api');
    await turn();
    capture.endpoint = undefined;
    questions[0].answer(once);
    expect([await environment, sessions]).toEqual([undefined, []]);
  });

  it('is not asked about again where the answer was for good, until answers are forgotten', async () => {
    const first = begin('api');
    await turn();
    questions[0].answer(always);
    await first;
    expect(await begin('api')).toBeDefined();
    expect(questions).toHaveLength(1);
    // Another configuration of that name is another one.
    void launches.prepare(launchOf('api', { folder: 'file:///other' }), never);
    await turn();
    expect(questions).toHaveLength(2);
    questions[1].answer(undefined);
    await answers.forget();
    void begin('api');
    await turn();
    expect(questions).toHaveLength(3);
  });

  it.each(['text', 7, null, ['x'], { 'file:///shop#node#api': 'yes' }])(
    'is asked about where what is kept is %j',
    async (broken) => {
      kept.set('capture.debugAnswers', broken);
      const environment = begin('api');
      await turn();
      questions[0].answer(once);
      expect(await environment).toBeDefined();
    },
  );
});

describe('a launch that is not asked about', () => {
  it.each(['always', 'off'] as const)('with the setting "%s"', async (setting) => {
    mode = setting;
    expect((await begin('api')) !== undefined).toBe(setting === 'always');
    expect(questions).toHaveLength(0);
  });

  it('while nothing is captured', async () => {
    capture.endpoint = undefined;
    expect(await begin('api')).toBeUndefined();
    expect(questions).toHaveLength(0);
  });

  it('writes into the log which variables it set and took away, and the value of none', async () => {
    mode = 'always';
    files = { ...files, debugger: new Map([['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=secret']]), read: ['/shop/a.env'] };
    await begin('api');
    expect(logged).toEqual([
      expect.stringMatching(
        /^"api" \(node\) is launched with capture, as session [0-9a-f-]{36}\. Set: OTEL_EXPORTER_OTLP_ENDPOINT, .*Taken away: OTEL_EXPORTER_OTLP_HEADERS\. .*\/shop\/a\.env\.$/,
      ),
    ]);
    expect(logged[0]).not.toMatch(/secret|4400/);
  });

  it('leaves a name that a file gives, and says once what is wrong with a file', async () => {
    mode = 'always';
    files = { ...files, debugger: new Map([['OTEL_SERVICE_NAME', 'theirs']]), warnings: ['Its envFile x cannot be read.'] };
    for (let run = 0; run < 2; run++) expect(await begin('api')).not.toHaveProperty('OTEL_SERVICE_NAME');
    expect(shown).toEqual(['Traces of "api": Its envFile x cannot be read.']);
  });
});

describe('a launch with an instrumentation', () => {
  beforeEach(() => {
    mode = 'always';
  });

  it('gets its variables, over its own, and its members of the configuration', async () => {
    prepare = async ({ get, endpoint: where, folder }) => ({
      variables: [
        { name: 'NODE_OPTIONS', value: `--require x ${get('NODE_OPTIONS')}`, reason: 'traces it' },
        { name: 'WHERE', value: `${where} ${folder} ${get('OTEL_EXPORTER_OTLP_ENDPOINT')}`, reason: 'tells it' },
      ],
      configuration: { vmArgs: '-x' },
    });
    const given = await launches.prepare(launchOf('api', { environment: { NODE_OPTIONS: '--mine' } }), never);
    expect(given?.environment).toMatchObject({ NODE_OPTIONS: '--require x --mine', WHERE: `${endpoint} /shop ${endpoint}` });
    expect(given?.configuration).toEqual({ vmArgs: '-x' });
    expect(logged[0]).toMatch(/Set: .*NODE_OPTIONS, WHERE/);
  });

  it('is told what is missing, once, with its buttons', async () => {
    const offers = [{ title: 'Install', run: async () => {} }];
    prepare = async () => ({ variables: [], missing: { message: 'It has no SDK.', offers } });
    for (let run = 0; run < 3; run++) await begin('api');
    await begin('web');
    expect(offered).toEqual(['"api": It has no SDK. | Install', '"web": It has no SDK. | Install']);
  });
});

describe('a launch whose own variables send its traces elsewhere', () => {
  const own = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example', OTEL_EXPORTER_OTLP_HEADERS: 'a=secret' };
  const launch = launchOf('api', { environment: own });
  const told =
    '"api" sends its traces to https://otel.example, as OTEL_EXPORTER_OTLP_ENDPOINT of its env says. They do not come here. | Capture Here Instead | Keep';
  beforeEach(() => {
    mode = 'always';
  });

  it('starts as it is, and that is said once, with a choice; no session is begun, and nothing is instrumented', async () => {
    prepare = async () => {
      throw new Error('asked');
    };
    for (let run = 0; run < 3; run++) expect(await launches.prepare(launch, never)).toBeUndefined();
    expect(offered).toEqual([told]);
    expect(sessions).toEqual([]);
    expect(logged[0]).toMatch(/^"api" \(node\) is launched as it is: it sends its traces to https:\/\/otel\.example/);
    expect(records.all[0]).toMatchObject({ isCaptured: false, changes: [] });
  });

  it('comes here from the next launch on when that was chosen, and stays so', async () => {
    pressed = 'Capture Here Instead';
    expect(await launches.prepare(launch, never)).toBeUndefined();
    await turn();
    expect(offered).toEqual([told, '"api" is captured here from its next launch on.']);
    for (let run = 0; run < 2; run++) {
      const given = await launches.prepare(launch, never);
      expect(given?.environment).toMatchObject({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
      });
      expect(given?.environment).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
    }
    expect(offered).toHaveLength(2);
    // A yes to one address is none to another.
    expect(
      await launches.prepare(launchOf('api', { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://production' } }), never),
    ).toBeUndefined();
    expect(offered).toHaveLength(4);
  });

  it('is not asked about any more when it is kept, in this window and the next', async () => {
    pressed = 'Keep';
    await launches.prepare(launch, never);
    await turn();
    choices = new LaunchChoices(
      { get: (key) => kept.get(key), update: async () => {} },
      { tell: async () => void offered.push('again') },
    );
    await choices.tell(launch, records.all[0].obstacles);
    expect(offered).toEqual([told]);
  });

  it.each(['text', 7, null, ['x'], { 'file:///shop#node#api': [1, 2] }, { 'file:///shop#node#api': ['x', 'here'] }])(
    'is told of where what is kept is %j',
    async (broken) => {
      kept.set('capture.launchChoices', broken);
      expect(await launches.prepare(launch, never)).toBeUndefined();
      expect(offered).toEqual([told]);
    },
  );

  it('also by what is around the window or in a file', async () => {
    outer = { OTEL_TRACES_EXPORTER: 'none' };
    expect(await begin('api')).toBeUndefined();
    outer = {};
    files = { ...files, program: new Map([['OTEL_SDK_DISABLED', 'true']]) };
    expect(await begin('api')).toBeUndefined();
    expect(offered.map((text) => text.split(' as ')[1].split(' |')[0])).toEqual([
      'OTEL_TRACES_EXPORTER of the environment around it says. They do not come here.',
      'OTEL_SDK_DISABLED of its .env file says. They do not come here.',
    ]);
  });

  it('records a part only: it is captured, and that is said', async () => {
    const given = await launches.prepare(
      launchOf('api', { environment: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' } }),
      never,
    );
    expect(given?.environment).toMatchObject({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(offered).toEqual([
      '"api" records 10% of its traces, as OTEL_TRACES_SAMPLER of its env says. | Capture All Traces | Keep',
    ]);
  });
});

describe('the environment that a launch would get', () => {
  it('is the same, without a question, a word or a session', async () => {
    prepare = async () => ({ variables: [{ name: 'A', value: 'b', reason: 'because' }] });
    expect(await launches.preview(launchOf('api'))).toMatchObject({ MINE: '1', A: 'b', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect([questions.length, offered, logged, sessions, records.all]).toEqual([0, [], [], [], []]);
  });

  it('is its own where it would start as it is, and empty while nothing is captured', async () => {
    mode = 'off';
    expect(await launches.preview(launchOf('api'))).toEqual({ MINE: '1' });
    mode = 'always';
    expect(await launches.preview(launchOf('api', { configuration: { request: 'attach' } }))).toEqual({ MINE: '1' });
    capture.endpoint = undefined;
    expect(await launches.preview(launchOf('api'))).toEqual({});
  });
});

it('a launch whose program runs on another machine, or already, starts as it is', async () => {
  mode = 'always';
  for (const more of [{ pipeTransport: { pipeProgram: 'ssh' } }, { request: 'attach' }, { dockerOptions: {} }]) {
    expect(await launches.prepare(launchOf('api', { configuration: more }), never)).toBeUndefined();
  }
});

it('a launch starts as it is when capturing ended while it was prepared', async () => {
  mode = 'always';
  prepare = async () => {
    capture.endpoint = undefined;
    return { variables: [] };
  };
  expect([await begin('api'), sessions]).toEqual([undefined, []]);
});
