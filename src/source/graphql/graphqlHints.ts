/**
 * Which field or operation of GraphQL a span is of. A server's operation is served by the resolver of the first field that it asks for; a client's
 * stands as a document in its source.
 *
 * | instrumentation     | attributes                                                                                    |
 * |---------------------|-----------------------------------------------------------------------------------------------|
 * | graphql-js          | `graphql.source`, `graphql.operation.name`, `.type`; `graphql.resolve` with `graphql.field.name`, `.path` |
 * | graphql-java, .NET  | `graphql.document`, `graphql.operation.name`; Hot Chocolate: `graphql.selection.field.coordinate`     |
 * | graphql-ruby        | `graphql.field.parent`, `graphql.field.name`, `graphql.document`                                  |
 * | Strawberry          | `graphql.parentType` with `graphql.path`                                                        |
 * | gqlgen              | `gql.resolver.object`, `gql.resolver.field`; `gql.request.query` (github.com/ravilushqa/otelgqlgen)     |
 */

import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';

export interface GraphqlHint {
  readonly from: string;
  /** `orders`, or the operation's name where no field is known. */
  readonly text: string;
  /** `Query`, `Mutation`, `Order`; undefined where the span doesn't say. */
  readonly parent?: string;
  readonly isOperation: boolean;
  /** Of an operation's own type, whichever that is. */
  readonly isRoot?: true;
}

/** Attributes that `readGraphql` looks at. */
export const graphqlKeys: readonly string[] = [
  'graphql.operation.name',
  'graphql.operation.type',
  'graphql.document',
  'graphql.source',
  'graphql.field.name',
  'graphql.field.parent',
  'graphql.field.path',
  'graphql.selection.field.coordinate',
  'graphql.parentType',
  'graphql.path',
  'gql.resolver.object',
  'gql.resolver.field',
  'gql.request.query',
];

const maxDocument = 4_000;
const word = /^[A-Za-z_]\w{0,99}$/;

export function readGraphql({ attributes }: Pick<SpanSource, 'attributes'>): GraphqlHint | undefined {
  const get = (key: string): string | undefined => textAttribute(attributes, key);
  const [, inType, inField] = /^(\w+)\.(\w+)$/.exec(get('graphql.selection.field.coordinate')?.slice(0, 300) ?? '') ?? [];
  const path = get('graphql.field.path') ?? get('graphql.path');
  const field = inField ?? get('graphql.field.name') ?? get('gql.resolver.field') ?? lastOf(path);
  const parent =
    inType ??
    get('graphql.field.parent') ??
    get('graphql.parentType') ??
    get('gql.resolver.object') ??
    rootOf(path, get('graphql.operation.type'));
  if (field !== undefined && word.test(field)) {
    const from =
      inField !== undefined
        ? 'graphql.selection.field.coordinate'
        : get('graphql.field.name')
          ? 'graphql.field.name'
          : get('gql.resolver.field')
            ? 'gql.resolver.field'
            : 'graphql.path';
    return {
      ...{ from, text: field, isOperation: false },
      ...(parent !== undefined && word.test(parent) ? { parent } : {}),
      ...(parent === undefined && path === field ? { isRoot: true } : {}),
    };
  }
  const document = get('graphql.document') ?? get('graphql.source') ?? get('gql.request.query');
  const name = get('graphql.operation.name');
  const first = document === undefined ? undefined : firstField(document.slice(0, maxDocument), name);
  const from = ['graphql.document', 'graphql.source'].find((key) => get(key)) ?? 'gql.request.query';
  if (first) return { from, ...first, isOperation: false };
  return name !== undefined && word.test(name) ? { from: 'graphql.operation.name', text: name, isOperation: true } : undefined;
}

/** `orders.0.lines` is of `lines`. */
function lastOf(path: string | undefined): string | undefined {
  const parts = path?.slice(0, 300).split(/[./]/) ?? [];
  return parts.reverse().find((part) => part !== '' && !/^(?:\d+|\[\d*\]|Query|Mutation|Subscription)$/.test(part));
}

/** A path of one name is of the operation's own type. */
function rootOf(path: string | undefined, type: string | undefined): string | undefined {
  return path !== undefined && /^\w+$/.test(path) && type !== undefined ? capital(type) : undefined;
}

function capital(type: string): string | undefined {
  return /^(?:query|mutation|subscription)$/i.test(type) ? type[0].toUpperCase() + type.slice(1).toLowerCase() : undefined;
}

/** The first field that a document's operation asks for; of several operations the one that is named. */
export function firstField(document: string, name?: string): { readonly text: string; readonly parent: string } | undefined {
  const text = document.replace(/#[^\n]*/g, '');
  const operations = [...text.matchAll(/\b(query|mutation|subscription)\b\s*(\w*)/g)].slice(0, 50);
  const wanted = operations.find(([, , own]) => own === name) ?? operations[0];
  const from = wanted ? (wanted.index ?? 0) + wanted[0].length : 0;
  const open = openingOf(text, from);
  if (open < 0) return undefined;
  const [, alias, field] = /^\s*(\w+)(?:\s*:\s*(\w+))?/.exec(text.slice(open + 1, open + 400)) ?? [];
  const found = field ?? alias;
  return found === undefined || found.startsWith('__')
    ? undefined
    : { text: found, parent: capital(wanted?.[1] ?? 'query') ?? 'Query' };
}

/** The brace behind the variables of an operation, whose defaults may have braces of their own. */
function openingOf(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')') depth--;
    else if (text[i] === '{' && depth <= 0) return i;
  }
  return -1;
}

/** Names that a field's resolver may have: as it is, in the language's habit, with what frameworks put before it. */
export function resolverNames(field: string): readonly string[] {
  const snake = field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const pascal = field[0].toUpperCase() + field.slice(1);
  return [
    ...new Set([field, snake, pascal, goName(pascal), `resolve_${snake}`, `Get${pascal}`, `Get${pascal}Async`, `${pascal}Async`]),
  ];
}

/** Go writes `MyBoatsJSON` where the schema has `myBoatsJson`: https://go.dev/wiki/CodeReviewComments#initialisms */
function goName(pascal: string): string {
  return pascal.replace(
    /(?:Acl|Api|Cpu|Csv|Css|Dns|Eof|Guid|Html|Https?|Icmp|Id|Ip|Json|Kvk|Pdf|Ram|Rpc|Sla|Smtp|Sql|Ssh|Tcp|Tls|Ttl|Udp|Ui|Uid|Uri|Url|Utf8|Uuid|Vm|Xml|Xsrf|Xss)(?![a-z])/g,
    (word) => word.toUpperCase(),
  );
}

export function graphqlNeedles({ text, isOperation }: Pick<GraphqlHint, 'text' | 'isOperation'>): readonly string[] {
  if (isOperation) return [text];
  // What the longer ones hold is found with them.
  const pascal = text[0].toUpperCase() + text.slice(1);
  return [...new Set([text, text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(), pascal, goName(pascal)])];
}
