// Which ids of a document become links, and at what cost for the thread that all extensions share.

import { describe, expect, it } from 'vitest';
import { type Lines, linksOf } from '../../../../src/app/links/scanDocument';
import { type LinkKnowledge, linksOfLine, worthLinking } from '../../../../src/app/links/traceLinks';
import { plainConnection } from '../../../../src/app/settings/connection';
import type { ConfiguredBackend } from '../../../../src/app/settings/settings';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const idOf = (number: number): string => `a${String(number).padStart(31, '0')}`;
const nobodyStops = new AbortController().signal;
const document = (lineCount: number, lineOf: (line: number) => string): Lines => ({
  lineCount,
  lineAt: (line: number) => ({ text: lineOf(line) }),
});

describe('a document', () => {
  it('gives the links of all lines, in their order', async () => {
    const found = await linksOf(
      document(3, (line) => `trace_id=${idOf(line)} trace_id=${idOf(line + 10)}`),
      nobodyStops,
    );
    expect(found.map(({ line, traceId }) => `${line} ${traceId}`)).toEqual(
      [0, 1, 2].flatMap((line) => [`${line} ${idOf(line)}`, `${line} ${idOf(line + 10)}`]),
    );
  });

  it('gives the beginning and the end of one with more than can be shown, each once', async () => {
    const found = await linksOf(
      document(20_000, (line) => `trace_id=${idOf(line)}`),
      nobodyStops,
    );
    expect(found).toHaveLength(5_000);
    expect(found.map(({ line }) => line).slice(2_499, 2_501)).toEqual([2_499, 17_500]);
    const small = await linksOf(
      document(3_500, (line) => `trace_id=${idOf(line)}`),
      nobodyStops,
    );
    expect(small.map(({ line }) => line)).toEqual(Array.from({ length: 3_500 }, (_, line) => line));
  });

  it('looks at no more than its bounds, and lets others have their turn', async () => {
    let looked = 0;
    const text = 'x'.repeat(1023);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await linksOf(
      document(1_000_000, () => {
        looked++;
        return text;
      }),
      nobodyStops,
    );
    isDone = true;
    expect(looked).toBe(2 * 8192);
    expect(turns).toBeGreaterThan(1);
  });

  it('stops when nobody wants it any more', async () => {
    let looked = 0;
    const stopping = new AbortController();
    await linksOf(
      document(1_000_000, () => {
        if (++looked === 1_000) stopping.abort();
        return '';
      }),
      stopping.signal,
    );
    expect(looked).toBe(1_000);
  });
});

describe('what becomes a link', () => {
  const services = (known: readonly string[], url = ''): LinkKnowledge & { asked: string[] } => {
    const asked: string[] = [];
    const traces = {
      areKnown: async (ids: readonly string[]) => {
        asked.push(...ids);
        return ids.map((id) => known.includes(id));
      },
    };
    const backend: ConfiguredBackend = {
      settings: { name: 'Jaeger', type: 'jaeger', url, options: {} },
      from: 'user',
      connection: plainConnection,
    };
    return { traces, backends: { list: () => (url === '' ? [] : [backend]) }, asked };
  };
  const linked = async (line: string, of: LinkKnowledge): Promise<string[]> =>
    (await worthLinking(linksOfLine(line, 0), of)).map(({ traceId }) => traceId);

  it('asks for nothing where the text is clear', async () => {
    const of = services([]);
    expect(await linked(`trace_id=${trace}`, of)).toEqual([trace]);
    expect(of.asked).toEqual([]);
  });

  it('takes a hash for a trace only when there is one', async () => {
    expect(await linked(`md5 ${trace}`, services([]))).toEqual([]);
    expect(await linked(`md5 ${trace}`, services([trace]))).toEqual([trace]);
  });

  it('leaves an address what it is, unless its trace is at hand or it is of a backend', async () => {
    const line = `see http://localhost:16686/trace/${trace}`;
    expect(await linked(line, services([]))).toEqual([]);
    expect(await linked(line, services([trace]))).toEqual([trace]);
    expect(await linked(line, services([], 'http://localhost:16686/'))).toEqual([trace]);
    expect(await linked(line, services([], 'http://localhost:166/'))).toEqual([]);
  });
});
