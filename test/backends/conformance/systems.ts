/** The real servers, each with how it is filled with the same thousand traces, how its connector is set up, and what it keeps of a span. */
import type { BackendSettings } from '../../../src/backends/common/backend';
import { jaegerLegacyLosses, jaegerV3Losses, type Loss, tempoLosses } from '../../support/losses';
import type { PlainSpan } from '../../support/plainSpans';
import type { Found, Running } from '../servers/server.mjs';
import { realServers } from '../servers/servers.mjs';
import { putSegments, region } from '../system/awsSdk';
import { otlpRequest, xraySegments, zipkinSpans } from '../system/ownFormats';
import { sendThroughSdk } from '../system/realSdk';
import type { Feature } from './queries';

type Traces = readonly (readonly PlainSpan[])[];

export interface RealSystem {
  /** As in `realServers`. */
  readonly server: string;
  readonly label: string;
  readonly find: () => Found;
  readonly start: (path: string | undefined) => Promise<Running>;
  /** Sends half of the traces through an SDK with its exporter, half in the server's own format; resolves when all can be found. */
  readonly fill: (running: Running, traces: Traces) => Promise<void>;
  readonly settings: (running: Running) => Partial<BackendSettings> & { readonly type: string };
  /** Traces that it takes, where it refuses some; default: all. */
  readonly takes?: (trace: readonly PlainSpan[]) => boolean;
  /** What of a query its spans cannot answer, and why. */
  readonly lacks: Readonly<Partial<Record<Feature, string>>>;
  /** Between a trace that was sent and the one that comes back; undefined: its form is too far from OTLP's to be compared field by field. */
  readonly losses?: readonly Loss[];
}

/** Spans of one request. */
const PER_REQUEST = 500;

async function post(url: string, body: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  await answer.arrayBuffer();
}

function halves(traces: Traces): readonly [Traces, Traces] {
  return [traces.filter((_, index) => index % 2 === 0), traces.filter((_, index) => index % 2 === 1)];
}

async function inParts<T>(items: readonly T[], send: (part: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += PER_REQUEST) await send(items.slice(at, at + PER_REQUEST));
}

async function fillOverOtlp({ otlp }: Running, traces: Traces): Promise<void> {
  const [first, second] = halves(traces);
  const url = `${otlp}/v1/traces`;
  await sendThroughSdk(first, { package: '@opentelemetry/exporter-trace-otlp-proto', name: 'OTLPTraceExporter', url });
  await inParts(second.flat(), (spans) => post(url, otlpRequest(spans)));
}

