/**
 * Programs of other machines: let in by a token, which those of this machine do not need. There are none as long as nobody asked for another address
 * than loopback.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Incoming } from './exchanges';

/** An address beside loopback, and what whoever comes over it has to know. */
export interface Foreign {
  /** An IP address of this machine; `0.0.0.0` or `::`: all of them. */
  readonly host: string;
  readonly token: string;
}

/** Whether an address is this machine's own, which no packet from elsewhere can have. Source: RFC 1122, 3.2.1.3; RFC 4291, 2.5.3 and 2.5.5.2. */
export function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address ?? '');
}

/** All addresses, loopback's among them. */
export function isWildcard(host: string): boolean {
  return /^[0.]+$/.test(host) || /^[0:]+$/.test(host);
}

/**
 * Whether a request from another machine has the token. Digests are compared, so that the time says nothing of the token nor of its length.
 * Source of the header: RFC 6750, 2.1. Of gRPC it is metadata of the same name.
 */
export function hasToken({ headers }: Pick<Incoming, 'headers'>, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return token !== '' && timingSafeEqual(digest(given), digest(token));
}

/** Addresses of a connection. */
export function addressesOf({ socket }: Pick<Incoming, 'socket'>): {
  readonly from: string | undefined;
  readonly to: string | undefined;
} {
  const { remoteAddress, localAddress } = socket;
  return { from: remoteAddress, to: localAddress };
}

/** Whether a `Host` header names the address at which a request arrived: a page that was led here by a name of its own names that. */
export function namesAddress(host: string | undefined, address: string | undefined): boolean {
  const name = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/i.exec(host ?? '');
  const named = name?.[1] ?? name?.[2];
  if (named === undefined || address === undefined || isIP(named) === 0) return false;
  return plain(named) === plain(address);
}

/** An IPv4 address may come in the clothes of IPv6. */
function plain(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
