/**
 * Secrets that stand in a text behind their name: `?api_key=…`, `password='…'`, `"token": "…"` in JSON, `Authorization: …`, `--password …`. Which names hide
 * is what the keys of the settings say. Place-holders of statements and templates are left, for they tell something and hide nothing.
 */

/** A name, perhaps in quotes (also in those of JSON that stands in JSON), and what stands between it and its value. */
const NAMED = /(?<![\w.$-])(\\{0,8}["'])?-{0,2}([A-Za-z_$][\w.$-]{1,80})(?:\1)?(\s{0,8})([=:])(\s{0,8})/g;
/** An option and its value, with white space between them, or as two texts of a list. */
const OPTION = /(?<![\w-])--?([A-Za-z][\w-]{1,60})(?:[ \t]{1,20}(?=[^\s-])|["'],\s{0,8}["'](?=[^-]))/g;
/** As statements have it: `PASSWORD 'hunter2'`. */
const BEFORE_QUOTE = /(?<![\w.$-])([A-Za-z_]\w{1,60})\s{1,8}(?=')/g;
/** Names of headers whose value is all up to the end of the line. */
const HEADER = /authorization|cookie|api-?key|auth-token/i;
const SCHEME = /^(?:basic|bearer|digest|negotiate|apikey|token|ntlm|aws4-hmac-sha256)$/i;
/** Nothing that anybody hides. */
const HOLDER =
  /^(?:\?|[$:@]\w{1,40}|%[sdvq]|%\(\w{1,40}\)s|\$?\{{1,2} ?[\w.$-]{0,60} ?\}{0,2}|<[\w .-]{0,60}>?|\*+|•+|null|nil|none|undefined|true|false|yes|no|on|off|\d|(?:string|int|boolean|float|id)!?|)$/i;

/** Whether the text may hold a name with a value: most do not. */
export function mayName(text: string): boolean {
  return /[=:]|--| -| '/.test(text);
}

/**
 * The text with values of names that hide replaced. The same text where there are none. In time that grows with the text.
 * @param hides whether the values of a name are hidden
 */
export function withoutNamed(text: string, hides: (name: string) => boolean, by: string): string {
  const named = cutOut(text, by, NAMED, (match) => namedValue(text, match, hides));
  const options = cutOut(named, by, OPTION, (match, within) =>
    hides(match[1]) ? tokenAt(within, match.index + match[0].length) : undefined,
  );
  return cutOut(options, by, BEFORE_QUOTE, (match, within) =>
    hides(match[1]) ? quotedAt(within, match.index + match[0].length) : undefined,
  );
}

interface Range {
  readonly from: number;
  readonly to: number;
  /** Quotes that what stands there instead gets: JSON stays JSON. */
  readonly mark?: string;
}

function cutOut(
  text: string,
  by: string,
  expression: RegExp,
  rangeOf: (match: RegExpExecArray, text: string) => Range | undefined,
): string {
  let out = '';
  let done = 0;
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const range = rangeOf(match, text);
    if (!range || range.to <= range.from || HOLDER.test(text.slice(range.from, Math.min(range.to, range.from + 80)))) continue;
    const { mark = '' } = range;
    out += text.slice(done, range.from) + mark + by + mark;
    done = range.to;
    expression.lastIndex = range.to;
  }
  return done === 0 ? text : out + text.slice(done);
}

function namedValue(text: string, match: RegExpExecArray, hides: (name: string) => boolean): Range | undefined {
  const [all, quote, name, , sign, space] = match;
  const at = match.index + all.length;
  // `==` and `::` and `://` name nothing.
  if (text[at] === '=' || text[at] === ':' || (sign === ':' && text.startsWith('//', at))) return undefined;
  if (!hides(name)) return undefined;
  const quoted = quotedAt(text, at);
  if (quoted) return quoted;
  const isJson = sign === ':' && quote !== undefined;
  if (isJson && (text[at] === '{' || text[at] === '[')) return { from: at, to: closeOf(text, at), mark: quote };
  if (isJson) return { ...tokenAt(text, at), mark: quote };
  if (sign === ':') return headerAt(text, at, name, space);
  return tokenAt(text, at);
}

/** What stands in quotes, also where they are escaped. */
function quotedAt(text: string, at: number): Range | undefined {
  let open = at;
  while (text[open] === '\\' && open - at < 8) open++;
  const quote = text[open];
  if (quote !== '"' && quote !== "'") return undefined;
  const mark = text.slice(at, open + 1);
  const from = open + 1;
  for (let to = text.indexOf(mark, from); to >= 0; to = text.indexOf(mark, to + 1)) {
    // A mark that is itself escaped is a part of the value.
    let slashes = 0;
    while (text[to - 1 - slashes] === '\\' && to - 1 - slashes >= from) slashes++;
    if (slashes % 2 === 0) return { from, to };
  }
  return { from, to: text.length };
}

/** Behind the bracket that closes the one at `at`. */
function closeOf(text: string, at: number): number {
  let depth = 0;
  let inText = false;
  for (let i = at; i < text.length; i++) {
    const character = text[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
  }
  return text.length;
}

const END = /[&;,\s"'`<>()[\]{}\\|]/g;

/** Up to what ends a value in an address, a form or a list of settings; with what follows the scheme of credentials. */
function tokenAt(text: string, from: number): Range {
  END.lastIndex = from;
  let to = END.exec(text)?.index ?? text.length;
  const token = text.slice(from, Math.min(to, from + 40));
  if (SCHEME.test(token) && text[to] === ' ') {
    END.lastIndex = to + 1;
    to = END.exec(text)?.index ?? text.length;
  }
  // `${NAME}` and `{name}` begin with what ends a value.
  return { from, to };
}

function headerAt(text: string, from: number, name: string, space: string): Range | undefined {
  if (HEADER.test(name)) {
    const line = text.indexOf('\n', from);
    return { from, to: line < 0 ? text.length : text[line - 1] === '\r' ? line - 1 : line };
  }
  // `password: hunter2`, and not "password: must not be empty".
  const token = tokenAt(text, from);
  const rest = text.slice(token.to, token.to + 40);
  return space.includes('\n') || !/^[ \t]*(?:$|[\r\n,;})\]])/.test(rest) ? undefined : token;
}
