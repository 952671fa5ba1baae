/** Zipkin as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';
import { dataSourceField } from '../common/grafanaField';

export const zipkin: BackendDescriptor = {
  type: 'zipkin',
  label: 'Zipkin',
  exampleUrl: 'http://localhost:9411',
  defaultPort: 9411,
  address: 'asked',
  fields: [dataSourceField],
  credentials: ['basic', 'bearer', 'header'],
  // As the server's own (QUERY_LOOKBACK): the last day.
  defaultWindowMs: 86_400_000,
  capabilities: { dependencies: true, tags: true, services: true },
  recognition: {
    path: '/api/v2/services',
    isIt: ({ headers }, text) => /^\s*\[/.test(text) && !/html/.test(headers['content-type'] ?? ''),
  },
  alsoKnownAs: ['Apache SkyWalking (Zipkin query)'],
  async create(context) {
    const { ZipkinBackend } = await import('./zipkin');
    const { throughDataSource } = await import('../common/grafana');
    return new ZipkinBackend(throughDataSource(context, 'zipkin'));
  },
};
