/**
 * Routes that name no path, or a function: `{area:exists}/{controller=Home}/{action=Index}/{id?}` of ASP.NET is what the program states once, and the path of
 * the request says which class and which method it was; `/{controller}/{id}` of a program's own leaves the method to the verb.
 */

import { literalConfidence, routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import type { Finding } from '../search/rankFindings';
import type { SourceFile, SourceSearch } from '../search/sourceSearch';
import { definitionsIn } from '../symbols/findDefinitions';
import { display } from '../uri/paths';
import { findActionOfPath } from './actionFiles';
import { actionsOfVerb, marksAbove } from './actionsByHabit';
import { ofMember } from './handlerClass';
import { filesOfImport } from './importedFiles';

const pathKeys: readonly string[] = ['url.path', 'http.target', 'http.url', 'url.full'];
const maxFiles = 8;

/** https://docs.frappe.io/framework/user/en/api/rest#remote-method-calls */
const calledByName = /^(?:[A-Z]+ )?\/api\/(?:v\d+\/)?method\/((?:\w+\.)+)(\w+)$/;

/** `[Route("[area]/pay/{action=index}/{id?}")]` above a class: what stands before the action. */
const actionOfClass = /(?:^|\/)(\w{1,60})\/\{action\b[^}/]*\}/i;

export function isConventional(route: string): boolean {
  return /[{:]controller\b/i.test(route) || calledByName.test(route);
}

/** Whether a class of ASP.NET may have the route, and the path names its method. Elsewhere `{action}` is a parameter like any other, and there it may be. */
export function mayNameAction(route: string, { languages }: Pick<SourceSearch, 'languages'>): boolean {
  return (!languages?.size || languages.has('csharp')) && actionOfClass.test(route);
}

export async function findConventional(
  hint: TextHint,
  method: string | undefined,
  question: Question,
): Promise<readonly Finding[]> {
  const { span, search } = question;
  const [, module, called] = calledByName.exec(hint.text) ?? [];
  if (module !== undefined && called !== undefined) return ofModule(module.slice(0, -1), called, hint, search);
  const stated = pathKeys.map((key) => span.attributes[key]).find((value) => typeof value === 'string');
  if (typeof stated !== 'string') return [];
  const path = stated
    .slice(0, 500)
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .filter((part) => part !== '');
  const values = new Map<string, string>();
  const parts = hint.text
    .replace(/^[A-Z]+ /, '')
    .split('/')
    .filter((each) => each !== '');
  const isDotnet = !search.languages?.size || search.languages.has('csharp');
  // What a program is mounted below is no part of its routes.
  const before = isDotnet ? 0 : Math.max(0, path.length - parts.length);
  for (const [i, part] of parts.entries()) {
    const [, name, fallback] = /^(?:\{|:)(\w+)[^=}]*(?:=([^}]*))?\}?$/.exec(part) ?? [];
    const value = path[before + i] ?? fallback;
    if (name !== undefined && value !== undefined) values.set(name.toLowerCase(), value);
  }
  const controller = values.get('controller');
  const action = values.get('action');
  if (search.languages?.has('php')) return findActionOfPath({ ...hint, text: `/${path.join('/')}` }, method, question);
  if (!isDotnet) return controller === undefined ? [] : ofProgram(controller, action, hint, method, search);
  if (!/^\w{0,60}$/.test(action ?? '')) return [];
  const name = controller ?? actionOfClass.exec(hint.text)?.[1];
  if (name === undefined || !/^\w{1,60}$/.test(name)) return [];
  const area = values.get('area')?.toLowerCase();
  const findings: Finding[] = [];
  const named = `${name[0].toUpperCase()}${name.slice(1)}Controller.cs`;
  const files = [...(await search.context.ports.workspace.findByBaseName(named, true))];
  if (controller === undefined) {
    const { hits } = await search.find(`${name}/{action`);
    files.unshift(...hits.filter(({ language }) => language === 'csharp').map(({ file }) => file));
  }
  for (const source of [...new Set(files)].slice(0, maxFiles).map((file) => search.file(file))) {
    if (!source) continue;
    const isArea = source.path.some((part) => part.toLowerCase() === area);
    // What is in an area is reached by its routes alone.
    if (controller !== undefined && (area === undefined ? source.path.includes('Areas') : !isArea)) continue;
    const lines = (await search.context.lines(source.file)) ?? [];
    const reason = `from ${hint.from}, the path ${display(stated, 80)} names the controller`;
    // `api/{controller}/{id}` of Web API: a method that is called after the verb.
    if (action === undefined) {
      for (const { line } of actionsOfVerb(lines, (method ?? 'GET').toUpperCase(), values.has('id')))
        findings.push({ source, line, rung: 'literal', fit: 1, confidence: literalConfidence.route, reason });
      continue;
    }
    const named = await Promise.all(namesOfAction(lines, action).map((name) => definitionsIn(source, name, search)));
    for (const each of named.flat()) {
      if (each.kind !== 'function') continue;
      const verbs = marksAbove(lines, each.line);
      const isVerb =
        method === undefined || (verbs.length ? verbs.includes(method.toUpperCase()) : method.toUpperCase() === 'GET');
      findings.push({
        source,
        line: each.line,
        column: each.column,
        rung: 'literal',
        fit: 1 + (isVerb ? 0.5 : 0),
        confidence: isVerb ? literalConfidence.route : literalConfidence.actionOfOtherMethod,
        reason: `${reason} and its action`,
      });
    }
  }
  return findings;
}

