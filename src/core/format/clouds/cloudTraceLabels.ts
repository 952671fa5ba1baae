/**
 * Labels of Google Cloud Trace and attributes of OpenTelemetry, both ways.
 * Sources: googleapis google/devtools/cloudtrace/v1/trace.proto; GoogleCloudPlatform/opentelemetry-operations-js, transform.ts; cloud.google.com,
 * "Monitored resource types".
 */

import { textOf } from '../documents/kind';
import type { PlainAttributes } from '../documents/plainSpan';

/** Labels of Google's that have a name in OpenTelemetry. */
const labelNames: Readonly<Record<string, string>> = {
  '/http/method': 'http.request.method',
  '/http/url': 'url.full',
  '/http/path': 'url.path',
  '/http/host': 'server.address',
  '/http/route': 'http.route',
  '/http/status_code': 'http.response.status_code',
  '/http/user_agent': 'user_agent.original',
  '/http/client_protocol': 'network.protocol.name',
  '/http/request/size': 'http.request.body.size',
  '/http/response/size': 'http.response.body.size',
  '/pid': 'process.pid',
  '/tid': 'thread.id',
};

/** Of a resource, as App Engine has them. */
const resourceNames: Readonly<Record<string, string>> = {
  'service.name': 'service.name',
  'service.version': 'service.version',
  'service.namespace': 'service.namespace',
  'service.instance.id': 'service.instance.id',
  'g.co/gae/app/module': 'service.name',
  'g.co/gae/app/version': 'service.version',
  'g.co/gae/app/instance': 'service.instance.id',
  'g.co/r/generic_task/job': 'service.name',
  'g.co/r/cloud_run_revision/service_name': 'service.name',
  'g.co/r/gae_app/module_id': 'service.name',
};

/** Labels that a service's name stands in. */
export const serviceLabels: readonly string[] = Object.keys(resourceNames).filter(
  (label) => resourceNames[label] === 'service.name',
);

/** `g.co/r/<type of the monitored resource>/<label>`: labels of all types that have a name in OpenTelemetry. */
const monitoredNames: Readonly<Record<string, string>> = {
  function_name: 'faas.name',
  task_id: 'service.instance.id',
  revision_name: 'service.version',
  version_id: 'service.version',
  namespace: 'service.namespace',
  namespace_name: 'k8s.namespace.name',
  cluster_name: 'k8s.cluster.name',
  pod_name: 'k8s.pod.name',
  node_name: 'k8s.node.name',
  container_name: 'k8s.container.name',
  instance_id: 'host.id',
  zone: 'cloud.availability_zone',
  location: 'cloud.region',
  region: 'cloud.region',
  project_id: 'cloud.account.id',
};

/** Attributes that are whole numbers by OpenTelemetry's conventions: version 1 has texts alone. Source: semantic-conventions, `type: int`. */
const wholeNumbers: ReadonlySet<string> = new Set([
  ...['http.response.status_code', 'http.status_code', 'http.request.resend_count'],
  ...['http.request.body.size', 'http.response.body.size', 'http.request.size', 'http.response.size'],
  ...['http.request_content_length', 'http.response_content_length', 'server.port', 'client.port', 'network.peer.port'],
  ...[
    'network.local.port',
    'net.peer.port',
    'net.host.port',
    'net.sock.peer.port',
    'process.pid',
    'process.parent_pid',
    'thread.id',
  ],
  ...['code.line.number', 'code.column.number', 'code.lineno', 'code.column', 'rpc.grpc.status_code', 'rpc.jsonrpc.error_code'],
  ...['db.response.returned_rows', 'db.operation.batch.size', 'messaging.batch.message_count', 'messaging.message.body.size'],
  ...['messaging.message.envelope.size', 'messaging.kafka.offset', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
]);

/** What became of labels. */
export interface ReadLabels {
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
}

/** Labels of a span under OpenTelemetry's names; those of its resource apart. A label whose name another one has keeps its own. */
export function readLabels(labels: PlainAttributes): ReadLabels {
  const attributes: Record<string, unknown> = Object.create(null);
  const resource: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(labels)) {
    const ofResource = resourceName(key);
    const name = ofResource ?? named(labelNames, key) ?? key;
    const into = ofResource === undefined ? attributes : resource;
    const read = wholeNumbers.has(name) ? wholeNumber(value) : value;
    if (name !== key && (name in labels || name in into)) attributes[key] = read;
    else into[name] = read;
  }
  return { attributes, resource };
}

function resourceName(label: string): string | undefined {
  if (Object.hasOwn(resourceNames, label)) return resourceNames[label];
  const monitored = /^g\.co\/r\/\w{1,100}\/(\w{1,100})$/.exec(label);
  return monitored ? named(monitoredNames, monitored[1]) : undefined;
}

function named(names: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

function wholeNumber(value: unknown): unknown {
  const digits = textOf(value);
  if (digits === undefined || !/^-?\d{1,18}$/.test(digits)) return value;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** Labels that an attribute of a span may have come from. */
export function labelsOf(attribute: string): readonly string[] {
  return [...Object.keys(labelNames).filter((label) => labelNames[label] === attribute), attribute];
}

/** Whether an attribute is one of the resource, which labels of many names may tell. */
export function isOfResource(attribute: string): boolean {
  return [resourceNames, monitoredNames].some((names) => Object.values(names).includes(attribute));
}
