/** What went into a server against what came out of it, span by span and field by field, but for what the server is known to lose. */
import type { Loss } from './losses';
import type { PlainSpan } from './plainSpans';

/**
 * What differs, one line each; empty: the spans are equal. Spans are paired by their ids, and by service and start where several have one id.
 * @param input what was sent, of one trace
 * @param got what came back
 * @param losses of the server; changes `input` into what is to be expected
 */
export function compareSpans(input: readonly PlainSpan[], got: readonly PlainSpan[], losses: readonly Loss[] = []): string[] {
  let expected = input;
  let actual = got;
  for (const { expect = same, forget = same } of losses) {
    expected = forget(expect(expected));
    actual = forget(actual);
  }
  const left = sorted(expected);
  const right = sorted(actual);
  if (left.length !== right.length) {
    const ids = (spans: readonly PlainSpan[]): string => spans.map(({ spanId }) => spanId).join(' ');
    return [`${left.length} spans were expected, ${right.length} came: ${ids(left)} | ${ids(right)}`];
  }
  return left.flatMap((span, index) => differences(span, right[index]));
}

const same = (spans: readonly PlainSpan[]): readonly PlainSpan[] => spans;

function sorted(spans: readonly PlainSpan[]): PlainSpan[] {
  const keyOf = ({ spanId, resource, start }: PlainSpan): string =>
    `${spanId} ${resource['service.name']?.stringValue ?? ''} ${start}`;
  return [...spans].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function differences(expected: PlainSpan, got: PlainSpan): string[] {
  const told: string[] = [];
  const compare = (path: string, left: unknown, right: unknown): void => {
    if (isRecord(left) && isRecord(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) compare(`${path}.${key}`, left[key], right[key]);
    } else if (text(left) !== text(right)) {
      told.push(`${expected.spanId} "${expected.name}" ${path.slice(1)}: ${text(left)} was expected, ${text(right)} came`);
    }
  };
  compare('', expected, got);
  return told;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'nothing';
