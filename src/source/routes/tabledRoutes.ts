/**
 * Routes of the JVM that a table states and a class answers: `conf/routes` of Play, `web.xml` and `@WebServlet` of servlets, `struts.xml`. The table is no
 * source of a language, so none of what reads routes there comes to it; it is asked for by its name.
 */

import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import { pascal, singular, wordsOf } from '../queries/nouns';
import type { Question } from '../question/question';
import type { SourceLanguage } from '../search/languages';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { ofClass } from './handlerClass';
import type { HandlerPlace } from './handlerPlace';
import { filesOfClass } from './importedFiles';
import { parseRoute, routeNeedles } from './route';

interface Row {
  readonly path: string;
  readonly verb?: string;
  /** Of the class, and of its methods those that answer, best first. */
  readonly type: string;
  readonly methods: readonly string[];
}

const jvm: readonly SourceLanguage[] = ['java', 'scala', 'kotlin', 'groovy'];
const maxFiles = 6;
const maxLines = 4_000;
const maxText = 200_000;

export async function findTabled(
  hint: TextHint,
  method: string | undefined,
  { search, span }: Question,
): Promise<readonly Finding[]> {
  if (hint.text.includes('{repository}')) return ofRepository(hint, span.attributes['url.path'], search);
  const languages = jvm.filter((each) => !search.languages?.size || search.languages.has(each));
  const route = parseRoute(hint.text);
  if (!route || !languages.length) return [];
  const verb = (route.method ?? method ?? 'GET').toUpperCase();
  const isConcrete = hint.from !== 'http.route';
  const fits = ({ path, verb: own }: Row): boolean => {
    const segments = parseRoute(path)?.segments;
    return (
      (own === undefined || own === verb) &&
      segments?.length === route.segments.length &&
      segments.every((each, i) => each === route.segments[i] || (isConcrete && each === undefined))
    );
  };
  const rows = [
    ...(await ofPlay('routes', '', search)),
    ...(await ofDescriptors(verb, search)),
    ...(await ofStruts(hint.text, search)),
    ...(await ofServlets(hint.text, verb, search)),
  ].filter(fits);
  const findings: Finding[] = [];
  for (const row of rows.slice(0, 2)) {
    const place = await placeOfRow(row, languages, search);
    const confidence = place?.isClass ? routeConfidence.handlerClass : routeConfidence.whole;
    const reason = `from ${hint.from}, a table of routes gives ${display(hint.text, 80)} to ${display(row.type, 80)}`;
    if (place) findings.push({ source: place.source, line: place.line, rung: 'literal', fit: 3, confidence, reason });
  }
  return findings;
}

/** `/{repository}/search/{search}` of Spring Data REST: the path says which repository, and which of its methods. */
async function ofRepository(hint: TextHint, asked: unknown, search: SourceSearch): Promise<readonly Finding[]> {
  const parts = hint.text.split('/');
  const [path, found] = ['{repository}', '{search}'].map((hole) => String(asked).slice(0, 500).split('/')[parts.indexOf(hole)]);
  const words = wordsOf(path ?? '');
  if (path === undefined || !words.length || !/^[\w-]{2,60}$/.test(path)) return [];
  const stated = new RegExp(`@RepositoryRestResource\\([^)]{0,200}path\\s*=\\s*"${path}"`);
  const files = await filesOfClass(
    [`${pascal([...words.slice(0, -1), singular(words[words.length - 1] ?? '')])}Repository`],
    { file: '', language: 'java', path: [], standing: 'source' },
    search,
  );
  const marked = (await search.find('RepositoryRestResource')).hits.flatMap(({ file, text }) =>
    stated.test(text.slice(0, 500)) ? (search.file(file) ?? []) : [],
  );
  for (const source of [...marked, ...files].slice(0, 3)) {
    const lines = (await search.context.lines(source.file)) ?? [];
    const head = lines.findIndex((text) => /\binterface\s+\w+/.test(text.slice(0, 300)));
    const own = found === undefined ? -1 : lines.findIndex((text) => text.slice(0, 300).includes(` ${found}(`));
    const reason = `from ${hint.from}, the path names the repository ${display(path, 60)}`;
    if (head >= 0)
      return [{ source, line: own < 0 ? head : own, rung: 'literal', fit: 2, confidence: routeConfidence.handlerName, reason }];
  }
  return [];
}

async function placeOfRow(
  { type, methods }: Row,
  languages: readonly SourceLanguage[],
  search: SourceSearch,
): Promise<HandlerPlace | undefined> {
  const names = type.split('.');
  for (const language of languages) {
    const source: SourceFile = { file: '', language, path: [], standing: 'source' };
    const isLast = language === languages[languages.length - 1];
    // Classes of one name in other packages are told by the file's folders alone.
    if (isLast || (await filesOfClass(names, source, search)).length)
      return ofClass(names, methods, { source, lines: [], search });
  }
  return undefined;
}

