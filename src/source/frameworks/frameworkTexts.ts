/** What spans of frameworks say of their source in words of their own: files of routes, templates, fields of GraphQL, procedures of tRPC. */

import { findFileRoutes } from '../fileRoutes/findFileRoutes';
import { fileRouteKeys, plainRoute, readSpanRoute, type SpanRoute } from '../fileRoutes/spanRoute';
import { findResolvers } from '../graphql/findResolvers';
import { graphqlKeys, graphqlNeedles, readGraphql } from '../graphql/graphqlHints';
import { textAttribute } from '../model/attributes';
import type { FrameworkTextKind, TextHint } from '../model/sourceHints';
import type { Relative, SpanSource } from '../model/types';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import { findProcedure } from '../trpc/findProcedure';
import { procedureKeys, procedureNeedles, readProcedure } from '../trpc/procedureHints';
import { findView } from '../views/findViews';
import { readView, viewKeys } from '../views/viewHints';

type Span = Pick<SpanSource, 'name' | 'attributes' | 'scope' | 'kind'>;
type Ancestors = readonly Pick<Relative, 'attributes'>[];

export interface FrameworkText extends TextHint {
  readonly kind: FrameworkTextKind;
  /** The span is the framework's own: its name and its route are no texts of the user's. */
  readonly isOwn: boolean;
}

/** Attributes that `readFrameworkTexts` looks at. */
export const frameworkKeys: readonly string[] = [
  ...fileRouteKeys,
  ...viewKeys,
  ...graphqlKeys,
  ...procedureKeys,
  'url.path',
  'http.target',
];

const server = 2;
const maxNear = 6;

/** @param ancestors of the span, nearest first */
export function readFrameworkTexts(span: Span, method: string | undefined, ancestors: Ancestors = []): readonly FrameworkText[] {
  const texts: FrameworkText[] = [];
  const route = routeOf(span, method, ancestors);
  if (route) texts.push({ kind: 'fileRoute', from: route.from, text: route.text, isOwn: route.isOwn });
  const view = readView(span);
  if (view) texts.push({ kind: 'view', ...view, isOwn: true });
  const graphql = readGraphql(span);
  if (graphql) texts.push({ kind: 'graphql', from: graphql.from, text: graphql.text, isOwn: true });
  const procedure = readProcedure(span);
  // Middlewares are the user's: what they call a span is a text of theirs, where the path leads nowhere.
  if (procedure) texts.push({ kind: 'procedure', from: procedure.from, text: procedure.text, isOwn: false });
  return texts;
}

export function frameworkNeedles({ kind, text, from }: Pick<TextHint, 'kind' | 'text' | 'from'>): readonly string[] {
  if (kind === 'procedure') return procedureNeedles(text);
  return kind === 'graphql' ? graphqlNeedles({ text, isOperation: from === 'graphql.operation.name' }) : [];
}

export async function findFrameworkText(kind: FrameworkTextKind, question: Question): Promise<readonly Finding[]> {
  const { span, hints, search, family } = question;
  switch (kind) {
    case 'fileRoute': {
      const route = routeOf(span, hints.method, family.ancestors);
      return route ? findFileRoutes(route, search) : [];
    }
    case 'view': {
      const view = readView(span);
      return view ? findView(view, search) : [];
    }
    case 'graphql': {
      const graphql = readGraphql(span);
      return graphql ? findResolvers(graphql, search) : [];
    }
    case 'procedure': {
      const procedure = readProcedure(span);
      return procedure ? findProcedure(procedure, search) : [];
    }
  }
}

/** Files of a route that the span names in the notation of any framework, where its text led to nothing. */
export async function findPlainRoute({ from, text }: TextHint, { hints, search }: Question): Promise<readonly Finding[]> {
  const route = plainRoute(text, from, hints.method, from === 'span name');
  return route ? findFileRoutes(route, search) : [];
}

function routeOf(span: Span, method: string | undefined, ancestors: Ancestors): SpanRoute | undefined {
  // The span of the request around it tells the method.
  const asked = method ?? nearest(ancestors, ['http.request.method', 'http.method']);
  return readSpanRoute(span, asked, nearest(ancestors, ['next.route', 'http.route'])) ?? ofPath(span, method);
}

/** What the nearest of the spans around says. */
function nearest(ancestors: Ancestors, keys: readonly string[]): string | undefined {
  for (const { attributes } of ancestors.slice(0, maxNear)) {
    for (const key of keys) {
      const text = textAttribute(attributes, key);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** A request of which only the path is known: a router of files would know which file that is. */
function ofPath({ attributes, kind }: Span, method: string | undefined): SpanRoute | undefined {
  if (kind !== server || textAttribute(attributes, 'http.route') !== undefined) return undefined;
  const from = textAttribute(attributes, 'url.path') === undefined ? 'http.target' : 'url.path';
  const path = textAttribute(attributes, from);
  return path?.startsWith('/') && path.length > 1 ? plainRoute(path, from, method, true) : undefined;
}
