/**
 * Classes of Python, which stand in any file: where one begins and ends, what it is made of, and which of its methods a framework calls by itself
 * where it calls another (views of Django by class, view sets and serializers of Django REST framework).
 */

import { type FunctionText, functionsNamed } from '../outline/functions';
import { indentOf, isBlank } from '../outline/textLines';

/** A class in its file; lines from 0. */
export interface ClassText {
  readonly start: number;
  /** The line after its last one. */
  readonly end: number;
  /** As its head names them, with the modules before them. */
  readonly bases: readonly string[];
}

const maxHead = 8;
const maxMethods = 24;
const word = /^[A-Za-z_]\w{0,80}$/;

/** The class of a name in a file. */
export function classNamed(lines: readonly string[], name: string): ClassText | undefined {
  if (!word.test(name)) return undefined;
  const head = new RegExp(`^\\s*class\\s+${name}\\b`);
  const start = lines.findIndex((text) => text.includes(name) && head.test(text.slice(0, 300)));
  return start < 0 ? undefined : classAt(lines, start);
}

/** The class whose head is at a line. */
export function classAt(lines: readonly string[], start: number): ClassText | undefined {
  if (!/^\s*class\s+\w/.test(lines[start] ?? '')) return undefined;
  const indent = indentOf(lines[start]);
  let end = start + 1;
  for (let i = end; i < lines.length; i++) {
    if (isBlank(lines[i])) continue;
    if (indentOf(lines[i]) <= indent && !/^\s*[)\]#]/.test(lines[i])) break;
    end = i + 1;
  }
  const text = lines
    .slice(start, start + maxHead)
    .join(' ')
    .slice(0, 600);
  const given = /^\s*class\s+\w+(?:\[[^\]]{0,100}\])?\s*\(([^)]*)/.exec(text)?.[1] ?? '';
  const bases = given
    .replace(/\[[^[\]]*(?:\[[^[\]]*\])?[^[\]]*\]/g, '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => /^[\w.]{1,100}$/.test(each))
    .slice(0, 6);
  return { start, end, bases };
}

/** Methods of a name in a class. */
export function methodsNamed(lines: readonly string[], { start, end }: ClassText, name: string): readonly FunctionText[] {
  const inner = functionsNamed(lines.slice(start, end), name);
  return inner
    .filter(({ containers }) => containers.length === 1)
    .map((each) => ({ ...each, start: each.start + start, end: each.end + start }));
}

const verbs =
  /^(?:get|post|put|patch|delete|head|options|list|create|retrieve|update|partial_update|destroy|dispatch|setup|as_view)$/;
const hooks =
  /^(?:get_(?:queryset|object|objects|context_data|serializer\w*|form\w*|initial|permissions|extra_\w+|paginate\w*)|form_(?:in)?valid|perform_\w+|filter_queryset|paginate_queryset|initial|dispatch|test_func|has_\w*permission|save|clean\w*|validate\w*|to_representation|to_internal_value)$/;

/** Methods that run beside the one that was told; of a class that was told as a whole all that are no verbs' but the first. */
export function hooksIn(lines: readonly string[], { start, end }: ClassText, isWhole: boolean): readonly FunctionText[] {
  const found: FunctionText[] = [];
  for (let line = start + 1; line < end && found.length < maxMethods; line++) {
    const name = /^\s+(?:async\s+)?def\s+(\w{1,80})\(/.exec(lines[line].slice(0, 200))?.[1];
    if (name === undefined || !(hooks.test(name) || (isWhole && !verbs.test(name)))) continue;
    const [one] = methodsNamed(lines, { start, end, bases: [] }, name);
    if (one) found.push(one);
  }
  return found;
}

/** What stands in a class before its first method: `queryset = Order.objects.all()`. */
export function attributesOf(
  lines: readonly string[],
  { start, end }: ClassText,
): { readonly start: number; readonly end: number } {
  let last = start + 1;
  while (last < end && last < start + 60 && !/^\s+(?:@|(?:async\s+)?def\s)/.test(lines[last])) last++;
  return { start: start + 1, end: last };
}

/** Classes that a class hands its work to: `serializer_class = OrderSerializer`, `objects = OrderManager.from_queryset(OrderQuerySet)()`. */
export function helpersOf(lines: readonly string[], type: ClassText, attribute: RegExp): readonly string[] {
  const found: string[] = [];
  const { start, end } = attributesOf(lines, type);
  for (let line = start; line < end; line++) {
    const [, name, path, given] =
      /^\s+(\w{1,60})\s*(?::[^=]{1,80})?=\s*(\w[\w.]{0,160})(?:\(\s*([\w.]{1,160})\))?/.exec(lines[line].slice(0, 400)) ?? [];
    if (name === undefined || path === undefined || !attribute.test(name)) continue;
    const parts = path.split('.');
    const isMade = /^(?:as_manager|from_queryset|as_view)$/.test(parts[parts.length - 1]);
    found.push(parts[parts.length - (isMade && parts.length > 1 ? 2 : 1)]);
    if (given !== undefined && parts[parts.length - 1] === 'from_queryset') found.push(given.split('.').pop() ?? given);
  }
  return found.slice(0, 4);
}
