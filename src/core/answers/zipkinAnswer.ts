/**
 * Zipkin's lists and what it tells of itself. Errors are plain text, and no JSON.
 * Sources: openzipkin/zipkin `ZipkinQueryApiV2.java`, `ZipkinUiConfiguration.java`, `ZipkinHealthController.java` at 3.5.1.
 */

import type { Answer, AnswerWant, Dependency } from './answer';
import { answerOf, count, isJson, named, namesOf, text } from './answerFields';

/** Links of an answer. */
const MAX_LINKS = 10_000;

/**
 * `what`: `names` and `values` (lists of texts), `dependencies`, `config` (of the web page: the fact `searchEnabled`), `info` (the fact `version`),
 * `health` (the fact `storage`, its class), `kind`. The fact `list` says whether it is a list.
 */
export function readZipkinAnswer(json: unknown, want: AnswerWant): Answer {
  const facts = { list: Array.isArray(json) };
  switch (want.what) {
    case 'names':
      return answerOf({ facts, names: namesOf(json) });
    case 'values':
      return answerOf({ facts, values: namesOf(json) });
    case 'dependencies':
      return answerOf({ facts, dependencies: Array.isArray(json) ? dependenciesOf(json) : undefined });
    case 'config': {
      const enabled = isJson(json) ? json.searchEnabled : undefined;
      return answerOf({ facts: typeof enabled === 'boolean' ? { ...facts, searchEnabled: enabled } : facts });
    }
    case 'info': {
      const version = isJson(json) && isJson(json.zipkin) ? named(json.zipkin.version) : '';
      return answerOf({ facts: version === '' ? facts : { ...facts, version } });
    }
    case 'health': {
      const storage = storageOf(json);
      return answerOf({ facts: storage === undefined ? facts : { ...facts, storage } });
    }
    default:
      return answerOf({ facts });
  }
}

/** Components are named by their class and what it tells of itself: `InMemoryStorage{}`. */
function storageOf(json: unknown): string | undefined {
  const details = isJson(json) && isJson(json.zipkin) ? json.zipkin.details : undefined;
  if (!isJson(details)) return undefined;
  for (const component of Object.keys(details)) {
    const storage = /^([A-Za-z]{1,40})Storage\b/.exec(component);
    if (storage) return storage[1];
  }
  return undefined;
}

function dependenciesOf(list: readonly unknown[]): Dependency[] {
  return list
    .slice(0, MAX_LINKS)
    .filter(isJson)
    .map(({ parent, child, callCount, errorCount }) => ({
      parent: named(text(parent)),
      child: named(text(child)),
      calls: count(callCount),
      errors: count(errorCount),
    }));
}
