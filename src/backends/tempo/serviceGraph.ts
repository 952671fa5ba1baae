/**
 * Who calls whom, as Tempo's metrics generator counts it: it writes the numbers to a Prometheus or Mimir, which is asked here.
 * Source: Grafana Tempo documentation, "Service graph metrics".
 */

import { SpanhopError } from '../../base/errors';
import type { Dependency } from '../../core/answers/answer';
import type { BackendContext, TimeRange } from '../common/backend';
import type { DataSource } from '../common/grafana';
import { ServerClient } from '../common/serverClient';

/** Rejects with `NotSupported` where no metrics are known. */
export async function serviceGraph(
  context: BackendContext,
  dataSource: DataSource,
  { startMs, endMs }: TimeRange,
  signal: AbortSignal | undefined,
): Promise<readonly Dependency[]> {
  const { metricsUrl, orgId } = context.settings.options;
  const url = typeof metricsUrl === 'string' ? metricsUrl : await dataSource.metricsUrl(signal);
  if (url === undefined) {
    const message = `Tempo does not tell who calls whom. Where its metrics generator writes a service graph, name that Prometheus as "metricsUrl" of "${context.settings.name}".`;
    throw new SpanhopError('NotSupported', message);
  }
  const { headers: own, ...settings } = context.settings;
  // Headers of the settings are for Tempo.
  const isElsewhere = new URL(url).origin !== new URL(settings.url).origin;
  const headers = isElsewhere ? undefined : own;
  const tenant = typeof orgId === 'string' ? { 'x-scope-orgid': orgId } : undefined;
  const client = new ServerClient({ ...context, settings: { ...settings, url, headers } }, 'prometheus', tenant);
  const seconds = Math.max(Math.round((endMs - startMs) / 1000), 1);
  const counted = async (metric: string): Promise<readonly Dependency[]> => {
    const query = `sum by (client, server) (increase(${metric}[${seconds}s]))`;
    const time = String(Math.round(endMs / 1000));
    const parameters = [
      ['query', query],
      ['time', time],
    ] as const;
    const answer = await client.ask('/api/v1/query', parameters, { what: 'calls' }, signal).catch((error: unknown) => {
      throw isElsewhere && error instanceof SpanhopError && error.kind === 'Unauthorized' ? noCredential(url) : error;
    });
    if (answer.response.status === 200 && answer.read?.facts.vector) return answer.read.dependencies ?? [];
    throw client.unexpected(answer);
  };
  const [calls, failed] = await Promise.all([
    counted('traces_service_graph_request_total'),
    counted('traces_service_graph_request_failed_total'),
  ]);
  const errors = new Map(failed.map((one) => [JSON.stringify([one.parent, one.child]), one.calls]));
  return calls.map((one) => ({ ...one, errors: errors.get(JSON.stringify([one.parent, one.child])) ?? 0 }));
}

function noCredential(url: string): SpanhopError {
  const message = `The metrics at ${url} want a credential, and that of a backend goes to its own address only. Ask for both through Grafana.`;
  return new SpanhopError('Unauthorized', message);
}
