/** Variables in build and launch files: `${workspaceFolder}`, `${VAR:-default}`, `$ARG`. Environment variables of this machine are never read. */

/** Larger texts are no paths. */
const maxLength = 4096;

/** `${name}` and `${name:argument}` of VS Code; undefined where one is not known. */
export function replaceVscode(
  text: string,
  lookup: (name: string, argument: string | undefined) => string | undefined,
): string | undefined {
  return replace(text, /\$\{([A-Za-z]+)(?::([^}]*))?\}/g, (match) => lookup(match[1], match[2]));
}

/**
 * `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+value}`, `${NAME:?message}` of compose files and Dockerfiles, and
 * `$$` for a dollar sign; undefined where a variable has no value and no default.
 */
export function replaceShell(text: string, lookup: (name: string) => string | undefined): string | undefined {
  return replace(text, /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g, (match) => {
    if (match[1]) return '$';
    const value = lookup(match[2] ?? match[3]);
    const operator = match[4] ?? '';
    const isSet = operator.startsWith(':') ? value !== undefined && value !== '' : value !== undefined;
    if (operator.endsWith('+')) return isSet ? match[5] : '';
    if (isSet) return value;
    return operator.endsWith('-') ? match[5] : undefined;
  });
}

function replace(text: string, pattern: RegExp, find: (match: RegExpExecArray) => string | undefined): string | undefined {
  if (text.length > maxLength) return undefined;
  let result = '';
  let from = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const value = find(match);
    if (value === undefined) return undefined;
    result += text.slice(from, match.index) + value;
    from = match.index + match[0].length;
  }
  return result.length > maxLength ? undefined : result + text.slice(from);
}
