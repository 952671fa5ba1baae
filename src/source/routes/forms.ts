/**
 * The calls and annotations of a file that may have to do with routes, whatever framework they are of, with their arguments. What they mean
 * is read in declarations.ts; here it is only told where one begins, what it is called on, and how far it goes.
 */

import type { Steps } from '../../base/steps';
import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import { isInUnitTest } from '../search/unitTests';
import { type Argument, argumentsAt, type Notation } from './arguments';
import { withoutComment } from './chain';

export interface Form {
  /** Annotations, decorators and attributes are marks: they belong to what stands below them. */
  readonly kind: 'call' | 'mark';
  /** As written: `GetMapping`, `MapGet`, `get`. */
  readonly name: string;
  /** The last word of what it is called on; `)` where that is another call, undefined where there is none. */
  readonly receiver: string | undefined;
  /** From 0, of the name. */
  readonly line: number;
  readonly column: number;
  readonly list: readonly Argument[];
  /** Between angle brackets: `Orders.ById` of `get<Orders.ById> {`. */
  readonly generic?: string;
  /** Where its arguments end. */
  readonly endLine: number;
  readonly endColumn: number;
  /** The last line of its arguments or of the block that follows them. */
  readonly lastLine: number;
}

const verbs = 'get|post|put|patch|delete|del|head|options';
/** Calls by language, in lower case. */
const calls: Partial<Record<SourceLanguage, string>> = {
  javascript: `${verbs}|all|any|use|route|register|mount|group|resources?|apiresource|prefix|basepath|setglobalprefix|handle`,
  python:
    'path|re_path|url|register|include(?:_router)?|register_blueprint|add_url_rule|add_api_route|add_route|add_router|add_(?:\\w{1,40}_)?resources?|route|mount|' +
    'websocketroute|add_view|view|add_get|add_post|add_put|add_patch|add_delete|get|post|put|patch|delete|add_namespace|register_router',
  go: `${verbs}|any|all|match|methods?|(?:ns)?router|(?:ns|new)namespace|resource|register|combo|methodfunc|handle|handlefunc|handler|handlerfunc|add|group|route|mount|pathprefix|use|stripprefix`,
  java: `${verbs}|(?:and)?route|path|nest|mount|group|any|before|crud`,
  kotlin: `${verbs}|(?:and)?route|path|nest|group|mount|any|handle|crud`,
  scala: `${verbs}|path|pathprefix`,
  groovy: `${verbs}|group`,
  csharp: `map(?:${verbs}|methods|group|(?:area)?(?:controller)?route)|map|${verbs}|usepathbase|verbs|routes|maphub`,
  fsharp: `${verbs}|route|routef|subroute`,
  php:
    `${verbs}|any|match|map|add(?:route|${verbs})?|connect|rule|route|resources?|apiresources?|apisingleton|singleton|(?:add)?group|prefix|scope|` +
    'controller|view|redirect|presenter|invokable|register_rest_route',
  rust: `${verbs}|any|(?:api_)?route(?:_with(?:_tsr)?)?|nest(?:_(?:api_)?service)?|scope|resource|service|configure|mount|at|with_path|merge|to|push|add`,
  ruby: `${verbs}|namespace|scope|resource|resources|mount|route_param|map|on|is`,
  elixir: `${verbs}|scope|resources|live|forward|match`,
  swift: `${verbs}|group|grouped|on`,
  dart: `${verbs}|mount|all`,
};

/** Languages whose calls need no brackets. */
const bare: ReadonlySet<SourceLanguage> = new Set(['ruby', 'elixir']);
/** Languages in which a block may follow a call at once: `get { … }`. */
const blocks: ReadonlySet<SourceLanguage> = new Set(['kotlin', 'scala', 'groovy', 'swift']);

