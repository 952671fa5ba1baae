// A secret in every text of a trace, and every method of the engine: it stands in no answer but where it says that it is for resolving, never to
// be shown.

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/core/query/parse';
import type { ShownAttribute, SpanDetails } from '../../../src/protocol/details';
import type { EngineMethods } from '../../../src/protocol/engine';
import type { AttributesOf, TextAddress } from '../../../src/protocol/texts';
import { failure, InProcessEngine } from '../../support/inProcessEngine';
import { BASE_MS } from '../../support/otlp';

/** A text that the pattern finds, and that says where it stood. */
const secret = (where: string): string => `hunter2-${where}`;
const settings = { redactKeys: ['hidden'], redactPatterns: ['hunter2-\\w+', '4111\\d{12}'], captureLogBytes: 1 << 28 };
const traceId = 'a1'.padStart(32, '0');
const spanIdOf = (number: number): string => number.toString(16).padStart(16, '0');
const nano = (ms: number): string => `${BigInt(Math.round((BASE_MS + ms) * 1000)) * 1000n}`;
const text = (stringValue: string): object => ({ stringValue });
const pairs = (of: Readonly<Record<string, object>>): object[] => Object.entries(of).map(([key, value]) => ({ key, value }));

const stack = `Error: ${secret('stack')}\n    at load (/app/${secret('stackPath')}.js:3:5)`;
const exception = {
  'exception.type': text(secret('type')),
  'exception.message': text(secret('message')),
  'exception.stacktrace': text(stack),
};
/** As Kotlin has it: the place of a function, and values of all types. */
const attributes = pairs({
  'code.file.path': text(`/app/${secret('codePath')}.js`),
  'code.function.name': text(secret('codeFunction')),
  'code.line.number': { intValue: '3' },
  'db.system': text(secret('value')),
  hidden: text('hunter3'),
  card: { intValue: '4111222233334444' },
  bytes: { bytesValue: Buffer.from(secret('bytes')).toString('base64') },
  list: { arrayValue: { values: [text(secret('item'))] } },
  map: { kvlistValue: { values: pairs({ [secret('mapKey')]: text(secret('mapValue')), hidden: text('hunter3') }) } },
  [secret('key')]: text('plain'),
  'http.route': text(`/${secret('route')}`),
});

function span(number: number, startMs: number, durationMs: number, more: object = {}): object {
  return {
    traceId,
    spanId: spanIdOf(number),
    ...(number > 1 ? { parentSpanId: spanIdOf(1) } : {}),
    name: secret('name'),
    kind: 3,
    startTimeUnixNano: nano(startMs),
    endTimeUnixNano: nano(startMs + durationMs),
    traceState: secret('traceState'),
    attributes,
    ...more,
  };
}

const failed = { status: { code: 2, message: secret('status') } };
const scope = { name: secret('scope'), version: secret('version'), attributes: pairs({ scoped: text(secret('scopeValue')) }) };
const resourceOf = (host: string): object => ({
  attributes: pairs({
    'service.name': text(secret('service')),
    'host.name': text(secret(host)),
    'vscode.debug.session.id': text(secret('session')),
    'telemetry.sdk.language': text(secret('language')),
    env: text(secret('resourceValue')),
  }),
});
/** Tries of one call, one call in a loop, clocks that differ, an event, a link and an exception. */
const resourceSpans = [
  {
    resource: resourceOf('one'),
    scopeSpans: [
      {
        scope,
        spans: [
          span(1, 0, 1000, { kind: 2, ...failed }),
          ...[2, 3].map((number) => span(number, number * 10, 5, failed)),
          span(4, 40, 5, {
            ...failed,
            events: [
              { name: secret('event'), timeUnixNano: nano(41), attributes: pairs({ detail: text(secret('eventValue')) }) },
              { name: 'exception', timeUnixNano: nano(42), attributes: pairs(exception) },
            ],
            links: [
              {
                traceId,
                spanId: spanIdOf(1),
                traceState: secret('linkState'),
                attributes: pairs({ linked: text(secret('linkValue')) }),
              },
            ],
          }),
          ...[5, 6, 7, 8, 9, 10].map((number) => span(number, number * 20, 10, { name: secret('loop') })),
        ],
        schemaUrl: secret('scopeSchema'),
      },
    ],
    schemaUrl: secret('schema'),
  },
  { resource: resourceOf('two'), scopeSpans: [{ scope, spans: [span(11, -500, 100, { kind: 2, name: 'elsewhere' })] }] },
];
const logRecord = {
  traceId,
  spanId: spanIdOf(4),
  timeUnixNano: nano(43),
  severityNumber: 17,
  severityText: secret('severity'),
  eventName: secret('logEvent'),
  body: text(secret('body')),
  attributes: pairs({ logged: text(secret('logValue')), ...exception }),
};
const resourceLogs = [{ resource: resourceOf('one'), scopeLogs: [{ scope, logRecords: [logRecord] }] }];
const bytesOf = (json: object): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const jaegerAnswer = {
  summaries: [],
  services: [secret('jaegerService')],
  data: [secret('jaegerName')],
};

