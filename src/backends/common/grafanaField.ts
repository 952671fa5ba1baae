/** What settings have for a backend that is reached through Grafana. */

import type { ErrorData } from '../../base/errors';
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

/** Before the names, in the detail of the error for data sources of which one has to be chosen. */
const choicesDetail = 'data sources: ';

export function detailOfChoices(names: readonly string[]): string {
  return `${choicesDetail}${JSON.stringify(names)}`;
}

/** Names of the data sources of which an error says that one has to be chosen. */
export function choicesIn({ detail = '' }: Pick<ErrorData, 'detail'>): readonly string[] {
  if (!detail.startsWith(choicesDetail)) return [];
  const names: unknown = JSON.parse(detail.slice(choicesDetail.length));
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}
