/** Addresses that have a name: `const ORDERS = '/orders'`, `baseUrl = environment.api + '/orders'`, `ordersUrl = (id) => …`; and who uses them. */

import type { Literal } from '../search/lexer';

const named =
  /(?:^|[\s({,;.@$])#?([A-Za-z_]\w*)\s*(?:[?!]?\s*:\s*[\w<>[\]. |&']{1,60})?\s*(?:=>|:=|=|:)\s*(?:(?:async\s*)?\([^()]*\)\s*(?::\s*\w+\s*)?=>\s*|\w+\s*=>\s*|new\s+\w+\(|Uri\.parse\(|URI\.create\(|[\w.()]*\s*\+\s*|[\w.?]{1,80}\s*(?:\|\||\?\?)\s*|f|\(|[$@&]+)?$/;

/** The name that the value has which a string begins. `before`: the line in front of the string's quote. */
export function nameBefore(before: string): string | undefined {
  const whole = before
    .slice(-200)
    .replace(/["'`]+$/, '')
    .trimEnd();
  const text = whole.slice(whole.lastIndexOf('\n') + 1);
  // `address.path = '/orders'`: what has the path is asked for.
  const whose = /(?:^|[\s(@;{])(\w+)\.(?:path|pathname)\s*=\s*$/i.exec(text)?.[1];
  if (whose !== undefined && !/^(?:self|this)$/.test(whose)) return whose;
  // Go gives a value and an error.
  const name =
    /(?:^|\s)(\w+),\s*(?:_|err|ok)\s*:?=\s*$/.exec(text)?.[1] ??
    // And writes a type behind the name.
    /^(?:\t+|const\s+|var\s+)((?!String\b)[A-Z]\w{2,80})\s+(?:string|[A-Z]\w{0,80})\s*=\s*$/.exec(text)?.[1] ??
    named.exec(text)?.[1];
  return name === undefined ||
    /^(?:return|case|default|true|false|null|url|uri|path|method|to|href|http|https|in|is)$/i.test(name)
    ? nameOfUrl(name, text)
    : name;
}

/** `url` is a name of a variable, but a member of an object's is none. */
function nameOfUrl(name: string | undefined, text: string): string | undefined {
  return name !== undefined &&
    /^(?:url|uri|path|endpoint)$/i.test(name) &&
    (/(?:const|let|var|val|auto|String|string|final|:=|self\.|this\.|@|\$)\W*\w+\s*[:=]/.test(text) ||
      /^\s*(?:(?:final\s+)?[A-Z][\w<>.]*\s+)?\w+\s*(?::\s*[\w.]{1,60}\s*)?:?=(?:[^>=]|$)/.test(text))
    ? name
    : undefined;
}

const maxArms = 12;

/** The name of what is one of several, where the text is one of these: `link = isTest switch {`, `let link = match kind {`, `val link = when (kind) {`. */
export function nameOfChoice(lines: readonly string[], { line, column }: Literal): string | undefined {
  const isArm = (text: string): boolean => /^\s*[\w.:"']{1,60}\s*[=-]>/.test(text.slice(0, 200));
  if (!isArm((lines[line] ?? '').slice(0, column))) return undefined;
  let at = line - 1;
  while (at >= 0 && line - at < maxArms && isArm(lines[at])) at--;
  const head = `${(lines[at - 1] ?? '').slice(0, 200)}\n${(lines[at] ?? '').slice(0, 200)}`;
  return /(\w{2,80})\s*(?::\s*\w{1,40}\s*)?=\s*(?:(?:match|when)\b[^{}=\n]{1,80}|[^{}=\s][^{}=\n]{0,80}\bswitch)\s*\{\s*$/.exec(
    head,
  )?.[1];
}

const maxNamed = 400;

/** Strings of a file that have a name and read like an address, by name; a name may have several. */
export function namedTexts(lines: readonly string[], literals: readonly Literal[]): ReadonlyMap<string, readonly Literal[]> {
  const found = new Map<string, Literal[]>();
  let count = 0;
  for (const literal of literals) {
    if (count >= maxNamed) break;
    if (literal.text.length > 300 || !/[/]|^[a-z][\w-]*$/i.test(literal.text)) continue;
    const line = lines[literal.line] ?? '';
    if (line.length > 1_000) continue;
    const name = nameBefore(line.slice(0, literal.column));
    if (name === undefined) continue;
    count++;
    found.set(name, [...(found.get(name) ?? []), literal]);
  }
  return found;
}

/** Whether a line's code has a word. */
export function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + name.length])) return true;
  }
  return false;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /[\w$]/.test(char) && char !== '$';
}

/** The name of the member or parameter that an annotation stands before, whose bracket opens at a place: `topic` of `@Value("x") private String topic`. */
export function nameAfter(code: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < Math.min(code.length, open + 500); i++) {
    if (code[i] === '(') depth++;
    else if (code[i] === ')' && --depth === 0) {
      const rest = code.slice(i + 1, i + 300);
      return (
        /^\s*(?:(?:private|public|protected|readonly|final|static|lateinit|val|var)\s+)*([A-Za-z_]\w*)\s*\??:/.exec(rest)?.[1] ??
        /^\s*(?:(?:private|public|protected|final|static)\s+)*[\w<>.]+\s+([A-Za-z_]\w*)\s*[;=,)]/.exec(rest)?.[1]
      );
    }
  }
  return undefined;
}

/** A name that is worth a search of its own. */
export function isTelling(name: string): boolean {
  return (
    name.length >= 5 &&
    !/^(?:baseurl|base_url|apiurl|api_url|endpoint|route|value|index|prefix|string|topic|queue|queuename|topicname|topic_name|queue_name|channel|consumer|producer|client)$/i.test(
      name,
    )
  );
}

export function isImport(text: string): boolean {
  return (
    /^\s*(?:import|from|use|using(?!\s*\(|\s+[\w<>[\].?]+\s+\w+\s*=)|export\s*\{|const\s*\{[^}]*\}\s*=\s*require)\b/.test(text) ||
    /^\s*(?:export\s.*|\}\s*)from\s*['"]/.test(text) ||
    // A module that is there may be called like the path: `const gql = require('graphql')`.
    /^\s*(?:(?:const|let|var)\s+\w{1,60}\s*=\s*)?(?:require|await import|import)\(\s*['"][^'"]{1,200}['"]\s*\)[\w.]{0,60};?\s*$/.test(
      text,
    )
  );
}
