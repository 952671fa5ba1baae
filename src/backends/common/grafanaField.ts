/** What settings have for a backend that is reached through Grafana. */

import type { BackendField } from './descriptor';

export const dataSourceField: BackendField = {
  name: 'datasource',
  label: 'Grafana data source',
  description:
    "Name or uid of the data source, where the address is Grafana's: requests go through it, with a service account's token as the credential. Left out: the only one of its kind.",
  type: 'string',
  example: 'Tempo',
  pattern: '[^\\x00-\\x1f]{1,200}',
};
