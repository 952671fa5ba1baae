/**
 * Regular expressions of queries. They are Go's (RE2) in TraceQL and match the whole value. JavaScript reads nearly all of that syntax; what differs
 * and is in use is translated: flags at the start, and named groups. Source: Grafana Tempo documentation, "Comparison operators"; github.com/google/re2, "Syntax".
 */

/** The expression compiled, or why it cannot be. */
export function queryRegExp(source: string): RegExp | string {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  const body = (flags ? source.slice(flags[0].length) : source)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^');
  try {
    return new RegExp(`^(?:${body})$`, flags ? `${[...new Set(flags[1])].join('')}u` : 'su');
  } catch {
    try {
      // Escapes that the Unicode mode refuses, such as \- or \_.
      return new RegExp(`^(?:${body})$`, flags ? [...new Set(flags[1])].join('') : 's');
    } catch (error) {
      return error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
    }
  }
}
