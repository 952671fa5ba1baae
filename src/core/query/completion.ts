/** What may stand at the caret of a query that is being typed: fields, operators, values that were seen, what joins sets, stages. */

import { type CaretContext, caretContext, type Place, type Surrounding } from './caretContext';
import { attributeScopes, intrinsics, typeOfField, type ValueType } from './fields';
import { literalText, printField } from './literals';
import { structures } from './operators';
import type { Field, FieldScope } from './query';

/** Names that were seen. */
export interface Vocabulary {
  /** Keys of attributes, most frequent first. */
  readonly keys: readonly string[];
  readonly services: readonly string[];
  readonly operations: readonly string[];
  /** Values of an attribute, as far as they are known now. */
  readonly valuesOf?: (field: Field) => readonly (string | number | boolean)[];
}

export interface Completion {
  /** What is put in. */
  readonly label: string;
  readonly what: string;
  /** The whole text with it. */
  readonly text: string;
  /** Where the caret is then. */
  readonly caret: number;
}

interface Choice {
  readonly label: string;
  readonly what: string;
}

const maxCompletions = 8;
/** What joins sets are signs that few know by heart. */
const maxRelations = 20;

/** Longer queries are written elsewhere and pasted. */
const maxLength = 10_000;

/**
 * Proposals at a place of a text, best first.
 * @param caret UTF-16 offset
 */
export function completeQuery(text: string, vocabulary: Vocabulary, caret = text.length): readonly Completion[] {
  if (text.length > maxLength || text.trim() === '') return [];
  const context = caretContext(text, caret);
  const choices = choicesAt(context, vocabulary, text);
  const most = context.place.is === 'relation' ? maxRelations : maxCompletions;
  return choices
    .filter(({ label }) => label !== context.typed)
    .slice(0, most)
    .map((choice) => withChoice(choice, context, text));
}

function withChoice({ label, what }: Choice, { from, to }: CaretContext, text: string): Completion {
  const head = `${text.slice(0, from)}${label}`;
  const behind = text.slice(to);
  // A gap, and the caret behind it, but where more of the same word follows.
  if (/[(.:]$/.test(label)) return { label, what, text: `${head}${behind}`, caret: head.length };
  const hasGap = /^\s+(?!\s|&&|\|\||[})])/.test(behind);
  return { label, what, text: `${head}${hasGap ? '' : ' '}${behind}`, caret: head.length + 1 };
}

