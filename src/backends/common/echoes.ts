/** Errors of servers that repeat the credential they were sent: it would stand in a message and in the log. */

import type { HttpHeaders } from './transport';

/** Shorter ones are words that stand in texts for other reasons. */
const SHORTEST = 8;

/** Of an error's text more is not shown. */
const MOST = 1 << 16;

/** Headers of signatures that are no secrets, and tell what is wrong: times that are off. */
const harmless = /date|sha256|host|content-type/i;

/** Puts asterisks in the place of what proved who asks, at the beginning of an error's body. */
export function hideEchoes(body: Uint8Array<ArrayBuffer>, proof: HttpHeaders): void {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MOST));
  for (const secret of secretsOf(proof))
    for (const written of waysOfWriting(secret))
      for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at))
        text.fill('*', at, at + Buffer.byteLength(written));
}

/** As it is, and as JSON has it, whose slashes may be escaped. */
function waysOfWriting(secret: string): Set<string> {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return new Set([secret, quoted, quoted.replaceAll('/', '\\/')]);
}

/** The values without their scheme; of `Basic` also what is in it. */
function secretsOf(proof: HttpHeaders): string[] {
  return Object.entries(proof)
    .filter(([name]) => !harmless.test(name))
    .flatMap(([, value]) => {
      const [, scheme = '', secret] = /^(?:([A-Za-z][\w-]*) +)?(.*)$/s.exec(value) ?? [];
      if (scheme.toLowerCase() !== 'basic') return [secret];
      const pair = Buffer.from(secret, 'base64').toString();
      return [secret, pair, pair.slice(pair.indexOf(':') + 1)];
    })
    .filter((secret) => secret.length >= SHORTEST);
}