/** What methods of an action are called, as they are written, whatever the letters of the path: after it, or after something else and `[ActionName("…")]`. */
function namesOfAction(lines: readonly string[], action: string): readonly string[] {
  const called = new RegExp(`\\b(${action}(?:Async)?)\\s*\\(`, 'i');
  const stands = new RegExp(`\\bActionName\\(\\s*"${action}"`, 'i');
  const nameFrom = (from: number, form: RegExp): string | undefined => {
    for (const text of lines.slice(from)) {
      const found = form.exec(text.slice(0, 300))?.[1];
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const renamed = lines.flatMap((text, i) => (text.length < 300 && stands.test(text) ? [i] : [])).slice(0, 4);
  const names = [nameFrom(0, called), ...renamed.map((i) => nameFrom(i, /^\s*public\s[^(=]{1,200}?(\w+)\s*\(/))];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** `/api/method/shop.orders.close`: the function `close` of the module `shop.orders`. */
async function ofModule(module: string, name: string, hint: TextHint, search: SourceSearch): Promise<readonly Finding[]> {
  const from: SourceFile = { file: '', language: 'python', path: [], standing: 'source' };
  const files = await filesOfImport(module, from, search);
  const found = await Promise.all(files.slice(0, maxFiles).map((file) => definitionsIn(file, name, search)));
  const reason = `from ${hint.from}, the path names ${display(name, 60)} of ${display(module, 80)}`;
  return found
    .flat()
    .filter(({ kind, containers }) => kind === 'function' && !containers.length)
    .map(({ source, line, column }) => ({
      source,
      line,
      column,
      rung: 'literal',
      fit: 1,
      confidence: literalConfidence.route,
      reason,
    }));
}

async function ofProgram(
  controller: string,
  action: string | undefined,
  hint: TextHint,
  method: string | undefined,
  search: SourceSearch,
): Promise<readonly Finding[]> {
  if (!/^\w{1,60}$/.test(controller) || (action !== undefined && !/^\w{1,60}$/.test(action))) return [];
  const name = controller[0].toUpperCase() + controller.slice(1);
  const any: SourceFile = { file: '', language: 'config', path: [], standing: 'source' };
  const place = await ofMember([name], action, method, { source: any, lines: [], search });
  const reason = `from ${hint.from}, the path names ${display(name, 60)}`;
  const sure = place?.isClass ? routeConfidence.handlerClass : literalConfidence.route;
  return place
    ? [{ source: place.source, line: place.line, column: place.column, rung: 'literal', fit: 1, confidence: sure, reason }]
    : [];
}
