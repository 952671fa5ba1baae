/**
 * Fetches the OpenTelemetry agent for Java, after a person said so: one version, known by its sum, so that what is run in their programs is what its
 * makers released. The release's file and the one in Maven Central have the same bytes.
 */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TransportOptions } from '../../backends/common/httpTransport';
import type { Transport } from '../../backends/common/transport';
import { SpanhopError, throwIfAborted } from '../../base/errors';
import { writeRegular } from '../../engine/disk/regularFile';

/** A release that is known. */
export interface AgentRelease {
  readonly version: string;
  readonly url: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export const JAVA_AGENT: AgentRelease = {
  version: '2.33.1',
  url: 'https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/download/v2.33.1/opentelemetry-javaagent.jar',
  sha256: 'e43a270df53c6f423e0ab157be9c27ccc01d5dc3232e162fe54777573db2f149',
  bytes: 26_507_624,
};

/** Milliseconds for all of it, on a slow line. */
const timeoutMs = 15 * 60_000;

/** Where it is kept. @param storage folder of the extension, for all windows */
export function downloadedAgent(storage: string, { version }: AgentRelease = JAVA_AGENT): string {
  return join(storage, 'java', `opentelemetry-javaagent-${version}.jar`);
}

/**
 * Fetches and checks it. Never leaves part of it where it is looked for.
 * Rejects with SpanhopError: what the transport rejects with; `BadData` where it is not what was released; `Cancelled`.
 */
export async function downloadAgent(
  connect: (options: TransportOptions) => Transport,
  storage: string,
  signal: AbortSignal,
  release: AgentRelease = JAVA_AGENT,
): Promise<string> {
  const { url, sha256, bytes } = release;
  const transport = connect({ timeoutMs, maxBytes: bytes });
  const headers = { accept: 'application/java-archive, application/octet-stream, */*' };
  const answer = await transport.request({ method: 'GET', url, headers }, signal);
  if (answer.status !== 200) {
    throw new SpanhopError(
      'Unreachable',
      `The OpenTelemetry agent could not be downloaded: ${new URL(url).host} answered with status ${answer.status}. Download it another way, and choose the file.`,
      `status ${answer.status}`,
    );
  }
  if (createHash('sha256').update(answer.body).digest('hex') !== sha256) {
    throw new SpanhopError(
      'BadData',
      'What was downloaded is not the OpenTelemetry agent as it was released, so it is not used. A proxy may have changed it.',
    );
  }
  throwIfAborted(signal);
  const path = downloadedAgent(storage, release);
  const part = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeRegular(part, part, [answer.body]);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return path;
}