function choicesAt({ place, typed }: CaretContext, vocabulary: Vocabulary, text: string): readonly Choice[] {
  switch (place.is) {
    case 'field':
      return place.in === 'bare' && typed === '' && text.trim() !== '' && !/(?:&&|\|\||[!(])\s*$/.test(text)
        ? []
        : fieldsOf(typed, vocabulary);
    case 'operator':
      return beginning(typed, [...operatorsOf(place.field), ...(place.field ? [] : jointsIn(place.in))]);
    case 'value':
      return valuesOf(place, typed, vocabulary);
    case 'joint':
      return beginning(typed, jointsIn(place.in));
    case 'relation':
      return beginning(typed, [...closing(place.in), ...relations]);
    case 'stage':
      return beginning(typed, place.isFirst ? stages.filter(({ label }) => label !== 'coalesce()') : stages);
    case 'set':
      return beginning(typed, [{ label: '{', what: 'spans' }]);
    case 'comparison':
      return beginning(typed, comparisons);
    case 'bar':
      return beginning(typed, [...closing(place.in), { label: '|', what: 'go on with the next stage' }]);
    case 'number':
      return typed === '' ? [] : beginning(typed, durations);
    case 'nothing':
      return typed === '' ? [] : beginning(typed, closing(place.in));
    default:
      return place satisfies never;
  }
}

function beginning(typed: string, choices: readonly Choice[]): readonly Choice[] {
  return choices.filter(({ label }) => label.startsWith(typed));
}

const equalities: readonly Choice[] = [
  { label: '=', what: 'is' },
  { label: '!=', what: 'is not' },
];
const orders: readonly Choice[] = [
  { label: '>', what: 'more than' },
  { label: '<', what: 'less than' },
  { label: '>=', what: 'at least' },
  { label: '<=', what: 'at most' },
];
const comparisons: readonly Choice[] = [...orders, ...equalities];
const patterns: readonly Choice[] = [
  { label: '=~', what: 'matches the regular expression' },
  { label: '!~', what: 'does not match' },
];
const existences: readonly Choice[] = [
  { label: '!= nil', what: 'is there' },
  { label: '= nil', what: 'is not there' },
];

function operatorsOf(field: Field | undefined): readonly Choice[] {
  const type: ValueType = field ? typeOfField(field) : 'attribute';
  switch (type) {
    case 'status':
    case 'kind':
    case 'bool':
      return equalities;
    case 'int':
    case 'float':
    case 'duration':
      return [...orders, ...equalities];
    case 'string':
      return [...equalities, ...patterns, ...orders];
    default:
      return [...equalities, ...orders, ...patterns, ...(field ? existences : [])];
  }
}

const joints: readonly Choice[] = [
  { label: '&&', what: 'and, of the same span' },
  { label: '||', what: 'or' },
];

function jointsIn(surrounding: Surrounding): readonly Choice[] {
  if (surrounding === 'list') return [{ label: ',', what: 'another field' }, ...closing(surrounding)];
  return [...closing(surrounding), ...joints];
}

function closing(surrounding: Surrounding): readonly Choice[] {
  if (surrounding === 'braces') return [{ label: '}', what: 'the end' }];
  return surrounding === 'bare' || surrounding === 'top' ? [] : [{ label: ')', what: 'the end' }];
}

const relations: readonly Choice[] = [
  { label: '|', what: 'go on with these spans' },
  { label: '&&', what: 'and another set of the trace' },
  { label: '||', what: 'or another set' },
  ...structures.map(([label, what]) => ({ label, what })),
];

const stages: readonly Choice[] = [
  { label: '{', what: 'spans' },
  { label: 'count()', what: 'number of spans' },
  { label: 'avg(', what: 'average' },
  { label: 'max(', what: 'most' },
  { label: 'min(', what: 'least' },
  { label: 'sum(', what: 'sum' },
  { label: 'by(', what: 'a set for each value' },
  { label: 'select(', what: 'fields to show' },
  { label: 'coalesce()', what: 'one set again' },
];

const durations: readonly Choice[] = ['100ms', '1s', '10s'].map((label) => ({ label, what: 'duration' }));

/** Fields that have a place in the first list, before anything is typed; the service is asked for most of all attributes. */
const service: Choice = { label: 'resource.service.name', what: 'service' };
const scopeChoices: readonly Choice[] = [
  ...attributeScopes.map((scope) => ({ label: `${scope}.`, what: 'attributes' })),
  { label: 'parent.', what: 'of the parent span' },
];

function fieldsOf(typed: string, { keys }: Vocabulary): readonly Choice[] {
  const { scope, parent, wanted } = scopeOf(typed);
  const isScoped = scope !== undefined;
  const lower = wanted.replaceAll('"', '').toLowerCase();
  const fits = (each: string): boolean => each.toLowerCase().startsWith(lower) || each.toLowerCase().includes(`.${lower}`);
  const written = keys
    .filter((key) => fits(key) && (isScoped || key !== 'service.name'))
    .map((name) => ({ label: printField({ scope: scope ?? 'any', name, ...(parent ? { parent } : {}) }), what: 'attribute' }));
  if (isScoped) return parent && scope === 'any' ? [...parentFields(typed), ...written] : written;
  return [...intrinsicsOf(lower, fits), ...(lower === '' ? [] : beginning(typed, scopeChoices)), ...written];
}

/** Those that have a name without a scope; of all spellings, where a scope is typed. */
function intrinsicsOf(lower: string, fits: (label: string) => boolean): readonly Choice[] {
  const all = intrinsics.map(({ spellings, what }) => ({
    label: spellings.find((each) => lower.includes(':') && each.toLowerCase().startsWith(lower)) ?? spellings[0],
    what,
  }));
  const found = [...all.slice(0, 3), service, ...all.slice(3)].filter(({ label }) => fits(label));
  const isSearched = lower.length > 1;
  return isSearched ? found : found.filter(({ label }) => !label.includes(':') && !label.startsWith('nested'));
}

function parentFields(typed: string): readonly Choice[] {
  const names = intrinsics.filter(({ spellings }) => !spellings[0].includes(':')).slice(0, 5);
  return beginning(
    typed,
    names.map(({ name, what }) => ({ label: `parent.${name}`, what })),
  );
}

/** The scope that is typed, and what is typed of the key. */
function scopeOf(typed: string): { scope?: Exclude<FieldScope, 'intrinsic'>; parent?: true; wanted: string } {
  const parent = typed.startsWith('parent.') ? true : undefined;
  const rest = parent ? typed.slice('parent.'.length) : typed;
  const scope = attributeScopes.find((each) => rest.startsWith(`${each}.`));
  if (scope) return { scope, parent, wanted: rest.slice(scope.length + 1) };
  if (parent) return { scope: 'any', parent, wanted: rest };
  return rest.startsWith('.') ? { scope: 'any', wanted: rest.slice(1) } : { wanted: rest };
}

const words: Readonly<Partial<Record<ValueType, readonly string[]>>> = {
  status: ['error', 'ok', 'unset'],
  kind: ['server', 'client', 'producer', 'consumer', 'internal'],
  duration: ['100ms', '1s', '10s'],
};

function valuesOf(
  { field, isPattern }: Extract<Place, { readonly is: 'value' }>,
  typed: string,
  vocabulary: Vocabulary,
): readonly Choice[] {
  if (!field) return [];
  const what = field.scope === 'intrinsic' ? field.name : 'value';
  const known = words[typeOfField(field)];
  if (known) return known.filter((each) => each.startsWith(typed)).map((label) => ({ label, what }));
  const wanted = typed.replace(/^["`]/, '').toLowerCase();
  return seenValues(field, vocabulary)
    .filter(([value]) => String(value).toLowerCase().includes(wanted))
    .map(([value, name]) => ({ label: valueLabel(value, isPattern), what: name }));
}

function seenValues(
  field: Field,
  { services, operations, valuesOf: known }: Vocabulary,
): readonly (readonly [string | number | boolean, string])[] {
  const { scope, name } = field;
  const isService =
    scope === 'intrinsic' ? name === 'rootServiceName' : name === 'service.name' && (scope === 'resource' || scope === 'any');
  if (isService) return services.map((value) => [value, 'service'] as const);
  if (scope === 'intrinsic' && (name === 'name' || name === 'rootName'))
    return operations.map((value) => [value, 'operation'] as const);
  return scope === 'intrinsic' ? [] : (known?.(field) ?? []).map((value) => [value, 'value'] as const);
}

function valueLabel(value: string | number | boolean, isPattern: boolean): string {
  if (typeof value !== 'string') return isPattern ? `"${value}"` : String(value);
  return literalText({ type: 'string', value: isPattern ? value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : value });
}
