/** Handlers of routes that are described elsewhere, by a contract or an object of OpenAPI: where the description is given its code. */

import type { SourceFile } from '../search/sourceSearch';
import type { Asked, HandlerPlace } from './handlerPlace';

/** Finds whom a file names at a line. */
type Follow = (names: readonly string[], line: number, source: SourceFile) => Promise<HandlerPlace | undefined>;

const maxImplementations = 12;
/** What a router of ts-rest has at the key of a contract: `list: async () => …`, `list: listOrders`, `@TsRestHandler(contract.list)`. */
export async function ofContract(
  key: string,
  declared: number,
  { source, search }: Asked,
  follow: Follow,
): Promise<HandlerPlace | undefined> {
  const word = key.replace(/\$/g, '\\$');
  const written = new RegExp(
    `^\\s*(?:async\\s+)?['"]?${word}['"]?\\s*[:(]|@TsRest(?:Handler)?\\([\\w$.]{0,100}\\.${word}\\s*[,)]`,
  );
  let read = 0;
  for (const { file, line, text } of (await search.find(key)).hits) {
    if (text.length > 500 || !written.test(text) || (file === source.file && Math.abs(line - declared) < 8)) continue;
    const found = search.file(file);
    if (found?.language !== 'javascript' || found.standing !== 'source' || read >= maxImplementations) continue;
    read++;
    const lines = await search.context.lines(file);
    if (!lines?.some((each) => each.length < 500 && /ts-?rest|contract/i.test(each))) continue;
    // Another contract, or what a client is asked for.
    if (lines.slice(line, line + 8).some((each) => /^\s*['"]?(?:path|method)['"]?\s*:\s*['"`]/.test(each))) continue;
    const named = /:\s*([\p{L}_$][\w$]*(?:\.[\w$]+)*)\s*,?\s*$/u.exec(text)?.[1];
    const further = named === undefined ? undefined : await follow(named.split('.'), line, found);
    return further ?? { source: found, line, by: 'import' };
  }
  return undefined;
}

/** `app.openapi(getOrder, async (c) => …)`, `app.openapi(routes.getOrder, handlers.getOrder)`. */
export async function ofDescribed(name: string, { search, source }: Asked, follow: Follow): Promise<HandlerPlace | undefined> {
  const given = new RegExp(`\\bopenapi\\(\\s*(?:\\w+\\.)?${name.replace(/\$/g, '\\$')}\\s*(?:,\\s*([\\w$.]*)\\s*(\\)?)|$)`);
  for (const { file, line, text } of (await search.find(name)).hits) {
    const match = text.length < 500 ? given.exec(text) : null;
    const found = match && search.file(file);
    if (!found || found.language !== source.language || found.standing === 'test') continue;
    const names = match[2] === undefined ? '' : (match[1] ?? '');
    const further = names === '' ? undefined : await follow(names.split('.'), line, found);
    return further ?? { source: found, line, by: 'import' };
  }
  return undefined;
}
