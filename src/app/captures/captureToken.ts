/** The token with which programs of other machines send to this window's captures: made once, and kept where VS Code keeps secrets. */

import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Secrets } from '../ports/secrets';

const key = 'spanhop.capture.token';
const tokenBytes = 32;

export class CaptureToken {
  constructor(private readonly secrets: Secrets) {}

  async get(): Promise<string> {
    return (await this.secrets.get(key)) ?? this.renew();
  }

  /** Makes another one: the one before is worth nothing any more, once the capture knows it. */
  async renew(): Promise<string> {
    const token = randomBytes(tokenBytes).toString('base64url');
    await this.secrets.store(key, token);
    return token;
  }
}

/** Variables for a program on another machine. The header is in the form of W3C Baggage, in which a space is `%20`. */
export function variablesForOthers(host: string, port: number, token: string): string {
  const address = isIP(host) === 6 ? `[${host}]` : host;
  return `OTEL_EXPORTER_OTLP_ENDPOINT=http://${address}:${port} OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${token}`;
}

/** The address by which others reach this machine, where the setting says all of them: the first that is not loopback's. */
export function reachableHost(host: string): string {
  if (!/^[0.]+$|^[0:]+$/.test(host)) return host;
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const wanted = all.filter(({ internal }) => !internal);
  return (wanted.find(({ family }) => family === 'IPv4') ?? wanted[0])?.address ?? host;
}
