/** What a failed request means for the one who has to do something about it: finer than an error's kind, by its code. */

import type { ErrorData } from '../../base/errors';
import { signInDetail } from './http';

export type Failure =
  /** Nothing listens at the address. */
  | 'refused'
  /** The host name is not known. */
  | 'unknownHost'
  /** There is no way to its network, or nobody to ask for its name: this machine may be offline. */
  | 'offline'
  | 'certificate'
  /** It does not speak the protocol of its address. */
  | 'protocol'
  | 'timeout'
  | 'unauthorized'
  /** Something in front of it wants a person to sign in. */
  | 'signIn'
  /** It answers, and not as the backend that it should be. */
  | 'stranger'
  /** It, or what is in front of it, wants patience. */
  | 'busy'
  /** A proxy on the way wants somebody to log in. */
  | 'proxy'
  | 'other';

/** @param error of a backend; its detail begins with the code of the network or with the answer's status */
export function failureOf({ kind, detail = '' }: Pick<ErrorData, 'kind' | 'detail'>): Failure {
  switch (kind) {
    case 'Unauthorized':
      return 'unauthorized';
    case 'Timeout':
      return 'timeout';
    case 'BadData':
    case 'NotFound':
      return detail.includes(signInDetail) ? 'signIn' : 'stranger';
    case 'Unreachable':
      break;
    default:
      return 'other';
  }
  if (detail.startsWith('status 407')) return 'proxy';
  if (/^status (?:429|50[234])/.test(detail)) return 'busy';
  if (detail === 'ECONNREFUSED') return 'refused';
  if (detail === 'ENOTFOUND') return 'unknownHost';
  if (/^(?:EAI_AGAIN|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN)$/.test(detail)) return 'offline';
  if (/CERT|VERIFY|ALTNAME|UNKNOWN_CA|HANDSHAKE_FAILURE/.test(detail)) return 'certificate';
  if (detail === 'EPROTO' || /^(?:ERR_SSL|HPE)_/.test(detail)) return 'protocol';
  if (/TIMEDOUT|TIMEOUT/.test(detail)) return 'timeout';
  return 'other';
}

/** Whether what failed may be there again in a moment without anybody changing anything here. */
export function mayComeBack(error: Pick<ErrorData, 'kind' | 'detail'>): boolean {
  const failure = failureOf(error);
  return failure === 'refused' || failure === 'unknownHost' || failure === 'offline' || failure === 'busy';
}
