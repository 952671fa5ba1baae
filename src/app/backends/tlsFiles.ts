/**
 * Certificates and keys that a backend's settings name, read and looked at before they are used: what is wrong with them is told by their file, and not by
 * the code of a handshake. They are read anew now and then, because some are replaced each day.
 */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { TlsIdentity } from '../../backends/common/transport';
import { SpanhopError } from '../../base/errors';
import { readRegular } from '../../engine/disk/regularFile';
import type { TlsFileNames } from '../settings/connection';

/** Bundles of authorities have some hundred kilobytes. */
const maxBytes = 4 << 20;

/** Milliseconds until files are read again. */
const keptMs = 60_000;

export class TlsFiles {
  private read: { readonly identity: Promise<TlsIdentity>; readonly atMs: number } | undefined;

  /**
   * @param name of the backend
   * @param passphrase of the key
   */
  constructor(
    private readonly files: TlsFileNames,
    private readonly name: string,
    private readonly passphrase: () => Promise<string | undefined>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Rejects with `SpanhopError`: NotFound, BadData, Unauthorized (the key wants a passphrase). */
  identity(): Promise<TlsIdentity> {
    const now = this.nowMs();
    if (this.read && now - this.read.atMs < keptMs) return this.read.identity;
    const identity = this.load();
    this.read = { identity, atMs: now };
    // A failure is no answer for the next one.
    identity.catch(() => {
      this.read = undefined;
    });
    return identity;
  }

  private async load(): Promise<TlsIdentity> {
    const { caFile, certFile, keyFile, serverName } = this.files;
    const [ca, cert, key] = await Promise.all([
      this.text('caFile', caFile),
      this.text('certFile', certFile),
      this.text('keyFile', keyFile),
    ]);
    if (ca !== undefined) this.certificate(ca, `tls.caFile`, caFile);
    if (cert === undefined || key === undefined) return { ca, serverName };
    const passphrase = await this.passphrase();
    this.checkPair(this.certificate(cert, 'tls.certFile', certFile), key, passphrase);
    return { ca, cert, key, passphrase, serverName };
  }

  private async text(member: keyof TlsFileNames, path: string | undefined): Promise<string | undefined> {
    if (path === undefined) return undefined;
    let bytes: Uint8Array | undefined;
    try {
      bytes = (await readRegular(path, path, maxBytes))?.bytes;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      const why =
        error instanceof SpanhopError
          ? 'is no file'
          : code === 'ENOENT'
            ? 'is not there'
            : code === 'EACCES'
              ? 'may not be read'
              : 'cannot be read';
      throw new SpanhopError('NotFound', `${path}, named in tls.${member} of "${this.name}", ${why}.`, code);
    }
    if (bytes) return new TextDecoder('latin1').decode(bytes);
    throw new SpanhopError('BadData', `${path}, named in tls.${member} of "${this.name}", is too large for what it should be.`);
  }

  /** The first of a file. */
  private certificate(pem: string, member: string, path = ''): X509Certificate {
    try {
      return new X509Certificate(pem);
    } catch {
      const what = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)
        ? 'a key and no certificate'
        : 'no certificate in the form of PEM';
      throw new SpanhopError('BadData', `${path}, named in ${member} of "${this.name}", has ${what}.`);
    }
  }

  private checkPair(certificate: X509Certificate, pem: string, passphrase: string | undefined): void {
    const { keyFile = '', certFile = '' } = this.files;
    let belongs: boolean;
    try {
      belongs = certificate.checkPrivateKey(createPrivateKey({ key: pem, passphrase: passphrase ?? '' }));
    } catch {
      if (/ENCRYPTED/.test(pem)) {
        const what = passphrase === undefined ? 'wants a passphrase' : 'has another passphrase';
        const message = `The key ${keyFile} of "${this.name}" ${what}. Set it with the credential of the backend.`;
        throw new SpanhopError('Unauthorized', message);
      }
      throw new SpanhopError('BadData', `${keyFile}, named in tls.keyFile of "${this.name}", has no key in the form of PEM.`);
    }
    if (!belongs)
      throw new SpanhopError('BadData', `The key ${keyFile} of "${this.name}" does not belong to the certificate ${certFile}.`);
    const end = Date.parse(certificate.validTo);
    if (end < this.nowMs())
      throw new SpanhopError(
        'BadData',
        `The certificate ${certFile} of "${this.name}" has expired on ${new Date(end).toISOString().slice(0, 10)}.`,
      );
  }
}
