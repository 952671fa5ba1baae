/**
 * Whether a line of source begins a function, and what it is called, told from the text alone: the text at an old commit has no language
 * server. It need not be a parser: a function that is not recognised is not compared, and a wrong one is compared with itself.
 */

export interface Header {
  /** Undefined for a callback, which is known by its first line only. */
  readonly name: string | undefined;
  readonly kind: 'function' | 'container';
  /** Line after the header's last one, where parameters take several. */
  readonly end: number;
}

const maxHeaderLines = 30;
const maxLineLength = 1000;

const container =
  /^\s*(?:@\w+\s+)*(?:(?:export|default|public|private|protected|internal|abstract|final|sealed|static|partial|data|open|pub(?:\([^)]*\))?|unsafe|readonly)\s+)*(?:class|interface|struct|enum|trait|module|namespace|object|record|protocol|extension|impl(?:<[^>]*>)?)\s+(?:[\w:<>,][\w:<>, ]*\sfor\s+)?([\w$.:]+)/;
const keyword =
  /^\s*(?:@\w+\s+)*(?:(?:export|default|async|public|private|protected|internal|static|final|abstract|override|open|suspend|inline|operator|pub(?:\([^)]*\))?|unsafe|const|extern(?:\s+"[^"]*")?|local|tailrec|infix)\s+)*(?:function(?:\s*\*)?|func|fn|def|defp|fun|sub)\s+(?:\([^)]*\)\s*)?(?:<[^>]*>\s*)?([\w$.:]+[?!]?)/;
const assigned =
  /^\s*(?:(?:export|default|const|let|var|public|private|protected|static|readonly|override)\s+)*([\w$.#]+)\s*(?::[^=]{0,200})?[=:]\s*(?:async\s+)?(?:function\b|<[^>]*>\s*\(|\(|[\w$]+\s*=>|fn\b|lambda\b|->)/;
const method = /^\s*(?:[\w$.<>,?&*[\]: ]+[\s*&])?([~#]?[\w$]+(?:::~?\w+)*)\s*(?:<[^()]{0,200}>)?\s*\(/;
/** `(Order first, int count)` of C#, which a function gives. */
const tuple = /^(\s*(?:\w{1,30}\s+){0,6}(?:\w{1,40}<){0,2})(\([^()]{1,200}\))(?=[>?]{0,3}\s{1,8}\w{1,100}\s?\()/;
const callback = /(?:=>|\bfunction\b[^()]*\([^()]*\)|\bfunc\s*\([^()]*\)[^{]*|\bdo(?:\s*\|[^|]*\|)?|\|[^|]*\|)$/;
/** Behind the parameters: words, exceptions, constraints, initialisers, a type; and the body. One way to read each, or a few colons take years. */
const opensBody = /^(?:\s|const|noexcept|override|final|async)*(?:(?:throws|where)\s[^{]*|:[^;=]*(?:->[^;]*)?|->[^;]*)?(?:\{|=>)/;
const noName =
  /^(?:if|else|elif|for|foreach|while|until|unless|switch|case|when|match|catch|try|finally|do|with|using|lock|synchronized|return|throw|throws|await|yield|new|typeof|sizeof|go|defer|guard|loop|begin|rescue|ensure|assert|in|of|and|or|not|super|print|echo|function|func|fn)$/;
/** Words of some languages that are names in others: where they are written as one is. */
const mayBeName =
  /^(?:match|when|do|with|using|lock|synchronized|go|defer|guard|loop|begin|rescue|ensure|assert|in|of|and|or|not|print|echo|until|unless)$/;
const declares = /\b(?:public|private|protected|internal|static|async|override|void|final)\s/;
const typedParameter = /^\s*(?:@\w+\([^()]*\)\s*)?(?:\.\.\.)?\w+\??\s*:\s*[\w"'{[(]/;
/** No function, whatever word stands before it; `fn new(` and `def delete(` are some. */
const noFunction = /^(?:if|else|for|while|switch|catch|return|function|func|fn|class|interface)$/;

/** What begins at this line; undefined where nothing does. */
export function headerAt(lines: readonly string[], line: number): Header | undefined {
  const text = lines[line];
  if (text.length > maxLineLength) return undefined;
  const holder = container.exec(text);
  if (holder) return { name: holder[1], kind: 'container', end: line + 1 };
  const named = keyword.exec(text);
  if (named && !noFunction.test(named[1])) return { name: lastName(named[1]), kind: 'function', end: headerEnd(lines, line).end };
  const constant = assigned.exec(text);
  if (constant && !noName.test(constant[1])) {
    const { text: whole, end, closed } = headerEnd(lines, line);
    if (/=>|\bfunction\b|\bfn\b|\blambda\b|->/.test(closed ? whole : text))
      return { name: lastName(constant[1]), kind: 'function', end };
  }
  // `const list: Handler<`, whose type ends lines below: `> = async (req, res) => {`.
  const typed = /^\s*(?:export\s+)?const\s+([\w$]+)\s*:[^=]*<\s*$/.exec(text);
  const value = typed ? lines.slice(line + 1, line + 12).findIndex((each) => /^\s*>+\s*=(?!=)/.test(each.slice(0, 100))) : -1;
  if (typed && value >= 0) {
    const at = line + 1 + value;
    if (/^\s*>+\s*=\s*(?:async\s+)?(?:function\b|\(|[\w$]+\s*=>)/.test(lines[at].slice(0, maxLineLength)))
      return { name: typed[1], kind: 'function', end: headerEnd(lines, at).end };
  }
  const called = method.exec(
    tuple.test(text) ? text.replace(tuple, (_, before: string, type: string) => before + 'T'.repeat(type.length)) : text,
  );
  if (
    called &&
    isName(lastName(called[1]), called[0], text.slice(called[0].length)) &&
    !/^\s*(?:return|await|throw|yield|new|else|case|delete(?!\s*\()|go|defer)\b/.test(text)
  ) {
    const { text: whole, end, rest, closed } = headerEnd(lines, line);
    const before = text.slice(0, called[0].length);
    const opens = opensBody.test(rest);
    const allman = /^\s*(?:const|noexcept|override|throws\s.*|where\s.*|:.*)?$/.test(rest) && /^\s*\{/.test(lines[end] ?? '');
    // `): Promise<` goes on below, up to `> {`.
    const below = /^\s*:\s*[\w.]+<\s*$/.test(rest)
      ? lines.slice(end, end + 12).findIndex((line) => /^\s*>+\s*\{\s*$/.test(line))
      : -1;
    const clause = rest.trim() === '' ? clauseEnd(lines, end) : undefined;
    const isCall = /[.=]\s*[\w$]+\s*(?:<[^()]*>)?\s*\($/.test(before) && !before.includes('::');
    if (
      closed &&
      (opens || allman || below >= 0 || clause !== undefined) &&
      !isCall &&
      !/=>|\bfunction\b/.test(whole.slice(before.length, whole.length - rest.length))
    )
      return { name: lastName(called[1]), kind: 'function', end: clause ?? end + below + 1 };
  }
  const trimmed = text.trimEnd();
  if (callback.test(trimmed.endsWith('{') ? trimmed.slice(0, -1).trimEnd() : trimmed))
    return { name: undefined, kind: 'function', end: line + 1 };
  return undefined;
}

/** @param before up to the parenthesis that opens */
function isName(word: string, before: string, parameters: string): boolean {
  return !noName.test(word) || (mayBeName.test(word) && (declares.test(before) || typedParameter.test(parameters.slice(0, 200))));
}

/** `throws NotFoundException, OtherException {` and `where T : class` on lines of their own; the line after the one that opens the body. */
function clauseEnd(lines: readonly string[], from: number): number | undefined {
  if (!/^\s*(?:throws|where)\s/.test(lines[from] ?? '')) return undefined;
  for (let line = from; line < Math.min(lines.length, from + maxClauseLines); line++) {
    const text = lines[line];
    if (text.length > maxLineLength || text.includes(';')) return undefined;
    if (/\{\s*$/.test(text)) return line + 1;
  }
  return undefined;
}

const maxClauseLines = 6;

/** The lines of a header up to where its parentheses are closed. `rest` is what follows on that line. */
function headerEnd(
  lines: readonly string[],
  line: number,
): { readonly text: string; readonly rest: string; readonly end: number; readonly closed: boolean } {
  let depth = 0;
  let text = '';
  let opened = false;
  for (let i = line; i < lines.length && i < line + maxHeaderLines; i++) {
    const part = lines[i];
    if (part.length > maxLineLength) break;
    for (let at = 0; at < part.length; at++) {
      const char = part[at];
      if (char === '"' || char === "'" || char === '`') {
        const close = part.indexOf(char, at + 1);
        if (close > 0) at = close;
      } else if (char === '(') {
        depth++;
        opened = true;
      } else if (char === ')' && --depth === 0) {
        // A receiver, `func (s *Server) charge(`, a curried function, or what a tuple's type is part of goes on.
        const rest = part.slice(at + 1);
        if (!/^(?:[>?]{1,3}\s)?\s*[\w$]*\s*\(/.test(rest)) return { text: text + part, rest, end: i + 1, closed: true };
      }
      if (depth < 0) return { text, rest: '', end: i + 1, closed: false };
    }
    text += `${part}\n`;
    if (!opened && !/[,(=]\s*$/.test(part)) return { text, rest: '', end: i + 1, closed: /=>/.test(part) };
  }
  return { text, rest: '', end: line + 1, closed: false };
}

/** `Cart::Store#add` and `exports.add` are called `add`. */
function lastName(name: string): string {
  return name.split(/[.:#]+/).pop() || name;
}
