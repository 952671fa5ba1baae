/**
 * The function that resolves a field, in the notations of the servers that people use; and the document of a client, where no field is known. What
 * tells a resolver from any other function of the name is an annotation above it, or the type that it is of.
 */

import { graphqlConfidence } from '../model/confidence';
import { functionsNamed } from '../outline/functions';
import type { Finding } from '../search/rankFindings';
import type { LanguageHit, SourceSearch } from '../search/sourceSearch';
import { definitionMatcher } from '../symbols/definitions';
import { enclosing } from '../symbols/enclosing';
import { display } from '../uri/paths';
import { type GraphqlHint, graphqlNeedles, resolverNames } from './graphqlHints';

/** Lines whose file is read. */
const maxRead = 40;
const maxLine = 2_000;

export async function findResolvers(hint: GraphqlHint, search: SourceSearch): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let read = 0;
  for (const needle of graphqlNeedles(hint)) {
    const { hits } = await search.find(needle);
    for (const hit of hits) {
      if (read >= maxRead || hit.text.length > maxLine || !mayBe(hit, hint)) continue;
      const source = search.file(hit.file);
      const lines = source && (await search.context.lines(source.file));
      if (!source || !lines) continue;
      read++;
      const found = hint.isOperation ? ofDocument(hit, hint) : ofResolver(lines, hit, hint);
      if (!found) continue;
      const what = hint.isOperation ? 'the operation' : 'the resolver of';
      findings.push({
        source,
        line: found.line,
        rung: 'literal',
        fit: 1 + found.sure,
        confidence: found.sure,
        // One field's resolver calls no other's.
        ...(hint.isOperation ? {} : { ofFamily: true as const }),
        reason: `from ${hint.from}, ${what} ${display([hint.parent, hint.text].filter((part) => part).join('.'), 80)} is there`,
      });
    }
  }
  return findings;
}

/** As far as the line alone tells. */
function mayBe({ text, language }: LanguageHit, { text: name, isOperation }: GraphqlHint): boolean {
  if (isOperation) return operation(name).test(text);
  if (registration(name).test(text) || described(name).test(text)) return true;
  return (
    resolverNames(name).some((each) => text.includes(each) && definitionMatcher(each, language)(text) !== undefined) ||
    member(name).test(text)
  );
}

const operation = (name: string): RegExp => new RegExp(`\\b(?:query|mutation|subscription)\\s+${name}\\b`);
/** `queryField("orders", …)`, `@query.field("orders")`, `.dataFetcher("orders", …)`, `field :orders`, `field="orders"`. */
const registration = (name: string): RegExp =>
  new RegExp(`\\b(?:\\w*[fF]ield|dataFetcher|mutation|query|name|field)\\s*[(:=]?\\s*\\(?\\s*["':]${name}\\b`);
/** `orders: async (parent, args) => …`, `orders(parent, args) {`, `orders: t.field({` of an object of resolvers. */
const member = (name: string): RegExp => new RegExp(`^\\s+(?:async\\s+)?${name}\\s*(?::|\\()`);

/** `const placeOrder = {`, `placeOrder: {` of graphql-js, with its `resolve` below. */
const described = (name: string): RegExp =>
  new RegExp(`^\\s*(?:export\\s+)?(?:const\\s+)?${name}\\s*(?::[^={]{1,200})?[:=]\\s*\\{\\s*$`);

function ofDocument({ line }: LanguageHit, _: GraphqlHint): { readonly line: number; readonly sure: number } {
  return { line, sure: graphqlConfidence.operation };
}

