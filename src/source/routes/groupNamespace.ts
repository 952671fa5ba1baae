/**
 * The namespace that groups of Laravel put before a class that is named in a string, `'OrderController@list'`: `Route::group(['namespace' => 'Api'],
 * function () {…})`, `Route::namespace('Api')->group(function () {…})`. https://laravel.com/docs/7.x/routing (Route Groups, Namespaces)
 */

import { indentOf, isBlank } from '../outline/textLines';

const maxLines = 4_000;
const maxLine = 500;
/** Lines that the arguments of a group take before its function. */
const maxHead = 20;

/** The names with those of the groups around them, outermost first; the same where the class is not named in a string of a line. */
export function inGroups(names: readonly string[], line: number, lines: readonly string[]): readonly string[] {
  const [owner, method] = names.slice(-2);
  const stated = lines.slice(line, line + 6).some((text) => text.length <= maxLine && text.includes(`${owner}@${method}`));
  if (names.length < 2 || !stated) return names;
  const found: string[] = [];
  let indent = indentOf(lines[line] ?? '');
  for (let at = line - 1; at >= Math.max(0, line - maxLines) && indent > 0; at--) {
    const text = lines[at];
    if (text.length > maxLine || isBlank(text) || indentOf(text) >= indent) continue;
    indent = indentOf(text);
    if (!/\b(?:function|fn)\s*\(/.test(text)) continue;
    // What the function is given beside: up to the call.
    for (let head = at; head > Math.max(-1, at - maxHead); head--) {
      const given = lines[head].slice(0, maxLine);
      const namespace =
        /['"]namespace['"]\s*=>\s*['"]([\w\\]{1,200})['"]/.exec(given)?.[1] ??
        /(?:::|->)namespace\(\s*['"]([\w\\]{1,200})['"]/.exec(given)?.[1];
      if (namespace !== undefined) found.unshift(...namespace.split(/\\+/).filter((part) => part !== ''));
      if (/\bgroup\s*\(/.test(given) && !/^\s*(?:->|\))/.test(given)) {
        indent = Math.min(indent, indentOf(given));
        break;
      }
    }
  }
  return [...found, ...names];
}
