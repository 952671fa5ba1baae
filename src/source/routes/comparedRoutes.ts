/**
 * Routes of servers without a router, which compare the path themselves and call who answers, and of tables by path:
 * `if r.Method == http.MethodGet && r.URL.Path == ordersPath { return s.authorized(s.listOrders)(w, r) }`, `case "/orders":`,
 * `(&Method::GET, "/orders") => list(req).await`, `ordersPattern.MatchString(r.URL.Path)`, `'/orders' => [Orders::class, 'list']`.
 */

import type { Steps } from '../../base/steps';
import { KeptByLines } from '../outline/keptByLines';
import { indentOf, isBlank } from '../outline/textLines';
import type { SourceLanguage } from '../search/languages';
import { isCode } from '../search/languages';
import { pathsOf, patternsOf } from './constants';
import { type Declaration, verbsIn } from './declaration';
import { type Form, notationOf } from './forms';
import { type Handler, handlerOf } from './handlerText';

/** What has the path of a request; of scripts not the address of a page. */
const anyPath = '(?:[\\w$]{1,40}(?:\\.|->)){0,4}\\$?\\w{0,30}(?:[pP]ath|[uU]ri|[rR]oute|PATH_INFO)\\w{0,6}(?:\\(\\))?';
const scriptPath = '\\b(?:req|request|ctx|context|url|parsedUrl|requestUrl)\\.(?:url|path|pathname)|\\b(?:path|pathname)';
function comparison(path: string): RegExp {
  const text = '(["\'`](?:[A-Z]{3,7} )?\\/[^"\'`]{0,200}["\'`]|[A-Za-z_][\\w.]{2,80})';
  return new RegExp(
    `(?<![\\w$.>])(?:${path})\\s{0,4}(?:={2,3}|\\.equals\\()\\s{0,4}${text}|(?<![\\w.])${text}\\s{0,4}(?:={2,3}|\\.equals\\()\\s{0,4}(?:${path})(?![\\w(])`,
  );
}