function ofResolver(
  lines: readonly string[],
  hit: LanguageHit,
  { text: name, parent, isRoot }: GraphqlHint,
): { readonly line: number; readonly sure: number } | undefined {
  const text = lines[hit.line] ?? '';
  const { containers } = enclosing(lines, hit.line, hit.language);
  const isDefined = resolverNames(name).some(
    (each) => text.includes(each) && definitionMatcher(each, hit.language)(text) !== undefined,
  );
  const around = containers[containers.length - 1] ?? receiverOf(text);
  const isOf = (type: string): boolean => isLike(around, type) || isBelowMember(lines, hit.line, type);
  const isOfRoot = ['Query', 'Mutation', 'Subscription'].some(isOf);
  const isOfParent = parent === undefined ? isRoot === true && isOfRoot : isOf(parent);
  // A field of a field is of no operation's type.
  const isElsewhere = parent === undefined && !isRoot && isOfRoot;
  if (registration(name).test(text)) {
    const below = functionBelow(lines, hit, name);
    return {
      line: below ?? hit.line,
      sure: isOfParent || below !== undefined ? graphqlConfidence.resolver : graphqlConfidence.registration,
    };
  }
  const resolve = described(name).test(text) ? resolveBelow(lines, hit.line) : undefined;
  if (resolve !== undefined) return { line: resolve, sure: graphqlConfidence.resolver };
  const isMarked =
    /@(?:\w*Query\w*|\w*Mutation\w*|\w*Subscription\w*|ResolveField|FieldResolver|SchemaMapping|BatchMapping|DgsData|\w*\.?field\b)|\[(?:Query|Mutation|Subscription|GraphQL\w*)\b|strawberry\.|#\[graphql/.test(
      above(lines, hit.line),
    );
  const isField = isRoot && /@(?:ResolveField|FieldResolver)\b/.test(above(lines, hit.line));
  if (isDefined && (isOfParent || isMarked) && !(isElsewhere && !isMarked))
    return { line: hit.line, sure: isField ? graphqlConfidence.near : graphqlConfidence.resolver };
  if (isDefined && /resolver|graphql|schema|quer(?:y|ies)|mutations?/i.test(hit.file))
    return { line: hit.line, sure: isElsewhere ? graphqlConfidence.other : graphqlConfidence.near };
  // `returnOrder: t.field({` of Pothos
  if (!member(name).test(text) || !(isOfParent || /:\s*t\.\w*[fF]ield\w*\(/.test(text))) return undefined;
  const named = /:\s*([\w$]{2,80})\s*,?\s*$/.exec(text)?.[1];
  const [resolver] = named === undefined ? [] : functionsNamed(lines, named);
  return { line: resolver?.start ?? hit.line, sure: graphqlConfidence.resolver };
}

function resolveBelow(lines: readonly string[], line: number): number | undefined {
  const indent = indentation(lines[line]);
  for (let i = line + 1; i < Math.min(lines.length, line + 200); i++) {
    if (lines[i].trim() === '') continue;
    if (indentation(lines[i]) <= indent) return undefined;
    if (/^\s*(?:async\s+)?resolve\s*[:(]/.test(lines[i].slice(0, 200))) return i;
  }
  return undefined;
}

/** Annotations directly above a line. */
function above(lines: readonly string[], line: number): string {
  const found: string[] = [];
  for (let i = line - 1; i >= Math.max(0, line - 6); i--) {
    if (!/^\s*[@[#)}]|^\s+\w+:|^\s*$/.test(lines[i]) && !/[,(]\s*$/.test(lines[i])) break;
    if (/^\s*$/.test(lines[i])) break;
    found.push(lines[i].slice(0, 300));
  }
  return found.join('\n');
}

/** `func (r *queryResolver) Orders(` of gqlgen. */
function receiverOf(text: string): string | undefined {
  return /^func \(\w+ \*?(\w+)\)/.exec(text)?.[1];
}

function isLike(name: string | undefined, parent: string): boolean {
  const plain = name?.toLowerCase().replace(/resolvers?|type|schema|root|object|extensions?|graphql|_/g, '') ?? '';
  const wanted = parent.toLowerCase();
  return plain === wanted || plain === `${wanted.replace(/y$/, 'ie')}s` || plain === `${wanted}s`;
}

/** `Query: {` above, less indented. */
function isBelowMember(lines: readonly string[], line: number, parent: string): boolean {
  let limit = indentation(lines[line] ?? '');
  for (let i = line - 1; i >= Math.max(0, line - 2_000) && limit > 0; i--) {
    if (lines[i].trim() === '') continue;
    const indent = indentation(lines[i]);
    if (indent >= limit) continue;
    limit = indent;
    const head = /^\s*(?:export\s+)?(?:const\s+)?(\w+)\s*(?::[^=]*)?[:=]/.exec(lines[i].slice(0, 300))?.[1];
    if (isLike(head, parent)) return true;
  }
  return false;
}

/** What is registered: the function behind the decorator, or the method of the field's name below it. */
function functionBelow(lines: readonly string[], hit: LanguageHit, name: string): number | undefined {
  const isDecorator = /^\s*@/.test(lines[hit.line] ?? '');
  for (let i = hit.line + 1; i < Math.min(lines.length, hit.line + (isDecorator ? 8 : 200)); i++) {
    const text = lines[i];
    if (text.length > maxLine) continue;
    if (
      isDecorator &&
      /^\s*(?:(?:public|private|protected|static|async|override)\s+)*(?:def|fun|func|function)?\s*[\w<>[\], ?]*\w+\s*\(/.test(
        text,
      )
    )
      return i;
    if (
      !isDecorator &&
      resolverNames(name).some((each) => text.includes(each) && definitionMatcher(each, hit.language)(text) !== undefined)
    )
      return i;
  }
  return undefined;
}

function indentation(text: string): number {
  return text.search(/\S|$/);
}
