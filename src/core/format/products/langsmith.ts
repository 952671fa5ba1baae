/**
 * Runs of LangSmith as its page and API give them: one object each, in lists, or those below a run in it; ids are UUIDs.
 * Source: docs.smith.langchain.com, "Run (span) data format".
 */

import { type DocumentKind, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfAny, nanosOfAnyUnit } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

/** Deeper runs are left out. */
const DEEPEST = 200;

export const langsmith: DocumentKind = {
  format: 'langsmith',
  hint: /"(?:dotted_order|run_type)"\s*:\s*"/,
  is: (document) => runsIn(document).length > 0,
  translate: (document) => otlpOf(runsIn(document).flatMap(spansOf)),
};

/** The run itself, or those of a webhook or a query. */
function runsIn(document: Members): readonly Members[] {
  return isRun(document) ? [document] : membersIn(document.runs).filter(isRun);
}

function isRun({ id, run_type, start_time }: Members): boolean {
  return typeof id === 'string' && typeof run_type === 'string' && nanosOfAnyUnit(start_time) !== undefined;
}

/** The run and all in it, which have its trace. */
function spansOf(run: Members): PlainSpan[] {
  const found: PlainSpan[] = [];
  const trace = run.trace_id ?? run.id;
  const pending = [{ part: run, parent: run.parent_run_id, depth: 0 }];
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { part, parent, depth } = one;
    found.push(spanOf(part, trace, parent));
    if (depth >= DEEPEST) continue;
    for (const child of membersIn(part.child_runs).filter(isRun).reverse())
      pending.push({ part: child, parent: part.id, depth: depth + 1 });
  }
  return found;
}

function spanOf(run: Members, trace: unknown, parent: unknown): PlainSpan {
  const error = scalarOf(run.error);
  const end = nanosOfAnyUnit(run.end_time);
  const failed = error !== '' || run.status === 'error';
  return {
    traceId: hexOfAny(trace, 16),
    spanId: hexOfAny(run.id, 8),
    parentSpanId: hexOfAny(parent, 8),
    name: textOf(run.name) ?? scalarOf(run.run_type),
    start: nanosOfAnyUnit(run.start_time),
    ...(end === undefined ? {} : { end }),
    attributes: attributesOf(run),
    // The text of an error is its stack.
    events:
      error === ''
        ? []
        : [{ name: 'exception', ...(end === undefined ? {} : { time: end }), attributes: { 'exception.stacktrace': error } }],
    status: failed ? 2 : run.status === 'success' ? 1 : 0,
    statusMessage: failed ? error.split('\n', 1)[0] : undefined,
    resource: scalarOf(run.session_name) === '' ? {} : { 'service.name': run.session_name },
  };
}

function attributesOf({ run_type, inputs, outputs, extra, tags }: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  found['langsmith.span.kind'] = run_type;
  if (Object.keys(membersOf(inputs)).length > 0) found['langsmith.inputs'] = inputs;
  if (Object.keys(membersOf(outputs)).length > 0) found['langsmith.outputs'] = outputs;
  if (Array.isArray(tags) && tags.length > 0) found['langsmith.span.tags'] = tags;
  for (const [key, value] of Object.entries(membersOf(membersOf(extra).metadata))) found[`langsmith.metadata.${key}`] = value;
  return found;
}
