/**
 * The statements of a function, each with all its lines: a query is a chain of calls over many of them. Told by brackets and by how lines
 * begin and end, which is the same in all languages; the body of a closure is no part of the statement that it stands in, but has its own.
 */

import { headerAt } from '../outline/headers';
import { KeptByLines } from '../outline/keptByLines';
import { isHandle } from './builders';

export interface SourceStatement {
  /** From 0. */
  readonly line: number;
  /** The line after its last one. */
  readonly end: number;
  /** Its lines, joined by line breaks. */
  readonly text: string;
}

const maxLines = 60;
const maxText = 6_000;
const maxLine = 2_000;
const maxStatements = 800;

/** Goes on with the line above. */
const goesOn = /^\s*(?:\?\.|!!?\.|\.(?!\.)|->|::|&&|\|\||[+?:|](?!\w)|[)\]}]|and\b|or\b)/;
/** A query of LINQ in words, and how each of its lines begins. */
const inWords = /(?:[=(]|\breturn|\bin)\s*\(?\s*from\s+(?:[\w<>]+\s+)?\w+\s+in\s/;
const wordOf = /^\s*(?:where|orderby|select|join|group|let|from|on|into)\s/;
/** Goes on below. */
const isOpen = /(?:[=(,[.+|&?\\]|=>|->|\breturn|\bawait|:=)\s*$/;
/** Ends with the beginning of a body. */
const opensBody =
  /(?:=>|->|\)|\|)\s*\{\s*$|\b(?:do|else|try|finally|begin)\s*(?:\|[^|]*\|)?\s*\{?\s*$|\{\s*(?:\|[^|]*\||[\w, ]+->)\s*$|\b(?:then|in)\s*$|\b(?:if|for|while|with|switch|unless|elif|else|def|try|except|using|foreach|func|fn|class)\b.*[:{]\s*$|\):\s*$/;

/** Of a function: its head is none of them, but what follows it on its last line is. */
export function bodyStatements(lines: readonly string[], start: number, end: number): readonly SourceStatement[] {
  return bodies.of(lines, `${start}:${end}`, () => readBody(lines, start, end));
}

const bodies = new KeptByLines<readonly SourceStatement[]>();

function readBody(lines: readonly string[], start: number, end: number): readonly SourceStatement[] {
  const header = start < lines.length ? headerAt(lines, start) : undefined;
  if (header?.kind !== 'function' || header.name === undefined) return statementsIn(lines, start, end);
  const last = Math.min(header.end, end, lines.length) - 1;
  const at = /(?:=>|\{|[)\w>?]\s*=(?![=>])|\bdo\b)(?=\s*\S)(?!.*=>)/.exec(lines[last].slice(0, maxLine));
  if (!at || /^\s*[({,]?\s*$/.test(lines[last].slice(at.index + at[0].length))) return statementsIn(lines, header.end, end);
  const from = at.index + at[0].length;
  const blank = [...lines.slice(0, last), ' '.repeat(from) + lines[last].slice(from), ...lines.slice(last + 1, end)];
  return statementsIn(blank, last, end);
}

/** Of the lines from `start` to before `end`, in order. */
export function statementsIn(lines: readonly string[], start: number, end: number): readonly SourceStatement[] {
  const found: SourceStatement[] = [];
  const last = Math.min(end, lines.length);
  for (let line = start; line < last && found.length < maxStatements; ) {
    if (lines[line].trim() === '') {
      line++;
      continue;
    }
    const to = endOf(lines, line, last);
    found.push({
      line,
      end: to,
      text: lines
        .slice(line, to)
        .map((text) => text.slice(0, maxLine))
        .join('\n')
        .slice(0, maxText),
    });
    line = to;
  }
  return found;
}

function endOf(lines: readonly string[], start: number, last: number): number {
  let depth = 0;
  let isQuoted = false;
  const isInWords = inWords.test(`${lines[start].slice(0, 300)}\n${lines[start + 1]?.slice(0, 300) ?? ''}`);
  for (let line = start; line < last && line < start + maxLines; line++) {
    const text = withoutComment(lines[line]);
    // ``sql` `` goes on up to where its text is closed.
    if ((text.match(/`/g)?.length ?? 0) % 2 === 1) isQuoted = !isQuoted;
    if (isQuoted) continue;
    depth += balance(text);
    // A brace on a line of its own begins a body, unless it goes on with what stands above it.
    if (opensBody.test(text.slice(-200)) || (line === start && text.trim() === '{')) return line + 1;
    const next = nextLine(lines, line + 1, last);
    if (depth > 0 || (isOpen.test(text.slice(-40)) && !/:\s*$/.test(text))) continue;
    if (next !== undefined && isInWords && (wordOf.test(next.slice(0, 80)) || /\bselect(?:\s+new\b[^;]*)?\s*$/.test(text)))
      continue;
    if (next !== undefined && depth === 0 && goesOn.test(next.slice(0, 200)) && !/^\s*[}\])]/.test(next)) continue;
    return line + 1;
  }
  return Math.min(last, start + maxLines);
}

/** The next line that is no comment and not empty. */
function nextLine(lines: readonly string[], from: number, last: number): string | undefined {
  for (let line = from; line < last && line < from + 6; line++) if (withoutComment(lines[line]).trim() !== '') return lines[line];
  return undefined;
}

function withoutComment(line: string): string {
  if (/^\s*(?:\/\/|#(?![[{])|\*|\/\*|--\s)/.test(line)) return '';
  const at = line.slice(0, maxLine).search(/(?:^|\s)(?:\/\/|#)\s/);
  return (at < 0 ? line.slice(0, maxLine) : line.slice(0, at)).trimEnd();
}

/** Brackets that are opened on a line, less those that are closed; what stands in quotes on it does not count. */
function balance(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"' || char === "'" || char === '`') {
      const close = text.indexOf(char, i + 1);
      if (close > 0) i = close;
    } else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
  }
  return depth;
}

/** Lines of Go with its type arguments as other languages write them. */
export function linesWithAngles(lines: readonly string[]): readonly string[] {
  return angled.of(lines, '', () => lines.map(withAngles));
}

const angled = new KeptByLines<readonly string[]>();

/** Type arguments of Go as other languages write them: `Insert<models.Order>(` of `Insert[models.Order](`. */
export function withAngles(line: string): string {
  return line.includes('](')
    ? line
        .slice(0, 2_000)
        .replace(
          /(\w)\[([\w.*, ]{1,120}|\[\]\*?[\w.]{1,80})\]\(/g,
          (_, name: string, types: string) => `${name}<${types.replace(/\w+\.|[[\]*]/g, (part) => ' '.repeat(part.length))}>(`,
        )
    : line;
}

/** What a function of Go calls a query that it begins and goes on with: `query := s.db.Model(&models.Order{})`. */
export function begunIn(
  statements: readonly SourceStatement[],
  means: (name: string) => number,
): readonly (readonly [string, number])[] {
  return statements.flatMap(({ text }) => {
    const start = text.slice(0, 600);
    const name = /^\s*(\w{1,60})\s*:=/.exec(start)?.[1];
    const model = /\.\s*(?:Model|Table)\(\s*(?:&|new\(|\(\*)?["`]?(?:\w{1,60}\.)?(\w{1,80})/.exec(start)?.[1];
    const sure = name === undefined || model === undefined || ends.test(start) ? 0 : means(model);
    return name !== undefined && sure >= 0.8 ? [[name, sure * 0.9] as const] : [];
  });
}

const maxParts = 12;
/** Lines over which a query is gone on with. */
const maxComposed = 60;
const begins = /^\s*(?:(?:const|let|var)\s+)?\$?(\w{1,60})\s*(?::[^=\n]{1,80})?=(?![=>])/;
const done = /^\s*(?:\.|->)\s*(?:delete|update|count|exists|first|one\w*|all|get|scalar\w*|fetch\w*|aggregate|del|destroy)\s*$/;
const doneThere = /^\s*(?:\.|->)\s*(?:delete|update|aggregate|del|destroy)\s*\(/;
// A model that is but named has not been asked for anything.
const isAsked =
  /^[^=]{0,200}=\s*await\b|=\s*[\w.$]{1,60}\.model(?:<[^()]{0,120}>)?\([^()]{0,80}\)|=\s*new\s+StringBuilder\b|(?:\.|->)(?:firstOr\w+|findOr\w+|first|one|one_or_none|get|count|exists|scalar\w*|execute|create|save|fetch\w*)\([^()]{0,200}\)[;)]?$/;

/** Without comments, and without what ends a statement. */
function plain(text: string): string {
  const code = text.replace(/\s(?:#|\/\/)\s[^\n]*$/gm, '');
  let end = code.length;
  while (end > 0 && /[\s;]/.test(code[end - 1])) end--;
  return code.slice(0, end);
}

/** Queries of which a variable keeps what there is so far, each as the one statement that it comes to: `q = all()`, `q = q.filter(…)`, `return q.first()`. */
export function composed(statements: readonly SourceStatement[]): readonly SourceStatement[] {
  const found: SourceStatement[] = [];
  const taken = new Set<SourceStatement>();
  for (const [i, statement] of statements.entries()) {
    const name = taken.has(statement) ? undefined : begins.exec(statement.text.slice(0, 200))?.[1];
    // What has been asked for is no query any more.
    if (name === undefined || isHandle(statement.text) || isAsked.test(statement.text.slice(0, 2_000).trimEnd())) continue;
    // What only goes on is asked for where it ends.
    const isBegun = !new RegExp(`^\\s*${name}\\s*=\\s*${name}\\s*\\.`).test(statement.text.slice(0, 200));
    const more = new RegExp(
      `^\\s*(?:(?:return|(?:(?:const|let|var)\\s+)?\\$?[\\w, ]{1,60}=)\\s*)?(?:await\\s+)?\\$?${name}\\s*(?=(?:\\.|->)\\s*\\w{1,60}[(<])`,
    );
    const parts: string[] = [];
    let at = statement;
    for (let k = i + 1; k < statements.length && parts.length < maxParts; k++) {
      const { line, text } = statements[k];
      if (line > statement.line + maxComposed) break;
      const [begun] = more.exec(text.slice(0, 300)) ?? [];
      // Where it is counted it is another query, and may be gone on with.
      if (begun !== undefined && /^\s*(?:\.|->)\s*(?:count|exists)\s*\(/.test(text.slice(begun.length, 400))) continue;
      if (begun !== undefined) {
        parts.push(plain(text.slice(begun.length)));
        const given = begins.exec(begun)?.[1];
        if (given === name) taken.add(statements[k]);
        const isEnd =
          /\bawait\b/.test(begun) ||
          (given !== undefined && given !== name) ||
          done.test(text.slice(begun.length, 400).split('(', 1)[0]);
        // What is done with what was selected is done there.
        if (!isBegun) at = statements[k];
        else if (!/^\s*return\b/.test(begun) && doneThere.test(text.slice(begun.length, 400))) at = statements[k];
        if (isEnd || /^\s*return\b/.test(begun)) break;
      } else if (begins.exec(text.slice(0, 200))?.[1] === name) break;
    }
    if (parts.length)
      found.push({ line: at.line, end: at.end, text: [plain(statement.text), ...parts].join('\n').slice(0, maxText) });
  }
  return found;
}

const ends = /\.\s*(?:Find|First|Last|Take|Scan|Count|Pluck|Create|Save|Delete|Updates?|Rows?|Exec|Error)\b/;

/** The variable that has a statement's value, and whether that had the query before: `query = query.filter(…)`. */
export function keptIn(text: string): { readonly kept?: { readonly name: string; readonly goesOn: boolean } } {
  const [, name, from] =
    /^\s*(?:(?:const|let|var|val)\s+)?\$?([\p{L}_]\w{0,60})\s*(?::[^=\n]{1,80})?:?=(?!=)\s*\(?\s*(?:await\s+)?\$?(\w{0,60})/u.exec(
      text.slice(0, 400),
    ) ?? [];
  return name === undefined ? {} : { kept: { name, goesOn: name === from } };
}
