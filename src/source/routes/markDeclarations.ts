/**
 * Routes that annotations, decorators and attributes declare: of Spring, JAX-RS, Micronaut, ASP.NET, NestJS, Symfony, FastAPI, Flask, Rocket,
 * actix. Several above one method are one route (`@GET` with `@Path`); those above a class begin the routes of its methods.
 */

import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import { namedArgument, positional, stringOf, stringsIn } from './arguments';
import { type PathText, pathsOf } from './constants';
import { type Declaration, verbOf, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';

/** A class that says how the routes of its methods begin. */
export interface ClassBase {
  readonly form: Form;
  readonly name: string;
  /** From 0, of the class; and the line after its last one. */
  readonly line: number;
  readonly end: number;
  readonly paths: readonly PathText[];
  /** `1` of `version: '1'`, of `[ApiVersion("1.0")]`; empty: any. */
  readonly versions: readonly string[];
  readonly isClient: boolean;
  readonly isInterface: boolean;
}

const bases =
  /^(?:RequestMapping|Path|ApplicationPath|[Cc]ontroller|api_controller|RestController|JsonController|Route|RoutePrefix|Resource|HttpExchange|FeignClient|RegisterRestClient|Client)$/;
const clients = /^(?:FeignClient|RegisterRestClient|Client|HttpExchange)$/;
/** Of a class or what is like one: its word and its name. */
export const classHead = /(?:^|[\s)\]])(class|interface|object|record|struct|trait)\s+([\p{L}_$][\p{L}\p{N}_$]*)/u;
const pathNames = ['value', 'path', 'uri', 'template', 'rule', 'url', 'prefix', 'pattern'];
/** A description of the interface may have many lines for each parameter. */
const maxBelow = 150;

interface Marked {
  readonly forms: Form[];
  readonly target: number;
}

export function markDeclarations(
  forms: readonly Form[],
  lines: readonly string[],
  language: SourceLanguage,
): { readonly declarations: readonly Declaration[]; readonly classes: readonly ClassBase[] } {
  const byTarget = new Map<number, Marked>();
  for (const form of forms) {
    if (form.kind !== 'mark') continue;
    const target = targetOf(form, lines, language);
    if (target === undefined) continue;
    const known = byTarget.get(target);
    if (known) known.forms.push(form);
    else byTarget.set(target, { forms: [form], target });
  }
  const declarations: Declaration[] = [];
  const classes: ClassBase[] = [];
  for (const { forms: group, target } of byTarget.values()) {
    const head = classHead.exec(lines[target]);
    if (head && !/^\s*(?:async\s+)?def\b/.test(lines[target])) {
      const base = classBase(group, target, head, lines);
      if (base) classes.push(base);
      // A class of Flask-RESTX or a page that is called as a whole.
      if (language === 'kotlin' || language === 'rust')
        declarations.push(...ofType(group, target, head[2], base, classes, lines));
      // A class of FastEndpoints that says its route above it.
      const isEndpoint = language === 'csharp' && /:\s*(?:\w+\.)?Endpoint\w*\b/.test(lines[target].slice(0, 400));
      if (isEndpoint || language === 'python' || language === 'php')
        declarations.push(...ofClass(group, target, head[2], lines, language));
    } else if (language === 'python' || language === 'rust')
      for (const form of group) declarations.push(...ofMethod([form], target, lines, language));
    else declarations.push(...ofMethod(group, target, lines, language));
  }
  if (language === 'csharp') classes.push(...plainControllers(classes, lines));
  return { declarations, classes };
}