/** All texts in an answer, those in bytes too. */
function textsIn(value: unknown): string {
  const found: string[] = [];
  const open = [value];
  for (let one = open.pop(); open.length > 0 || one !== undefined; one = open.pop()) {
    if (typeof one === 'string') found.push(one);
    else if (typeof one === 'number' || typeof one === 'bigint') found.push(String(one));
    else if (one instanceof ArrayBuffer) found.push(Buffer.from(one).toString('latin1'));
    else if (ArrayBuffer.isView(one)) found.push(Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('latin1'));
    else if (typeof one === 'object' && one !== null) open.push(...Object.keys(one), ...Object.values(one));
  }
  return found.join('\n');
}

/** Every text of a span that can be asked for. */
function textsOf(details: SpanDetails): TextAddress[] {
  const of = (where: AttributesOf, attributes: readonly ShownAttribute[]): TextAddress[] =>
    attributes.map(({ key }, index) => ({ ...where, key, index }));
  return [
    { of: 'name' },
    { of: 'status' },
    ...of({ of: 'attribute' }, details.attributes),
    ...of({ of: 'resource' }, details.resource),
    ...of({ of: 'scope' }, details.scope?.attributes ?? []),
    ...details.events.flatMap(({ attributes }, at) => of({ of: 'event', at }, attributes)),
    ...details.links.flatMap(({ attributes }, at) => of({ of: 'link', at }, attributes)),
    ...details.logs.flatMap(({ attributes }, at) => [{ of: 'logBody', at } as const, ...of({ of: 'log', at }, attributes)]),
    ...details.exceptions.flatMap((_, at) =>
      (['message', 'stack'] as const).map((part) => ({ of: 'exception', at, part }) as const),
    ),
  ];
}

/** Where the secrets stood that are in an answer. */
function leaksIn(answer: unknown): string[] {
  const texts = textsIn(answer);
  const found = new Set([...texts.matchAll(/hunter2-(\w+)/g)].map(([, where]) => where));
  if (texts.includes('hunter3')) found.add('hidden');
  if (/4111222233334444/.test(texts)) found.add('card');
  return [...found].sort();
}

/** What an answer may hold because it is only for resolving (the protocol says so of each). */
const forResolving: { readonly [K in keyof EngineMethods]?: readonly string[] } = {
  spanData: ['codeFunction', 'codePath', 'message', 'stack', 'stackPath', 'type'],
  sourceSpan: ['codeFunction', 'codePath', 'message', 'stack', 'stackPath', 'type'],
  exceptionSources: ['codeFunction', 'codePath', 'message', 'stack', 'stackPath', 'type'],
  sourceNeedles: ['codeFunction'],
  codePlaces: ['codeFunction', 'codePath'],
  codeThrows: ['stack', 'stackPath', 'language'],
  codeDetails: ['stack', 'stackPath'],
};

