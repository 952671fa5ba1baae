/**
 * Asks a backend that is not saved yet, at each address that what was typed may mean, until one answers; and finds out of what kind it is, where that is
 * not said or not so. Nothing is sent but the question what it is, and a credential only to the origin that it was given for.
 */

import type { Backend, BackendSettings, OptionValue, ServerFacts } from '../../backends/common/backend';
import type { BackendDescriptor } from '../../backends/common/descriptor';
import { failureOf } from '../../backends/common/failures';
import { choicesIn } from '../../backends/common/grafanaField';
import { type Recognised, recognise } from '../../backends/common/recognise';
import type { Transport } from '../../backends/common/transport';
import { receiverAt } from '../../backends/common/typedAddress';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';

/** How backends are asked that are not saved. */
export interface Asking {
  readonly kinds: readonly BackendDescriptor[];
  unsaved(settings: BackendSettings): Promise<Backend>;
  readonly transport: Transport;
}

/** A backend as it would be, but for its address. */
export interface Question {
  /** Base addresses, in the order of likelihood. */
  readonly urls: readonly string[];
  /** Undefined: whatever answers. */
  readonly kind: BackendDescriptor | undefined;
  readonly name?: string;
  readonly headers?: BackendSettings['headers'];
  readonly options?: Readonly<Record<string, OptionValue>>;
}

export interface Trial {
  readonly url: string;
  /** Undefined: nobody knows. */
  readonly kind: BackendDescriptor | undefined;
  /** What it says of itself; undefined: it did not answer as it should. */
  readonly facts?: ServerFacts;
  readonly error?: SpanhopError;
  /** The kind that it is instead. */
  readonly other?: BackendDescriptor;
  /** Names of Grafana's data sources of the kind, of which one has to be chosen. */
  readonly dataSources?: readonly string[];
}

/** The address that answers, or the failure that tells most. Rejects with `Cancelled`. */
export async function tryBackend(question: Question, asking: Asking, signal: AbortSignal): Promise<Trial> {
  let first: Trial | undefined;
  for (const url of question.urls) {
    const trial = await tryAddress(question, url, asking, signal);
    if (trial.error === undefined) return trial;
    first ??= trial;
    // What is there, and asks for something, is what was meant.
    if (trial.other || trial.dataSources || !mayBeElsewhere(url, trial.error)) return trial;
  }
  return first ?? { url: '', kind: undefined, error: new SpanhopError('NotFound', 'There is no address to ask.') };
}

/** Backends that answer at the usual ports of this machine. Rejects with `Cancelled`. */
export async function lookAround(asking: Asking, signal: AbortSignal): Promise<readonly Trial[]> {
  const trials = localAddresses(asking.kinds).map(async (url): Promise<Trial | undefined> => {
    try {
      const found = await recognise(url, asking.kinds, asking.transport, signal);
      return found?.kind && (await tryKind({ urls: [url], kind: found.kind }, found.kind, url, asking, signal));
    } catch (error) {
      throwIfAborted(signal);
      if (toErrorData(error).kind === 'Cancelled') throw error;
      return undefined;
    }
  });
  return (await Promise.all(trials)).filter((trial) => trial !== undefined);
}

/** Where kinds listen on this machine, and Grafana. Each once. */
export function localAddresses(kinds: readonly BackendDescriptor[]): readonly string[] {
  const ports = kinds.flatMap(({ defaultPort }) => defaultPort ?? []);
  return [...new Set([...ports, 3000])].map((port) => `http://localhost:${port}`);
}

async function tryAddress(question: Question, url: string, asking: Asking, signal: AbortSignal): Promise<Trial> {
  const { kind } = question;
  try {
    if (kind) return await tryKind(question, kind, url, asking, signal);
    const found = await recognise(url, asking.kinds, asking.transport, signal);
    if (found?.kind) return await tryKind(question, found.kind, url, asking, signal);
    return { url, kind, error: receiver(url) ?? unknown(url, found) };
  } catch (error) {
    throwIfAborted(signal);
    const data = toErrorData(error);
    if (data.kind === 'Cancelled') throw error;
    return { url, kind, error: receiver(url) ?? new SpanhopError(data.kind, data.message, data.detail) };
  }
}

async function tryKind(
  { name = '', headers, options = {} }: Question,
  kind: BackendDescriptor,
  url: string,
  asking: Asking,
  signal: AbortSignal,
): Promise<Trial> {
  try {
    const backend = await asking.unsaved({ name: name === '' ? kind.label : name, type: kind.type, url, headers, options });
    return { url, kind, facts: await backend.describe(signal) };
  } catch (error) {
    throwIfAborted(signal);
    const data = toErrorData(error);
    if (data.kind === 'Cancelled') throw error;
    const said = { url, kind, error: receiver(url) ?? new SpanhopError(data.kind, data.message, data.detail) };
    const dataSources = choicesIn(data);
    if (dataSources.length > 0) return { ...said, dataSources };
    if (failureOf(data) !== 'stranger') return said;
    const found = await recognise(url, asking.kinds, asking.transport, signal).catch(() => undefined);
    throwIfAborted(signal);
    if (!found || found.kind === kind) return said;
    const message = `This is ${found.name}, not ${kind.label}: ${new URL(url).host} answers as ${found.name} does.${adviceOn(found)}`;
    return { ...said, error: new SpanhopError('BadData', message, data.detail), other: found.kind };
  }
}

function unknown(url: string, found: Recognised | undefined): SpanhopError {
  const { host } = new URL(url);
  const message = found
    ? `This is ${found.name}: ${host} answers, and its traces cannot be listed.`
    : `${host} answers, and as none of the backends that are known here. Check the address and its base path, or choose the kind.`;
  return new SpanhopError('BadData', message);
}

function adviceOn({ kind, name }: Recognised): string {
  return kind && kind.label !== name ? ` Its traces can be asked for as ${kind.label}, through it.` : '';
}

/** What is wrong with an address where programs send to. */
function receiver(url: string): SpanhopError | undefined {
  const what = receiverAt(url);
  if (what === undefined) return undefined;
  const message = `${new URL(url).host} is where programs send their traces to (${what}); they are listed from elsewhere. Jaeger's page has the port 16686.`;
  return new SpanhopError('BadData', message);
}

/**
 * Whether the same host may answer under the other scheme. What has a certificate that cannot be trusted answers: it is not asked again without one.
 */
function mayBeElsewhere(url: string, error: SpanhopError): boolean {
  const failure = failureOf(error);
  return url.startsWith('https:')
    ? failure === 'refused' || failure === 'protocol' || failure === 'timeout' || failure === 'other'
    : failure === 'protocol' || failure === 'stranger' || failure === 'other';
}
