/** Answers of Prometheus, Mimir and others with its API. Source: Prometheus documentation, "HTTP API", "Instant vectors". */

import type { Answer, AnswerWant, Dependency } from './answer';
import { answerOf, count, isJson, type Json, named } from './answerFields';

const MAX_SERIES = 10_000;

/** `what`: `calls`, a vector by `client` and `server`; the fact `vector` is there where the answer is one. */
export function readPrometheusAnswer(json: unknown, want: AnswerWant): Answer {
  if (!isJson(json)) return answerOf({});
  const message = named(json.error) || named(json.message) || undefined;
  const { data } = json;
  if (want.what !== 'calls' || !isJson(data) || !Array.isArray(data.result)) return answerOf({ message });
  const dependencies = data.result.slice(0, MAX_SERIES).filter(isJson).flatMap(callsOf);
  return answerOf({ facts: { vector: data.resultType === 'vector' }, message, dependencies });
}

function callsOf({ metric, value }: Json): Dependency[] {
  if (!isJson(metric) || !Array.isArray(value)) return [];
  const [parent, child] = [named(metric.client), named(metric.server)];
  // Growth is reckoned up to the ends of the range, which is seldom a whole number.
  const calls = count(Math.round(Number(value[1])));
  return parent === '' || child === '' || calls === 0 ? [] : [{ parent, child, calls }];
}