const ofScript = comparison(scriptPath);
const ofAny = comparison(anyPath);
/** `case "/x":`, `"/x" =>`, `(&Method::GET, "/x") =>`, `"/x" ->`, `when '/x'`; and what follows. */
const arm =
  /^\s{0,80}(?:case\s|when\s|elif\s|\(\s?[&\w.:"'`]{2,30}\s?,\s?)?["'`]((?:[A-Z]{3,7} )?\/[^"'`\s]{0,200})["'`]\s?\)?\s?(?:=>|->|:(?!:)|\bthen\b|$)\s?(.*)$/;
/** The same, of a constant: `case ordersPath:`. */
const namedArm =
  /^\s{0,80}(?:(?:case|when)\s|\(\s?[&\w.:"'`]{2,30}\s?,\s?)([A-Za-z_$][\w.$]{2,80}(?:::\w{1,60}){0,3})\s?\)?\s?(?:=>|->|:(?!:)|\bthen\b|$)\s?(.*)$/;
/** One part of a path: `"orders" => match …`, `("lines", &Method::GET) => {`, `case "orders":`. */
const partArm = /^\s{0,80}(?:case\s)?\(?\s?["']([\w.-]{2,60})["']\s?(?:,\s?[&\w:.]{1,30}\s?)?\)?\s?(=>|->|:(?!:))\s?(.*)$/;
/** What a path is taken apart by. */
const apart = /path|segment|\buri|\bparts?\b/i;
/** An expression of the program's own that the path is matched with. */
const matched =
  /\b(?:re\.(?:full)?match|preg_match)\(\s?r?["'`]\W?\^?(\\?\/[^"'`\s]{1,200})|(?:\bwhen\s|[=(!]\s?)(?:\/\^?(?=\\\/)|%r\{\^?)(\\?\/\S{1,200})|(?<![\w.])((?:[\w$]{1,40}\.)?\w{3,60})\s?\.\s?(?:MatchString|FindStringSubmatch|FindSubmatch|test|exec|match|fullmatch|is_match|captures|IsMatch|matches)\(\s?[&$\w.>()-]{0,60}(?:[pP]ath|[uU]r[il])/;

const maxFound = 300;
const maxLine = 500;
/** Lines from the comparison to the call of who answers; of what tells its methods apart. */
const maxBelow = 4;
const maxBlock = 60;
const cheap = /==|\.equals\(|case\s|=>|->|\bwhen\s|["'`]\/\S*["'`]\s*:|match|Match|\.(?:test|exec)\(|Submatch|captures/;

/** Lines of one step, and names. */
const stepLines = 1_000;
const stepNames = 8;
/** Of a file; with more it is none of routes. */
const maxNames = 500;

export function* comparedDeclarations(lines: readonly string[], language: SourceLanguage): Steps<readonly Declaration[]> {
  const found: Declaration[] = [];
  let looked = 0;
  const compared = language === 'javascript' ? ofScript : ofAny;
  for (let line = 0; isCode(language) && line < lines.length && found.length < maxFound; line++) {
    if (line % stepLines === stepLines - 1) yield;
    const code = lines[line];
    if (code.length > maxLine || !cheap.test(code)) continue;
    const match = /==|\.equals\(/.test(code) ? compared.exec(code) : null;
    const given = match?.[1] ?? match?.[2];
    const literal = match ? null : arm.exec(code);
    const part = match || literal ? undefined : partsAt(lines, line, language);
    const branch = literal ?? (match || part ? null : namedArm.exec(code));
    const stated = part?.path ?? literal?.[1];
    const name = given ?? branch?.[1];
    // What a name stands for is looked for in all of the file.
    const expression = stated === undefined && name === undefined ? matched.exec(code) : null;
    if (stated === undefined && (name !== undefined || expression)) {
      if (looked++ >= maxNames) continue;
      if (looked % stepNames === 0) yield;
    }
    const paths =
      stated !== undefined
        ? [stated]
        : name !== undefined
          ? pathsOf({ text: name }, lines).map((each) => each.text)
          : pathsMatched(expression, lines);
    const [, verb] = /^([A-Z]{3,7}) \//.exec(paths[0] ?? '') ?? [];
    // What is all of parameters is anybody's.
    const plain = paths
      .map((each) => each.replace(/^[A-Z]{3,7} /, ''))
      .filter((each) => /^\/(?:$|.*[\w-](?![^{]*\}))/.test(each));
    if (!plain.length) continue;
    const column = Math.max(0, code.search(/["'`]/));
    const end = { endLine: line, endColumn: code.length, lastLine: line };
    const form: Form = { kind: 'call', name: 'if', receiver: undefined, line, column, list: [], ...end };
    // Conditions of one path may take several lines; what is compared to is no method.
    const said = verb === undefined ? verbsIn(code.replace(given ?? branch?.[1] ?? '', '')) : [verb];
    const known = said.length ? said : verbsAround(lines, line);
    for (const { verbs, handler } of answering(lines, line, part?.rest ?? branch?.[2], known, language))
      for (const path of plain) found.push({ form, line, column: column + 1, path, verbs, handler, needsHandler: true });
  }
  return found;
}

/** A path of parts that are told apart one within the other. */
function partsAt(
  lines: readonly string[],
  line: number,
  language: SourceLanguage,
): { readonly path: string; readonly rest: string } | undefined {
  const own = /=>|->|\bcase\b/.test(lines[line]) ? partArm.exec(lines[line]) : null;
  const isArm =
    own &&
    (/\bcase\b/.test(lines[line]) || (own[2] === '->' ? language !== 'php' : language === 'rust' || language === 'csharp'));
  if (!own || !isArm) return undefined;
  const words = [own[1]];
  let isApart = false;
  const around = outersOf(lines);
  for (let i = around[line]; i >= 0 && i >= line - maxApart; i = around[i]) {
    const outer = partArm.exec(lines[i])?.[1];
    if (/\b(?:match|switch|when)\b/.test(lines[i])) isApart = apart.test(lines[i]);
    if (outer !== undefined) words.unshift(outer);
  }
  return isApart && words.length > 1 ? { path: `/${words.join('/')}`, rest: own[3] } : undefined;
}

/** Lines from a part to the one around it. */
const maxApart = 600;

/** For each line the nearest one above that is less far in; -1 where there is none. */
function outersOf(lines: readonly string[]): Int32Array {
  return outers.of(lines, '', () => {
    const found = new Int32Array(lines.length).fill(-1);
    const open: number[] = [];
    for (const [line, code] of lines.entries()) {
      if (code.length > maxLine || isBlank(code)) continue;
      while (open.length && indentOf(lines[open[open.length - 1]]) >= indentOf(code)) open.pop();
      found[line] = open.at(-1) ?? -1;
      open.push(line);
    }
    return found;
  });
}

const outers = new KeptByLines<Int32Array>();

function pathsMatched(match: RegExpExecArray | null, lines: readonly string[]): readonly string[] {
  const written = match?.[1] ?? match?.[2];
  return match ? patternsOf(written ?? match[3], lines, written === undefined) : [];
}

interface Answer {
  readonly verbs: readonly string[];
  readonly handler: Handler;
}

/** Who is called for a path: behind what is compared, or below it, for each method that is told there. */
function answering(
  lines: readonly string[],
  line: number,
  rest: string | undefined,
  verbs: readonly string[],
  language: SourceLanguage,
): readonly Answer[] {
  const notation = notationOf(language);
  const handlerIn = (code: string, isValue = false): Handler | undefined => {
    const called = calledIn(code, isValue);
    const handler = called === '' ? undefined : handlerOf(called, notation);
    return handler?.kind === 'function' || handler?.kind === 'class' ? handler : undefined;
  };
  const behind = rest ?? /[)\]]\s*(?:\{\s*)?((?:return|await)\s.{1,300})$/.exec(lines[line])?.[1] ?? '';
  const own = handlerIn(behind.replace(/\}\s*,?$/, ''), rest !== undefined);
  if (own) return [{ verbs, handler: own }];
  // The key of a table.
  if (rest !== undefined && !/\b(?:case|when|elif)\b|=>|->/.test(lines[line])) return [];
  const indent = indentOf(lines[line]);
  const found: Answer[] = [];
  let first: Handler | undefined;
  let returned: Handler | undefined;
  let open = true;
  for (let i = line + 1, n = 0; i < lines.length && i <= line + maxBlock; i++) {
    const code = lines[i].slice(0, maxLine);
    if (isBlank(code) || /^\s*(?:\/\/|#|\{\s*$)/.test(code)) continue;
    if (indentOf(code) <= indent) break;
    if (/^\s*(?:return\b|\.\w)/.test(code)) returned ??= handlerIn(code.replace(/^\s*\./, ''));
    const of = verbs.length ? [] : armVerbs(code);
    if (of.length) {
      const inline = /(?:=>|->|:(?!:)|\)|\bthen\b)\s*(.*)$/.exec(code.slice(code.search(/case\b|==|=>|->|when\b/)))?.[1] ?? '';
      const handler = [inline, ...lines.slice(i + 1, i + 1 + maxBelow)]
        .map((each) => handlerIn(each.slice(0, maxLine)))
        .find((each) => each);
      if (handler) found.push({ verbs: of, handler });
      open = false;
    } else if (open && n++ < maxBelow && !first) {
      const called = handlerIn(code);
      if (called?.kind !== 'function' || !guard.test(called.names.at(-1) ?? '')) first = called;
      if (!called && !/^\s*(?:\{|if\b|let\b|const\b|var\b|\$?\w+\s*:?=)/.test(code) && n > 1) open = false;
    }
  }
  const only = first ?? returned;
  return found.length ? found : only ? [{ verbs, handler: only }] : [];
}

/** Who is asked before. */
const guard =
  /^(?:is_?|has_?|can_?|check|ensure|require|assert|allow|auth(?:enticate|orize)|limit|verif|validat|log|parse|get_?)/i;

/** `case http.MethodGet:`, `if ($method === 'POST')`, `Method::PUT =>` */
function armVerbs(code: string): readonly string[] {
  return /\bcase\b|==|=>|->|\bwhen\b/.test(code) ? verbsIn(code.replace(/["'`]\/[^"'`]*["'`]/g, '').split(/\w\(/)[0]) : [];
}

/** The method that is told apart around a comparison: `case http.MethodGet: switch r.URL.Path {` */
function verbsAround(lines: readonly string[], line: number): readonly string[] {
  const around = outersOf(lines);
  for (let i = around[line]; i >= 0 && i >= line - maxBlock * 2; i = around[i]) {
    const of = /[mM]ethod|\bcase\b|=>/.test(lines[i]) ? armVerbs(lines[i]) : [];
    if (of.length) return of;
  }
  return [];
}

/** `s.authorized(s.listOrders)` of `return s.authorized(s.listOrders)(w, r)`: what is called with the request; empty where nothing is. */
function calledIn(text: string, isValue: boolean): string {
  const code = text
    .replace(/\s(?:\/\/|#).*$/, '')
    .trim()
    .replace(/^[\w, ]{1,48}:?=\s?(?=\w)/, '')
    .replace(/^(?:(?:return|await|yield)\s{1,4})+/, '')
    .replace(/(?:\.await|\?|[;,{\s]|\.boxed\(\)|\.into_response\(\))+$/, '');
  // A table names who answers.
  if (isValue && /^(?:[$\w.>:-]{3,120}|\[[^[\]]{3,160}\]|["'][\w\\]+(?:@|::|#)\w+["'])$/.test(code)) return code;
  // What it is given last is the request.
  const open = code.endsWith(')') ? openOf(code) : -1;
  return open > 0 && /^[$@\w.>()\-:]+$/.test(code.slice(0, open)) ? code.slice(0, open) : '';
}

/** Where the bracket opens that the last character closes. */
function openOf(code: string): number {
  let depth = 0;
  for (let i = code.length - 1; i >= 0; i--) {
    if (code[i] === ')') depth++;
    else if (code[i] === '(' && --depth === 0) return i;
  }
  return -1;
}
