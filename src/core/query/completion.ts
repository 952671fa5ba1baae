/**
 * What may stand at the end of a query that is being typed: fields, operators, values that were seen, joints. Of a text that is no query yet,
 * what it may begin.
 */

/** Names that were seen. */
export interface Vocabulary {
  /** Keys of attributes, most frequent first. */
  readonly keys: readonly string[];
  readonly services: readonly string[];
  readonly operations: readonly string[];
}

export interface Completion {
  /** What is put in. */
  readonly label: string;
  readonly what: string;
  /** The whole text with it. */
  readonly text: string;
}

interface Choice {
  readonly label: string;
  readonly what: string;
}

const maxCompletions = 8;

const intrinsics: readonly Choice[] = [
  { label: 'status', what: 'error, ok, unset' },
  { label: 'duration', what: 'of the span, such as 200ms' },
  { label: 'name', what: 'of the span' },
  { label: 'resource.service.name', what: 'service' },
  { label: 'kind', what: 'server, client, producer, consumer, internal' },
  { label: 'statusMessage', what: 'text' },
  { label: 'traceDuration', what: 'of the whole trace' },
  { label: 'rootName', what: 'name of the root span' },
  { label: 'rootServiceName', what: 'service of the root span' },
];

const operators: readonly Choice[] = [
  { label: '=', what: 'is' },
  { label: '!=', what: 'is not' },
  { label: '>', what: 'more than' },
  { label: '<', what: 'less than' },
  { label: '>=', what: 'at least' },
  { label: '<=', what: 'at most' },
  { label: '=~', what: 'matches the regular expression' },
  { label: '!~', what: 'does not match' },
];

const values: Readonly<Record<string, readonly string[]>> = {
  status: ['error', 'ok', 'unset'],
  kind: ['server', 'client', 'producer', 'consumer', 'internal'],
  duration: ['100ms', '1s', '10s'],
  traceDuration: ['100ms', '1s', '10s'],
};

// A field, an operator and a value, each as far as it is typed. Anchored at the end, and without nested repetition.
const field = String.raw`(?:[A-Za-z][\w:]*|(?:span|resource|event|link|instrumentation)?\.(?:[\w./-]|"[^"]*")+)`;
const value = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s"(){}&|]+)`;
const endsIn = {
  value: new RegExp(String.raw`(${field})\s*(?:=~|!~|!=|>=|<=|=|>|<)\s*("(?:[^"\\]|\\.)*|[^\s"(){}&|]*)$`),
  comparison: new RegExp(String.raw`${field}\s*(?:=~|!~|!=|>=|<=|=|>|<)\s*${value}\s+$`),
  field: new RegExp(String.raw`(?:^|[{(!]|&&|\|\|)\s*(${field})\s+$`),
  beginning: /(?:^|[{(!]|&&|\|\|)\s*([\w./:-]*)$/,
} as const;

/** Longer queries are written elsewhere and pasted. */
const maxLength = 1_000;

/** Proposals for the end of a text, best first. */
export function completeQuery(text: string, vocabulary: Vocabulary): readonly Completion[] {
  if (text.length > maxLength) return [];
  const at = (typed: string, choices: readonly Choice[], after = ''): readonly Completion[] =>
    choices
      .filter(({ label }) => label !== typed)
      .slice(0, maxCompletions)
      .map(({ label, what }) => ({ label, what, text: `${text.slice(0, text.length - typed.length)}${label}${after}` }));
  const comparison = endsIn.value.exec(text);
  if (comparison) return at(comparison[2], valuesOf(comparison[1], comparison[2], vocabulary), ' ');
  if (endsIn.comparison.test(text)) return at('', jointsOf(text), ' ');
  const complete = endsIn.field.exec(text);
  // Words that are looked for are no field, unless they are known as one.
  if (complete) return isField(complete[1], text, vocabulary) ? at('', operators, ' ') : [];
  const beginning = endsIn.beginning.exec(text);
  return beginning ? at(beginning[1], fieldsOf(beginning[1], text, vocabulary), ' ') : [];
}

function isField(word: string, text: string, { keys }: Vocabulary): boolean {
  return /^\s*[{(!]/.test(text) || word.includes('.') || keys.includes(word) || intrinsics.some(({ label }) => label === word);
}

function valuesOf(name: string, typed: string, { services, operations }: Vocabulary): readonly Choice[] {
  const known = values[name];
  if (known) return known.filter((each) => each.startsWith(typed)).map((label) => ({ label, what: name }));
  const isService = /(?:^|\.)service\.name$/.test(name) || name === 'rootServiceName';
  const isName = name === 'name' || name === 'span:name' || name === 'rootName';
  const wanted = typed.replace(/^"/, '').toLowerCase();
  return (isService ? services : isName ? operations : [])
    .filter((each) => each.toLowerCase().includes(wanted))
    .map((each) => ({ label: JSON.stringify(each), what: isService ? 'service' : 'operation' }));
}

function jointsOf(text: string): readonly Choice[] {
  const joints: Choice[] = [
    { label: '&&', what: 'and, of the same span' },
    { label: '||', what: 'or' },
  ];
  const isOpen = text.split('{').length > text.split('}').length;
  return isOpen ? [{ label: '}', what: 'the end' }, ...joints] : joints;
}

function fieldsOf(typed: string, text: string, { keys }: Vocabulary): readonly Choice[] {
  const isQuery = /^\s*[{(!]/.test(text) || typed !== text.trim();
  if (typed === '' && !isQuery) return [];
  const [, scope = '', wanted] = /^(span\.|resource\.|event\.|\.)?(.*)$/.exec(typed) ?? ['', '', typed];
  const lower = wanted.toLowerCase();
  const fits = (each: string): boolean => each.toLowerCase().startsWith(lower) || each.toLowerCase().includes(`.${lower}`);
  const known = scope === '' ? intrinsics.filter(({ label }) => fits(label)) : [];
  const seen = keys.filter((key) => fits(key) && `resource.${key}` !== 'resource.service.name');
  return [...known, ...seen.map((key) => ({ label: `${scope || '.'}${quoted(key)}`, what: 'attribute' }))];
}

function quoted(key: string): string {
  return /^[\w./-]+$/.test(key) ? key : JSON.stringify(key);
}
