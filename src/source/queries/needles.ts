/**
 * What a call of a table's model looks like in a line of the source, by language: known from the span alone, so that one search answers
 * for a whole trace. The language is told by the instrumentation's scope.
 */

import type { SpanSource } from '../model/types';
import { declarationNeedles } from './declaredModels';
import { pascal, plural, singular, wordsOf } from './nouns';
import type { Query } from './query';

type Language = 'javascript' | 'python' | 'ruby' | 'php' | 'java' | 'dotnet' | 'go' | 'rust';
const scopes: readonly (readonly [Language, RegExp])[] = [
  ['php', /contrib\.php|^io\.opentelemetry\.php/i],
  ['javascript', /^@opentelemetry\/|^@?prisma|^@[\w-]+\//i],
  ['python', /^opentelemetry\.instrumentation/],
  ['ruby', /^OpenTelemetry::/],
  ['dotnet', /^OpenTelemetry\.|^Npgsql|^Microsoft|^System\.|^MySqlConnector|^MongoDB\.Driver/],
  ['java', /^io\.opentelemetry\.|^io\.micrometer|^org\.springframework/],
  ['go', /^go\.opentelemetry|^gorm\.io|^github\.com\/|^go\.nhat/],
  ['rust', /^tracing|^sqlx|^diesel|^sea_orm/],
];

/** In the order in which they are to be looked for. */
export function queryNeedles(
  query: Query,
  { scope, language: sdk }: Pick<SpanSource, 'scope'> & { readonly language?: string | undefined },
): readonly string[] {
  const name = query.model ?? query.table;
  if (name === undefined) return [];
  const all = wordsOf(name);
  if (!all.length || name.length > 80) return [];
  const language =
    scopes.find(([, pattern]) => pattern.test(scope?.name ?? ''))?.[0] ??
    (sdk === 'java' || sdk === 'go' || sdk === 'rust' ? sdk : undefined);
  const last = all[all.length - 1];
  const one = [...all.slice(0, -1), singular(last)];
  const many = [...all.slice(0, -1), plural(singular(last))];
  const table = query.table ?? many.join('_');
  const type = query.model ?? pascal(one);
  const found = [
    ...needlesIn(language, { one, many, table, type }),
    ...(query.table === undefined ? [] : declarationNeedles(table)),
  ];
  return [...new Set(found)].filter((needle) => needle.length >= 4);
}

interface Forms {
  readonly one: readonly string[];
  readonly many: readonly string[];
  readonly table: string;
  readonly type: string;
}

function needlesIn(language: Language | undefined, { one, many, table, type }: Forms): readonly string[] {
  const camel = (words: readonly string[]): string => words[0] + pascal(words.slice(1));
  const types = pascal(many);
  // `orderRepository` and `OrderRepository` alike.
  const repository = `${camel(one).slice(1)}Repo`;
  // Tables of an application begin alike (`oms_order`); what reaches them is often called without that.
  const mapper = `${camel(one.length > 1 && one[0].length <= 4 ? one.slice(1) : one).slice(1)}Mapper`;
  switch (language) {
    case 'javascript':
      return [
        `.${camel(one)}.`,
        `${type}.`,
        repository,
        `ository(${type})`,
        `(${camel(many)})`,
        `.${camel(many)}.`,
        `${type}Model.`,
        `('${table}'`,
        `("${table}"`,
      ];
    case 'python':
      // Django puts the application's name before the table's, and the words of a class without anything between them.
      return [
        // Its own methods before whatever else has its name.
        `class ${type}(`,
        `${type}.`,
        `(${type}`,
        ...(one.length > 1
          ? [
              `${pascal(one.slice(-1))}.objects`,
              ...(many[many.length - 1].length > 7 ? [`${one[one.length - 1].slice(-2)}.objects`] : []),
            ]
          : [`.${one[0]}`]),
      ];
    case 'ruby':
      return [`${type}.`, `${many.join('_')}.`, `${one.join('_')}.`, `:${many.join('_')}`];
    case 'php':
      return [`${type}::`, `${type}Model::`, `->${camel(many)}()`, repository, `$${camel(one)}->`];
    case 'java':
      return [
        repository,
        `${camel(one).slice(1)}Dao`,
        // Of Exposed
        `${camel(one).slice(1)}Table`,
        mapper,
        `${type}.class`,
        ...(table.length >= 6 ? [table] : []),
        `${many.join('_').toUpperCase()}`,
        // Of jOOQ, whose tables are called as they are.
        ...(table === many.join('_') ? [] : [`(${table.toUpperCase()}`]),
        `${types}.`,
      ];
    case 'dotnet':
      return [
        `.${types}`,
        `<${type}>`,
        ...(/^\p{Lu}\p{Ll}+_\p{Lu}/u.test(table) ? [`<${pascal(one.slice(1))}>`, `.${pascal(many.slice(1))}.`] : []),
        repository,
      ];
    case 'go':
      return [`("${table}`, `"${table}"`, `${type}{`, `&${camel(one)}`, `(${camel(one)})`, `&${camel(many)}`, `.${type})`];
    case 'rust':
      return [`${table}::`, `${type}::`, `${one.join('_')}::`];
    default:
      return [`.${camel(one)}.`, `${type}.`, `${type}::`, `.${types}`];
  }
}
