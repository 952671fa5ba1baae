/**
 * What the AWS SDK's errors mean, in sentences. Names of errors: AWS general reference, "Common errors"; the credential providers of the AWS SDK for
 * JavaScript 3.
 */

import { SpanhopError } from '../../base/errors';

const expired: ReadonlySet<string> = new Set(['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired']);
const unknownKeys: ReadonlySet<string> = new Set([
  ...['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId', 'MissingAuthenticationToken'],
  ...['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature', 'MissingAuthenticationTokenException'],
]);
const denied: ReadonlySet<string> = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized']);
const busy: ReadonlySet<string> = new Set([
  ...['ThrottledException', 'ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'],
]);

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly isSkewed: boolean;
  /** Of the answer; 0: there was none. */
  readonly status: number;
}

function read(error: unknown): SdkError {
  if (!(error instanceof Error)) return { name: '', message: String(error), isSkewed: false, status: 0 };
  const metadata: object = Object(Reflect.get(error, '$metadata'));
  const isSkewed = Reflect.get(metadata, 'clockSkewCorrected') === true;
  return { name: error.name, message: error.message, isSkewed, status: Number(Reflect.get(metadata, 'httpStatusCode')) || 0 };
}

/** What is to be got anew before the same is asked again: the clock's difference is known by now, or credentials that the disk may have. */
export function isStale(error: unknown): 'clock' | 'credentials' | undefined {
  if (error instanceof SpanhopError) return undefined;
  const { name, isSkewed } = read(error);
  if (isSkewed) return 'clock';
  return expired.has(name) || unknownKeys.has(name) ? 'credentials' : undefined;
}

/** An error for a person. @param profile whose credentials are used */
export function problemOf(error: unknown, who: string, profile: string | undefined): SpanhopError {
  if (error instanceof SpanhopError) return error;
  const { name, message, status } = read(error);
  const detail = `${name}: ${message}`.slice(0, 500);
  const of = profile === undefined ? '' : ` of the profile "${profile}"`;
  const unauthorized = (sentence: string): SpanhopError => new SpanhopError('Unauthorized', sentence, detail);
  if (/sso login|sso session|sso token/i.test(message)) {
    const command = `aws sso login${profile === undefined ? '' : ` --profile ${profile}`}`;
    return unauthorized(
      `The AWS SSO session${of} has expired, or was never begun. Run "${command}" in a terminal, then try again.`,
    );
  }
  if (/aws login|reauthenticate/i.test(message) && name.endsWith('ProviderError'))
    return unauthorized(`The AWS session${of} has expired. Run "aws login" in a terminal, then try again.`);
  const hasNone = /could not load credentials/i.test(message);
  if (
    (hasNone && profile !== undefined) ||
    /could not resolve credentials using profile|(?:was not|could not be) found/i.test(message)
  )
    return unauthorized(
      `AWS has no credentials${of || ' of the default profile'}. Look at ~/.aws/config and ~/.aws/credentials, and at the backend's "profile".`,
    );
  if (hasNone)
    return unauthorized(
      `There are no AWS credentials. Run "aws configure" or "aws sso login" in a terminal, or set the backend's "profile".`,
    );
  if (name.endsWith('ProviderError')) return unauthorized(`The AWS credentials${of} cannot be had: ${sentenceOf(message)}`);
  if (/region is missing/i.test(message))
    return new SpanhopError(
      'Unreachable',
      `${who} has no region. Set the backend's "region", or that of the AWS profile.`,
      detail,
    );
  if (/not yet current|signature expired|clock|time.{0,20}skewed/i.test(`${name} ${message}`) || name === 'RequestExpired')
    return unauthorized(
      'The clock of this machine is off, and AWS refuses what is signed with it. Set the clock, then try again.',
    );
  if (expired.has(name))
    return unauthorized(`The AWS credentials${of} have expired. Get new ones (as by "aws sso login"), then try again.`);
  if (unknownKeys.has(name))
    return unauthorized(
      `AWS does not know the credentials${of}, or their secret is wrong. Look at ~/.aws/credentials or the environment.`,
    );
  if (denied.has(name)) {
    const action = /\bxray:[A-Za-z]{1,60}/.exec(message)?.[0];
    const what = action === undefined ? 'do this' : `use ${action}`;
    return unauthorized(
      `The AWS credentials${of} may not ${what}. Have that permission added; the policy AWSXrayReadOnlyAccess has all that is needed.`,
    );
  }
  if (busy.has(name)) return new SpanhopError('Unreachable', `${who} is asked too often now. Try again in a minute.`, detail);
  if (name === 'InvalidRequestException')
    return new SpanhopError('BadQuery', `${who} does not take the request: ${sentenceOf(message)}`, detail);
  if (name === 'ResourceNotFoundException')
    return new SpanhopError('NotFound', `${who} answered: ${sentenceOf(message)}`, detail);
  if (status === 401 || status === 403) return refusedBy(who, status, detail);
  return new SpanhopError('BadData', `${who} answered: ${sentenceOf(message || name)}`, detail);
}

/** The error for a refusal that is none of AWS's own: that of a proxy, as a rule. */
export function refusedBy(who: string, status: number, detail = `status ${status}`): SpanhopError {
  return new SpanhopError(
    'Unauthorized',
    `${who} refused the request (status ${status}). Look at the credentials, and at the proxy.`,
    detail,
  );
}

/** One line that ends as a sentence does. */
function sentenceOf(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
