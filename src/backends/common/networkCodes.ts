/**
 * Codes of failed requests in words: of the system, of Node's TLS and HTTP parser, of undici (behind `fetch`) and of zlib. Each is the end of "… cannot
 * be reached: ". Sources: Node's documentation, "Common system errors"; undici, lib/core/errors.js; zlib.h, return codes; llhttp, error codes.
 */

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was closed',
  ECONNABORTED: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network',
  EADDRNOTAVAIL: 'its address cannot be used from this machine',
  EACCES: 'this machine does not permit the connection',
  EPERM: 'this machine does not permit the connection',
  EMFILE: 'too many connections are open',
  EPROTO: 'it does not speak the protocol of its address: try http:// in the place of https://',
  ERR_INVALID_URL: 'it is no address, or leads to none',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: try http:// in the place of https://',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by one that is self-signed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an issuer that is not known here',
  UND_ERR_SOCKET: 'the connection was closed in the middle of the answer',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'it did not begin to answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of the answer',
  UND_ERR_HEADERS_OVERFLOW: 'it sent too many headers',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer has another length than it said',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'its answer is too large',
  UND_ERR_INVALID_ARG: 'the request cannot be sent; look at the headers of the setting',
  UND_ERR_NOT_SUPPORTED: 'it asks for what is not supported',
  UND_ERR_ABORTED: 'the request was given up',
};

const families: readonly (readonly [RegExp, string])[] = [
  [/^HPE_/, 'it does not answer as a web server does'],
  [/^Z_|^ERR_.*BROTLI|^ZSTD_/, 'its compressed answer is damaged'],
  [/^ERR_(?:SSL|TLS|OSSL)/, 'no secure connection could be made'],
  [/CERT/, 'its certificate cannot be trusted'],
  [/^UND_ERR_PRX/, 'the proxy refused the connection'],
];

/** The code of a failed `fetch`: undici wraps it in `cause`, once or twice, or in an `AggregateError`. */
export function codeOf(error: unknown): string | undefined {
  for (let next: unknown = error, depth = 0; next instanceof Error && depth < 5; depth++) {
    if ('code' in next && typeof next.code === 'string') return next.code;
    // Node 24's parser has errors of which undici knows no code.
    if (next.name === 'HTTPParserError') return 'HPE_UNKNOWN';
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return undefined;
}

/** Why it failed, in words. Messages of others are not shown: some quote the address, with a password in it. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) return isBadPort(error) ? 'no web server may have this port' : 'the request failed';
  return meanings[code] ?? families.find(([pattern]) => pattern.test(code))?.[1] ?? 'the request failed';
}

/** Ports that the fetch standard blocks have an error without a code. Source: WHATWG Fetch, "Port blocking". */
function isBadPort(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}
