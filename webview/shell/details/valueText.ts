/** Values as addresses, as pieces of SQL and as queries. */

/** The address when the text as a whole is one that may be opened in a browser. */
export function urlOf(text: string): string | undefined {
  if (!/^https?:\/\/[^\s<>"']+$/i.test(text) || text.length > 2048) return undefined;
  return URL.canParse(text) ? text : undefined;
}

const keywords =
  /\b(?:select|from|where|and|or|not|in|insert|into|values|update|set|delete|join|left|right|inner|outer|on|group|order|by|having|limit|offset|as|with|union|all|distinct|begin|commit|rollback|create|table|index|null|is|like|between|exists|case|when|then|else|end|returning|asc|desc)\b/gi;

/** Pieces of SQL text, keywords marked. */
export function sqlPieces(text: string): { readonly text: string; readonly keyword: boolean }[] {
  const pieces: { text: string; keyword: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(keywords)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), keyword: false });
    pieces.push({ text: match[0], keyword: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), keyword: false });
  return pieces;
}

/** `key = value` in the query language: strings quoted, numbers and truth values as they are. */
export function asQuery(
  key: string,
  value: { readonly text: string; readonly type: string },
  scope: 'span' | 'resource',
): string {
  const plain = value.type === 'int' || value.type === 'double' || value.type === 'bool';
  const name = /^[\w.\-/]+$/.test(key) ? key : `"${escaped(key)}"`;
  return `${scope}.${name} = ${plain ? value.text : `"${escaped(value.text)}"`}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
}
