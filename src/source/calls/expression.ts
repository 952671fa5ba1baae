/**
 * The address that an expression makes: strings, and what is put between them. `base + '/orders/' + id`, `` `${base}/orders/${id}` ``,
 * `fmt.Sprintf("%s/orders/%d", base, id)`, `url.JoinPath(base, "orders", id)`.
 */

import type { SourceLanguage } from '../search/languages';
import { hasName } from './addressNames';
import { anyLiteral, type CodeWindow, type EnclosingCall, literalIndex, valueAround } from './codeWindow';
import { hole, nameOf, type Written, writtenOf } from './pattern';

/** Arguments of these are segments. */
const joins = /(?:join|joinpath|join_path|segments?|buildpath|path_join)$/i;
/** What is given a list of segments: `address.append(["orders", id])`. */
const lists = /(?:append|extend|push|join|segments?|path|ur[li])\w*$/i;
const maxOperands = 24;

/** The address that is made at a place of the code. @param calls those around it @param name an operand that has it is called so */
export function writtenAt(
  { code, literals }: CodeWindow,
  at: number,
  calls: readonly EnclosingCall[],
  language: SourceLanguage,
  name?: string,
): Written {
  const [inner] = calls;
  const callee = inner?.callee.slice(-40) ?? '';
  const list = listAround(code, at, inner?.open ?? 0);
  const isJoined = list === undefined ? joins.test(callee) : list.isJoined || lists.test(callee);
  const open = isJoined ? (list?.open ?? inner?.open) : undefined;
  if (open !== undefined) {
    const parts = argumentsOf(code, open).map((part) => operand(part, literals, language, name));
    return joined(parts, '/');
  }
  const { start, end } = valueAround(code, at);
  const operands = split(code.slice(start, end), language).map((part) => operand(part, literals, language, name));
  const written = joined(operands, '');
  // `Sprintf("%s/orders", base)`: the names are those of the other arguments.
  if (inner && written.holes.some((name) => name === '') && /printf|format|String$/i.test(inner.callee.slice(-40))) {
    const names = argumentsOf(code, inner.open).slice(1).map(nameOf);
    return { ...written, holes: written.holes.map((name, i) => name || (names[i] ?? '')) };
  }
  return written;
}

/** The list that a place is directly in, behind a bracket that opens a call, and whether what follows it joins its parts. */
function listAround(code: string, at: number, from: number): { readonly open: number; readonly isJoined: boolean } | undefined {
  const open = code.lastIndexOf('[', at);
  if (open < from || at - open > 400 || /[\](){};]/.test(code.slice(open, at))) return undefined;
  const close = code.indexOf(']', at);
  return { open, isJoined: close > 0 && /^\]\s*\.\s*join\(/.test(code.slice(close, close + 20)) };
}

function joined(parts: readonly Written[], separator: string): Written {
  const text = parts.map((part) => part.text).join(separator);
  return { text: separator === '' ? text : text.replace(/\/{2,}/g, '/'), holes: parts.flatMap((part) => part.holes) };
}

function operand(part: string, literals: CodeWindow['literals'], language: SourceLanguage, name: string | undefined): Written {
  const trimmed = part.trim();
  const mark = anyLiteral.exec(trimmed.slice(0, 200));
  const literal = mark && literals[literalIndex(mark[0])];
  // A string, maybe with a conversion behind it or a prefix before it.
  // Strings that follow one another are one; Ruby leaves parentheses out.
  if (/^[\s\ue000-\ue7ff]{2,}$/.test(trimmed) && mark)
    return joined(
      [...trimmed]
        .map((char) => literals[literalIndex(char)])
        .filter((each) => each !== undefined)
        .map((each) => writtenOf(each.text, language)),
      '',
    );
  if (
    mark &&
    literal &&
    (mark.index <= 3 || /^[\w.:@!?]+\s+$/.test(trimmed.slice(0, mark.index))) &&
    /^(?:$|\.(?:format|formatted|to_string|into|to_owned|concat|trim|toString|freeze|dup|to_s|With[A-Z]\w*|SetQueryParams?|http[GPDH]\w*|(?:Get|Post|Put|Patch|Delete|Head)\w*Async)\b|\s*%)/.test(
      trimmed.slice(mark.index + 1),
    )
  )
    return writtenOf(literal.text, language);
  return { text: hole, holes: [name !== undefined && hasName(trimmed, name) ? name : nameOf(trimmed)] };
}

/** At the operators that put texts together. */
function split(code: string, language: SourceLanguage): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < code.length && parts.length < maxOperands; i++) {
    const char = code[i];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (depth === 0) {
      const length = operatorAt(code, i, language);
      if (length === 0) continue;
      parts.push(code.slice(from, i));
      from = i + length;
      i = from - 1;
    } else continue;
  }
  parts.push(code.slice(from));
  return parts.filter((part) => part.trim() !== '');
}

function operatorAt(code: string, i: number, language: SourceLanguage): number {
  const char = code[i];
  if (char === '+' && code[i + 1] !== '+' && code[i - 1] !== '+') return code[i + 1] === '=' ? 2 : 1;
  if (char === '.' && language === 'php') return code[i + 1] === '=' ? 2 : 1;
  if (
    (char === '<' && code[i + 1] === '>' && language === 'elixir') ||
    (char === '<' && code[i + 1] === '<' && language === 'ruby')
  )
    return 2;
  return 0;
}

/** The arguments of the call whose bracket opens at a place. */
export function argumentsOf(code: string, open: number): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open + 1; i < Math.min(code.length, open + 3_000) && parts.length < maxOperands; i++) {
    const char = code[i];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') {
      if (depth-- === 0) {
        parts.push(code.slice(from, i));
        return parts.filter((part) => part.trim() !== '');
      }
    } else if (char === ',' && depth === 0) {
      parts.push(code.slice(from, i));
      from = i + 1;
    }
  }
  return parts.filter((part) => part.trim() !== '');
}
