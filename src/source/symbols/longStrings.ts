/**
 * Which lines begin inside of a string of several lines: SQL and texts stand as far left as they like, and tell nothing of what is around a line.
 * Counts delimiters, so one in a comment may mislead; it is asked only where a look without it finds nothing.
 */

import type { SourceLanguage } from '../search/languages';

const delimiters: Partial<Record<SourceLanguage, RegExp>> = {
  python: /"""|'''/g,
  javascript: /`/g,
  java: /"""/g,
  kotlin: /"""/g,
  scala: /"""/g,
  csharp: /"""/g,
  elixir: /"""/g,
};
/** The word that ends it. */
const heredocs: Partial<Record<SourceLanguage, RegExp>> = {
  ruby: /<<[~-]?['"]?([A-Z_][A-Z0-9_]{0,40})/,
  php: /<<<[ \t]*['"]?([A-Za-z_]\w{0,40})/,
};

const maxLine = 2_000;

const known = new WeakMap<readonly string[], readonly string[]>();

/** Lines of the text with those emptied that begin inside of a long string; the same where there are none. Kept as long as the lines are. */
export function withoutLongStrings(lines: readonly string[], language: SourceLanguage): readonly string[] {
  const answer = known.get(lines) ?? look(lines, language);
  known.set(lines, answer);
  return answer;
}

function look(lines: readonly string[], language: SourceLanguage): readonly string[] {
  const heredoc = heredocs[language];
  if (heredoc) return withoutHeredocs(lines, heredoc);
  const delimiter = delimiters[language];
  if (!delimiter) return lines;
  let open: string | undefined;
  return lines.map((line) => {
    const isInside = open !== undefined;
    if (line.length <= maxLine)
      for (const [mark] of line.matchAll(delimiter)) {
        if (open === undefined) open = mark;
        else if (open === mark) open = undefined;
      }
    return isInside ? '' : line;
  });
}

function withoutHeredocs(lines: readonly string[], heredoc: RegExp): readonly string[] {
  let end: string | undefined;
  return lines.map((line) => {
    if (end !== undefined) {
      if (line.trimStart().startsWith(end)) end = undefined;
      return '';
    }
    if (line.length <= maxLine) end = heredoc.exec(line)?.[1];
    return line;
  });
}
