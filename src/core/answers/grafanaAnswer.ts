/** Grafana's list of data sources. Source: Grafana documentation, "Data source HTTP API" and "Provision the Tempo data source" (`serviceMap`). */

import type { Answer, AnswerWant } from './answer';
import { answerOf, isJson, type Json, named, text } from './answerFields';

const MAX_SOURCES = 1_000;

/**
 * `what`: the type of data sources that are meant (`tempo`); `key`: the uid or the name of the one that is meant, empty: the only one. Facts: `list` where
 * the answer is one; of the one that was found `uid`, `name`, and `metricsUid` where it knows a data source with a service graph. The names of all of the
 * type come along.
 */
export function readGrafanaAnswer(json: unknown, want: AnswerWant): Answer {
  if (isJson(json)) return answerOf({ message: named(json.message) || undefined });
  if (!Array.isArray(json)) return answerOf({});
  const sources = json.filter(isJson).filter(({ type }) => type === want.what);
  const names = sources.slice(0, MAX_SOURCES).map(({ name }) => named(name));
  const found = findSource(sources, want.key ?? '');
  return answerOf({ facts: { list: true, ...(found && factsOf(found)) }, names });
}

function findSource(sources: readonly Json[], wanted: string): Json | undefined {
  if (wanted === '') return sources.length === 1 ? sources[0] : undefined;
  const lower = wanted.toLowerCase();
  return (
    sources.find(({ uid }) => uid === wanted) ??
    sources.find(({ name }) => name === wanted) ??
    sources.find(({ name }) => text(name).toLowerCase() === lower)
  );
}

function factsOf({ uid, name, jsonData }: Json): Record<string, string> {
  const map = isJson(jsonData) && isJson(jsonData.serviceMap) ? text(jsonData.serviceMap.datasourceUid) : '';
  return { uid: named(uid), name: named(name), ...(map === '' ? {} : { metricsUid: named(map) }) };
}
