/**
 * Traces of Langfuse as its page and API give them: the trace with its observations, which begin and end; ids are OpenTelemetry's, or any text.
 * Source: langfuse.com, public API, "Get trace".
 */

import { type DocumentKind, isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import { hexOfAny, nanosOfStart, objectOf } from '../documents/members';
import { otlpOf, type PlainAttributes, type PlainSpan } from '../documents/plainSpan';

export const langfuse: DocumentKind = {
  format: 'langfuse',
  hint: /"observations"\s*:\s*\[\s*\{|"parentObservationId"\s*:/,
  is: (document) => observationsIn(document).length > 0,
  translate: (document) => {
    const trace = traceOf(document);
    // Its metadata may be a long text: it is read once.
    const above = { environment: trace.environment, resource: membersOf(objectOf(trace.metadata).resourceAttributes) };
    return otlpOf(observationsIn(document).map((one) => spanOf(one, above)));
  },
};

function traceOf(document: Members): Members {
  return isMembers(document.trace) ? document.trace : document;
}

/** Beside the trace, in it, or one alone. */
function observationsIn(document: Members): readonly Members[] {
  if (isObservation(document)) return [document];
  return membersIn(traceOf(document).observations ?? document.observations).filter(isObservation);
}

function isObservation({ id, traceId, startTime, type }: Members): boolean {
  return id !== undefined && traceId !== undefined && typeof startTime === 'string' && typeof type === 'string';
}

/** What observations have of their trace. */
interface Above {
  readonly environment: unknown;
  readonly resource: Members;
}

function spanOf(one: Members, above: Above): PlainSpan {
  const level = scalarOf(one.level);
  return {
    traceId: hexOfAny(one.traceId, 16),
    spanId: hexOfAny(one.id, 8),
    parentSpanId: hexOfAny(one.parentObservationId, 8),
    name: textOf(one.name) ?? scalarOf(one.type).toLowerCase(),
    start: nanosOfStart(one.startTime),
    // An event is a moment.
    end: nanosOfStart(one.endTime) ?? (one.type === 'EVENT' ? nanosOfStart(one.startTime) : undefined),
    attributes: attributesOf(one),
    status: level === 'ERROR' ? 2 : 0,
    statusMessage: textOf(one.statusMessage),
    resource: resourceOf(one, above),
  };
}

/** Members of an observation, with the names that Langfuse takes them from OpenTelemetry by. */
const names: readonly (readonly [string, string])[] = [
  ['type', 'langfuse.observation.type'],
  ['level', 'langfuse.observation.level'],
  ['input', 'langfuse.observation.input'],
  ['output', 'langfuse.observation.output'],
  ['model', 'gen_ai.request.model'],
  ['modelParameters', 'langfuse.observation.model.parameters'],
  ['usageDetails', 'langfuse.observation.usage_details'],
  ['costDetails', 'langfuse.observation.cost_details'],
  ['promptName', 'langfuse.observation.prompt.name'],
];

function attributesOf(one: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  const { attributes } = objectOf(one.metadata);
  for (const [key, value] of Object.entries(membersOf(attributes))) found[key] = value;
  for (const [member, name] of names) if (one[member] !== undefined && one[member] !== null) found[name] = one[member];
  return found;
}

function resourceOf(one: Members, above: Above): PlainAttributes {
  const own = membersOf(objectOf(one.metadata).resourceAttributes);
  const found = Object.keys(own).length > 0 ? own : above.resource;
  const environment = one.environment ?? above.environment;
  return environment === undefined ? found : { 'deployment.environment.name': environment, ...found };
}
