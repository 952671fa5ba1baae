/**
 * Which fields the documents of spans have, and how the index can be asked for them. Jaeger's own templates make texts keywords, tags a nested list, and
 * those that it was told to a field each; an index that was made without its templates has what the server guessed.
 * Sources: jaegertracing/jaeger internal/storage/v1/elasticsearch/mappings; elastic.co, "Field capabilities API", "Dynamic field mapping".
 */

/** A text as it can be compared. */
export interface TextField {
  readonly name: string;
  /** `keyword`: the whole text; `text`: its words, so that more is found; `other`: numbers, booleans, or nobody knows. */
  readonly as: 'keyword' | 'text' | 'other';
}

/** What attributes belong to. */
export type TagScope = 'span' | 'resource' | 'event';

/** Tags as a list of key, type and value. */
export interface TagList {
  readonly path: string;
  readonly scope: TagScope;
  /** Within which of them one is told from the others; undefined: they are not. */
  readonly nested: string | undefined;
  readonly key: TextField;
  readonly value: TextField;
}

/** Tags as an object, whose keys have `@` for a dot. */
export interface TagObject {
  readonly path: string;
  readonly scope: TagScope;
}

export interface SpanFields {
  readonly traceId: string;
  readonly service: TextField;
  readonly operation: TextField;
  /** Of documents that list the services and operations there are. */
  readonly listedService: TextField;
  readonly lists: readonly TagList[];
  readonly objects: readonly TagObject[];
  /** Types of fields, by their whole name. */
  readonly types: ReadonlyMap<string, string>;
  /** What a field of an object is whose type is not there. */
  readonly untoldAs: TextField['as'];
  /** References are told from each other. */
  readonly hasNestedReferences: boolean;
  /** Start in milliseconds, by which an index is left out that has nothing of the time. */
  readonly millis: string | undefined;
}

const lists: readonly (readonly [path: string, scope: TagScope])[] = [
  ['tags', 'span'],
  ['process.tags', 'resource'],
  ['logs.fields', 'event'],
];
const objects: readonly TagObject[] = [
  { path: 'tag', scope: 'span' },
  { path: 'process.tag', scope: 'resource' },
];
const plain = ['traceID', 'operationName', 'process.serviceName', 'serviceName'];

/** Patterns of names that `spanFields` is made of. */
export const askedFields: readonly string[] = [
  ...plain.flatMap((name) => [name, `${name}.keyword`]),
  'startTimeMillis',
  'references',
  'logs',
  ...lists.flatMap(([path]) => [path, ...['key', 'value'].flatMap((name) => [`${path}.${name}`, `${path}.${name}.keyword`])]),
  ...objects.map(({ path }) => `${path}.*`),
];

/**
 * @param told each field behind its type: `keyword traceID`; several times where indices differ
 * @returns undefined where the indices have no spans of Jaeger's
 */
export function spanFields(told: readonly string[]): SpanFields | undefined {
  const types = new Map<string, string>();
  for (const entry of told) {
    const at = entry.indexOf(' ');
    const [type, name] = [entry.slice(0, at), entry.slice(at + 1)];
    const known = types.get(name);
    types.set(name, known === undefined || known === type ? type : 'several');
  }
  if (!types.has('traceID')) return undefined;
  const text = (name: string): TextField => textField(name, types);
  return {
    traceId: text('traceID').name,
    service: text('process.serviceName'),
    operation: text('operationName'),
    listedService: text('serviceName'),
    lists: lists
      .filter(([path]) => types.has(path) || types.has(`${path}.key`))
      .map(([path, scope]) => ({
        path,
        scope,
        nested: [path, path.slice(0, path.lastIndexOf('.'))].find((one) => types.get(one) === 'nested'),
        key: text(`${path}.key`),
        value: text(`${path}.value`),
      })),
    objects,
    types,
    untoldAs: 'keyword',
    hasNestedReferences: types.get('references') === 'nested',
    millis: types.get('startTimeMillis') === undefined ? undefined : 'startTimeMillis',
  };
}

/** The whole text where the index has it, which servers that guess keep beside its words. */
function textField(name: string, types: ReadonlyMap<string, string>): TextField {
  const type = types.get(name);
  if (type === 'keyword' || type === undefined) return { name, as: 'keyword' };
  if (types.get(`${name}.keyword`) === 'keyword') return { name: `${name}.keyword`, as: 'keyword' };
  return { name, as: type === 'text' ? 'text' : 'other' };
}

/** As Logz.io's own reader asks; how it keeps texts it does not tell. Source: logzio/jaeger-logzio store/queryUtils.go. */
export const logzioFields: SpanFields = {
  traceId: 'traceID',
  service: { name: 'process.serviceName', as: 'text' },
  operation: { name: 'operationName', as: 'text' },
  listedService: { name: 'serviceName', as: 'text' },
  lists: [],
  objects: [
    { path: 'JaegerTag', scope: 'span' },
    { path: 'process.tag', scope: 'resource' },
  ],
  types: new Map(),
  untoldAs: 'text',
  hasNestedReferences: false,
  millis: undefined,
};
