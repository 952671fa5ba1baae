/**
 * Spans as the stdout exporter of OpenTelemetry for Rust prints them: `Spans`, the resource, then a block of lines each, which begins with `Span #0`.
 * Source: opentelemetry-rust, opentelemetry-stdout/src/trace/exporter.rs.
 */

import type { LineKind, Translation } from '../documents/kind';
import { nanosOfTime, otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
/** A block that has no end. */
const MOST_LINES = 5_000;

interface Item {
  readonly fields: Record<string, string>;
  readonly attributes: Record<string, unknown>;
}

interface Block extends Item {
  readonly scope: Item;
  readonly events: Item[];
  readonly links: Item[];
  /** What fields and attributes are of. */
  at: Item;
  lines: number;
}

const none = (): Record<string, never> => Object.create(null);
const item = (): Item => ({ fields: none(), attributes: none() });

export function rustConsole(): LineKind {
  let resource: Record<string, unknown> = none();
  let isResource = false;
  let block: Block | undefined;
  const finish = (): Translation | undefined => {
    const done = block;
    block = undefined;
    return done && done.fields.TraceId !== undefined && done.fields.SpanId !== undefined ? spanOf(done, resource) : undefined;
  };
  return {
    format: 'rust-console',
    line(text) {
      const line = text.trim();
      if (/^Span #\d+$/.test(line) || line === 'Spans' || line === 'Resource') {
        const before = finish();
        isResource = line === 'Resource';
        if (isResource) resource = none();
        else if (line !== 'Spans') block = { ...item(), scope: item(), events: [], links: [], at: item(), lines: 0 };
        return before;
      }
      if (!block) {
        // `->  key=value`
        const equals = line.indexOf('=');
        if (isResource && line.startsWith('-> ') && equals > 0)
          resource[line.slice(3, equals).trim()] = plainValue(line.slice(equals + 1));
        return undefined;
      }
      if (++block.lines > MOST_LINES) return finish();
      take(block, line);
      return undefined;
    },
    end() {
      const last = finish();
      resource = none();
      return last;
    },
  };
}

function take(block: Block, line: string): void {
  if (line === 'Instrumentation Scope') block.at = block.scope;
  else if (/^(?:Event|Link) #\d+$/.test(line)) {
    block.at = item();
    (line.startsWith('Event') ? block.events : block.links).push(block.at);
  } else if (line.startsWith('-> ')) {
    const colon = line.indexOf(': ');
    if (colon > 0) block.at.attributes[line.slice(3, colon).trim()] = plainValue(line.slice(colon + 2));
  } else {
    const colon = line.indexOf(':');
    if (colon < 1) {
      // An empty line ends the scope.
      if (line === '') block.at = block;
      return;
    }
    block.at.fields[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
}

function spanOf({ fields, attributes, scope, events, links }: Block, resource: Record<string, unknown>): Translation {
  const status = fields.Status ?? '';
  return otlpOf([
    {
      traceId: fields.TraceId,
      spanId: fields.SpanId,
      parentSpanId: /^[0-9a-f]{16}$/.test(fields.ParentSpanId ?? '') ? fields.ParentSpanId : undefined,
      name: fields.Name ?? '',
      kind: Math.max(0, kinds.indexOf(fields.Kind)),
      start: nanosOfTime(fields['Start time']),
      end: nanosOfTime(fields['End time']),
      attributes,
      events: events.map((event) => ({
        name: event.fields.Name ?? '',
        time: nanosOfTime(event.fields.Timestamp),
        attributes: event.attributes,
      })),
      links: links.map((link) => ({
        traceId: link.fields.TraceId,
        spanId: link.fields.SpanId,
        attributes: link.attributes,
      })),
      status: status.startsWith('Error') ? 2 : status === 'Ok' ? 1 : 0,
      statusMessage: plain(/^Error \{ description: (.*) \}$/.exec(status)?.[1]),
      resource,
      scope: { name: plain(scope.fields.Name), version: plain(scope.fields.Version), attributes: scope.attributes },
    },
  ]);
}

/** Of Rust's `Debug`: `String(Owned("text"))`, `I64(5)`, `F64(0.5)`, `Bool(true)`. */
function plainValue(text: string): unknown {
  const number = /^(I64|F64)\(([^)]{1,40})\)$/.exec(text);
  if (number) return number[1] === 'I64' && /^-?\d{1,19}$/.test(number[2]) ? BigInt(number[2]) : Number(number[2]);
  if (text === 'Bool(true)' || text === 'Bool(false)') return text === 'Bool(true)';
  const quote = text.indexOf('"');
  const end = text.lastIndexOf('"');
  return text.startsWith('String(') && end > quote ? unescaped(text.slice(quote + 1, end)) : text;
}

/** `{:?}` of a name has quotes. */
function plain(text: string | undefined): string | undefined {
  return text?.startsWith('"') === true && text.length > 1 ? unescaped(text.slice(1, -1)) : text;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]{1,6})\}|(.))/g, (_, code: string | undefined, char: string) =>
    code === undefined ? (escapes[char] ?? char) : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)),
  );
}
