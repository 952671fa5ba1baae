/** Addresses in the attributes of a page's markup that a browser or htmx calls: `hx-post="/links"`, `<form method="post" action="/links">`. */

export interface MarkupAddress {
  readonly text: string;
  readonly verb: string;
  /** A link is followed, and called by nobody. */
  readonly isCall: boolean;
}

const attribute =
  /(?:^|[\s"'])(?:data-)?(hx-(?:get|post|put|patch|delete)|action|formaction|href|src|to)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const maxLine = 2_000;
const maxTag = 8;

/** The attribute's value in which a place is; undefined outside of such. */
export function markupAt(lines: readonly string[], line: number, column: number): MarkupAddress | undefined {
  const text = lines[line] ?? '';
  if (text.length > maxLine) return undefined;
  for (const match of text.matchAll(attribute)) {
    if (column < match.index || column > match.index + match[0].length) continue;
    const [, name, double, single] = match;
    const value = (double ?? single ?? '').replace(/<%=?.*?%>/g, '{}');
    const verb = /^hx-(\w+)$/.exec(name)?.[1]?.toUpperCase();
    if (verb !== undefined) return { text: value, verb, isCall: true };
    if (!/action$/.test(name)) return { text: value, verb: 'GET', isCall: false };
    const tag = lines.slice(Math.max(0, line - maxTag), line + maxTag).join('\n');
    return { text: value, verb: /\bmethod\s*=\s*["']post["']/i.test(tag.slice(0, 8_000)) ? 'POST' : 'GET', isCall: true };
  }
  return undefined;
}
