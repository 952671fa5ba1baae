/** The methods from code to spans. A hover's answer is cut where it would take long; callers are looked for among the last calls only. */

import { Slices } from '../../base/slices';
import { runOf } from '../../code';
import type { CodeMethods, CodeReach, ReachedSpan, ThrownStatistics } from '../../protocol/code';
import type { Handlers } from '../../protocol/rpc';
import type { Redactor } from '../redact/redactor';
import type { AssembledTraces } from '../traces/assembledTraces';
import { attributesOf, exceptionAt, exceptionsOf } from './codeDetails';
import { reachOf } from './codeReach';
import type { CodeService } from './codeService';
import { trendsOf } from './codeTrends';

export interface CodeHandlerOptions {
  readonly code: CodeService;
  /** The same of the sample trace. */
  readonly sample: CodeService;
  readonly traces: AssembledTraces;
  readonly redactor: () => Redactor;
  /** Epoch milliseconds at which a capture began, by its number. */
  readonly captureStart: (capture: number) => number | undefined;
  /** Number of the capture that a person chose to compare others with; 0: none. */
  readonly comparedCapture: () => number;
}

/** Runs that a hover lists. */
const RUNS = 5;
/** Calls whose attributes and exceptions a hover reads, and failed ones beside them. */
const READ = 200;
const READ_FAILED = 50;
/** What a hover may cost to tell where calls came from: about 10 ms. */
const hoverBudget = { spans: 40_000, ms: 10 };
const ENTRIES = 3;
/** Calls of which callers and callees are told, and what that may cost: a second or two, in slices. */
const REACHED_CALLS = 5_000;
const reachBudget = { spans: 4_000_000, ms: 5_000 };

export function codeHandlers({
  code: ofAll,
  sample,
  traces,
  redactor,
  captureStart,
  comparedCapture,
}: CodeHandlerOptions): Handlers<CodeMethods> {
  const asked = ({ sample: isSample }: { readonly sample?: boolean }): CodeService => (isSample ? sample : ofAll);
  const numbered = ({ generation }: { readonly generation: number }): CodeService =>
    generation === sample.currentGeneration ? sample : ofAll;
  return {
    codePlaces: (params, { signal }) => asked(params).places(params, new Slices(signal)),
    codeHints: (params, { signal }) => asked(params).hinted(params, new Slices(signal)),
    codeStatistics: (params, { signal }) => numbered(params).statistics(params, new Slices(signal)),
    codeSpans: (params) => numbered(params).spans(params),
    async rowsAtPlaces({ generation, places, ...key }, { signal, transfer }) {
      const code = numbered({ generation });
      const { revision, table } = await traces.get(key, signal);
      const rows = await code.rowsIn(table, { generation, places }, new Slices(signal));
      if (rows) transfer(rows.buffer);
      return rows && { revision, rows };
    },
    async codeDetails({ keys, ...subject }, { signal }) {
      const code = numbered(subject);
      const calls = code.calls(subject, { limit: READ });
      const failed = code.calls(subject, { limit: READ_FAILED, errorsOnly: true });
      if (!calls || !failed) return undefined;
      const rules = redactor();
      const older = failed.filter(({ batch, row }) => !calls.some((call) => call.row === row && call.batch === batch));
      const answer = {
        runs: calls.slice(0, RUNS).map(runOf),
        read: calls.length,
        attributes: attributesOf(calls, keys, rules),
        ...exceptionsOf([...calls, ...older], code, rules),
      };
      const own = new Set(subject.places);
      const reach = await reachOf(calls, 'callers', own, code, hoverBudget, new Slices(signal));
      return { ...answer, ...entriesOf(shownReach(reach, rules)) };
    },
    async codeReach({ direction, ...subject }, { signal }) {
      const slices = new Slices(signal);
      const code = numbered(subject);
      await code.refresh(slices);
      const calls = code.calls(subject, { limit: REACHED_CALLS });
      if (!calls) return undefined;
      return shownReach(await reachOf(calls, direction, new Set(subject.places), code, reachBudget, slices), redactor());
    },
    codeTrends({ generation, groups }) {
      const code = numbered({ generation });
      return generation === code.currentGeneration ? trendsOf(groups, code, captureStart, comparedCapture()) : undefined;
    },
    async codeThrows({ known, ...of }, { signal }) {
      const code = asked(of);
      await code.refresh(new Slices(signal));
      const generation = code.currentGeneration;
      const from = known?.generation === generation ? known.next : 0;
      return { generation, next: code.throws.count, throws: code.throws.since(from) };
    },
    codeThrown({ generation, groups }) {
      const code = numbered({ generation });
      if (generation !== code.currentGeneration) return undefined;
      const rules = redactor();
      return groups.map((throws): ThrownStatistics => {
        const spans = throws.reduce((sum, number) => sum + code.thrownIndex.callsOf(number), 0);
        const [last] = code.calls({ generation, places: [], throws }, { limit: 1 }) ?? [];
        if (!last) return { spans };
        const { batch, row, records } = last;
        const [record] = records;
        const { type, message } = exceptionAt(last, code.exceptionTexts(batch, row, record?.event ?? -1), rules);
        return { spans, last: { type, message, run: runOf(last) } };
      });
    },
  };
}

function shownReach(reach: CodeReach, rules: Redactor): CodeReach {
  const redacted = ({ service, name }: ReachedSpan) => ({ service: rules.repeated(service), name: rules.repeated(name) });
  return { ...reach, spans: reach.spans.map((span) => ({ ...span, ...redacted(span) })) };
}

/** Where calls came into the system; nothing where none could be looked at in time. */
function entriesOf({ calls, spans }: CodeReach): {
  readonly entries?: { readonly calls: number; readonly spans: CodeReach['spans'] };
} {
  if (calls === 0) return {};
  const entries = spans.filter(({ entry }) => entry > 0).sort((a, b) => b.entry - a.entry);
  return { entries: { calls, spans: entries.slice(0, ENTRIES) } };
}