/** `[ApiV1]`, which goes on from `RouteAttribute`. */
const ownRoute = /^\s*\[(?!(?:ApiController|ApiVersion\w*|ApiExplorerSettings|Route)\b)\w*(?:Api|Route|V\d)\w*\b/;

/** A controller that says no route may have it from an attribute of the program's own, or from its base class: by habit it is its name. */
function plainControllers(known: readonly ClassBase[], lines: readonly string[]): readonly ClassBase[] {
  const found: ClassBase[] = [];
  for (const [line, text] of lines.entries()) {
    const name =
      text.length < 300 ? /^\s*(?:(?:public|internal|sealed|partial)\s+)*class\s+(\w+Controller)\b/.exec(text)?.[1] : undefined;
    if (name === undefined || known.some((each) => each.line === line)) continue;
    const form: Form = {
      kind: 'mark',
      name: 'Route',
      receiver: undefined,
      line,
      column: 0,
      list: [],
      endLine: line,
      endColumn: 0,
      lastLine: line,
    };
    const isOwn = lines.slice(Math.max(0, line - 8), line).some((above) => ownRoute.test(above.slice(0, 300)));
    const paths = [{ text: '[controller]' }, ...(isOwn ? [] : [{ text: '' }])];
    found.push({ form, name, line, end: classEnd(lines, line), paths, versions: [], isClient: false, isInterface: false });
  }
  return found;
}

/** The line that a mark stands above; undefined where it is a parameter's or stands above nothing. */
export function targetOf(form: Form, lines: readonly string[], language: SourceLanguage): number | undefined {
  const isHash = notationOf(language).comment === '#';
  let line = form.endLine;
  let rest = lines[line].slice(form.list.length || lines[line][form.endColumn] === ')' ? form.endColumn + 1 : form.endColumn);
  let depth = 0;
  for (let n = 0; n < maxBelow && line < lines.length; n++) {
    const text = rest.trim();
    if (depth === 0 && text !== '' && !/^[\])},;]+$/.test(text) && !isCommentLine(text) && !(isHash && text.startsWith('#'))) {
      if (!/^(?:@(?!interface)|\[|#\[|,|\)\s*\]|\]\s*\[|\]\s*\/\/)/.test(text)) {
        const code = text.replace(/^[\])]+\s*/, '');
        return /^\w+\s*[,)]/.test(code) ? undefined : line;
      }
    }
    if (depth > 0 || /^(?:@|\[|#\[|,|\)|\])/.test(text)) {
      depth = Math.max(0, depth + balance(text));
      const behind = depth === 0 ? afterMarks(text) : '';
      if (behind !== '') return line;
    }
    line++;
    rest = lines[line] ?? '';
  }
  return undefined;
}

/** Brackets that a line opens and leaves open. */
function balance(text: string): number {
  let depth = 0;
  const code = text.slice(0, 1_000).replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  for (const char of code) {
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
  }
  return depth;
}