async function textsOf(name: string, search: SourceSearch): Promise<readonly (readonly string[])[]> {
  const files = await search.context.ports.workspace.findByBaseName(name);
  const texts: (readonly string[])[] = [];
  for (const file of files.filter((uri) => !/\/(?:test|target|build)\//.test(uri)).slice(0, maxFiles))
    texts.push(((await search.context.lines(file)) ?? []).slice(0, maxLines));
  return texts;
}

/** `GET /orders/:id controllers.Orders.show(id: Long)`, and `-> /admin admin.Routes`, whose table is `admin.routes`. */
async function ofPlay(name: string, before: string, search: SourceSearch, depth = 0): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const lines of depth > 2 ? [] : await textsOf(name, search)) {
    for (const line of lines) {
      const [, verb, path, type, action] =
        /^([A-Z]{3,7}|->)\s+(\/\S*)\s+@?((?:\w+\.)*\w+)\.(\w+)\s*(?:\(|$)/.exec(line.slice(0, 500)) ?? [];
      if (type === undefined) continue;
      const whole = `${before}${path}`;
      if (verb !== '->') rows.push({ path: whole, verb, type, methods: [action] });
      else if (action === 'Routes') rows.push(...(await ofPlay(`${type}.routes`, whole.replace(/\/$/, ''), search, depth + 1)));
    }
  }
  return rows;
}

function ofServlet(type: string, path: string, verb: string): Row {
  const own = `do${verb[0]}${verb.slice(1).toLowerCase()}`;
  return { path, type, methods: [own, 'service', 'processRequest', 'handle'] };
}

function between(text: string, tag: string): readonly string[] {
  return [...text.matchAll(new RegExp(`<${tag}>\\s*([^<]{1,300}?)\\s*</${tag}>`, 'g'))].map((match) => match[1]);
}

/** `web.xml`: which name has which paths, and which class. */
async function ofDescriptors(verb: string, search: SourceSearch): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const lines of await textsOf('web.xml', search)) {
    const text = lines.join('\n').slice(0, maxText);
    const types = new Map<string, string>();
    const parts = text.split(/<(?=servlet(?:-mapping)?[\s>])/);
    for (const part of parts) {
      const [name] = between(part, 'servlet-name');
      const [type] = between(part, 'servlet-class');
      if (name !== undefined && type !== undefined) types.set(name, type);
    }
    for (const part of parts) {
      const type = part.startsWith('servlet-mapping') ? types.get(between(part, 'servlet-name')[0] ?? '') : undefined;
      if (type !== undefined) rows.push(...between(part, 'url-pattern').map((path) => ofServlet(type, path, verb)));
    }
  }
  return rows;
}

/** `@WebServlet("/orders")` above a class, and a path beside a servlet that is handed over. */
async function ofServlets(text: string, verb: string, search: SourceSearch): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const needle of search.begin(routeNeedles(text).slice(0, 1))) {
    for (const { file, line, text: code } of (await search.find(needle)).hits.slice(0, 60)) {
      const source = code.length < 500 && code.includes(`"${text}"`) ? search.file(file) : undefined;
      if (source?.standing !== 'source' || rows.length > 2) continue;
      const given = /\b(?!WebServlet\b)(\w{1,80}Servlet)(?:\.class|\(|>)/.exec(code)?.[1];
      const lines = given === undefined ? ((await search.context.lines(file)) ?? []) : [];
      const isMark = lines.slice(Math.max(0, line - 6), line + 1).some((each) => each.slice(0, 300).includes('@WebServlet'));
      const type = isMark
        ? lines
            .slice(line, line + 12)
            .map((each) => /\bclass\s+(\w{1,80})/.exec(each.slice(0, 300))?.[1])
            .find((each) => each !== undefined)
        : given;
      if (type !== undefined) rows.push(ofServlet(type, text, verb));
    }
  }
  return rows;
}

/** `struts.xml` and the files that it includes; `edit_*` is a method's name. */
async function ofStruts(asked: string, search: SourceSearch): Promise<readonly Row[]> {
  const wanted = asked.replace(/\.(?:action|do)$/, '');
  const tables = [...(await textsOf('struts.xml', search)), ...(await textsOf('struts-config.xml', search))];
  const included = tables.flatMap((lines) =>
    lines.flatMap((line) => /<include\s+file="(?:[^"]*\/)?([\w.-]+)"/.exec(line.slice(0, 300))?.[1] ?? []),
  );
  for (const name of included.slice(0, maxFiles * 2)) tables.push(...(await textsOf(name, search)));
  const rows: Row[] = [];
  for (const lines of tables) {
    let space = '';
    for (const tag of lines.join('\n').slice(0, maxText).split('<').slice(1)) {
      const attribute = (name: string): string | undefined =>
        new RegExp(`\\b${name}\\s*=\\s*"([^"]{0,200})"`).exec(tag.slice(0, 600))?.[1];
      if (/^package\s/.test(tag)) space = (attribute('namespace') ?? '').replace(/\/$/, '');
      const type = /^action\s/.test(tag) ? (attribute('class') ?? attribute('type')) : undefined;
      if (type === undefined) continue;
      const path = attribute('path') ?? `${space}/${attribute('name') ?? ''}`;
      const [begin, end] = path.split('*', 2);
      const star = wanted.slice(begin.length, end === undefined ? undefined : wanted.length - end.length);
      const isOf = end === undefined ? wanted === path : wanted.startsWith(begin) && wanted.endsWith(end) && /^\w+$/.test(star);
      const action = attribute('method')?.replace('{1}', star) ?? 'execute';
      if (isOf) rows.push({ path: asked, type, methods: [action, 'execute'] });
    }
  }
  return rows;
}