const marks =
  /(?:@|#\[|(?:^|[\s,])\[|,\s*(?=Http|Route))\s*(?:[\w$]+(?:\.|::|\\)){0,3}((?:Request|Get|Post|Put|Patch|Delete|Message)Mapping|(?:Get|Post|Put|Patch|Delete)Exchange|HttpExchange|[Hh]ttp(?:Get|Post|Put|Patch|Delete|Head|Options)|http_(?:get|post|put|patch|delete)|api_controller|AcceptVerbs|Route|RoutePrefix|Path|ApplicationPath|ApiVersion|Version|(?:Rest|Json)?[Cc]ontroller|Resource|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Get|Post|Put|Patch|Delete|Head|Options|All|get|post|put|patch|delete|head|options|route|api_route|(?<=\brout\w{1,10}\.)view|websocket|action|(?:detail|list)_route|expose|view_config|(?<=utoipa::)path|oai|FeignClient|RegisterRestClient|RequestLine|Client|typed_path)\b/g;
const marked: ReadonlySet<SourceLanguage> = new Set([
  ...(['java', 'kotlin', 'scala', 'groovy', 'csharp', 'javascript', 'python', 'rust', 'php', 'fsharp', 'dart'] as const),
]);

const maxLine = 2_000;
const maxFileLines = 20_000;
const maxForms = 3_000;
/** Lines of one step. */
const stepLines = 32;

export function notationOf(language: SourceLanguage): Notation {
  const isHash = language === 'python' || language === 'ruby' || language === 'elixir';
  return { comment: isHash ? '#' : '//', hasSingleQuotes: language !== 'rust' && language !== 'go' && language !== 'elixir' };
}

const patterns = new Map<SourceLanguage, RegExp | undefined>();

function callPattern(language: SourceLanguage): RegExp | undefined {
  if (!patterns.has(language)) {
    const names = calls[language];
    const follows = `(?=\\s{0,2}(?:<[^<>()]{0,80}>)?\\s{0,2}\\(${bare.has(language) ? '|[ \\t]+(?:["\':/%]|do\\b)' : ''}${
      blocks.has(language) ? '|\\s*\\{' : ''
    })`;
    patterns.set(
      language,
      names === undefined
        ? undefined
        : new RegExp(`(?<![\\w$@"'/:]|#\\[)(?:${names})${follows}|(?<=::|\\bdo_)(?:${names})${follows}`, 'gi'),
    );
  }
  return patterns.get(language);
}

/** Annotations of PHP stand in comments. */
const documented = /^\s*(?:\/\*)?\*+\s*@(?:\w+\\)*(?:Route|Get|Post|Put|Patch|Delete)\b/;

/** In the order of their lines. */
export function* routeForms(lines: readonly string[], language: SourceLanguage): Steps<readonly Form[]> {
  const found: Form[] = [];
  const calling = callPattern(language);
  const notation = notationOf(language);
  const isBlockLanguage = bare.has(language) || blocks.has(language);
  let closing: string | undefined;
  for (let line = 0, end = Math.min(lines.length, maxFileLines); line < end && found.length < maxForms; line++) {
    const text = lines[line];
    if (line % stepLines === stepLines - 1) yield;
    if (text.length > maxLine) continue;
    const inside = closing;
    closing = commentAfter(text, closing, language);
    const isDocumented = language === 'php' && documented.test(text.slice(0, 200));
    if (!isDocumented && (inside !== undefined || text.length < 3 || isCommentLine(text))) continue;
    if (isInUnitTest({ language }, lines, line)) continue;
    if (marked.has(language) && (text.includes('@') || text.includes('['))) {
      for (const match of text.matchAll(marks)) {
        const column = match.index + match[0].length - match[1].length;
        found.push(formAt(lines, line, column, match[1], 'mark', language, notation));
      }
    }
    const own = language === 'csharp' ? ownMark.exec(text.slice(0, 300)) : null;
    if (own && found[found.length - 1]?.line !== line)
      found.push(formAt(lines, line, own[0].length - own[1].length, own[1], 'mark', language, notation));
    if (language === 'python' && /^\s*@\w/.test(text)) {
      const wrapped = wrappedMark(lines, line, notation);
      if (wrapped) found.push(wrapped);
    }
    if (!calling || !(text.includes('(') || isBlockLanguage)) continue;
    for (const match of text.matchAll(calling)) {
      // A decorator of Python is a mark already; a definition is no call.
      const before = text.slice(0, match.index);
      if (/^\s*@[\w.]*$/.test(before) || /\b(?:def|fun|func|function|fn|class|new)\s+$/.test(before)) continue;
      found.push(formAt(lines, line, match.index, match[0], 'call', language, notation));
    }
  }
  return found;
}

/** `[RestDeleteById]`: an attribute of the program's own that goes on from one of ASP.NET. */
const ownMark = /^\s*\[((?:[A-Z]\w{0,30}?)?(?:Get|Post|Put|Patch|Delete)(?:[A-Z]\w{0,30})?)(?=[\](,])/;

/** `@protected(router.get, "/orders", …)`: a decorator of the program's own that is given what declares. */
function wrappedMark(lines: readonly string[], line: number, notation: Notation): Form | undefined {
  const open = lines[line].indexOf('(');
  const args = open < 0 || verbMark.test(lines[line]) ? undefined : argumentsAt(lines, line, open, notation);
  const [first, ...list] = args?.list ?? [];
  const [, receiver, name] = /^(\w+)\.(get|post|put|patch|delete|head|options)$/.exec(first?.text ?? '') ?? [];
  if (!args || name === undefined || !list.length) return undefined;
  const { endLine, endColumn } = args;
  return { kind: 'mark', name, receiver, line, column: open, list, endLine, endColumn, lastLine: endLine };
}

const verbMark = new RegExp(`^\\s*@[\\w.]+\\.(?:${verbs}|route|api_route)\\(`);

/** What closes the comment or the text over lines that a line leaves open. */
function commentAfter(text: string, open: string | undefined, language: SourceLanguage): string | undefined {
  if (language === 'python') {
    let closing = open;
    for (const [mark] of text.matchAll(/"""|'''/g))
      closing = closing === undefined ? mark : closing === mark ? undefined : closing;
    return closing;
  }
  if (open !== undefined) return text.includes(open) ? undefined : open;
  const trimmed = text.trimStart();
  if (language === 'ruby') return trimmed.startsWith('=begin') ? '=end' : undefined;
  return trimmed.startsWith('/*') && !trimmed.includes('*/') ? '*/' : undefined;
}

function formAt(
  lines: readonly string[],
  line: number,
  column: number,
  name: string,
  kind: Form['kind'],
  language: SourceLanguage,
  notation: Notation,
): Form {
  const text = lines[line];
  let open = column + name.length;
  const generic = /^\s*<[^<>()]{0,80}>/.exec(text.slice(open));
  if (generic) open += generic[0].length;
  while (text[open] === ' ' && text[open + 1] === '(') open++;
  const receiver = kind === 'mark' ? markReceiver(text, column) : receiverAt(lines, line, column);
  const hasBrackets = text[open] === '(';
  const isBare = !hasBrackets && kind === 'call' && bare.has(language) && !/^\s+do\b/.test(text.slice(open, open + 12));
  const args = hasBrackets || isBare ? argumentsAt(lines, line, isBare ? open + 1 : open, notation, isBare) : undefined;
  const endLine = args?.endLine ?? line;
  const endColumn = args?.endColumn ?? open;
  const lastLine = Math.max(endLine, kind === 'call' ? blockEnd(lines, line, endLine, endColumn) : endLine);
  return {
    kind,
    name,
    receiver,
    line,
    column,
    list: args?.list ?? [],
    ...(generic ? { generic: generic[0].trim().slice(1, -1) } : {}),
    endLine,
    endColumn,
    lastLine,
  };
}

function markReceiver(text: string, column: number): string | undefined {
  return /([\w$]+)(?:\.|::)$/.exec(text.slice(Math.max(0, column - 80), column))?.[1];
}

/** Lines of a comment within a chain. */
const maxComment = 40;

function receiverAt(lines: readonly string[], line: number, column: number): string | undefined {
  let before = lines[line].slice(0, column).trimEnd();
  // A chain that goes on over lines begins with its dot, or the line before ends with it.
  if (before === '' && /\)\s*\.\s*$/.test(lines[line - 1]?.slice(-200) ?? '')) return ')';
  if (/^(?:\.|\?\.|->|::)$/.test(before.trim()) && line > 0) {
    let above = line - 1;
    while (above > 0 && line - above < maxComment && /^\s*(?:\/\/|\/?\*)/.test(lines[above].slice(0, 200))) above--;
    return (
      /(?<![\w$])(?:[\w$]+(?:\.|->))*([A-Za-z_$][\w$]*)\s*$/
        .exec(withoutComment(lines[above]).trimEnd().slice(-120))?.[1]
        ?.replace(/^\$/, '') ?? ')'
    );
  }
  const link = /(?:\?\.|\.|::|->)$/.exec(before);
  if (!link) return undefined;
  before = before.slice(0, -link[0].length).trimEnd();
  if (/[)\]}]$/.test(before)) return ')';
  return /([\w$]+)!?$/.exec(before.slice(-80))?.[1]?.replace(/^\$/, '') ?? ')';
}

/** The last line of a block that opens behind a call; -1 where none does. */
function blockEnd(lines: readonly string[], line: number, endLine: number, endColumn: number): number {
  const rest = lines[endLine]?.slice(endColumn) ?? '';
  if (!/^\)?\s*(?:\{|do\b)/.test(rest) || /\bend\s*$|\}\s*$/.test(rest)) return -1;
  const indent = indentOf(lines[line]);
  for (let i = endLine + 1; i < lines.length && i < endLine + 5_000; i++) {
    if (!isBlank(lines[i]) && indentOf(lines[i]) <= indent) return i;
  }
  return lines.length - 1;
}
