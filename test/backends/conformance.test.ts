// One search that means the same everywhere: each real server is filled with the same thousand traces, and each query finds in it what it finds in the
// local store. A server that keeps less of a span is compared with the local store of what it gives back, and says why.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/common/backend';
import { HttpTransport } from '../../src/backends/common/httpTransport';
import { backendKind } from '../../src/backends/kinds';
import { parseQuery } from '../../src/core/query/parse';
import { backendContext } from '../support/backend';
import { compareSpans } from '../support/compareSpans';
import { decodedSpans } from '../support/plainSpans';
import { type ConformanceQuery, conformanceQueries } from './conformance/queries';
import { backendStore, type Found, localStore, type Store } from './conformance/stores';
import { type RealSystem, realSystems } from './conformance/systems';
import { described, record, type Verdict } from './conformance/table';
import type { Running } from './servers/server.mjs';
import { otlpRequest } from './system/ownFormats';
import { hasSdk } from './system/realSdk';
import { thousandTraces } from './system/thousandTraces';

// Tempo answers searches from what came within the last minutes, and without what came in the last half of one.
const baseMs = Date.now() - 40_000;
const traces = thousandTraces(baseMs);
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Names of servers, where not all are to take part. */
const wanted = process.env.SPANHOP_TEST_SERVERS?.split(' ');

function reasonToSkip({ server, find, settings }: RealSystem): string | undefined {
  if (wanted && !wanted.includes(server)) return 'it was not asked for';
  if (!hasSdk()) return "the sample's packages, among which the SDK is, are not installed";
  const { type } = settings({ url: '', otlp: '', stop: async () => {} });
  if (!backendKind(type)) return `there is no connector "${type}"`;
  return find().reason;
}

let all: Store;
beforeAll(async () => {
  all = await localStore([encode(otlpRequest(traces.flat()))], baseMs);
});

describe.each(realSystems)('$label', (system) => {
  const reason = reasonToSkip(system);
  const taken = system.takes ? traces.filter(system.takes) : traces;
  if (reason !== undefined) console.log(`${system.label}: skipped, because ${reason}`);

  describe.skipIf(reason !== undefined)('filled with the same thousand traces', () => {
    let running: Running | undefined;
    let backend: Backend;
    /** What the server gives back, trace by trace. */
    let kept: Uint8Array<ArrayBuffer>[][];

    beforeAll(async () => {
      running = await system.start(system.find().path);
      await system.fill(running, taken);
      const settings = system.settings(running);
      const kind = backendKind(settings.type);
      if (!kind) throw new Error(`There is no kind ${settings.type}.`);
      const transport = new HttpTransport({ timeoutMs: 30_000, maxBytes: 256 << 20 });
      backend = await kind.create(backendContext(settings, { transport }));
    });

    afterAll(() => running?.stop());

    it('gives each of them back', async () => {
      kept = await inParallel(taken, async ([{ traceId }]) => [...(await backend.get(traceId)).bodies]);
      const problems = taken.flatMap((spans, index) => {
        const got = kept[index].flatMap((body) => decodedSpans(body));
        return system.losses ? compareSpans(spans, got, system.losses) : got.length === spans.length ? [] : [spans[0].traceId];
      });
      expect(problems.slice(0, 20)).toEqual([]);
    });

    describe('finds what the local store finds', () => {
      const verdicts = new Map<ConformanceQuery, Verdict>();
      const reasons = new Set<string>();
      let here: Store;
      let own: Store;
      let remote: Store;

      beforeAll(async () => {
        const bodies = kept.flat().map((body) => body.slice());
        here = taken === traces ? all : await localStore([encode(otlpRequest(taken.flat()))], baseMs);
        own = await localStore(bodies, baseMs);
        remote = backendStore(backend, baseMs);
      });

      afterAll(() => {
        record({
          label: system.label,
          verdicts: conformanceQueries.map((query) => verdicts.get(query) ?? '≠'),
          reasons: [...reasons],
        });
      });

      it.for(conformanceQueries.map((query) => [described(query), query] as const))('%s', async ([, query], { skip }) => {
        const lacking = (query.needs ?? []).filter((feature) => system.lacks[feature] !== undefined);
        verdicts.set(query, '≠');
        if (!isUnderstood(query.query)) {
          verdicts.set(query, '–');
          return skip();
        }
        const answer = await remote(query);
        const problem = difference(query, answer, await here(query));
        if (problem !== '' && lacking.length > 0) {
          expect(difference(query, answer, await own(query))).toBe('');
          for (const feature of lacking) reasons.add(`${feature}: ${system.lacks[feature]}`);
        } else expect(problem).toBe('');
        verdicts.set(query, problem === '' ? '=' : '≈');
      });
    });
  });
});

/** A few at a time, in their order. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]);
  };
  await Promise.all(Array.from({ length: 6 }, one));
  return results;
}

/** With a limit, which of those that match is the server's choice; how many, and that each is there once, is not. */
function difference({ limit }: ConformanceQuery, answer: Found, expected: Found): string {
  const found = new Set(answer);
  const wanted = new Set(expected);
  if (found.size !== answer.length) return 'a trace is there twice';
  if (limit !== undefined) return answer.length === Math.min(limit, expected.length) ? '' : `${answer.length} of ${limit}`;
  const missing = expected.filter((id) => !found.has(id));
  const strange = answer.filter((id) => !wanted.has(id));
  if (missing.length === 0 && strange.length === 0) return '';
  return `${expected.length} expected, ${missing.length} missing (${missing.slice(0, 2)}), ${strange.length} too many (${strange.slice(0, 2)})`;
}

/** Whether the language has what the query says. */
function isUnderstood(query: string): boolean {
  try {
    parseQuery(query);
    return true;
  } catch {
    return false;
  }
}
