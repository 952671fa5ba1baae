/** What Google's errors mean, in sentences. Source: googleapis google/rpc/code.proto and error_details.proto; cloud.google.com, "Troubleshoot ADC". */

import { SpanhopError } from '../../base/errors';

/** What the API says when it refuses. */
export interface ApiError {
  readonly status: number;
  /** `PERMISSION_DENIED` */
  readonly code: string;
  /** `SERVICE_DISABLED`, of the error's details. */
  readonly reason: string;
  readonly message: string;
}

const logIn = 'Run "gcloud auth application-default login" in a terminal, then try again.';

/** Why there are no credentials. @param name the backend's */
export function credentialProblem(error: unknown, name: string): SpanhopError {
  const ours = ourCause(error);
  if (ours) return ours;
  const message = error instanceof Error ? error.message : String(error);
  const detail = message.slice(0, 500);
  const unauthorized = (sentence: string): SpanhopError => new SpanhopError('Unauthorized', sentence, detail);
  if (/could not load the default credentials/i.test(message))
    return unauthorized(
      `There are no Google credentials. ${logIn} A service account's key is set with GOOGLE_APPLICATION_CREDENTIALS.`,
    );
  if (/project id/i.test(message))
    return new SpanhopError(
      'Unreachable',
      `"${name}" has no project. Set its "projectId", or that of the Google credentials.`,
      detail,
    );
  if (/invalid_grant|invalid_rapt|reauth|token has been expired|revoked/i.test(message))
    return unauthorized(`Google's credentials have expired or were revoked. ${logIn}`);
  if (/does not exist, or it is not a file|ENOENT|EACCES|file path is invalid/i.test(message))
    return unauthorized(`The file with Google's credentials cannot be read: ${oneLine(message)}`);
  return unauthorized(`Google's credentials cannot be had: ${oneLine(message)}`);
}

/** Of a request that the library made over our transport. */
function ourCause(error: unknown): SpanhopError | undefined {
  let cause = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++) {
    if (cause instanceof SpanhopError) return cause;
    cause = cause.cause;
  }
  return undefined;
}

/** The error for a refusal of the API; undefined: it is another answer. @param permission that the request needs */
export function apiProblem(error: ApiError, who: string, project: string, permission: string): SpanhopError | undefined {
  const { status, code, reason, message } = error;
  const detail = `status ${status}, ${code} ${reason}: ${message}`.slice(0, 500);
  const unauthorized = (sentence: string): SpanhopError => new SpanhopError('Unauthorized', sentence, detail);
  if (status === 401) return unauthorized(`Google did not take the credentials. ${logIn}`);
  if (status === 403) {
    if (reason === 'SERVICE_DISABLED' || /has not been used in project|it is disabled/i.test(message))
      return unauthorized(
        `The Cloud Trace API is not enabled in the project ${project}. Run "gcloud services enable cloudtrace.googleapis.com --project ${project}", then try again.`,
      );
    if (/quota project|user_project|serviceusage/i.test(`${reason} ${message}`))
      return unauthorized(
        `Google wants to know which project the requests count for, or may not count them for that one. Set "quotaProject" of this backend.`,
      );
    if (/scope/i.test(`${reason} ${message}`))
      return unauthorized(`Google's credentials are not for traces (their scopes). ${logIn}`);
    return unauthorized(
      `The Google account may not read traces of the project ${project}: it lacks the permission ${permission}. Have the role Cloud Trace User (roles/cloudtrace.user) added.`,
    );
  }
  if (status === 429)
    return new SpanhopError('Unreachable', `${who} has no quota left for reading traces. Try again in a minute.`, detail);
  if (status === 400 && message !== '')
    return new SpanhopError('BadQuery', `${who} does not take the request: ${oneLine(message)}`, detail);
  return undefined;
}

function oneLine(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
