/**
 * Spans as the OpenTelemetry Collector's debug exporter (before: logging exporter) prints them at detailed verbosity: a block of lines each, which begins
 * with `Span #0`, below those of its resource and scope. Indentation is not counted on: logs lose it.
 * Source: opentelemetry-collector, exporter/debugexporter/internal/otlptext.
 */

import type { LineKind, Translation } from '../documents/kind';
import { parseDocument } from '../documents/literal';
import { nanosOfTime, otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
/** A block that has no end, of which a value has many lines. */
const MOST_LINES = 20_000;

type Values = Record<string, unknown>;

/** A span, an event or a link: its fields, as they are printed, and its attributes. */
interface Item {
  readonly fields: Record<string, string>;
  readonly attributes: Values;
}

interface Block extends Item {
  readonly events: Item[];
  readonly links: Item[];
  lines: number;
}

/** A value whose end has not come: only the next line that is none of it tells. */
interface Open {
  readonly into: Values;
  readonly key: string;
  readonly lines: string[];
}

const none = (): Record<string, never> => Object.create(null);

export function collectorDebug(): LineKind {
  const reader = new Reader();
  return { format: 'collector-debug', line: (text) => reader.line(text), end: () => reader.end() };
}

class Reader {
  private resource: Values = none();
  private scope: { name?: string; version?: string; attributes: Values } = { attributes: none() };
  private block: Block | undefined;
  /** Where attributes go, and fields of an event or a link. */
  private into: Values | undefined;
  private item: Item | undefined;
  private open: Open | undefined;

  line(text: string): Translation | undefined {
    const line = text.trim();
    const heading = likeHeading.test(line) ? headings.find(({ pattern }) => pattern.test(line)) : undefined;
    if (heading) return this.heading(heading.is, line);
    if (line.startsWith('-> ')) {
      this.close();
      this.entry(line.slice(3));
      return undefined;
    }
    if (this.open) {
      this.open.lines.push(text);
      return this.counted();
    }
    const field = /^([A-Z][A-Za-z ]{1,25}?) *:(?: (.*))?$/.exec(line);
    if (field && this.block && !this.into && !this.item) this.block.fields[field[1]] = (field[2] ?? '').trim();
    return this.counted();
  }

  end(): Translation | undefined {
    const last = this.finish();
    this.resource = none();
    this.scope = { attributes: none() };
    return last;
  }

  private finish(): Translation | undefined {
    this.close();
    const { block } = this;
    this.block = undefined;
    this.into = undefined;
    this.item = undefined;
    if (!block || (block.fields['Trace ID'] ?? '') === '' || (block.fields.ID ?? '') === '') return undefined;
    return spanOf(block, this.resource, this.scope);
  }

  private counted(): Translation | undefined {
    return this.block && ++this.block.lines > MOST_LINES ? this.finish() : undefined;
  }

  private heading(is: Heading, line: string): Translation | undefined {
    const { block } = this;
    // Of the span at hand; other records have attributes as well.
    if (is === 'attributes' || is === 'list' || is === 'item') {
      this.close();
      this.into = is === 'attributes' ? block?.attributes : undefined;
      this.item = undefined;
      if (is === 'item' && block) {
        this.item = { fields: none(), attributes: none() };
        (line.startsWith('SpanEvent') ? block.events : block.links).push(this.item);
      }
      return undefined;
    }
    const before = this.finish();
    if (is === 'span') this.block = { fields: none(), attributes: none(), events: [], links: [], lines: 0 };
    else if (is === 'resource') {
      this.resource = none();
      this.scope = { attributes: none() };
      if (line.endsWith(':')) this.into = this.resource;
    } else if (is === 'scopes') this.scope = { attributes: none() };
    else if (is === 'scope') {
      const [name, version] = twoWords(line);
      this.scope = { name, version, attributes: this.scope.attributes };
    } else if (is === 'scopeAttributes') this.into = this.scope.attributes;
    return before;
  }

  /** What stands behind an arrow. */
  private entry(line: string): void {
    if (/^Attributes::?$/.test(line)) {
      this.into = this.item?.attributes;
      return;
    }
    const colon = line.indexOf(': ') < 0 && line.endsWith(':') ? line.length - 1 : line.indexOf(': ');
    if (colon < 1) return;
    const key = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (this.into) this.open = { into: this.into, key, lines: [value] };
    else if (this.item) this.item.fields[key] = value;
  }

  private close(): void {
    const { open } = this;
    this.open = undefined;
    if (open) open.into[open.key] = plainValue(open.lines.join('\n').trimEnd());
  }
}

type Heading = 'resource' | 'scopes' | 'scope' | 'scopeAttributes' | 'span' | 'attributes' | 'list' | 'item' | 'end';

/** Most lines begin otherwise. */
const likeHeading = /^[A-Z\d{]|ResourceSpans #\d+$/;

/** Looked at in this order. */
const headings: readonly { readonly pattern: RegExp; readonly is: Heading }[] = [
  { pattern: /^Span #\d+$/, is: 'span' },
  { pattern: /^Span(?:Event|Link) #\d+$/, is: 'item' },
  { pattern: /^Attributes:$/, is: 'attributes' },
  { pattern: /^(?:Events|Links|Resource entity refs):$/, is: 'list' },
  // The first line of all has the time of the log before it.
  { pattern: /\bResourceSpans #\d+$|^Resource (?:attributes|labels):$/, is: 'resource' },
  { pattern: /^(?:ScopeSpans|InstrumentationLibrarySpans) #\d+$/, is: 'scopes' },
  { pattern: /^Instrumentation(?:Scope|Library) attributes:$/, is: 'scopeAttributes' },
  { pattern: /^Instrumentation(?:Scope|Library)(?: |$)/, is: 'scope' },
  // Of other signals, and the next line of the log.
  { pattern: /\bResource(?:Metrics|Logs?|Profiles) #\d+$|^\{"(?:otelcol|kind|resource)|^\d{4}-\d\d-\d\dT\S+\s+\w+\s/, is: 'end' },
];

/** `InstrumentationScope name version`; a name may have spaces. */
function twoWords(line: string): [string, string | undefined] {
  const words = line.slice(line.indexOf(' ') + 1).trim();
  if (!line.includes(' ')) return ['', undefined];
  const space = words.lastIndexOf(' ');
  return space < 0 ? [words, undefined] : [words.slice(0, space).trim(), words.slice(space + 1)];
}

/** Of `Str(text)`, `INT(5)`, `Slice(["a"])`. */
function plainValue(text: string): unknown {
  const bracket = text.indexOf('(');
  if (bracket < 0) return text === 'NULL' || text === '' ? null : text;
  const inner = text.slice(bracket + 1, text.endsWith(')') ? -1 : undefined);
  switch (text.slice(0, bracket).toUpperCase()) {
    case 'STR':
    case 'STRING':
    case 'BYTES':
      return inner;
    case 'INT':
      return /^-?\d{1,19}$/.test(inner) ? BigInt(inner) : inner;
    case 'DOUBLE':
      return Number(inner);
    case 'BOOL':
      return inner === 'true';
    case 'SLICE':
    case 'MAP':
    case 'ARRAY':
      return parseDocument(`{"value":${inner}}`)?.value ?? inner;
    case 'EMPTY':
      return null;
    default:
      return text;
  }
}

function spanOf({ fields, attributes, events, links }: Block, resource: Values, scope: object): Translation {
  const status = lastWord(fields['Status code']);
  return otlpOf([
    {
      traceId: fields['Trace ID'],
      spanId: fields.ID,
      parentSpanId: fields['Parent ID'],
      traceState: fields.TraceState,
      name: fields.Name ?? '',
      kind: Math.max(0, kinds.indexOf(lastWord(fields.Kind))),
      start: nanosOfTime(fields['Start time']),
      end: nanosOfTime(fields['End time']),
      attributes,
      events: events.map((event) => ({
        name: event.fields.Name ?? '',
        time: nanosOfTime(event.fields.Timestamp),
        attributes: event.attributes,
      })),
      links: links.map((link) => ({
        traceId: link.fields['Trace ID'],
        spanId: link.fields.ID,
        attributes: link.attributes,
      })),
      status: status === 'ERROR' ? 2 : status === 'OK' ? 1 : 0,
      statusMessage: fields['Status message'],
      resource,
      scope,
      dropped: {
        attributes: countOf(fields.DroppedAttributesCount),
        events: countOf(fields.DroppedEventsCount),
        links: countOf(fields.DroppedLinksCount),
      },
    },
  ]);
}

/** `SERVER` of `SPAN_KIND_SERVER`, of `Server` and of `SERVER`. */
function lastWord(text = ''): string {
  return text.slice(text.lastIndexOf('_') + 1).toUpperCase();
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
