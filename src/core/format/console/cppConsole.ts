/**
 * Spans as the ostream exporter of OpenTelemetry for C++ writes them: a block of lines each, in braces, with its fields padded to one width; attributes,
 * which are not, between them.
 * Source: opentelemetry-cpp, exporters/ostream/src/span_exporter.cc.
 */

import { type DocumentKind, type LineKind, scalarOf, type Translation } from '../documents/kind';
import { otlpOf } from '../documents/plainSpan';

const kinds: readonly string[] = ['', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
/** A block that has no end. */
const MOST_LINES = 5_000;

type Section = 'fields' | 'attributes' | 'events' | 'links' | 'resources';

interface Item {
  readonly fields: Record<string, string>;
  readonly attributes: Record<string, unknown>;
}

interface Block extends Item {
  readonly events: Item[];
  readonly links: Item[];
  readonly resource: Record<string, unknown>;
  section: Section;
  /** The event or link at hand. */
  item: Item | undefined;
  lines: number;
}

const none = (): Record<string, never> => Object.create(null);
const lists = new Map<string, Section>([
  ['attributes', 'attributes'],
  ['events', 'events'],
  ['links', 'links'],
  ['resources', 'resources'],
]);
/** Padded, or as long as the padding; an attribute of such a name is not. */
const padded =
  /^(?:(name|trace_id|span_id|tracestate|start|duration|description|span kind|status|timestamp|attributes|events|links|resources|instr-lib) +|(parent_span_id)):(?: (.*))?$/;

export function cppConsole(): LineKind {
  let block: Block | undefined;
  const finish = (): Translation | undefined => {
    const done = block;
    block = undefined;
    return done && done.fields.trace_id !== undefined && done.fields.span_id !== undefined ? spanOf(done) : undefined;
  };
  return {
    format: 'cpp-console',
    line(text) {
      const line = text.trim();
      if (line === '{') {
        const list = block?.section === 'events' ? block.events : block?.section === 'links' ? block.links : undefined;
        if (block && list) {
          block.item = { fields: none(), attributes: none() };
          list.push(block.item);
          return undefined;
        }
        const before = finish();
        block = open();
        return before;
      }
      if (!block) return undefined;
      if (line === '}' && block.item) {
        block.item = undefined;
        return undefined;
      }
      if (line === '}' || ++block.lines > MOST_LINES) return finish();
      take(block, line);
      return undefined;
    },
    end: finish,
  };
}

/** The same as its documentation shows it: JSON, the attributes of the resource among the fields. */
export const cppDocument: DocumentKind = {
  format: 'cpp-console',
  is: (document) =>
    typeof document.trace_id === 'string' && typeof document.span_id === 'string' && document['span kind'] !== undefined,
  translate(document) {
    const block = open();
    for (const [name, value] of Object.entries(document)) {
      if (name.includes('.')) block.resource[name] = value;
      else block.fields[name] = scalarOf(value);
    }
    return spanOf(block);
  },
};

function open(): Block {
  return {
    fields: none(),
    attributes: none(),
    events: [],
    links: [],
    resource: none(),
    section: 'fields',
    item: undefined,
    lines: 0,
  };
}

function take(block: Block, line: string): void {
  const found = padded.exec(line);
  if (!found) {
    const colon = line.indexOf(': ');
    const into = block.item?.attributes ?? (block.section === 'resources' ? block.resource : block.attributes);
    if (colon > 0 && block.section !== 'fields') into[line.slice(0, colon)] = line.slice(colon + 2);
    return;
  }
  const name = found[1] ?? found[2];
  const section = lists.get(name);
  if (block.item) {
    if (section === undefined) block.item.fields[name] = (found[3] ?? '').trim();
  } else if (section) block.section = section;
  else block.fields[name] = (found[3] ?? '').trim();
}

function spanOf({ fields, attributes, events, links, resource }: Block): Translation {
  const start = nanosOf(fields.start);
  const length = nanosOf(fields.duration);
  return otlpOf([
    {
      traceId: fields.trace_id,
      spanId: fields.span_id,
      parentSpanId: fields.parent_span_id,
      traceState: fields.tracestate,
      name: fields.name ?? '',
      kind: Math.max(0, kinds.indexOf(fields['span kind'])),
      start,
      end: start === undefined || length === undefined ? undefined : start + length,
      attributes,
      events: events.map((event) => ({
        name: event.fields.name ?? '',
        time: nanosOf(event.fields.timestamp),
        attributes: event.attributes,
      })),
      links: links.map((link) => ({
        traceId: link.fields.trace_id,
        spanId: link.fields.span_id,
        attributes: link.attributes,
      })),
      status: fields.status === 'Error' ? 2 : fields.status === 'Ok' ? 1 : 0,
      statusMessage: fields.description,
      resource,
      scope: scopeOf(fields['instr-lib'] ?? ''),
    },
  ]);
}

/** `name-1.2.3`: the version begins with a number. */
function scopeOf(text: string): { name: string; version?: string } {
  const at = text.search(/-v?\d+(?:\.|$)/);
  return at < 0 ? { name: text } : { name: text.slice(0, at), version: text.slice(at + 1) };
}

function nanosOf(text = ''): bigint | undefined {
  return /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}
