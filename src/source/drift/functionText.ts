/**
 * Whether two functions do the same as far as their text tells: white space and comments don't count, except for the indentation where it
 * means something.
 */

type Lines = readonly string[];

const hash = /\.(?:py|pyi|rb|rake|sh|bash|ya?ml|ex|exs|pl|r|jl|php|nim|cr)$/i;
const slashes =
  /\.(?:[cm]?[jt]sx?|java|kts?|scala|groovy|go|rs|cs|php|c|h|cc|cpp|hpp|cxx|swift|dart|vue|svelte|m|mm|zig|proto)$/i;
const indented = /\.(?:py|pyi|ya?ml|nim|coffee|fs|fsx|hs)$/i;

export function sameFunction(file: string, before: Lines, after: Lines): boolean {
  if (before.length === after.length && before.every((line, i) => line === after[i])) return true;
  return codeOf(file, before) === codeOf(file, after);
}

/** The code of some lines without comments and without white space. */
function codeOf(file: string, lines: Lines): string {
  const keepIndent = indented.test(file);
  const first = lines.length ? (/^\s*/.exec(lines[0])?.[0].length ?? 0) : 0;
  let inComment = false;
  let code = '';
  for (const line of lines) {
    const stripped = strip(line, inComment, slashes.test(file), hash.test(file));
    inComment = stripped.inComment;
    const text = stripped.text.trim();
    if (text === '') continue;
    if (keepIndent) code += `\n${Math.max(0, (/^\s*/.exec(line)?.[0].length ?? 0) - first)}:`;
    code += text.replace(/\s+/g, '');
  }
  return code;
}

/** A line without its comments. Quotes are respected as far as a single line tells. */
function strip(line: string, inComment: boolean, slash: boolean, number: boolean): { text: string; inComment: boolean } {
  if (!slash && !number) return { text: line, inComment: false };
  let text = '';
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (inComment) {
      if (char === '*' && line[i + 1] === '/') {
        inComment = false;
        i++;
      }
      continue;
    }
    if (quote !== '') {
      if (char === '\\') text += line[i++];
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (slash && char === '/' && line[i + 1] === '/') break;
    else if (slash && char === '/' && line[i + 1] === '*') {
      inComment = true;
      i++;
      continue;
    } else if (number && char === '#' && (i === 0 || /\s/.test(line[i - 1])) && !/^#[[{]/.test(line.slice(i, i + 2))) break;
    if (i < line.length) text += line[i];
  }
  return { text, inComment };
}
