/**
 * Codes of failed requests in words: of the system, of Node's TLS and HTTP parser and of zlib. Each is the end of "… cannot be reached: ".
 * Sources: Node's documentation, "Common system errors" and "X509 certificate error codes"; OpenSSL, ssl/ssl_err.c; zlib.h, return codes; llhttp, error codes.
 */

const trustIt = 'name the file of the certificate that is to be trusted in tls.caFile of the backend';
const wantsCertificate = 'it wants a client certificate: name it in tls.certFile and tls.keyFile of the backend';

const meanings: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up; this machine may be offline',
  ECONNRESET: 'the connection was closed',
  ECONNABORTED: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to its network; this machine may be offline',
  ENETDOWN: 'the network is down',
  EHOSTDOWN: 'there is no route to the host',
  EADDRNOTAVAIL: 'its address cannot be used from this machine',
  EACCES: 'this machine does not permit the connection',
  EPERM: 'this machine does not permit the connection',
  EMFILE: 'too many connections are open',
  EPROTO: 'it does not speak the protocol of its address: try http:// in the place of https://',
  ERR_INVALID_URL: 'it is no address, or leads to none',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is of another host name; name that in tls.serverName of the backend if it is the right one',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: try http:// in the place of https://',
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is self-signed; ${trustIt}`,
  SELF_SIGNED_CERT_IN_CHAIN: `its certificate is of an authority that is not trusted here; ${trustIt}`,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is wrong',
  CERT_REVOKED: 'its certificate was revoked',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its certificate is of an authority that is not known here; ${trustIt}`,
  UNABLE_TO_GET_ISSUER_CERT: `its certificate is of an authority that is not known here; ${trustIt}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its certificate is of an authority that is not known here; ${trustIt}`,
  // Alerts: what the other side says of us.
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: `no secure connection could be agreed on, often because ${wantsCertificate}`,
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': `no secure connection could be agreed on, often because ${wantsCertificate}`,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'it does not know the authority of the client certificate in tls.certFile',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'it does not take the client certificate in tls.certFile',
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE': 'it does not take the client certificate in tls.certFile',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'it does not take the client certificate in tls.certFile',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'the client certificate in tls.certFile has expired',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: 'the client certificate in tls.certFile was revoked',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it speaks another version of TLS',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks another version of TLS',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was closed in the middle of the answer',
  HPE_HEADER_OVERFLOW: 'it sent too many headers',
  ERR_INVALID_CHAR: 'the request cannot be sent; look at the headers of the setting',
  ERR_INVALID_HTTP_TOKEN: 'the request cannot be sent; look at the headers of the setting',
};

const families: readonly (readonly [RegExp, string])[] = [
  [/^HPE_/, 'it does not answer as a web server does'],
  // Brotli's have names of its own decoder.
  [/^Z_|^ERR_BROTLI|^ERR__ERROR_|^ZSTD_/, 'its compressed answer is damaged'],
  [/^ERR_(?:SSL|TLS|OSSL)/, 'no secure connection could be made'],
  [/CERT/, 'its certificate cannot be trusted'],
];

/** The code of a failed request: of the error, or of the first of those that came together. */
export function codeOf(error: unknown): string | undefined {
  for (let next: unknown = error, depth = 0; next instanceof Error && depth < 5; depth++) {
    if ('code' in next && typeof next.code === 'string') return next.code === 'EPROTO' ? codeOfTls(next.message) : next.code;
    next = next instanceof AggregateError ? next.errors[0] : next.cause;
  }
  return undefined;
}

/** What OpenSSL says in the message of a failed connection, as the code that Node has for it elsewhere: `…:SSL routines::wrong version number:…`. */
function codeOfTls(message: string): string {
  const reason = /:SSL routines:[^:]*:([a-z0-9 /]+)/i.exec(message)?.[1];
  return reason === undefined ? 'EPROTO' : `ERR_SSL_${reason.trim().toUpperCase().replaceAll(' ', '_')}`;
}

/** Why it failed, in words. Messages of others are not shown: some quote the address, with a password in it. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  return meanings[code] ?? families.find(([pattern]) => pattern.test(code))?.[1] ?? 'the request failed';
}
