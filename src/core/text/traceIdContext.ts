/** What stands around an id and says that it is a trace's, or which span is meant. Each look is at a bounded stretch of the line. */

/** UTF-16 units before an id in which its key is looked for: consoles pad keys to columns. */
const keyReach = 80;
const spanReach = 200;

/** Between a key and its value: `=`, `: "`, `\":\"`, `=>`, `%22:%22`, `(`, or spaces alone. */
const gap = String.raw`(?:\\*["'\x60\]]|%22)?\s{0,32}(?:=>|[:=(]|%3a|%3d)?\s{0,32}(?:\\*["'\x60<[]|%22|%5b|\[\\*")?(?:0x)?`;
const traceKeys = new RegExp(
  '(?:^|[^0-9a-z])(?:' +
    [
      // With whatever before it: `otelTraceID`, `X-B3-TraceId`, `LogRecord.TraceId`, `uber-trace-id`.
      String.raw`[\w.@-]{0,40}trace[._ -]?id`,
      '@tr',
      '(?:x-)?b3',
      'sentry-trace',
      'x-cloud-trace-context',
      String.raw`[\w.@-]{0,40}traceparent`,
    ].join('|') +
    `)${gap}$`,
  'i',
);
/** A bare "trace" is a word of English as well, so that it needs a sign after it, or the word before. */
const traceWord = /(?:^|[^0-9a-z])trace(?:\\*["'`]|%22)?\s{0,8}(?:=>|[:=(#]|\s)\s{0,8}(?:\\*["'`<[]|%22)?(?:0x)?$/i;
/** `/trace/<id>`, `/api/traces/<id>`, `projects/p/traces/<id>`; in Grafana's Explore the query itself. */
const tracePath = /(?:^|[/#])traces?(?:\/|%2f)$/i;
const explore = /\/explore\?.{0,460}query(?:"|%22|=)(?::|%3a)?(?:"|%22)?$/i;
/** Datadog's ids are decimal, and of its own traces. Stack traces have no trace ids. */
const foreign = /(?:^|[^0-9a-z])(?:dd[._]|[a-z]*(?:stack|back)[._ -]?)trace/i;

/** The key or path right before a value that says that it is a trace id; undefined when nothing does. */
export function keyBefore(line: string, start: number): string | undefined {
  const before = line.slice(Math.max(0, start - keyReach), start);
  const key = traceKeys.exec(before) ?? traceWord.exec(before) ?? tracePath.exec(before);
  if (key) return foreign.test(before.slice(Math.max(0, key.index - 8))) ? undefined : key[0];
  if (!/query(?:"|%22|=)/i.test(before)) return undefined;
  return explore.exec(line.slice(Math.max(0, start - 512), start))?.[0];
}

const spanKey = String.raw`(?:[\w.@-]{0,40}span[._ -]?id|span|@sp|uiFind)${gap}`;
const spanAfter = new RegExp(`(?<![0-9a-z_.-])${spanKey}([0-9a-f]{16})(?![0-9a-z_])`, 'gi');

/**
 * The id of the span that a key names beside a trace id: the first after it, else the last before it.
 * @param from what stands before belongs to another trace id
 */
export function spanAround(line: string, from: number, start: number, end: number): string | undefined {
  const after = line.slice(end, end + spanReach);
  const cut = after.search(/trace[._ -]?id/i);
  const [first] = spansIn(cut < 0 ? after : after.slice(0, cut));
  return first ?? spansIn(line.slice(Math.max(from, start - spanReach), start)).at(-1);
}

function spansIn(text: string): string[] {
  return [...text.matchAll(spanAfter)]
    .filter((match) => !/parent/i.test(match[0]) && !/^0+$/.test(match[1]))
    .map((match) => match[1].toLowerCase());
}
