// From captures of real programs in eight languages to the lines that Problems shows: those that threw, each once, with the lines above.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type ErrorPlace, findPlace } from '../../../../src/app/exceptions/exceptionPlaces';
import type { ExceptionSource, ExceptionSummary } from '../../../../src/protocol/exceptions';
import { InProcessEngine } from '../../../support/inProcessEngine';
import { carriedFolder, expectations, programs } from '../../source/support/programs';
import { diskWorkspace, memoryWorkspace, withSourceMaps } from '../../source/support/workspace';

vi.setConfig({ testTimeout: 60_000 });

const folder = 'file:///home/me/work';

interface Found {
  readonly summary: ExceptionSummary;
  readonly source: ExceptionSource;
  readonly place: ErrorPlace | undefined;
}

async function errorsOf(program: string): Promise<Found[]> {
  const root = join(carriedFolder, program);
  const engine = new InProcessEngine();
  const bytes = new Uint8Array(readFileSync(join(root, 'capture.otlp.json')));
  await engine.call('openFile', { dataset: 'file:a', name: 'capture.otlp.json', bytes });
  const { changed, generation, ids } = await engine.call('exceptions', {});
  const sources = await engine.call('exceptionSources', { generation, ids });
  const ports = withSourceMaps(diskWorkspace({ [folder]: root }));
  return Promise.all(
    changed.map(async (summary) => {
      const source = sources.find(({ id }) => id === summary.id);
      if (!source) throw new Error(`nothing of ${summary.id}`);
      return { summary, source, place: await findPlace(source, ports, { pathMappings: {} }) };
    }),
  );
}

const told = ({ file, line }: { file: string; line: number }): string => `${file.slice(folder.length + 1)}:${line + 1}`;

/** The others are stacks alone. */
const withCaptures = programs(carriedFolder).filter((program) => existsSync(join(carriedFolder, program, 'capture.otlp.json')));

describe('the errors of a real program', () => {
  it.each(withCaptures)('are at the lines that threw: %s', async (program) => {
    const found = await errorsOf(program);
    const lines = found.flatMap(({ place }) => (place ? [told(place)] : []));
    const wanted = expectations(program, carriedFolder).filter(
      ({ list, kind, stack, body }) => list === 'expected.json' && kind === 'stack' && stack === undefined && body === undefined,
    );
    expect(wanted.length).toBeGreaterThan(0);
    const missing = wanted.filter(
      ({ file, line, accept = [] }) => ![line, ...accept].some((one) => lines.includes(`${file}:${one}`)),
    );
    expect(missing.map(({ file, line, spanId }) => `${file}:${line} ${spanId}`)).toEqual([]);
  });

  it('lead from minified code to the lines above, and to those of their causes', async () => {
    const related = async (program: string, message: string): Promise<string[]> => {
      const found = (await errorsOf(program)).find(({ summary }) => summary.message.startsWith(message));
      return found?.place?.related.map((one) => `${told(one)} ${one.label}`) ?? [];
    };
    expect(await related('node-esm-bundle', 'no event called')).toEqual([
      'src/traced.ts:15 called from here',
      'src/traced.ts:7 called from here',
      'src/boxOffice.ts:34 called from be.book',
      'src/main.ts:34 called from here',
    ]);
    expect(await related('python-flask', "order 2 can't")).toEqual([
      'shop/routes.py:41 called from charge',
      'shop/pricing.py:41 caused by shop.pricing.LimitExceeded: 888.30 is above the limit 500.00 of grace',
    ]);
  });
});

describe('an error', () => {
  const file = `${folder}/src/pay.js`;
  const text = "app.get('/pay', pay);\nfunction pay() {\n  throw new Error('secret');\n}\npay();\n";
  const ports = withSourceMaps(memoryWorkspace([folder], { [file]: text }));
  const error = (stack: string | undefined, attributes = {}, shown = stack ?? ''): ExceptionSource => ({
    id: 1,
    span: { name: 'GET /pay', service: 'shop', attributes, resource: { 'telemetry.sdk.language': 'nodejs' }, events: [] },
    stack,
    redacted: { type: 'Error', message: '', stack: shown },
  });
  const place = (source: ExceptionSource): Promise<ErrorPlace | undefined> => findPlace(source, ports, { pathMappings: {} });

  it('without a stack is where its span says that it ran', async () => {
    const found = await place(error(undefined, { 'code.file.path': '/app/src/pay.js', 'code.line.number': 2 }));
    expect(found && told(found)).toBe('src/pay.js:2');
  });

  it('that somebody else threw, who is not here, is nowhere', async () => {
    const attributes = { 'code.file.path': '/app/src/pay.js', 'code.line.number': 2 };
    expect(await place(error('Error: x\n    at work (/srv/other/lib/far.js:3:1)', attributes))).toBeUndefined();
    // One of which only libraries are told is at its span's line.
    const library = 'Error: x\n    at work (/app/node_modules/x/y.js:3:1)';
    expect((await place(error(library, attributes)))?.line).toBe(1);
  });

  it('shows names of callers as they are redacted', async () => {
    const stack = 'Error: x\n    at pay (/app/src/pay.js:3:9)\n    at Secret.pay (/app/src/pay.js:5:1)';
    const labels = async (shown: string): Promise<string[] | undefined> =>
      (await place(error(stack, {}, shown)))?.related.map(({ label }) => label);
    expect(await labels(stack)).toEqual(['called from Secret.pay']);
    expect(await labels(stack.replaceAll('Secret', '••••'))).toEqual(['called from ••••.pay']);
    expect(await labels('••••')).toEqual(['called from here']);
  });
});
