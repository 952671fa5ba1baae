/**
 * Asks a backend that is not saved yet, at each address that what was typed may mean, until one answers. Nothing is sent but the question for its
 * services, and a credential only to the origin that it was given for.
 */

import type { Backend, BackendSettings } from '../../backends/common/backend';
import { failureOf } from '../../backends/common/failures';
import { nameStranger } from '../../backends/common/strangers';
import type { Transport } from '../../backends/common/transport';
import { receiverAt } from '../../backends/common/typedAddress';
import { SpanhopError, throwIfAborted, toErrorData } from '../../base/errors';

/** A backend as it would be. */
export interface Unsaved {
  readonly backend: Backend;
  /** Without credentials. */
  readonly transport: Transport;
}

export interface Trial {
  readonly url: string;
  /** How many services it has; undefined: it did not answer as it should. */
  readonly services?: number;
  readonly error?: SpanhopError;
}

/**
 * The address that answers, or the failure that tells most. Rejects with `Cancelled`.
 * @param urls base addresses, in the order of likelihood
 */
export async function tryBackend(
  urls: readonly string[],
  settings: Omit<BackendSettings, 'url'>,
  make: (settings: BackendSettings) => Promise<Unsaved>,
  signal: AbortSignal,
): Promise<Trial> {
  let first: Trial | undefined;
  for (const url of urls) {
    const trial = await tryOne(await make({ ...settings, url }), url, signal);
    if (trial.error === undefined) return trial;
    first ??= trial;
    // What is there, and asks for something, is what was meant.
    if (!mayBeElsewhere(url, trial.error)) return trial;
  }
  return first ?? { url: '', error: new SpanhopError('NotFound', 'There is no address to ask.') };
}

async function tryOne({ backend, transport }: Unsaved, url: string, signal: AbortSignal): Promise<Trial> {
  try {
    return { url, services: (await backend.describe(signal)).services };
  } catch (error) {
    throwIfAborted(signal);
    const data = toErrorData(error);
    if (data.kind === 'Cancelled') throw error;
    const receiver = receiverAt(url);
    if (receiver !== undefined) {
      const message = `${new URL(url).host} is where programs send their traces to (${receiver}); they are listed from elsewhere. Jaeger's page has the port 16686.`;
      return { url, error: new SpanhopError('BadData', message, data.detail) };
    }
    const stranger = failureOf(data) === 'stranger' ? await nameStranger(url, transport, signal) : undefined;
    return { url, error: new SpanhopError(data.kind, stranger ?? data.message, data.detail) };
  }
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
