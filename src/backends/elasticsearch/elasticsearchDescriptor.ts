/** Elasticsearch and OpenSearch as settings and forms have them. */

import type { BackendDescriptor } from '../common/descriptor';

const hour = 3_600_000;

export const elasticsearch: BackendDescriptor = {
  type: 'elasticsearch',
  label: 'Elasticsearch or OpenSearch (Jaeger indices)',
  exampleUrl: 'http://localhost:9200',
  defaultPort: 9200,
  address: 'asked',
  fields: [
    {
      name: 'indexPrefix',
      label: 'Index prefix',
      description: 'What the names of the indices begin with, as Jaeger was told: with "prod" they are prod-jaeger-span-….',
      type: 'string',
      example: 'prod',
      pattern: '[^\\s"*\\\\<>|,/?#:]{0,100}',
      isAsked: true,
    },
    {
      name: 'readAliases',
      label: 'Read aliases only',
      description:
        'Ask the aliases jaeger-span-read and jaeger-service-read alone: for a user who may read nothing else. Indices behind aliases are found without it, too.',
      type: 'boolean',
      default: false,
    },
  ],
  credentials: ['basic', 'bearer', 'header'],
  // Elastic's keys: `ApiKey <key>`.
  tokenHeader: 'Authorization',
  // As Jaeger's own: the last two days.
  defaultWindowMs: 48 * hour,
  capabilities: { dependencies: true, tags: true, services: true },
  recognition: {
    path: '/',
    isIt: (_, text) => /"cluster_name"\s*:/.test(text) && /"lucene_version"\s*:/.test(text),
    version: (text) => /"number"\s*:\s*"([^"]{1,40})"/.exec(text)?.[1],
  },
  alsoKnownAs: ['Amazon OpenSearch Service', 'Elastic Cloud'],
  async create(context) {
    const { ElasticsearchBackend } = await import('./elasticsearch');
    return new ElasticsearchBackend(context);
  },
};