/** Asks until the answer is the one that is waited for. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} has not come within a minute.`);
    await new Promise((resolve) => setTimeout(resolve, 250)); // a store tells nobody that it is done
  }
}

function server(name: string): Pick<RealSystem, 'server' | 'label' | 'find' | 'start'> {
  const found = realServers.find((one) => one.name === name);
  if (!found) throw new Error(`There is no server ${name}.`);
  return { server: name, label: found.label, find: found.find, start: (path) => found.start(path) };
}

const sdkFlags: Loss = {
  what: 'flags',
  how: 'the SDK sets what it knows of the sampling',
  forget: (trace) => trace.map((span) => ({ ...span, flags: 0, links: span.links.map((link) => ({ ...link, flags: 0 })) })),
};

const inJaegersDocuments = {
  'link attributes': 'its references have none',
  lists: 'they are JSON texts',
  nanoseconds: 'its times are microseconds',
};
const inTexts = 'its values are texts';

export const realSystems: readonly RealSystem[] = [
  {
    ...server('jaeger'),
    fill: fillOverOtlp,
    settings: ({ url }) => ({ type: 'jaeger', url }),
    lacks: {},
    losses: [sdkFlags, ...jaegerV3Losses],
  },
  {
    ...server('jaeger'),
    label: 'Jaeger, older API',
    fill: fillOverOtlp,
    settings: ({ url }) => ({ type: 'jaeger', url, options: { api: 'legacy' } }),
    lacks: inJaegersDocuments,
    losses: [sdkFlags, ...jaegerLegacyLosses],
  },
  {
    ...server('zipkin'),
    fill: async ({ url, otlp }, traces) => {
      const [first, second] = halves(traces);
      // The exporter writes fractions of a microsecond, which the server refuses; the SDK's own times have none.
      const whole = first.map((spans) => spans.map((span) => ({ ...span, start: (span.start / 1000n) * 1000n })));
      await sendThroughSdk(whole, { package: '@opentelemetry/exporter-zipkin', name: 'ZipkinExporter', url: otlp });
      await inParts(second.flatMap(zipkinSpans), (spans) => post(otlp, JSON.stringify(spans)));
      await until('The last trace', async () => (await fetch(`${url}/api/v2/trace/${traces[traces.length - 1][0].traceId}`)).ok);
    },
    settings: ({ url }) => ({ type: 'zipkin', url }),
    lacks: {
      nanoseconds: 'its times are microseconds',
      lists: inTexts,
      'event attributes': 'its annotations are a time and a text',
      links: 'it has none',
      'link attributes': 'it has no links',
      scope: 'only the exporter sends it, as a tag',
      ok: 'it knows errors only',
      spans: 'both sides of a call are one span',
      'status message': 'it is the tag error of the exporter',
    },
  },
  {
    ...server('opensearch'),
    fill: async (running, traces) => {
      await fillOverOtlp(running, traces);
      const spans = traces.flat().length;
      await until('The last span', async () => {
        await fetch(`${running.url}/_refresh`, { method: 'POST' });
        const answer = await fetch(`${running.url}/spanhop-jaeger-span-*/_count`);
        return answer.ok && (await answer.json()).count >= spans;
      });
    },
    settings: ({ url }) => ({ type: 'elasticsearch', url, options: { indexPrefix: 'spanhop' } }),
    lacks: inJaegersDocuments,
    losses: [sdkFlags, ...jaegerLegacyLosses],
  },
  {
    ...server('xray'),
    fill: ({ url }, traces) => putSegments(url, traces.flatMap(xraySegments)),
    // The beginning of an id is its time; one of 64 bits would be of 1970.
    takes: ([{ traceId }]) => !traceId.startsWith('00000000'),
    settings: ({ url }) => ({ type: 'xray', url, options: { region, endpoint: url, scan: true } }),
    lacks: {
      nanoseconds: 'its times are seconds as decimal fractions',
      lists: 'an annotation is one value',
      resource: 'its segments have a name and no resource',
      'event attributes': 'it has exceptions only',
      events: 'it has exceptions only',
      links: 'our segments have none',
      'link attributes': 'our segments have no links',
      scope: 'it has none',
      kinds: 'a segment serves, a subsegment calls',
      ok: 'it knows errors only',
      'status message': 'it is the message of an exception',
      keys: 'keys have letters, digits and underscores',
      types: 'keys have letters, digits and underscores',
      spans: 'the callers of others are segments of their own names',
      names: 'a segment has the name of its service',
    },
  },
  {
    ...server('tempo'),
    fill: async (running, traces) => {
      await fillOverOtlp(running, traces);
      // Searched is what was idle for some seconds.
      const times = traces.flat().map(({ start }) => Number(start / 1_000_000_000n));
      const window = `start=${Math.min(...times) - 60}&end=${Math.max(...times) + 60}&limit=${traces.length * 2}`;
      await until('The last trace', async () => {
        const answer = await fetch(`${running.url}/api/search?q=${encodeURIComponent('{}')}&${window}`);
        return answer.ok && (await answer.json()).traces.length >= traces.length;
      });
    },
    settings: ({ url }) => ({ type: 'tempo', url }),
    lacks: {},
    losses: [sdkFlags, ...tempoLosses],
  },
];
