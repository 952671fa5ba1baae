/**
 * Spans as the console exporter of OpenTelemetry for .NET writes them: a block of lines each, which begins with `Activity.TraceId:`.
 * Source: opentelemetry-dotnet, OpenTelemetry.Exporter.Console, ConsoleActivityExporter.
 */

import type { LineKind, Translation } from '../documents/kind';
import { nanosOfTimeSpan } from '../documents/members';
import { nanosOfTime, otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
/** A block that has no end. */
const MOST_LINES = 5_000;
/** Of the name of a tag. */
const LONGEST_NAME = 200;
/** Of a time as it is printed. */
const LONGEST_TIME = 60;

type Section = 'tags' | 'events' | 'links' | 'resource' | 'scope' | 'other';

interface Block {
  readonly fields: Record<string, string>;
  readonly tags: Record<string, unknown>;
  readonly resource: Record<string, unknown>;
  readonly events: { name: string; time?: bigint; attributes: Record<string, unknown> }[];
  readonly links: { traceId: string; spanId: string }[];
  section: Section;
  lines: number;
}

export function dotnetConsole(): LineKind {
  let block: Block | undefined;
  const finish = (): Translation | undefined => {
    const done = block;
    block = undefined;
    return done && done.fields.SpanId !== undefined ? spanOf(done) : undefined;
  };
  return {
    format: 'dotnet-console',
    line(text) {
      const found = /^\s*Activity\.(\w+):\s*(.*)$/.exec(text);
      if (found?.[1] === 'TraceId') {
        const before = finish();
        block = open();
        block.fields.TraceId = found[2].trim();
        return before;
      }
      if (!block) return undefined;
      if (text.trim() === '' || ++block.lines > MOST_LINES) {
        // The resource of some versions follows after an empty line.
        return block.section === 'other' && text.trim() === '' ? undefined : finish();
      }
      if (found) take(block, found[1], found[2].trim());
      else takeLine(block, text);
      return undefined;
    },
    end: finish,
  };
}

function open(): Block {
  const none = (): Record<string, never> => Object.create(null);
  return { fields: none(), tags: none(), resource: none(), events: [], links: [], section: 'other', lines: 0 };
}

function take(block: Block, name: string, value: string): void {
  block.section =
    name === 'Tags' || name === 'TagObjects' ? 'tags' : name === 'Events' ? 'events' : name === 'Links' ? 'links' : 'other';
  block.fields[name] = value;
}

function takeLine(block: Block, text: string): void {
  if (/^(?:Resource associated with Activity|Resource):/.test(text)) {
    block.section = 'resource';
    return;
  }
  if (/^Instrumentation scope/.test(text)) {
    block.section = 'scope';
    return;
  }
  const status = /^\s*(StatusCode|Activity\.StatusDescription|StatusDescription)\s*:\s*(.*)$/.exec(text);
  if (status && (block.section !== 'tags' || /^\S/.test(text))) {
    block.fields[status[1]] = status[2].trim();
    return;
  }
  const pair = pairOf(text);
  if (block.section === 'tags' && pair) block.tags[pair.name] = pair.value;
  else if (block.section === 'resource' && pair) block.resource[pair.name] = pair.value;
  else if (block.section === 'events') takeEvent(block, text, pair);
  else if (block.section === 'links') {
    const link = /\b([0-9a-f]{32})\b\s+([0-9a-f]{16})\b/.exec(text);
    if (link) block.links.push({ traceId: link[1], spanId: link[2] });
  } else if (block.section === 'scope' && pair) block.fields[`Scope${pair.name}`] = pair.value;
}

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** `    name: value`. Looked at once, for a line may be of nothing but spaces and brackets. */
function pairOf(text: string): Pair | undefined {
  const sign = text.search(/[:=]/);
  const name = text.slice(0, Math.max(0, sign)).trim();
  if (name === '' || name.length > LONGEST_NAME || !/^\s/.test(text)) return undefined;
  return { name, value: text.slice(sign + 1).replace(/^\s/, '') };
}

/** `    name [01/01/2024 00:00:00 +00:00]`, its attributes one step further in. */
function takeEvent(block: Block, text: string, pair: Pair | undefined): void {
  const line = text.trimEnd();
  const bracket = line.lastIndexOf(' [');
  const time = bracket > 0 && line.endsWith(']') ? line.slice(bracket + 2, -1) : '';
  if (time !== '' && time.length <= LONGEST_TIME && /^\s{1,8}\S/.test(line)) {
    block.events.push({ name: line.slice(0, bracket).trim(), time: timeOf(time), attributes: Object.create(null) });
    return;
  }
  const last = block.events.at(-1);
  if (last && pair) last.attributes[pair.name] = pair.value;
}

function spanOf({ fields, tags, resource, events, links }: Block): Translation {
  const start = timeOf(fields.StartTime ?? '');
  const length = nanosOfTimeSpan(fields.Duration ?? '');
  const code = fields.StatusCode ?? fields.Status ?? '';
  return otlpOf([
    {
      traceId: fields.TraceId,
      spanId: fields.SpanId,
      parentSpanId: fields.ParentSpanId,
      traceState: fields.TraceState,
      name: fields.DisplayName ?? fields.OperationName ?? '',
      kind: Math.max(0, kinds.indexOf(fields.Kind ?? '')),
      start,
      end: start === undefined || length === undefined ? undefined : start + length,
      attributes: tags,
      events,
      links,
      status: /^error$/i.test(code) ? 2 : /^ok$/i.test(code) ? 1 : 0,
      statusMessage: fields.StatusDescription ?? fields['Activity.StatusDescription'],
      resource,
      scope: {
        name: fields.ScopeName ?? fields.ActivitySourceName,
        version: fields.ScopeVersion ?? fields.ActivitySourceVersion,
      },
    },
  ]);
}

/** ISO 8601, or as .NET prints a `DateTimeOffset` without a culture: month first. */
function timeOf(text: string): bigint | undefined {
  const plain = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d(?:\.\d+)?)(?: ([+-]\d\d:\d\d))?$/.exec(text.trim());
  if (plain) return nanosOfTime(`${plain[3]}-${plain[1]}-${plain[2]}T${plain[4]}${plain[5] ?? 'Z'}`);
  return nanosOfTime(text.trim());
}
