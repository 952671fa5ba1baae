/**
 * Members in which logs keep what a program printed: Docker's files, Fluent Bit, Loki, Cloud Logging; events and results of CloudWatch Logs.
 * Sources: docs.docker.com, "JSON File logging driver"; docs.aws.amazon.com, FilterLogEvents, GetQueryResults.
 */

import { isMembers, membersIn, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';

const names: readonly string[] = ['log', 'message', 'msg', 'textPayload', 'line', '@message'];

/** A line of a log. */
export interface Enclosed {
  /** Which of several texts goes on with it. */
  readonly source: string;
  readonly text: string;
}

/** The lines that a document holds: its own, or those of a list in it. */
export function enclosedIn(document: Members): readonly Enclosed[] {
  const own = lineOf(document);
  if (own) return [own];
  const { events, results } = document;
  const several = [...membersIn(events), ...(Array.isArray(results) ? results.map(fieldsOf) : [])];
  return several.flatMap((one) => lineOf(one) ?? []);
}

function lineOf(document: Members): Enclosed | undefined {
  for (const name of names) {
    const text = document[name];
    if (typeof text === 'string') return { source: textOf(document.stream) ?? textOf(document.logStreamName) ?? name, text };
  }
  return undefined;
}

/** Of a result, a list of fields with their values. */
function fieldsOf(result: unknown): Members {
  const found: Record<string, unknown> = Object.create(null);
  if (Array.isArray(result)) {
    for (const field of result) if (isMembers(field) && typeof field.field === 'string') found[field.field] = field.value;
  }
  return found;
}
