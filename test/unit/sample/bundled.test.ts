// The sample shop as teams ship it: bundled, minified, run in another folder that has no source maps. Its spans and stacks still lead to the
// lines of the TypeScript that those of the plain build lead to.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSpan, type SpanSource } from '../../../src/source';
import { prepare } from '../../sample/start.mjs';
import { type BundledRun, type Bundling, runBundled } from '../../support/bundledShop.mjs';
import { attribute, type JsonAttribute, type JsonRequest, type SpanInContext, spansOf } from '../../support/otlpReceiver.mjs';
import { diskPorts, judge, misses, type Outcome, table, type Wanted, wrongAndSure } from '../source/support/judge';

const sample = resolve(__dirname, '../../sample');
const shop = 'file:///home/dev/shop';
const INSTALL_MS = 240_000;
const options = { pathMappings: {} };

function attributesOf(list: readonly JsonAttribute[] | undefined): Record<string, unknown> {
  return Object.fromEntries((list ?? []).map(({ key }) => [key, attribute(list, key)]));
}

function sourceOf(span: SpanInContext): SpanSource {
  return {
    name: span.name,
    service: String(span.service),
    attributes: attributesOf(span.attributes),
    resource: { 'service.name': span.service, 'telemetry.sdk.language': 'nodejs' },
    scope: { name: span.scope },
    events: (span.events ?? []).map((event) => ({ name: event.name, attributes: attributesOf(event.attributes) })),
  };
}

/** Lines of the TypeScript, from 1, by service and span; for spans that recorded an exception by its type. */
type Truth = ReadonlyMap<string, ReadonlySet<string>>;

const stateOf = ({ attributes }: SpanSource): string => `${attributes['code.file.path'] ?? attributes['code.filepath'] ?? ''}`;
const thrownBy = ({ events }: SpanSource): string | undefined =>
  events.flatMap(({ attributes }) => (attributes['exception.stacktrace'] ? [String(attributes['exception.type'])] : [])).at(-1);
const keyOf = (span: SpanSource): string => thrownBy(span) ?? `${span.service} ${span.name}`;

/** Where the exceptions of the shop are made. */
const throwing: Readonly<Record<string, string>> = {
  GatewayTimeout: 'throw new GatewayTimeout(',
  TimeoutError: 'new TimeoutError(`',
  TypeError: 'return voucher.percent',
  UpstreamError: 'throw new UpstreamError(',
};