describe('a secret in every text of a trace', () => {
  const engine = new InProcessEngine();
  const dataset = 'file:secrets';
  const key = { dataset, traceId };
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spanhop-way-out-'));
    await engine.call('configure', settings);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const opened = (name: string, bytes: Uint8Array): Promise<unknown> =>
    engine.call('openFile', { dataset: name, name: 'a.otlp.json', bytes });
  const subject = async (): Promise<{ generation: number; places: number[] }> => {
    const { generation, place } = await engine.call('codePlaces', { baseName: `${secret('codePath')}.js` });
    return { generation, places: [...place] };
  };
  const exceptionIds = (): Promise<{ generation: number; ids: readonly number[] }> => engine.call('exceptions', {});

  /** Each method, so that a new one does not compile until it is looked at here. In their order: the first ones bring the spans. */
  const calls: { readonly [K in keyof EngineMethods]: () => Promise<unknown> } = {
    spansInProgress: () => engine.call('spansInProgress', {}),
    debugState: () => engine.call('debugState', { launches: [], stops: [] }),
    configure: () => engine.call('configure', settings),
    openFile: async () => [
      await opened(dataset, bytesOf({ resourceSpans })),
      await opened('file:logs', bytesOf({ resourceLogs })),
    ],
    listFile: () => engine.call('listFile', { dataset }),
    countFolder: () => engine.call('countFolder', { path: folder }),
    lookAtFolder: () => {
      const path = join(folder, 'traces');
      mkdirSync(path);
      writeFileSync(join(path, 'a.otlp.json'), bytesOf({ resourceSpans }));
      writeFileSync(join(path, 'hunter2.otlp.json'), 'hunter2');
      return engine.call('lookAtFolder', { dataset: 'backend:folder', name: 'folder', path });
    },
    addBytes: () => engine.call('addBytes', { dataset: 'backend:x', name: 'x', bytes: bytesOf({ resourceSpans }) }),
    readAnswer: () => engine.call('readAnswer', { bytes: bytesOf(jaegerAnswer), want: { of: 'jaeger', what: 'services' } }),
    openCaptures: () => engine.call('openCaptures', { directory: folder }),
    restoreCaptures: () => engine.call('restoreCaptures', { begin: true }),
    stopReadingCaptures: () => engine.call('stopReadingCaptures', {}),
    // What is kept from now on is taken below.
    setForwarding: () => engine.call('setForwarding', { on: true, leave: [] }),
    startCapture: async () => {
      const { httpPort } = await engine.call('startCapture', { wellKnownPort: false });
      const headers = { 'content-type': 'application/json' };
      const post = (path: string, body: object): Promise<unknown> =>
        fetch(`http://127.0.0.1:${httpPort}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      await post('/v1/traces', { resourceSpans });
      await post('/v1/logs', { resourceLogs });
    },
    takeForwarded: async () => new TextDecoder().decode((await engine.call('takeForwarded', { zipped: false })).piece?.body),
    captureState: () => engine.call('captureState', {}),
    beginSession: () => engine.call('beginSession', { session: randomUUID(), about: { name: 'Launch' } }),
    endSession: () => engine.call('endSession', { session: randomUUID() }),
    describeCapture: async () => {
      const [{ id }] = await engine.call('captures', {});
      return engine.call('describeCapture', { capture: id, name: 'Mine' });
    },
    exportCapture: async () => {
      const [{ id }] = await engine.call('captures', {});
      const found: unknown[] = [];
      for (const format of ['otlp-json', 'otlp-jsonl', 'otlp-proto'] as const) {
        const path = join(folder, `exported.${format}`);
        found.push(await engine.call('exportCapture', { capture: id, format, path }), readFileSync(path, 'utf8'));
      }
      return found;
    },
    captures: () => engine.call('captures', {}),
    captureRecords: async () => {
      const captures = await engine.call('captures', {});
      return Promise.all(captures.map(({ id }) => engine.call('captureRecords', { capture: id })));
    },
    findTraces: () => engine.call('findTraces', { dataset, query: parseQuery('{}'), limit: 10 }),
    locateTrace: () => engine.call('locateTrace', { traceId }),
    knownTraces: () => engine.call('knownTraces', { traceIds: [traceId] }),
    openTrace: () => engine.call('openTrace', { ...key, idsUpTo: 1000 }),
    traceSize: () => engine.call('traceSize', key),
    pinRevision: async () => engine.call('pinRevision', { ...key, revision: 0, pinned: false }),
    traceRevision: () => engine.call('traceRevision', key),
    traceData: () => engine.call('traceData', key),
    highlights: () => engine.call('highlights', { ...key, limit: 20 }),
    spanDetails: () => Promise.all([0, 3, 10].map((row) => engine.call('spanDetails', { ...key, row }))),
    spanData: () => Promise.all([0, 3, 10].map((row) => engine.call('spanData', { ...key, row }))),
    spanText: async () => {
      const spanId = spanIdOf(4);
      const details = await engine.call('spanDetails', { ...key, spanId });
      return Promise.all(
        textsOf(details).map((address) => engine.call('spanText', { ...key, spanId, address, from: 0, laidOut: true })),
      );
    },
    sourceSpan: () => Promise.all([0, 3, 10].map((row) => engine.call('sourceSpan', { ...key, row }))),
    sourceNeedles: () => engine.call('sourceNeedles', { ...key, limit: 100 }),
    sourceSample: () => engine.call('sourceSample', { ...key, limit: 100 }),
    spanGlance: () => engine.call('spanGlance', { ...key, row: 4, fromNs: 0, toNs: 1e12 }),
    eventTimes: () => engine.call('eventTimes', { ...key, rows: [3] }),
    findSpans: () => engine.call('findSpans', { ...key, text: 'hunter2' }),
    spanIds: () => engine.call('spanIds', key),
    services: () => engine.call('services', { dataset }),
    operations: () => engine.call('operations', { dataset }),
    attributeKeys: () => engine.call('attributeKeys', { dataset }),
    tags: () => engine.call('tags', { dataset }),
    tagValues: async () =>
      Promise.all((await engine.call('tags', { dataset })).map((name) => engine.call('tagValues', { dataset, key: name }))),
    serviceCalls: () => engine.call('serviceCalls', { dataset }),
    exportTrace: async () => [
      await engine.call('exportTrace', { ...key, format: 'otlp-json' }),
      await engine.call('exportTrace', { ...key, format: 'otlp-proto' }),
    ],
    showing: () => engine.call('showing', { traces: [key] }),
    codePlaces: () => engine.call('codePlaces', { baseName: `${secret('codePath')}.js` }),
    codeHints: () => engine.call('codeHints', {}),
    codeStatistics: async () => engine.call('codeStatistics', { generation: (await subject()).generation, groups: [[0]] }),
    codeSpans: async () => engine.call('codeSpans', { ...(await subject()), limit: 5 }),
    rowsAtPlaces: async () => engine.call('rowsAtPlaces', { ...key, ...(await subject()) }),
    codeDetails: async () => engine.call('codeDetails', { ...(await subject()), keys: ['db.system', secret('key'), 'hidden'] }),
    codeReach: async () => [
      await engine.call('codeReach', { ...(await subject()), direction: 'callers' }),
      await engine.call('codeReach', { ...(await subject()), direction: 'callees' }),
    ],
    codeTrends: async () => engine.call('codeTrends', { generation: (await subject()).generation, groups: [[0]] }),
    codeThrows: () => engine.call('codeThrows', {}),
    codeThrown: async () => engine.call('codeThrown', { generation: (await subject()).generation, groups: [[0]] }),
    exceptions: () => exceptionIds(),
    exceptionSources: async () => engine.call('exceptionSources', await exceptionIds()),
    memory: () => engine.call('memory', {}),
    // Of files, not of traces.
    originalPosition: () => engine.call('originalPosition', { file: 'file:///none.js', line: 0, folders: [] }),
    originalContent: () => engine.call('originalContent', { file: 'file:///none.js', source: 'none.ts', folders: [] }),
    forgetSourceMaps: () => engine.call('forgetSourceMaps', {}),
    prepareSourceMaps: () => engine.call('prepareSourceMaps', {}),
    inferMappings: () => engine.call('inferMappings', { folders: [], files: [] }),
    indexFiles: () => engine.call('indexFiles', { folder: 'a', paths: '' }),
    filesHolding: () => engine.call('filesHolding', { folder: 'a', version: 1, texts: ['abc'], most: 1 }),
    stopCapture: () => engine.call('stopCapture', {}),
    loadCapture: async () => {
      const [{ id }] = await engine.call('captures', {});
      return engine.call('loadCapture', { capture: id });
    },
    clearCapture: () => engine.call('clearCapture', {}),
    dropDataset: () => engine.call('dropDataset', { dataset }),
  };

  it('leaves the engine nowhere but where it is said that it is for resolving', async () => {
    const leaks: Record<string, readonly string[]> = {};
    for (const [method, call] of Object.entries(calls)) {
      const answer = await call();
      // Hints are names and routes that stand in the source.
      if (method === 'codeHints') continue;
      const found = leaksIn(answer);
      if (found.length > 0) leaks[method] = found;
    }
    for (const [method, allowed] of Object.entries(forResolving)) {
      leaks[method] = (leaks[method] ?? []).filter((where) => !allowed.includes(where));
      if (leaks[method].length === 0) delete leaks[method];
    }
    expect(leaks).toEqual({});
    expect(leaksIn(engine.events)).toEqual([]);
    expect(leaksIn(engine.progress)).toEqual([]);
  });

  it('stands in what is told where no rule hides it', async () => {
    const plain = new InProcessEngine();
    await plain.call('openFile', { dataset, name: 'a.otlp.json', bytes: bytesOf({ resourceSpans }) });
    await plain.call('openFile', { dataset: 'file:logs', name: 'b.otlp.json', bytes: bytesOf({ resourceLogs }) });
    const snapshot = await plain.call('openTrace', key);
    expect(leaksIn(snapshot)).toEqual(['loop', 'name', 'service']);
    expect(snapshot.findings.map(({ kind }) => kind)).toEqual(['retry', 'nPlusOne']);
    expect(snapshot.defects.map(({ kind }) => kind)).toContain('clockSkew');
    const details = await plain.call('spanDetails', { ...key, row: 4 });
    expect(leaksIn(details)).toEqual(
      expect.arrayContaining(['body', 'event', 'eventValue', 'linkValue', 'logValue', 'scope', 'severity', 'status', 'type']),
    );
    expect(leaksIn(await plain.call('exportTrace', { ...key, format: 'otlp-json' }))).toEqual(
      expect.arrayContaining(['linkState', 'schema', 'scopeSchema', 'scopeValue', 'traceState', 'version']),
    );
    expect(await failure(plain.call('findSpans', { ...key, text: '{ name = "hunter2-loop" }' }))).toBe('no failure');
  });
});
