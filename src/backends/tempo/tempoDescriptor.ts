/** Grafana Tempo as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';
import { dataSourceField } from '../common/grafanaField';

const hour = 3_600_000;

export const tempo: BackendDescriptor = {
  type: 'tempo',
  label: 'Grafana Tempo',
  exampleUrl: 'http://localhost:3200',
  defaultPort: 3200,
  address: 'asked',
  fields: [
    {
      name: 'orgId',
      label: 'Tenant',
      description:
        'Tenant (organisation id) of a Tempo that keeps tenants apart; sent in the header X-Scope-OrgID. Several: with | between them.',
      type: 'string',
      example: 'team-a',
      pattern: '[\\x21-\\x7e]{1,1000}',
      isAsked: true,
    },
    dataSourceField,
    {
      name: 'metricsUrl',
      label: 'Metrics',
      description:
        "Address of the Prometheus or Mimir that holds the service graph of Tempo's metrics generator: it tells who calls whom.",
      type: 'string',
      example: 'http://localhost:9090',
      pattern: 'https?://[^\\s@]+',
    },
  ],
  credentials: ['bearer', 'basic', 'header'],
  // A day of a large Tempo takes long to search; Grafana begins with one hour.
  defaultWindowMs: 6 * hour,
  maxWindowMs: 168 * hour,
  capabilities: { dependencies: true, tags: true, services: true },
  recognition: {
    path: '/api/echo',
    isIt: ({ status }, text) => status === 200 && text.trim() === 'echo',
  },
  alsoKnownAs: ['Grafana Cloud Traces', 'Grafana Enterprise Traces'],
  async create(context) {
    const { TempoBackend } = await import('./tempo');
    return new TempoBackend(context);
  },
};
