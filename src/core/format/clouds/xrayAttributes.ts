/** What X-Ray's segments say, under OpenTelemetry's names. Source: AWS X-Ray developer guide, "Segment documents". */

import { isMembers, membersOf } from '../documents/kind';
import type { Members } from '../documents/literal';
import type { PlainAttributes } from '../documents/plainSpan';

/** Longer names of namespaces are none, for they stand before many others. */
const LONGEST_NAME = 4_000;

/** Members of a part that are no attributes: its place in the trace, and what has a place of its own in a span. */
const told: ReadonlySet<string> = new Set([
  ...['id', 'name', 'trace_id', 'parent_id', 'start_time', 'end_time', 'in_progress', 'type', 'subsegments', 'links', 'cause'],
  ...['http', 'sql', 'aws', 'user', 'annotations', 'metadata', 'service', 'origin', 'resource_arn'],
]);

const httpNames: readonly (readonly ['request' | 'response', string, string])[] = [
  ['request', 'method', 'http.request.method'],
  ['request', 'url', 'url.full'],
  ['request', 'user_agent', 'user_agent.original'],
  ['request', 'client_ip', 'client.address'],
  ['response', 'status', 'http.response.status_code'],
  ['response', 'content_length', 'http.response.body.size'],
];

const sqlNames: readonly (readonly [string, string])[] = [
  ['database_type', 'db.system.name'],
  ['sanitized_query', 'db.query.text'],
  ['url', 'db.connection_string'],
  ['connection_string', 'db.connection_string'],
  ['user', 'db.user'],
];

/** Under OpenTelemetry's names where it has them, else as `aws.xray.…`; what a program noted (annotations, metadata) under its own. */
export function attributesOf(part: Members): PlainAttributes {
  const found: Record<string, unknown> = Object.create(null);
  const add = (key: string, value: unknown): void => {
    if (value !== undefined && value !== null && !(key in found)) found[key] = value;
  };
  const named = (members: Members, rest: string, names: readonly (readonly [string, string])[]): void => {
    for (const [member, key] of names) add(key, members[member]);
    const known = new Set(names.map(([member]) => member));
    for (const [member, value] of Object.entries(members)) if (!known.has(member)) add(`aws.xray.${rest}${member}`, value);
  };
  for (const side of ['request', 'response'] as const)
    named(
      membersOf(membersOf(part.http)[side]),
      '',
      httpNames.filter(([of]) => of === side).map(([, ...name]) => name),
    );
  named(membersOf(part.sql), 'sql.', sqlNames);
  add('enduser.id', part.user);
  for (const [key, value] of Object.entries(membersOf(part.aws))) add(`aws.${key}`, value);
  // `error`, `fault`, `throttle`, `inferred`, `namespace`, `precursor_ids`.
  for (const [key, value] of Object.entries(part)) if (!told.has(key) && value !== false) add(`aws.xray.${key}`, value);
  for (const [key, value] of Object.entries(membersOf(part.annotations))) add(key, value);
  for (const [space, values] of Object.entries(membersOf(part.metadata))) {
    if (!isMembers(values) || space.length > LONGEST_NAME) add(space in found ? `metadata.${space}` : space, values);
    else for (const [key, value] of Object.entries(values)) add(metadataKey(space, key, found), value);
  }
  return found;
}

/** Exporters of OpenTelemetry put attributes into `default`. One of a name that is taken says where it stands. */
function metadataKey(space: string, key: string, taken: object): string {
  const name = space === 'default' ? key : `${space}.${key}`;
  return name in taken ? `metadata.${space}.${key}` : name;
}

/** Characters of a text of the resource, which stands with each span of its segment. */
const LONGEST_OF_RESOURCE = 1_000;

/** What a segment says of the program that it is of. */
export function resourceOf(segment: Members): PlainAttributes {
  const { version, runtime, runtime_version } = membersOf(segment.service);
  const { account_id, ec2, ecs } = membersOf(segment.aws);
  const known: PlainAttributes = {
    'service.name': segment.name,
    'service.version': version,
    'process.runtime.name': runtime,
    'process.runtime.version': runtime_version,
    'cloud.account.id': account_id,
    'cloud.resource_id': segment.resource_arn,
    'cloud.availability_zone': membersOf(ec2).availability_zone,
    'host.id': membersOf(ec2).instance_id,
    'container.id': membersOf(ecs).container_id,
    'aws.xray.origin': segment.origin,
  };
  return Object.fromEntries(
    Object.entries(known).filter(([key, value]) => key === 'service.name' || (value !== null && isShort(value))),
  );
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_OF_RESOURCE : typeof value === 'number';
}
