// What a launch gets and what is told of it: by its language's instrumentation, its own variables, and what stands around it. Time and the person are the test's.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaunchChoices } from '../../../../src/app/launches/launchChoices';
import { endpoint, LaunchWorld, launchOf, never } from '../support/launchWorld';

let world: LaunchWorld;
beforeEach(() => {
  vi.useFakeTimers();
  world = new LaunchWorld();
});
afterEach(() => void vi.useRealTimers());
const begin = (name: string, signal?: AbortSignal): Promise<unknown> => world.begin(name, signal);
const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

describe('a launch with an instrumentation', () => {
  beforeEach(() => {
    world.mode = 'always';
  });

  it('gets its variables, over its own, and its members of the configuration', async () => {
    world.prepare = async ({ get, endpoint: where, folder }) => ({
      variables: [
        { name: 'NODE_OPTIONS', value: `--require x ${get('NODE_OPTIONS')}`, reason: 'traces it' },
        { name: 'WHERE', value: `${where} ${folder} ${get('OTEL_EXPORTER_OTLP_ENDPOINT')}`, reason: 'tells it' },
      ],
      configuration: { vmArgs: '-x' },
    });
    const given = await world.launches.prepare(launchOf('api', { environment: { NODE_OPTIONS: '--mine' } }), never);
    expect(given?.environment).toMatchObject({ NODE_OPTIONS: '--require x --mine', WHERE: `${endpoint} /shop ${endpoint}` });
    expect(given?.configuration).toEqual({ vmArgs: '-x' });
    expect(world.logged[0]).toMatch(/Set: .*NODE_OPTIONS, WHERE/);
    const [{ sessionId }] = world.records.all;
    expect(world.records.linesOf(sessionId)).toEqual([expect.stringMatching(/^Variables that it was given: OTEL_.*, WHERE \(/)]);
    expect(world.records.linesOf('other')).toEqual([]);
  });

  it('is told what is missing, once, with its buttons', async () => {
    const offers = [{ title: 'Install', run: async () => {} }];
    world.prepare = async () => ({ variables: [], missing: { message: 'It has no SDK.', offers } });
    for (let run = 0; run < 3; run++) await begin('api');
    await begin('web');
    expect(world.offered).toEqual(['"api": It has no SDK. | Install', '"web": It has no SDK. | Install']);
  });
});

describe('a launch whose own variables send its traces elsewhere', () => {
  const own = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example', OTEL_EXPORTER_OTLP_HEADERS: 'a=secret' };
  const launch = launchOf('api', { environment: own });
  const told =
    '"api" sends its traces to https://otel.example, as OTEL_EXPORTER_OTLP_ENDPOINT of its env says. They do not come here. | Capture Here Instead | Keep';
  beforeEach(() => {
    world.mode = 'always';
  });

  it('starts as it is, and that is said once, with a choice; no session is begun, and nothing is instrumented', async () => {
    world.prepare = async () => {
      throw new Error('asked');
    };
    for (let run = 0; run < 3; run++) expect(await world.launches.prepare(launch, never)).toBeUndefined();
    expect(world.offered).toEqual([told]);
    expect(world.sessions).toEqual([]);
    expect(world.logged[0]).toMatch(/^"api" \(node\) is launched as it is: it sends its traces to https:\/\/otel\.example/);
    expect(world.records.all[0]).toMatchObject({ isCaptured: false, changes: [] });
  });

  it('comes here from the next launch on when that was chosen, and stays so', async () => {
    world.pressed = 'Capture Here Instead';
    expect(await world.launches.prepare(launch, never)).toBeUndefined();
    await turn();
    expect(world.offered).toEqual([told]);
    expect(world.shown).toEqual(['"api" is captured here from its next launch on.']);
    for (let run = 0; run < 2; run++) {
      const given = await world.launches.prepare(launch, never);
      expect(given?.environment).toMatchObject({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/v1/traces`,
      });
      expect(given?.environment).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
    }
    expect(world.offered).toHaveLength(1);
    // A yes to one address is none to another.
    expect(
      await world.launches.prepare(launchOf('api', { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://production' } }), never),
    ).toBeUndefined();
    expect(world.offered).toHaveLength(2);
  });

  it('is not asked about any more when it is kept, in this window and the next', async () => {
    world.pressed = 'Keep';
    await world.launches.prepare(launch, never);
    await turn();
    world.choices = new LaunchChoices(
      { get: (key) => world.kept.get(key), update: async () => {} },
      { tell: async () => void world.offered.push('again') },
      { showMessage: async () => undefined },
    );
    await world.choices.tell(launch, world.records.all[0].obstacles);
    expect(world.offered).toEqual([told]);
  });

  it.each(['text', 7, null, ['x'], { 'file:///shop#node#api': [1, 2] }, { 'file:///shop#node#api': ['x', 'here'] }])(
    'is told of where what is kept is %j',
    async (broken) => {
      world.kept.set('capture.launchChoices', broken);
      expect(await world.launches.prepare(launch, never)).toBeUndefined();
      expect(world.offered).toEqual([told]);
    },
  );

  it('also by what is around the window or in a file', async () => {
    world.outer.OTEL_TRACES_EXPORTER = 'none';
    expect(await begin('api')).toBeUndefined();
    delete world.outer.OTEL_TRACES_EXPORTER;
    world.files = { ...world.files, program: new Map([['OTEL_SDK_DISABLED', 'true']]) };
    expect(await begin('api')).toBeUndefined();
    expect(world.offered.map((text) => text.split(' as ')[1].split(' |')[0])).toEqual([
      'OTEL_TRACES_EXPORTER of the environment around it says. They do not come here.',
      'OTEL_SDK_DISABLED of its .env file says. They do not come here.',
    ]);
  });

  it('records a part only: it is captured, and that is said', async () => {
    const given = await world.launches.prepare(
      launchOf('api', { environment: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' } }),
      never,
    );
    expect(given?.environment).toMatchObject({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
    expect(world.offered).toEqual([
      '"api" records 10% of its traces, as OTEL_TRACES_SAMPLER of its env says. | Capture All Traces | Keep',
    ]);
  });
});

describe('the environment that a launch would get', () => {
  it('is the same, without a question, a word or a session', async () => {
    world.prepare = async () => ({ variables: [{ name: 'A', value: 'b', reason: 'because' }] });
    expect(await world.launches.preview(launchOf('api'))).toMatchObject({
      MINE: '1',
      A: 'b',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    expect([world.questions.length, world.offered, world.logged, world.sessions, world.records.all]).toEqual([0, [], [], [], []]);
  });

  it('is its own where it would start as it is, and empty while nothing is captured', async () => {
    world.mode = 'off';
    expect(await world.launches.preview(launchOf('api'))).toEqual({ MINE: '1' });
    world.mode = 'always';
    expect(await world.launches.preview(launchOf('api', { configuration: { request: 'attach' } }))).toEqual({ MINE: '1' });
    world.capture.endpoint = undefined;
    expect(await world.launches.preview(launchOf('api'))).toEqual({});
  });
});

it('a launch whose program runs on another machine, or already, starts as it is', async () => {
  world.mode = 'always';
  for (const more of [{ pipeTransport: { pipeProgram: 'ssh' } }, { request: 'attach' }, { dockerOptions: {} }]) {
    expect(await world.launches.prepare(launchOf('api', { configuration: more }), never)).toBeUndefined();
  }
});

it('a launch starts as it is when capturing ended while it was prepared', async () => {
  world.mode = 'always';
  world.prepare = async () => {
    world.capture.endpoint = undefined;
    return { variables: [] };
  };
  expect([await begin('api'), world.sessions]).toEqual([undefined, []]);
});

describe('while variables stand around for tests', () => {
  beforeEach(() => {
    world.host.set([
      { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: endpoint, reason: 'tests' },
      { name: 'OTEL_TRACES_SAMPLER', value: 'always_on', reason: 'tests' },
    ]);
    world.files = { ...world.files, program: new Map([['OTEL_TRACES_SAMPLER', 'parentbased_always_on']]) };
  });

  it('a launch that is captured sees its own, and what its files say', async () => {
    world.mode = 'always';
    const environment = await begin('api');
    expect(environment).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: 'parentbased_always_on' });
  });

  it.each(['off', 'ask'] as const)('a launch that is not captured ("%s") sees none of them', async (setting) => {
    world.mode = setting;
    const environment = begin('api');
    await turn();
    world.questions[0]?.answer(undefined);
    expect(await environment).toEqual({
      MINE: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: null,
      OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    });
  });

  it('nor one whose traces go elsewhere, in a language whose debugger knows no null', async () => {
    world.mode = 'always';
    world.files = { ...world.files, debugger: new Map([['OTEL_TRACES_EXPORTER', 'none']]) };
    const given = await world.launches.prepare(launchOf('api', { type: 'go' }), never);
    expect(given?.environment).toMatchObject({ MINE: '1', OTEL_EXPORTER_OTLP_ENDPOINT: '' });
  });
});