/** What follows the marks of a line: `public Order show()` of `@Inject("x") public Order show()`. */
function afterMarks(text: string): string {
  let rest = text.slice(0, 1_000).replace(/"[^"]*"|'[^']*'/g, '""');
  for (let n = 0; n < 8; n++) {
    const mark = /^(?:@[\w.]+\s*|#?(?=\[)|[\])]+\s*)/.exec(rest);
    if (!mark) break;
    rest = rest.slice(mark[0].length);
    if (!/^[([]/.test(rest)) continue;
    let depth = 0;
    let end = 0;
    for (; end < rest.length && end < 1_000; end++) {
      if ('([{'.includes(rest[end])) depth++;
      else if (')]}'.includes(rest[end]) && --depth === 0) break;
    }
    rest = rest.slice(end + 1).trim();
  }
  return /^(?:[\])},;{(]|\/\/|$)/.test(rest.trim()) ? '' : rest.trim();
}

function classBase(group: readonly Form[], line: number, head: RegExpExecArray, lines: readonly string[]): ClassBase | undefined {
  // `@controller(router)` of Python is given what has the path.
  const isGiven = ({ name, list }: Form): boolean => name === 'controller' && /^\w+$/.test(list[0]?.text ?? '');
  const stating = group.filter((form) => bases.test(form.name) && !isGiven(form));
  if (!stating.length) return undefined;
  const isClient = group.some(({ name }) => clients.test(name));
  const withPath =
    stating.find((form) => form.list.length > 0 && !/^(?:RestController|RegisterRestClient)$/.test(form.name)) ?? stating[0];
  return {
    form: withPath,
    name: head[2],
    line,
    end: classEnd(lines, line),
    paths: pathsOfMark(withPath, lines),
    versions: versionsOf(group),
    isClient,
    isInterface: head[1] === 'interface' || head[1] === 'trait',
  };
}

function versionsOf(group: readonly Form[]): readonly string[] {
  const texts = group.flatMap(({ name, list }) =>
    /^(?:Api)?Version$/.test(name)
      ? (list[0]?.text ?? [])
      : (namedArgument(list, ['version']) ??
        /[{,\s]version\s*:\s*(\[[^\]]*\]|['"][^'"]*['"])/.exec(list[0]?.text ?? '')?.[1] ??
        []),
  );
  return texts.flatMap((text) => stringsIn(text).map((each) => each.replace(/^v|\.0$/gi, '')));
}

function objectField(text: string | undefined, name: string): string | undefined {
  return text?.startsWith('{') ? new RegExp(`[{,\\s]${name}\\s*:\\s*('[^']*'|"[^"]*"|\`[^\`]*\`)`).exec(text)?.[1] : undefined;
}

/** The line after a class's last one. */
export function classEnd(lines: readonly string[], line: number): number {
  const indent = indentOf(lines[line]);
  for (let i = line + 1; i < lines.length; i++) {
    if (isBlank(lines[i]) || indentOf(lines[i]) > indent || isCommentLine(lines[i])) continue;
    // The rest of a head of several lines, its opening brace.
    if (/^\s*(?:[{)]|extends|implements|where|:)/.test(lines[i])) continue;
    return i;
  }
  return lines.length;
}

function pathsOfMark(form: Form, lines: readonly string[]): readonly PathText[] {
  const named = namedArgument(form.list, /^(?:FeignClient|Client)$/.test(form.name) ? ['path'] : pathNames);
  const field = objectField(form.list[0]?.text, 'path') ?? objectField(form.list[0]?.text, 'route');
  const text = field ?? named ?? (/^(?:FeignClient)$/.test(form.name) ? undefined : positional(form.list)[0]?.text);
  if (text === undefined) return [];
  // `@api.route("/orders/<id>", "/orders/by-code/<id>")` of Flask-RESTX
  const more =
    form.name === 'route' ? positional(form.list).filter((each) => each.text !== text && /^["']\//.test(each.text)) : [];
  return [{ text }, ...more].flatMap((each) => pathsOf(each, lines));
}

/** Where the path of a mark stands: its argument, which may be on a line below. */
function lineOfPath(form: Form, path: PathText): number {
  return form.list.find(({ text }) => path.text !== '' && text.includes(path.text))?.line ?? form.line;
}

function ofMethod(
  group: readonly Form[],
  target: number,
  lines: readonly string[],
  language: SourceLanguage,
): readonly Declaration[] {
  const action = language === 'python' ? group.find(({ name }) => /^(?:action|(?:detail|list)_route)$/.test(name)) : undefined;
  if (action) return extraAction(action, target, lines);
  const telling = group.filter(
    ({ name }) => !/^(?:Version|ApiVersion|[Cc]ontroller|RestController|Resource|Client|FeignClient)$/.test(name),
  );
  if (!telling.length) return [];
  const verbs = new Set<string>();
  let isAny = false;
  for (const form of telling) {
    const own =
      verbOf(form.name) ??
      ownVerb
        .exec(form.name)
        ?.find((part, i) => i > 0 && part !== undefined)
        ?.toUpperCase();
    const said = methodsOf(form, language);
    if (own !== undefined) verbs.add(own);
    else if (said.length) for (const each of said) verbs.add(each);
    else if (!/^Path$/.test(form.name)) isAny = true;
  }
  // `@Path` alone is a locator of JAX-RS, `[Route]` beside `[HttpGet]` only says the path.
  const found = verbs.size || !isAny ? [...verbs] : language === 'python' ? ['GET'] : [];
  const withPath = telling.filter(({ list }) => list.length > 0);
  const paths = withPath.flatMap((form) => pathsOfMark(form, lines).map((path) => ({ form, path })));
  // Feign, Retrofit: `@GET("orders")`, which of JAX-RS says no path.
  const isClient = telling.some(
    ({ name, list }) => /^RequestLine$|Exchange$/.test(name) || (/^[A-Z]+$/.test(name) && list.length > 0),
  );
  const all: readonly { readonly form: Form; readonly path: PathText }[] = paths.length
    ? paths
    : [
        // By habit.
        ...(telling.some(({ name }) => ownById.test(name)) ? [{ form: telling[0], path: { text: '{id}' } }] : []),
        ...(telling.some(({ name }) => /^\w+(?:Get|Delete)ById$/.test(name)) ? [] : [{ form: telling[0], path: { text: '' } }]),
      ];
  const versions = versionsOf(group.filter(({ name }) => name === 'Version'));
  return all.slice(0, 8).map(({ form, path }) => ({
    form,
    // Descriptions of an API take many lines: the function is what a person looks for.
    line: /^(?:rust|python)$/.test(language) && form.endLine > form.line ? target : lineOfPath(form, path),
    column: undefined,
    path: path.text.replace(/^~\//, '/').replace(language === 'rust' ? /\?.*$/ : /$^/, ''),
    ...(path.isCut ? { isCut: true as const } : {}),
    verbs: found,
    handler: { kind: 'inline' },
    target,
    ...(versions.length ? { versions } : {}),
    ...(language === 'csharp' && /^~?\//.test(path.text) ? { isAbsolute: true as const } : {}),
    ...(isClient ? { isClient: true as const } : {}),
  }));
}

/** What the program's own attributes are called that go on from those of ASP.NET: `RestDeleteById`. */
const ownVerb = /^[A-Z]\w*?(Get|Post|Put|Patch|Delete)(?![a-z])|^(Get|Post|Put|Patch|Delete)(?=[A-Z])/;
const ownById = /(?:Get|Put|Patch|Delete)ById$/;

/** `@action(detail=True, methods=['post'], url_path='close')` of Django REST framework: below what its class is registered for. */
function extraAction(form: Form, target: number, lines: readonly string[]): readonly Declaration[] {
  const name = /\bdef\s+(\w+)/.exec(lines[target])?.[1];
  const path = stringOf(namedArgument(form.list, ['url_path']) ?? '') ?? name;
  if (path === undefined || !form.list.length) return [];
  const isDetail = form.name === 'detail_route' || /True/.test(namedArgument(form.list, ['detail']) ?? '');
  const verbs = verbsIn(namedArgument(form.list, ['methods']) ?? 'get');
  const handler = { kind: 'inline' } as const;
  return [
    {
      form: { ...form, name: 'action' },
      line: form.line,
      column: undefined,
      path: isDetail ? `{pk}/${path}` : path,
      verbs,
      handler,
      target,
    },
  ];
}

/** Methods that a mark says beside its own name. */
function methodsOf({ name, list }: Form, language: SourceLanguage): readonly string[] {
  const text = namedArgument(list, ['method', 'methods']);
  if (text !== undefined) return verbsIn(text);
  // `#[utoipa::path(get, path = "/reeds")]`, `#[utoipa::path(method(get, head), …)]`
  if (language === 'rust' && name === 'path')
    return positional(list).flatMap((each) => (/^(?:\w+$|method\()/.test(each.text) ? verbsIn(each.text) : []));
  if (name === 'AcceptVerbs') return verbsIn(list.map((each) => each.text).join(' '));
  // `#[route("/x", method = "GET", method = "PUT")]` has it as the named one; FastAPI's `api_route` and Flask's `route` do GET by themselves.
  return language === 'python' && /^(?:route|api_route)$/.test(name) ? ['GET'] : [];
}

/** A class of Ktor or a struct of axum that says a path: whoever takes it answers. */
function ofType(
  group: readonly Form[],
  target: number,
  name: string,
  base: ClassBase | undefined,
  classes: readonly ClassBase[],
  lines: readonly string[],
): readonly Declaration[] {
  const form = group.find((each) => /^(?:Resource|typed_path)$/.test(each.name));
  if (!form) return [];
  const around = classes.filter(
    (each) => each !== base && each.line < target && target < each.end && each.form.name === 'Resource',
  );
  const full = [...around.map((each) => each.name), name].join('.');
  return pathsOfMark(form, lines).map(({ text }) => ({
    form: { ...form, kind: 'call' },
    line: form.line,
    column: undefined,
    path: [...around.map((each) => each.paths[0]?.text ?? ''), text].filter((part) => part !== '').join('/'),
    verbs: [],
    handler: { kind: 'typed', name: full },
    target,
  }));
}

/** What a class answers that goes on from a library's alone; empty: any. */
function methodsDefined(target: number, lines: readonly string[]): readonly string[] {
  if (!/\((?:\w+\.)?(?:Resource|MethodView|HTTPEndpoint|View)\)/.test(lines[target].slice(0, 300))) return [];
  const found = new Set<string>();
  for (const text of lines.slice(target + 1, classEnd(lines, target))) {
    const verb = /^\s+(?:async\s+)?def\s+(get|post|put|patch|delete|head|options)\(/.exec(text.slice(0, 100))?.[1];
    if (verb !== undefined) found.add(verb.toUpperCase());
  }
  return [...found];
}

/** Methods of a class that is a resource by itself: `get`, `post`, `__invoke`. */
function ofClass(
  group: readonly Form[],
  target: number,
  name: string,
  lines: readonly string[],
  language: SourceLanguage,
): readonly Declaration[] {
  return group
    .filter((form) => (language === 'csharp' ? /^Http[A-Z]/ : /^(?:route|Route|view)$/).test(form.name))
    .flatMap((form) =>
      pathsOfMark(form, lines).map((path) => ({
        form,
        line: form.line,
        column: undefined,
        path: path.text,
        verbs:
          language === 'python'
            ? methodsDefined(target, lines)
            : [...(verbOf(form.name) ? [verbOf(form.name) ?? ''] : []), ...methodsOf({ ...form, name: '' }, language)],
        handler: { kind: 'class' as const, names: [name] },
        target,
      })),
    );
}
