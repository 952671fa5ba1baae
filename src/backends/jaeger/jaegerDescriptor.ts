/** Jaeger as settings and forms have it. */

import type { BackendDescriptor } from '../common/descriptor';
import { dataSourceField } from '../common/grafanaField';

const hour = 3_600_000;

export const jaeger: BackendDescriptor = {
  type: 'jaeger',
  label: 'Jaeger',
  exampleUrl: 'http://localhost:16686',
  defaultPort: 16686,
  address: 'asked',
  fields: [
    {
      name: 'api',
      label: 'API',
      description: 'Which of its two APIs to speak: the stable one, the older one, or the one that answers.',
      type: 'string',
      choices: ['auto', 'v3', 'legacy'],
      default: 'auto',
    },
    {
      name: 'tenant',
      label: 'Tenant',
      description: 'Tenant of a server with multi-tenancy; sent in the header x-tenant.',
      type: 'string',
      example: 'team-a',
      pattern: '[\\x21-\\x7e]+',
    },
    {
      name: 'tenantHeader',
      label: 'Header of the tenant',
      description: 'Header that the server expects the tenant in, where it is another.',
      type: 'string',
      default: 'x-tenant',
      pattern: "[A-Za-z0-9!#$%&'*+.^_`|~-]+",
    },
    dataSourceField,
  ],
  credentials: ['bearer', 'basic', 'header'],
  // As Jaeger's own: the last two days.
  defaultWindowMs: 48 * hour,
  capabilities: { dependencies: true, tags: false, services: true, archive: true },
  recognition: {
    // Old ones have the one API, those to come the other.
    path: ['/api/v3/services', '/api/services'],
    isIt: ({ headers }, text) =>
      /^\s*\{/.test(text) && !/html/.test(headers['content-type'] ?? '') && /"(?:data|services)"\s*:/.test(text),
  },
  alsoKnownAs: ['VictoriaTraces'],
  async create(context) {
    const { JaegerBackend } = await import('./jaeger');
    const { throughDataSource } = await import('../common/grafana');
    return new JaegerBackend(throughDataSource(context, 'jaeger'));
  },
};
