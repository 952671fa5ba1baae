/** Where a name of a file comes from, in the notation of its language: a path, or a dotted name; and what a variable of it holds. */

import { usesOf } from '../callees/useTree';
import type { SourceLanguage } from '../search/languages';

const maxLines = 600;
const maxLine = 600;

/** What is imported under the first word of a name: `./routes/orders`, `shop.views.list_orders`, `App\Http\OrderController`. */
export function importOf(name: string, lines: readonly string[], language: SourceLanguage): string | undefined {
  const head = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(name)?.[0];
  if (head === undefined) return undefined;
  const word = head.replace(/\$/g, '\\$');
  switch (language) {
    case 'javascript':
      return ofScript(word, lines);
    case 'python':
      return ofPython(head, lines);
    case 'go':
      return ofGo(head, lines);
    case 'php':
      return (
        match(
          lines,
          head,
          new RegExp(`^\\s*use\\s+(?:function\\s+)?([\\w\\\\]*\\\\${word}|[\\w\\\\]+(?=\\s+as\\s+${word}\\b))`),
        ) ?? grouped(lines, head, /^\s*use\s+([\w\\]+)\\\{/, '\\')
      );
    case 'rust':
      return (
        usesOf(lines).names.get(head) ?? match(lines, head, new RegExp(`^\\s*(?:pub(?:\\([^)]*\\))?\\s+)?mod\\s+(${word})\\s*;`))
      );
    case 'elixir':
      return match(lines, head, new RegExp(`^\\s*alias\\s+([\\w.]*\\.${word})\\b`));
    case 'java':
    case 'kotlin':
    case 'scala':
    case 'groovy':
      return match(lines, head, new RegExp(`^\\s*import\\s+(?:static\\s+)?([\\w.]*\\.${word}|[\\w.]+(?=\\s+as\\s+${word}\\b))`));
    default:
      return undefined;
  }
}

function match(lines: readonly string[], head: string, pattern: RegExp): string | undefined {
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    if (lines[i].length > maxLine || !lines[i].includes(head)) continue;
    const found = pattern.exec(lines[i])?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `use App\Http\{OrderController, CartController};` */
function grouped(lines: readonly string[], head: string, opening: RegExp, separator: string): string | undefined {
  const word = new RegExp(`(?<![\\w])([\\w:\\\\]*?)(?<![\\w])${head}(?![\\w])`);
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    const base = lines[i].length > maxLine ? undefined : opening.exec(lines[i])?.[1];
    if (base === undefined) continue;
    for (let at = i; at < Math.min(end, i + 60); at++) {
      const text = at === i ? lines[at].slice(lines[at].indexOf('{')) : lines[at];
      const found = text.length > maxLine ? null : word.exec(text);
      if (found) return `${base}${separator}${found[1]}${head}`;
      if (/\}\s*;/.test(text)) break;
    }
  }
  return undefined;
}

function ofScript(word: string, lines: readonly string[]): string | undefined {
  const imported = new RegExp(`(?<![\\w$.])${word}(?![\\w$])`);
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    const text = lines[i];
    if (text.length > maxLine || !/\b(?:from|require|import)\b/.test(text)) continue;
    const from = /\bfrom\s*['"]([^'"]+)['"]|\b(?:require|import)\(\s*['"]([^'"]+)['"]/.exec(text);
    const path = from?.[1] ?? from?.[2];
    if (path === undefined) continue;
    let clause = text.slice(0, from?.index);
    // The names stand on lines before it.
    for (let up = i - 1; up >= 0 && up > i - 60 && !/\b(?:import|const|let|var|export)\b/.test(clause); up--)
      clause = `${lines[up].slice(0, 300)} ${clause}`;
    if (imported.test(clause)) return path;
  }
  return undefined;
}

function ofPython(head: string, lines: readonly string[]): string | undefined {
  const word = new RegExp(`(?<![\\w])(?:(\\w+)\\s+as\\s+)?${head}(?![\\w])`);
  let base: string | undefined;
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    const text = lines[i];
    if (text.length > maxLine) continue;
    const from = /^\s*from\s+([\w.]+)\s+import\s+(.*)$/.exec(text);
    if (from) base = from[1];
    const names = from ? from[2] : base === undefined ? undefined : text;
    if (names !== undefined && base !== undefined) {
      const found = word.exec(names.replace(/#.*$/, ''));
      if (found) return `${base}${base.endsWith('.') ? '' : '.'}${found[1] ?? head}`;
      // The brackets of a longer import are closed, or there are none.
      if (from ? !/\(\s*[^)]*$/.test(names) && !names.endsWith('\\') : names.includes(')')) base = undefined;
      continue;
    }
    const plain = /^\s*import\s+([\w.]+)(?:\s+as\s+(\w+))?/.exec(text);
    if (plain && (plain[2] === head || (plain[2] === undefined && plain[1].split('.')[0] === head))) return plain[1];
  }
  return undefined;
}

function ofGo(head: string, lines: readonly string[]): string | undefined {
  for (let i = 0, end = Math.min(lines.length, maxLines); i < end; i++) {
    const found = /^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([^"\s]+)"\s*(?:\/\/.*)?$/.exec(lines[i]);
    if (!found) continue;
    const [, alias, path] = found;
    if (
      alias === head ||
      (alias === undefined &&
        path
          .replace(/\/v\d+$/, '')
          .split('/')
          .pop()
          ?.replace(/^go-|[.-]go$/, '') === head)
    )
      return path;
    if (/^func\s/.test(lines[i])) break;
  }
  return undefined;
}

/** The class that a variable or a field holds, as far as the file says it. */
export function typeOf(name: string, lines: readonly string[]): string | undefined {
  const word = name.replace(/\$/g, '');
  const patterns = [
    new RegExp(
      `(?<![\\w])${word}\\s*(?::=|=)\\s*(?:await\\s+)?(?:new\\s+)?&?\\*?(?:[\\w.]+[.:>])?([\\p{L}_]\\w*)\\s*(?:<[^<>]*>)?\\s*([({])`,
      'u',
    ),
    new RegExp(`(?<![\\w])${word}\\s*:\\s*&?\\*?(?:[\\w]+[.:]+)?(\\p{Lu}\\w*)`, 'u'),
    new RegExp(`(?<![\\w])${word}\\s+\\*?(?:\\w+\\.)?(\\p{Lu}\\w*)`, 'u'),
    new RegExp(`(\\p{Lu}\\w*)(?:<[^<>]*>)?\\s+\\$?${word}\\s*[,;)=]`, 'u'),
  ];
  for (const [i, pattern] of patterns.entries()) {
    for (const text of lines) {
      if (text.length > 500 || !text.includes(word)) continue;
      const [, found, bracket] = pattern.exec(text) ?? [];
      if (found === undefined) continue;
      // `s := &server{` of Go: a type that the package keeps to itself.
      if (i === 0 && bracket === '{' && text.includes(':=')) return found;
      const type = found.replace(/^(?:New|new|Create|create|Make|make|Provide)_?(?=\p{Lu})/u, '');
      if (i > 0 || (/^\p{Lu}/u.test(type) && type !== 'New')) return type;
      if (type === 'New') return undefined;
    }
  }
  return undefined;
}
