/**
 * Which procedure of tRPC a span is of. tRPC has no instrumentation of its own; the middlewares that people use know the path and the type of
 * what is called, and put them into the name, into attributes, or into both:
 *
 * | middleware                       | span                                                                                   |
 * |----------------------------------|-----------------------------------------------------------------------------------------|
 * | @baselime/trpc-opentelemetry-middleware | `TRPC query` with `path`, `type`                                                 |
 * | Sentry's trpcMiddleware          | `trpc/orders.list`                                                                      |
 * | those that people write          | `trpc.query.orders.list` with `trpc.path` or `trpc.procedure`; `rpc.method` with `rpc.system` = `trpc` |
 */

import { textAttribute } from '../model/attributes';
import type { SpanSource } from '../model/types';

export interface ProcedureHint {
  readonly from: string;
  /** `orders.list`. */
  readonly text: string;
  /** The keys of the routers on the way, and the procedure's own; the likeliest first. */
  readonly paths: readonly (readonly string[])[];
}

/** Those of tRPC alone, and those that others have as well. */
const ownKeys: readonly string[] = [
  'trpc.path',
  'rpc.trpc.path',
  'trpc.procedure',
  'trpc.procedure.path',
  'trpc.procedure.name',
  'trpc.procedure_path',
  'trpc.procedure_name',
  'trpc.request.path',
];
const sharedKeys: readonly string[] = ['rpc.method', 'request.path', 'procedure', 'path'];
const systemKeys: readonly string[] = ['rpc.system', 'rpc.system.name'];

/** Attributes that `readProcedure` looks at. */
export const procedureKeys: readonly string[] = [...ownKeys, ...sharedKeys, ...systemKeys, 'rpc.service'];

const server = 2;
const client = 3;
const maxText = 300;
const dotted = /^[A-Za-z_$][\w$-]*(?:[./][A-Za-z_$][\w$-]*){0,11}$/;
const types = /^(?:query|mutation|subscription)$/i;

export function readProcedure({
  name,
  kind,
  attributes,
  scope,
}: Pick<SpanSource, 'name' | 'kind' | 'attributes' | 'scope'>): ProcedureHint | undefined {
  if (kind === client) return undefined;
  const get = (key: string): string | undefined => {
    const text = textAttribute(attributes, key)?.trim();
    return text !== undefined && text.length <= maxText && dotted.test(text) ? text : undefined;
  };
  const asked = kind === server ? requested(attributes) : undefined;
  if (asked !== undefined) return { from: 'the path of the request', text: asked, paths: [asked.split('.')] };
  const own = ownKeys.find((key) => get(key) !== undefined);
  const isSystem = systemKeys.some((key) => /^trpc$/i.test(textAttribute(attributes, key)?.slice(0, 20) ?? ''));
  const isNamed = [name, scope?.name ?? ''].some((text) => /(?:^|[^a-z])trpc(?![a-z])/i.test(text.slice(0, maxText)));
  if (own === undefined && !isSystem && !isNamed) return undefined;
  const key = own ?? sharedKeys.find((each) => get(each) !== undefined);
  const text = (key === undefined ? undefined : get(key)) ?? pathInName(name);
  if (text === undefined || types.test(text)) return undefined;
  const path = text.replace(/^trpc[./]/i, '').split(/[./]/);
  const service = get('rpc.service');
  const around = key === 'rpc.method' && path.length === 1 && service !== undefined ? [[...service.split('.'), ...path]] : [];
  return { from: key ?? 'span name', text, paths: [...around, path] };
}

const pathKeys: readonly string[] = ['url.path', 'http.target', 'url.full', 'http.url'];

/** `/api/trpc/orders.list?batch=1`, where no route of one's own takes it; of several procedures none is meant alone. */
function requested(attributes: SpanSource['attributes']): string | undefined {
  if (!/(?:^|[/[])[*[:{.]*trpc|\*/.test(textAttribute(attributes, 'http.route')?.slice(0, maxText) ?? '*')) return undefined;
  const text = pathKeys.map((key) => textAttribute(attributes, key)).find((each) => each !== undefined);
  return /\/trpc\/((?:[A-Za-z_$][\w$-]{0,80}\.){0,8}[A-Za-z_$][\w$-]{0,80})(?:[?#]|$)/.exec(text?.slice(0, maxText) ?? '')?.[1];
}

/** `trpc.query orders.list`, `tRPC orders.list`, `[trpc] orders.list`; what a scope of tRPC calls `orders.list - query`. */
function pathInName(name: string): string | undefined {
  const said = name.slice(0, maxText).trim();
  const [, behind] = /^\W{0,3}trpc[\s.:/\]-]{1,4}(.+)$/i.exec(said) ?? [];
  const bare = (behind ?? said)
    .replace(/^(?:query|mutation|subscription|procedure|call|server)[\s.:/]{1,3}(?=\S)/i, '')
    .replace(/[\s-]{1,3}\(?(?:query|mutation|subscription)\)?$/i, '');
  return dotted.test(bare) ? bare : undefined;
}

/** How routers are put together: `router({`, `createTRPCRouter({`, `mergeRouters(`. */
export const routerNeedles: readonly string[] = ['outer({', 'ergeRouters('];

export function procedureNeedles(text: string): readonly string[] {
  const [first] = text.split(/[./]/);
  return [...routerNeedles, `${first}:`];
}
