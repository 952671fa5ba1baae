/**
 * Routes of .NET that stand nowhere as text, because the name of a class and of its method are the route: services of ABP (`BookAppService.GetAuthorLookupAsync` is
 * `GET api/app/book/author-lookup`), controllers of Web API and of OData whose methods are called after the verb, and pages of Razor, which are files.
 */

import { literalConfidence, routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { verbOf } from './declaration';
import { parseRoute, routeNeedles } from './route';

/** A public method of a class. */
interface Action {
  readonly line: number;
  /** Without `Async`. */
  readonly name: string;
  readonly parameters: string;
  /** Of the attributes above it. */
  readonly verbs: readonly string[];
}

const head =
  /^\s*public\s+(?:(?:virtual|override|async|new|static|sealed)\s+)*(?!class\b|record\b|interface\b|struct\b)[\w<>[\],.?]+(?:,\s+[\w<>[\],.?]+){0,4}\s+(\w+)\s*\(([^;{]*)/;
const maxFiles = 4;
const verbWords: Readonly<Record<string, RegExp>> = {
  GET: /^(?:GetList|GetAll|Get)/,
  PUT: /^(?:Put|Update)/,
  DELETE: /^(?:Delete|Remove)/,
  POST: /^(?:Create|Add|Insert|Post)/,
  PATCH: /^Patch/,
};

export function actionsOf(lines: readonly string[]): readonly Action[] {
  const found: Action[] = [];
  for (const [line, text] of lines.entries()) {
    const [, name, parameters] = (text.length < 400 && text.includes('public') && head.exec(text)) || [];
    if (name !== undefined)
      found.push({ line, name: name.replace(/(?<=.)Async$/, ''), parameters, verbs: marksAbove(lines, line) });
  }
  return found;
}

/** Methods of the attributes directly above a line. */
export function marksAbove(lines: readonly string[], line: number): readonly string[] {
  const found: string[] = [];
  for (let i = line - 1; i >= Math.max(0, line - 12) && /^\s*[[\])]/.test(lines[i]); i--) {
    for (const [, name] of lines[i].slice(0, 300).matchAll(/[[,\s](Http\w+)/g)) {
      const verb = verbOf(name);
      if (verb !== undefined) found.push(verb);
    }
  }
  return found;
}

/** Those that answer a method, by their attributes or their names, with or without the key of one thing. */
export function actionsOfVerb(lines: readonly string[], verb: string, hasKey: boolean, below = ''): readonly Action[] {
  const own = actionsOf(lines).filter(({ name, verbs, line }) => {
    // What says a path of its own is reached by that alone.
    if (lines.slice(Math.max(0, line - 3), line).some((above) => /^\s*\[[^"]*\bRoute\(/.test(above.slice(0, 300)))) return false;
    const begins = new RegExp(`^${verb[0]}${verb.slice(1).toLowerCase()}(?![a-z])`).exec(name)?.[0];
    if (begins === undefined && !verbs.includes(verb)) return false;
    return below === '' || name.slice(begins?.length ?? 0).toLowerCase() === below;
  });
  const isKey = ({ parameters }: Action): boolean => /\b(?:id|key)\b\s*[,)]/i.test(parameters);
  const same = own.filter((each) => isKey(each) === hasKey);
  return same.length ? same : own;
}

export async function findByHabit(
  hint: TextHint,
  method: string | undefined,
  { span, search }: Question,
): Promise<readonly Finding[]> {
  const route = parseRoute(hint.text.replace(/^\/?Areas\//i, ''));
  const verb = (route?.method ?? method ?? 'GET').toUpperCase();
  if (!route?.segments.length || (search.languages && !search.languages.has('csharp'))) return [];
  const reason = `from ${hint.from}, whose words ${display(hint.text, 80)} name it`;
  const found = (source: SourceFile, line: number, confidence: number): Finding[] => [
    { source, line, rung: 'literal', fit: 1, confidence, reason },
  ];
  // As it is written: letters of either case are a class's.
  const written = hint.text
    .replace(/^[A-Z]+ /, '')
    .split('/')
    .filter((part) => part !== '');
  for (const [i, part] of written.entries()) {
    const rest = route.segments.slice(i + 1);
    const [, set, key] = /^(\w{2,60})(\([^()]{1,80}\))?$/.exec(part.replaceAll('-', '')) ?? [];
    if (set === undefined) continue;
    for (const source of await filesCalled(`${set}AppService.cs`, search)) {
      const lines = (await search.context.lines(source.file)) ?? [];
      const own = actionsOf(lines).filter((each) => isService(each, verb, rest));
      if (own.length) return own.flatMap(({ line }) => found(source, line, literalConfidence.route));
      const line = lines.findIndex((text) => /^\s*(?:\w+\s+){0,4}class\s/.test(text.slice(0, 300)));
      if (line >= 0 && rest.length < 2) return found(source, line, routeConfidence.registration);
    }
    if (rest.length > 2) continue;
    for (const source of await filesCalled(`${set}Controller.cs`, search)) {
      const lines = (await search.context.lines(source.file)) ?? [];
      if (!lines.some((text) => text.length < 300 && /:\s*OData\w*Controller\b/.test(text))) continue;
      const hasKey = key !== undefined || (rest.length > 0 && rest[0] === undefined);
      const own = actionsOfVerb(lines, verb, hasKey, rest[rest.length - 1]);
      if (own.length) return own.flatMap(({ line }) => found(source, line, literalConfidence.route));
    }
  }
  const given = await requestsOf(hint.text, verb, search);
  if (given.length) return given.flatMap(({ source, line }) => found(source, line, literalConfidence.route));
  const page = await pageOf(written, search);
  if (!page) return [];
  const lines = (await search.context.lines(page.file)) ?? [];
  const asked = /[?&]?handler=(\w{1,60})/i.exec(String(span.attributes['url.query'] ?? span.attributes['url.full'] ?? ''))?.[1];
  const names = [`on${verb}${asked ?? ''}`, ...(asked === undefined ? [] : [`on${verb}`])].map((name) => name.toLowerCase());
  const own = names
    .map((name) => actionsOf(lines).find((each) => each.name.toLowerCase() === name))
    .find((each) => each !== undefined);
  return own ? found(page, own.line, literalConfidence.route) : [];
}

/** `[Route("/orders", "GET")]` of ServiceStack stands above what a service is given: `public object Any(QueryOrders request)`. */
async function requestsOf(
  text: string,
  verb: string,
  search: SourceSearch,
): Promise<readonly { readonly source: SourceFile; readonly line: number }[]> {
  const types = new Set<string>();
  for (const needle of search.begin(routeNeedles(text).slice(0, 1)))
    for (const { file, line, text: code } of (await search.find(needle)).hits.slice(0, maxHits)) {
      const [, path, verbs] = /^\s*\[Route\("([^"]{1,200})"(?:,\s*(?:"([^"]{0,60})")?)?/.exec(code.slice(0, 400)) ?? [];
      if (path === undefined || (path !== text && path !== `/${text}`) || (verbs !== undefined && !verbs.includes(verb)))
        continue;
      const below = ((await search.context.lines(file)) ?? [])
        .slice(line, line + 8)
        .join('\n')
        .slice(0, 2_000);
      const type = /\bclass\s+(\w{3,80})(?:<[^<>]{0,80}>)?\s*:[^{]{0,200}\bI(?:Return|Get|Post|Put|Patch|Delete|Verb)/.exec(
        below,
      )?.[1];
      if (type !== undefined) types.add(type);
    }
  const found: { readonly source: SourceFile; readonly line: number; readonly isAny: boolean }[] = [];
  for (const type of [...types].slice(0, 3)) {
    const taken = new RegExp(`\\b(Any|${verb[0]}${verb.slice(1).toLowerCase()})(?:Async)?\\(\\s*${type}\\s+\\w`);
    for (const hit of (await search.find(type)).hits) {
      const name = hit.text.length < 500 ? taken.exec(hit.text)?.[1] : undefined;
      const source = name === undefined ? undefined : search.file(hit.file);
      if (source?.standing === 'source') found.push({ source, line: hit.line, isAny: name === 'Any' });
    }
  }
  return found.some(({ isAny }) => !isAny) ? found.filter(({ isAny }) => !isAny) : found;
}

const maxHits = 60;

async function filesCalled(name: string, search: SourceSearch): Promise<readonly SourceFile[]> {
  const files = await search.context.ports.workspace.findByBaseName(name, true);
  return files
    .slice(0, maxFiles)
    .flatMap((file) => search.file(file) ?? [])
    .filter(({ standing }) => standing === 'source');
}

/** Whether a method of a service is below its path: `GetAuthorLookup`, `Publish(Guid id)` of `{id}/publish`; or called so, as of ASP.NET Boilerplate. */
function isService({ name, parameters }: Action, verb: string, rest: readonly (string | undefined)[]): boolean {
  if (rest.length === 1 && rest[0] === name.toLowerCase()) return true;
  const stated = Object.entries(verbWords).find(([, word]) => word.test(name));
  if ((stated?.[0] ?? 'POST') !== verb) return false;
  const after = (stated ? name.replace(stated[1], '') : name).replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  const isOne = /\bid\b\s*[,)]/.test(parameters);
  const own = [...(isOne ? [''] : []), ...(after === '' ? [] : [after])];
  return own.length === rest.length && own.every((part, i) => (part === '' ? isValue(rest[i]) : part === rest[i]));
}

function isValue(segment: string | undefined): boolean {
  return segment === undefined || /\d/.test(segment);
}

/** `Orders/Edit/{id}` is `Pages/Orders/Edit.cshtml.cs`, and `Orders` is its index. */
async function pageOf(written: readonly string[], search: SourceSearch): Promise<SourceFile | undefined> {
  const parts = written.filter((part) => /^[\w-]+$/.test(part)).map((part) => part.toLowerCase());
  if (!parts.length) return undefined;
  for (const path of [parts, [...parts, 'index']]) {
    const ending = path.slice(0, -1);
    const found = (await filesCalled(`${path[path.length - 1]}.cshtml.cs`, search)).find((file) => {
      const folders = file.path.slice(0, -1).map((part) => part.toLowerCase());
      const below = folders.filter((part, i) => part !== 'pages' || i !== folders.lastIndexOf('pages'));
      return folders.includes('pages') && ending.every((part, i) => below[below.length - ending.length + i] === part);
    });
    if (found) return found;
  }
  return undefined;
}
