/**
 * What answers at an address: each kind has a question that its servers alone answer so. Beside the kinds there are servers that people have at the
 * address and that are no backends themselves. Source: Grafana's documentation, "Health API".
 */

import { SpanhopError } from '../../base/errors';
import type { BackendDescriptor, Recognition } from './descriptor';
import { address, looksLikeJson } from './http';
import type { Transport } from './transport';

/** What is there. */
export interface Recognised {
  /** As which it can be added. */
  readonly kind?: BackendDescriptor;
  /** As people name it. */
  readonly name: string;
}

const grafana: Recognition = {
  path: '/api/health',
  isIt: ({ body }, text) => looksLikeJson(body) && /"database"\s*:\s*"/.test(text) && /"(?:version|commit)"/.test(text),
};

/** What a kind has in its fields that can be asked through Grafana. */
const throughGrafana = 'datasource';

/** Bytes of an answer that are looked at. */
const beginning = 4096;

/**
 * Undefined: nobody knows what answers. Nothing is read of it but its beginning. Rejects with `Cancelled`, and with the first failure where nothing
 * answers at all.
 * @param url base address
 */
export async function recognise(
  url: string,
  kinds: readonly BackendDescriptor[],
  transport: Transport,
  signal: AbortSignal,
): Promise<Recognised | undefined> {
  const asked = kinds.filter(({ recognition }) => recognition !== undefined);
  const answers = await Promise.all(
    [...asked.map(({ recognition }) => recognition), grafana].map((each) => isThere(each, url, transport, signal)),
  );
  const kind = asked.find((_, i) => answers[i] === true);
  if (kind) return { kind, name: kind.label };
  if (answers.at(-1) === true) {
    const through = kinds.filter(({ fields }) => fields.some(({ name }) => name === throughGrafana));
    // Its own is the likeliest of those that it may have.
    return { kind: through.find(({ label }) => label.startsWith('Grafana')) ?? through[0], name: 'Grafana' };
  }
  const failures = answers.filter((answer) => answer instanceof SpanhopError);
  if (failures.length === answers.length) throw failures[0];
  return undefined;
}

/** Whether one of its paths is answered so, or why none is answered. */
async function isThere(
  recognition: Recognition | undefined,
  url: string,
  transport: Transport,
  signal: AbortSignal,
): Promise<boolean | SpanhopError> {
  if (!recognition) return false;
  const answers = await Promise.all(
    [recognition.path].flat().map((path) => answersSo(recognition, address(url, path), transport, signal)),
  );
  return answers.includes(true) || (answers.find((answer) => answer instanceof SpanhopError) ?? false);
}

async function answersSo(
  { isIt }: Recognition,
  url: string,
  transport: Transport,
  signal: AbortSignal,
): Promise<boolean | SpanhopError> {
  try {
    const response = await transport.request({ method: 'GET', url, maxBytes: 1 << 20 }, signal);
    const text = new TextDecoder().decode(response.body.subarray(0, beginning));
    return response.status < 400 && isIt(response, text);
  } catch (error) {
    if (!(error instanceof SpanhopError) || error.kind === 'Cancelled') throw error;
    return error;
  }
}
