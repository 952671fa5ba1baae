/**
 * Exceptions of X-Ray's segments as OpenTelemetry's events. A cause holds exceptions, or is the id of one that stands in another part of the trace;
 * exceptions name the one that caused them by its id.
 * Source: AWS X-Ray developer guide, "Segment documents", "cause".
 */

import { Lru } from '../../../base/lru';
import { isMembers, membersIn, membersOf, scalarOf, textOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import type { PlainAttributes } from '../documents/plainSpan';

/** An exception, and where the paths of its stack begin. */
interface Thrown {
  readonly exception: Members;
  readonly folder: string | undefined;
  /** Those of the same cause, by id. */
  readonly others: ReadonlyMap<string, Members>;
}

/** Longer names of folders are none, for they stand before many others. */
const LONGEST_FOLDER = 1_000;
/** Exceptions that caused each other: of a longer chain the rest is left out, as it is of a circle. */
const LONGEST_CHAIN = 20;
/** Frames of all stacks that are written for one exception. */
const MOST_FRAMES = 2_000;
/** Exceptions that are remembered by id. */
const MOST_KNOWN = 500;
/** Times that one is told in full; causes that name it further tell what it was. A segment of 64 kB can name one of 30 kB a thousand times. */
const MOST_TOLD = 10;

/** Where a frame of an unreadable place is: exporters cut `file:///srv/a.js`, `node:internal/x` and `C:\a.js` off at the first colon. */
const cutPlace = /^(?:node|file|webpack|https?|[A-Za-z])$/;

/** Exceptions by the id that causes may name instead of them. */
export class Causes {
  private readonly known = new Lru<string, Thrown>({ maxSize: MOST_KNOWN });
  private readonly told = new WeakMap<Members, number>();

  /** Remembers the exceptions of a part of a trace. */
  learn(trace: unknown, part: Members): void {
    for (const thrown of thrownIn(part.cause)) {
      const id = textOf(thrown.exception.id);
      if (id !== undefined) this.known.set(`${String(trace)} ${id}`, thrown);
    }
  }

  /** Attributes of an event for each exception of a part, the outermost of those that caused each other; the id of one that is not there. */
  eventsOf(trace: unknown, part: Members): { readonly events: readonly PlainAttributes[]; readonly missing?: string } {
    const { cause } = part;
    if (typeof cause !== 'string') return { events: outermost(thrownIn(cause)).map(eventOf) };
    const thrown = this.known.get(`${String(trace)} ${cause}`);
    if (!thrown) return { events: [], missing: cause };
    const times = (this.told.get(thrown.exception) ?? 0) + 1;
    this.told.set(thrown.exception, times);
    const { 'exception.stacktrace': stack, ...event } = eventOf(thrown);
    return { events: [times > MOST_TOLD || stack === undefined ? event : { ...event, 'exception.stacktrace': stack }] };
  }
}

function thrownIn(cause: unknown): Thrown[] {
  const { exceptions, working_directory } = membersOf(cause);
  const all = membersIn(exceptions);
  const others = new Map(all.map((exception) => [scalarOf(exception.id), exception]));
  return all.map((exception) => ({ exception, folder: textOf(working_directory), others }));
}

/** Without those that are told below the one that they caused. All of a circle caused each other, and one of it has to stand for it. */
function outermost(thrown: readonly Thrown[]): readonly Thrown[] {
  const inner = new Set(thrown.map(({ exception }) => scalarOf(exception.cause)).filter((id) => id !== ''));
  const found = thrown.filter(({ exception }) => !inner.has(scalarOf(exception.id)));
  return found.length > 0 ? found : thrown.slice(0, 1);
}

function eventOf({ exception, folder, others }: Thrown): PlainAttributes {
  const lines: string[] = [];
  const seen = new Set<Members>();
  let hasFrames = false;
  for (
    let one: Members | undefined = exception;
    one && !seen.has(one) && seen.size < LONGEST_CHAIN;
    one = others.get(scalarOf(one.cause))
  ) {
    const head = `${textOf(one.type) ?? 'Error'}: ${textOf(one.message) ?? ''}`;
    lines.push(seen.size === 0 ? head : `Caused by: ${head}`);
    seen.add(one);
    const frames = membersIn(one.stack).slice(0, MOST_FRAMES - lines.length);
    hasFrames ||= frames.length > 0;
    for (const frame of frames) lines.push(frameLine(frame, folder));
    const left = Number(scalarOf(one.truncated));
    if (left > 0) lines.push(`    ... ${left} more`);
  }
  return {
    'exception.type': exception.type,
    'exception.message': exception.message,
    ...(hasFrames || seen.size > 1 ? { 'exception.stacktrace': lines.join('\n') } : {}),
    ...(exception.remote === true ? { 'aws.xray.remote': true } : {}),
    ...(Number(scalarOf(exception.skipped)) > 0 ? { 'aws.xray.skipped': exception.skipped } : {}),
  };
}

/** As the language writes it: Java's file has no folder, which its class tells; of all else the form of JavaScript's is read. */
function frameLine({ path, line, label }: Members, folder: string | undefined): string {
  const file = textOf(path) ?? '';
  const name = textOf(label) ?? '';
  const number = scalarOf(line) || '0';
  if (/^[^/\\]+\.(?:java|kts?|scala|groovy|clj)$/.test(file)) return `    at ${name}(${file}:${number})`;
  const place = file === '' || (cutPlace.test(file) && number === '0') ? '<anonymous>' : `${inFolder(file, folder)}:${number}`;
  return `    at ${name || '<anonymous>'} (${place})`;
}

function inFolder(path: string, folder: string | undefined): string {
  return folder === undefined || folder.length > LONGEST_FOLDER || path.startsWith('/') || /^\w+:/.test(path)
    ? path
    : `${folder.replace(/\/$/, '')}/${path}`;
}

/** What else a cause may say: a message without an exception. */
export function causeMessage(cause: unknown): string | undefined {
  return isMembers(cause) ? textOf(cause.message) : undefined;
}
