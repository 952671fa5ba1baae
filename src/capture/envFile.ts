/**
 * Files of variables (`envFile` of a debug configuration, `.env`), as far as their readers agree: one `NAME=value` a line, `export` before it or not,
 * comments, quotes over several lines, variables of others. Of a name that stands there twice, the last counts.
 * Sources: dotenv, "Parsing rules"; Node, "DotEnv"; VS Code for Python, "Environment variable definitions file".
 */

/** A name, and a value in one of three quotes or up to the end of the line. */
const ENTRY =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|`([^`]*)`|([^\n#'"`]?(?:[^\n#]|(?<=[^\s=])#)*))/gm;

/** UTF-16 units that all references become together: each may name one before it, and so on. What is beyond stays as it stands. */
const MOST_EXPANDED = 1 << 20;

/** What a file of variables says, but for what no program can be given. `outer`: what variables in it may name besides those before them. */
export function parseEnvFile(
  text: string,
  outer: Readonly<Record<string, string | undefined>> = {},
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let left = MOST_EXPANDED;
  const expand = (value: string): string =>
    value.replace(/\\?\$\{(?:env:)?([A-Za-z_]\w*)\}/g, (whole, name: string) => {
      if (whole.startsWith('\\')) return whole.slice(1);
      const named = values.get(name) ?? (Object.hasOwn(outer, name) ? outer[name] : undefined) ?? '';
      if (named.length > left) return whole;
      left -= named.length;
      return named;
    });
  for (const match of text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r\n?/g, '\n')
    .matchAll(ENTRY)) {
    const [, name, literal, double, back, plain = ''] = match;
    const value = literal ?? (double === undefined ? undefined : expand(unescaped(double))) ?? back ?? expand(plain.trim());
    // A process with NUL in a variable cannot be started.
    if (!value.includes('\0')) values.set(name, value);
  }
  return values;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

function unescaped(text: string): string {
  return text.replace(/\\([nrt"\\])/g, (_whole, letter: string) => ESCAPES[letter] ?? letter);
}
