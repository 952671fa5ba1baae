/** The part of the exported API that goes between spans and code. */

import { Uri } from 'vscode';
import type { SourceCandidate as ApiCandidate, SpanhopApi } from '../../api';
import type { App } from '../../app/app';
import type { ResolvedSpan } from '../../app/source/spanAnswers';
import { SpanhopError } from '../../base/errors';
import { parseSpanId } from '../../core/model/ids';
import type { SourceCandidate } from '../../source';
import type { Originals } from '../opening/originals';
import { readable } from './readable';

type SourceApi = Pick<SpanhopApi, 'resolveSource' | 'explainSource' | 'resolveStack' | 'codeStatistics' | 'spansAt'>;

export interface SourceServices extends Pick<App, 'traces' | 'source' | 'code'> {
  readonly originals: Originals;
}

const defaultLimit = 200;

export function sourceApi({ traces, source, originals, code }: SourceServices): SourceApi {
  const toApiCandidate = ({ file, content, generated, ...candidate }: SourceCandidate): ApiCandidate => {
    const { line, column, rung, confidence, reason, drift, outsideWorkspace } = candidate;
    // What a map of a file outside carries is as little to be opened unasked as the file.
    const isShown = content !== undefined && !outsideWorkspace;
    return {
      uri: isShown ? originals.add(file, content) : Uri.parse(content === undefined ? file : (generated?.file ?? file)),
      line,
      column,
      rung,
      confidence,
      reason,
      ...(outsideWorkspace ? { outsideWorkspace } : {}),
      drift: drift && { commit: drift.commit, lineThen: drift.lineThen, kind: drift.kind, note: drift.note },
    };
  };
  const resolve = async (traceId: string, spanId: string): Promise<ResolvedSpan> => {
    const id = parseSpanId(spanId);
    if (id === undefined) throw new SpanhopError('BadQuery', `"${spanId}" is no span id: it has up to 16 hexadecimal digits.`);
    return source.resolve({ ...(await traces.known(traceId)), spanId: id });
  };
  return {
    resolveSource: (traceId, spanId) =>
      readable(async () => (await resolve(traceId, spanId)).result.candidates.map(toApiCandidate)),
    explainSource: (traceId, spanId) =>
      readable(async () => {
        const { candidates, tried, causes } = (await resolve(traceId, spanId)).result;
        return {
          candidates: candidates.map(toApiCandidate),
          tried: tried.map(({ rung, what, outcome }) => ({ rung, what, outcome })),
          causes: causes.map(({ type, message, candidates: places }) => ({
            type,
            message,
            candidates: places.map(toApiCandidate),
          })),
        };
      }),
    resolveStack: (text) =>
      readable(async () => {
        if (typeof text !== 'string') throw new SpanhopError('BadQuery', 'The stack trace must be given as text.');
        return (await source.pasted(text)).candidates.map(toApiCandidate);
      }),
    codeStatistics: (uri) =>
      readable(async () => {
        const statistics = await code.statistics(uri.toString());
        return statistics.map(({ line, name, calls, errors, p50Ns, p95Ns, lastTraceId }) => ({
          line,
          name,
          calls,
          errors,
          p50Ns,
          p95Ns,
          lastTraceId: lastTraceId === '' ? undefined : lastTraceId,
        }));
      }),
    spansAt: (uri, line, { limit = defaultLimit } = {}) =>
      readable(async () => {
        if (!Number.isInteger(limit) || limit < 1) throw new SpanhopError('BadQuery', 'The limit must be a whole number from 1.');
        const nearest = (await code.statistics(uri.toString())).filter((entry) => entry.line <= line).at(-1);
        if (!nearest) return [];
        return (await code.spans(uri.toString(), nearest.name, nearest.line, limit)).map(
          ({ traceId, spanId, durationNs, error, startMs }) => ({ traceId, spanId, durationNs, error, startMs }),
        );
      }),
  };
}