/** From the recorded run of the plain build, and from the sources. */
async function readTruth(): Promise<Truth> {
  const truth = new Map<string, Set<string>>();
  const add = (key: string, place: string): unknown => truth.set(key, (truth.get(key) ?? new Set()).add(place));
  const recorded: JsonRequest = JSON.parse(readFileSync(resolve(sample, '../fixtures/sample/shop.otlp.json'), 'utf8'));
  const ports = diskPorts({ [`${shop}/src`]: join(sample, 'src'), [`${shop}/dist`]: join(sample, 'dist') });
  for (const span of spansOf([recorded]).map(sourceOf)) {
    if (thrownBy(span) !== undefined || stateOf(span) === '') continue;
    const [best] = (await resolveSpan(span, ports, options)).candidates;
    if (best) add(keyOf(span), `${best.file.replace(`${shop}/`, '')}:${best.line + 1}`);
  }
  const files = readdirSync(join(sample, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const file of files) {
    for (const [index, line] of readFileSync(join(sample, 'src', file), 'utf8')
      .split('\n')
      .entries()) {
      for (const [type, text] of Object.entries(throwing)) if (line.includes(text)) add(type, `src/${file}:${index + 1}`);
    }
  }
  return truth;
}

async function outcomes(run: BundledRun, folder: string, truth: Truth): Promise<readonly Outcome<Wanted>[]> {
  const ports = diskPorts({ [shop]: folder });
  const result: Outcome<Wanted>[] = [];
  for (const span of run.spans.map(sourceOf)) {
    const places = [...(truth.get(keyOf(span)) ?? [])];
    if (!places.length || (stateOf(span) === '' && thrownBy(span) === undefined)) continue;
    const answer = await resolveSpan(span, ports, options);
    const found = answer.candidates[0]?.file.replace(`${shop}/`, '');
    const file = places.map((place) => place.split(':')[0]).find((each) => each === found) ?? places[0].split(':')[0];
    const lines = places.filter((place) => place.startsWith(`${file}:`)).map((place) => Number(place.split(':')[1]));
    const kind = thrownBy(span) ? 'exception' : span.attributes['code.column.number'] ? 'line and column' : 'line alone';
    const [line, ...accept] = lines;
    result.push(judge({ program: 'shop', kind, name: keyOf(span), file, line, accept }, answer, shop));
  }
  return result;
}

describe.each<Bundling>(['esbuild', 'esbuild, inline maps', 'webpack', 'webpack after tsc'])('built by %s', (bundling) => {
  let run: BundledRun;
  let truth: Truth;

  beforeAll(async () => {
    await prepare();
    truth = await readTruth();
    run = await runBundled(bundling);
  }, INSTALL_MS);

  afterAll(() => run?.remove());

  it('ran minified in another folder, and says places of it only', () => {
    const spans = run.spans.map(sourceOf);
    expect(new Set(spans.map(({ service }) => service)).size).toBe(5);
    const stated = spans.map(stateOf).filter((path) => path !== '');
    expect(stated.length).toBeGreaterThan(90);
    for (const path of stated) expect(path).toMatch(/\/srv\/shop-build\/dist\/\w+\/main\.js$/);
    // One line of code for a service.
    const lines = readFileSync(join(run.container, 'dist/payments/main.js'), 'utf8')
      .split('\n')
      .filter((line) => line.length > 200);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  it('leads to the lines of the TypeScript, with the build beside it', async () => {
    const all = await outcomes(run, run.developer, truth);
    console.log(table(`${bundling}: sources, build and maps`, all));
    // Where there is a line without a column, which says nothing of minified code, the span's texts do.
    expect(misses(all)).toEqual([]);
    expect(wrongAndSure(all, () => shop)).toEqual([]);
    // All of the lines, not one of them always.
    const found = new Map<string, Set<string>>();
    for (const { expected, result } of all.filter(({ expected }) => expected.kind === 'line and column')) {
      const [{ file, line }] = result.candidates;
      found.set(
        `${expected.name}`,
        (found.get(`${expected.name}`) ?? new Set()).add(`${file.replace(`${shop}/`, '')}:${line + 1}`),
      );
    }
    const wanted = new Map([...found.keys()].map((name) => [name, truth.get(name)]));
    expect(found).toEqual(wanted);
  });

  it('leads from each failure to the line that threw', async () => {
    const ports = diskPorts({ [shop]: run.developer });
    const failures = run.expected.flatMap(({ traceId, failing }) => (failing ? [{ traceId, failing }] : []));
    expect(failures).toHaveLength(2);
    for (const { traceId, failing } of failures) {
      const span = run.spans.find((each) => each.traceId === traceId && each.name === failing.span);
      const [best] = span ? (await resolveSpan(sourceOf(span), ports, options)).candidates : [];
      expect({ file: best?.file, line: best && best.line + 1 }).toEqual({ file: `${shop}/${failing.file}`, line: failing.line });
    }
  });

  it('does not pretend to know, with the sources alone', async () => {
    const all = await outcomes(run, run.sources, truth);
    console.log(table(`${bundling}: the sources alone`, all));
    expect(wrongAndSure(all, () => shop)).toEqual([]);
    // `dist/cart/main.js` is not made of `src/cart/main.ts`.
    expect(all.flatMap(({ result }) => result.candidates.filter(({ guessed }) => guessed))).toEqual([]);
  });
});
