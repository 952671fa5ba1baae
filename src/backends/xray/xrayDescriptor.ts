/** AWS X-Ray as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';
import { xrayAddress } from './xrayAddress';

const hour = 3_600_000;
const minute = 60_000;

export const xray: BackendDescriptor = {
  type: 'xray',
  label: 'AWS X-Ray',
  exampleUrl: 'https://xray.eu-central-1.amazonaws.com',
  address: xrayAddress,
  fields: [
    {
      name: 'region',
      label: 'Region',
      description: 'AWS region whose traces are read. Without it, that of the profile or of AWS_REGION.',
      type: 'string',
      example: 'eu-central-1',
      pattern: '[a-z]{2,}(?:-[a-z]+)+-\\d+',
      isAsked: true,
    },
    {
      name: 'profile',
      label: 'Profile',
      description:
        'Profile of ~/.aws/config or ~/.aws/credentials whose credentials are used. Without it, the usual chain of the AWS tools.',
      type: 'string',
      example: 'team-dev',
      pattern: '[^\\x00-\\x1f\\x7f]+',
      isAsked: true,
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      description: "Address of X-Ray where it is not the region's own: a VPC endpoint, or a stand-in for tests.",
      type: 'string',
      example: 'http://127.0.0.1:5000',
      pattern: 'https?://[^\\s@/?#]+(?:/[^\\s]*)?',
    },
    {
      name: 'scan',
      label: 'Look into every trace',
      description:
        "Read every trace of the range where X-Ray's index does not hold all that a search asks for. Finds more, and takes a request for each five traces.",
      type: 'boolean',
      default: false,
    },
  ],
  credentials: [],
  // With what reaches into it, one request.
  defaultWindowMs: 6 * hour - 10 * minute,
  maxWindowMs: 6 * hour,
  capabilities: { dependencies: true, tags: true, services: true },
  rateLimit: { atOnce: 4 },
  async create(context) {
    const { XRayBackend } = await import('./xray');
    return new XRayBackend(context);
  },
};
