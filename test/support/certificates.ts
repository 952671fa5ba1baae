/** Certificates for tests, made in the moment: an authority and what it signs. X.509 version 3 with keys of P-256 (RFC 5280, RFC 5758). */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Signed {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly name: string;
}

export interface CertificateOptions {
  /** Names and addresses of hosts; default: localhost and 127.0.0.1. */
  readonly hosts?: readonly string[];
  /** Who signs it; without it, it signs itself. */
  readonly by?: Signed;
  /** It may sign others. */
  readonly isAuthority?: boolean;
  /** Days from now; default: from yesterday, for a week. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** The key is encrypted with it. */
  readonly passphrase?: string;
}

const dayMs = 86_400_000;

export function makeCertificate(name: string, options: CertificateOptions = {}): Signed {
  const { hosts = ['localhost', '127.0.0.1'], by, isAuthority = false, fromDays = -1, toDays = 7, passphrase } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(objectId(1, 2, 840, 10045, 4, 3, 2));
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(by?.name ?? name),
    sequence(time(Date.now() + fromDays * dayMs), time(Date.now() + toDays * dayMs)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      3,
      sequence(
        extension(objectId(2, 5, 29, 19), isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence()),
        ...(isAuthority ? [] : [extension(objectId(2, 5, 29, 17), sequence(...hosts.map(hostName)))]),
      ),
    ),
  );
  const signature = sign('sha256', body, by?.privateKey ?? privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = whole
    .toString('base64')
    .match(/.{1,64}/g)
    ?.join('\n');
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString(),
    privateKey,
    name,
  };
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const tagged = (number: number, content: Buffer): Buffer => der(0xa0 + number, content);

function objectId(first: number, second: number, ...rest: readonly number[]): Buffer {
  const base128 = (value: number): number[] => {
    const digits = [value & 0x7f];
    for (let left = value >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function nameOf(common: string): Buffer {
  return sequence(der(0x31, sequence(objectId(2, 5, 4, 3), der(0x0c, Buffer.from(common)))));
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(text));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value));
}

function hostName(host: string): Buffer {
  return /^[\d.]+$/.test(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
}
