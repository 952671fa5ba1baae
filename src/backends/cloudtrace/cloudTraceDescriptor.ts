/** Google Cloud Trace as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';

const hour = 3_600_000;

export const cloudTrace: BackendDescriptor = {
  type: 'cloudtrace',
  label: 'Google Cloud Trace',
  exampleUrl: 'https://cloudtrace.googleapis.com',
  address: ({ endpoint }) =>
    typeof endpoint === 'string' && URL.canParse(endpoint) ? endpoint : 'https://cloudtrace.googleapis.com',
  fields: [
    {
      name: 'projectId',
      label: 'Project',
      description:
        'Id of the Google Cloud project whose traces are read. Without it, that of the Application Default Credentials.',
      type: 'string',
      example: 'my-project-123',
      pattern: '(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{1,61}[a-z0-9]',
      isAsked: true,
    },
    {
      name: 'quotaProject',
      label: 'Quota project',
      description: 'Project that the requests count for, where it is not the one of the credentials.',
      type: 'string',
      example: 'my-project-123',
      pattern: '(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{1,61}[a-z0-9]',
    },
    {
      name: 'credentialsFile',
      label: 'Credentials file',
      description:
        "File with a service account's key or a user's credentials, in the place of the Application Default Credentials. An absolute path.",
      type: 'string',
      example: '/home/ann/keys/trace-reader.json',
      pattern: '(?:/|[A-Za-z]:[\\\\/]).+',
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      description: 'Address of the API where it is not the usual one: Private Service Connect, or a stand-in for tests.',
      type: 'string',
      example: 'https://cloudtrace-team.p.googleapis.com',
      pattern: 'https?://[^\\s@/?#]+(?:/[^\\s]*)?',
    },
    {
      name: 'auth',
      label: 'Authentication',
      description: "Who proves who asks: Google's own credentials, or nobody but the headers that are set for this backend.",
      type: 'string',
      choices: ['google', 'none'],
      default: 'google',
    },
  ],
  credentials: [],
  defaultWindowMs: 24 * hour,
  capabilities: { dependencies: false, tags: true, services: true },
  rateLimit: { atOnce: 4 },
  async create(context) {
    const { CloudTraceBackend } = await import('./cloudTrace');
    return new CloudTraceBackend(context);
  },
};
