/**
 * The line of what a file of routes exports: the function of a method (`export async function GET`), of a page (`export default`), a loader. A name
 * that is only exported leads on to its definition in the same file, through one call that wraps it (`export default withAuth(handler)`).
 */

/** Lines that are looked at; and of a line. */
const maxLines = 5_000;
const maxLine = 1_000;
/** Of what is exported; a longer one stands there itself. */
const maxValue = 300;

const name = '[\\p{L}_$][\\p{L}\\p{N}_$]*';

/** Line from 0 of the first of some exports that the file has, in the order in which they are asked for. */
export function lineOfExport(
  lines: readonly string[],
  wanted: readonly string[],
): { readonly line: number; readonly name: string } | undefined {
  const found = exportsOf(lines);
  for (const each of wanted) {
    const line = found.get(each);
    if (line !== undefined) return { line, name: each };
  }
  return undefined;
}

/** How many methods of HTTP a file has functions for. */
export function methodsOf(lines: readonly string[]): number {
  return [...exportsOf(lines).keys()].filter((key) => /^(?:GET|POST|PUT|PATCH|DELETE)$/.test(key)).length;
}

const declared = new RegExp(
  `^export\\s+(?:default\\s+)?(?:declare\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class|abstract class)\\s+(${name})`,
  'u',
);
const assigned = new RegExp(`^(?:module\\.)?exports\\.(${name})\\s*=`, 'u');
const byDefault = /^(?:export\s+default\b|module\.exports\s*=|export\s*=)\s*(.*)$/;

function exportsOf(lines: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (key: string, line: number): void => {
    if (!found.has(key)) found.set(key, line);
  };
  for (let i = 0; i < Math.min(lines.length, maxLines); i++) {
    const text = lines[i];
    if (text.length > maxLine || !/^(?:export|module\.exports|exports)\b/.test(text)) continue;
    const own = declared.exec(text)?.[1] ?? assigned.exec(text)?.[1];
    if (own !== undefined && !/^export\s+default\b/.test(text)) note(own, i);
    const value = byDefault.exec(text)?.[1];
    if (value !== undefined) note('default', definitionBehind(value, lines) ?? i);
    else if (/^export\s+(?:const\s+)?\{/.test(text)) for (const [key, line] of listed(lines, i)) note(key, line);
    if (/^export\s+const\s+handler\b.*\{\s*$/.test(text)) for (const [key, line] of methodsBelow(lines, i)) note(key, line);
    if (value?.startsWith('{')) for (const [key, line] of methodsBelow(lines, i)) note(key, line);
  }
  for (const [key, line] of chained(lines, found)) note(key, line);
  return found;
}

/** `export { handler as GET, handler as POST }`, `export const { GET, POST } = …`; over a few lines. */
function listed(lines: readonly string[], at: number): readonly (readonly [string, number])[] {
  let text = '';
  let end = at;
  for (; end < Math.min(lines.length, at + 12); end++) {
    text += ` ${lines[end].slice(0, maxLine)}`;
    if (lines[end].includes('}')) break;
  }
  const inner = /\{([^{}]*)\}/.exec(text)?.[1];
  if (inner === undefined) return [];
  const isElsewhere = /\}\s*(?:from\b|=)/.test(text);
  return inner.split(',').flatMap((part): (readonly [string, number])[] => {
    const [, local, alias] = new RegExp(`^\\s*(?:type\\s+)?(${name})(?:\\s+as\\s+(${name}))?\\s*$`, 'u').exec(part) ?? [];
    if (local === undefined) return [];
    return [[alias ?? local, (isElsewhere ? undefined : lineOfDefinition(lines, local)) ?? at]];
  });
}

/** `export default handler`, `export default withAuth(handler)`; undefined where the value stands there itself. */
function definitionBehind(value: string, lines: readonly string[]): number | undefined {
  if (value.length > maxValue) return undefined;
  const plain = value
    .trim()
    .replace(/;$/, '')
    .replace(/\s(?:satisfies|as)\s.*$/, '')
    .trim();
  const own = new RegExp(`^${name}$`, 'u').test(plain) ? plain : undefined;
  if (own !== undefined && !/^(?:async|function|class|new|await|null|true|false)$/.test(own)) return lineOfDefinition(lines, own);
  const argument = new RegExp(`\\(\\s*(${name})\\s*(?:,.*)?\\)+$`, 'u').exec(plain)?.[1];
  const line = argument === undefined ? undefined : lineOfDefinition(lines, argument);
  return line !== undefined && isFunction(lines[line]) ? line : undefined;
}

function lineOfDefinition(lines: readonly string[], wanted: string): number | undefined {
  const definition = new RegExp(
    `^(?:export\\s+)?(?:async\\s+)?(?:function\\s*\\*?|const|let|var|class)\\s+${wanted.replace(/\$/g, '\\$')}(?![\\p{L}\\p{N}_$])`,
    'u',
  );
  for (let i = 0; i < Math.min(lines.length, maxLines); i++)
    if (lines[i].length <= maxLine && lines[i].includes(wanted) && definition.test(lines[i])) return i;
  return undefined;
}

/** As far as the line tells: a wrapper's settings are no function. */
function isFunction(text: string): boolean {
  return /\bfunction\b|=>|\bclass\b|=\s*(?:async\s*)?\(\s*$|=\s*(?:async\s*)?\([^)]*$/.test(text);
}

/** Methods and members of an object that is exported: `export const handler = {`, then `GET(request) {` or `default: async () => {`. */
function methodsBelow(lines: readonly string[], at: number): readonly (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  let indent: number | undefined;
  for (let i = at + 1; i < Math.min(lines.length, at + 400); i++) {
    const text = lines[i].slice(0, maxLine);
    if (/^\S/.test(text)) break;
    if (text.trim() === '') continue;
    const here = text.search(/\S/);
    indent ??= here;
    if (here !== indent) continue;
    const key = new RegExp(`^\\s+(?:async\\s+)?(${name})\\s*(?:[(:,]|$)`, 'u').exec(text)?.[1];
    if (key !== undefined) found.push([key, i]);
  }
  return found;
}

/** `handler.post(async (req, res) => …)` of an exported router: the methods in upper case. */
function chained(lines: readonly string[], found: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  const at = found.get('default');
  const owner = at === undefined ? undefined : new RegExp(`^(?:const|let|var)\\s+(${name})\\s*=`, 'u').exec(lines[at])?.[1];
  if (at === undefined || owner === undefined || isFunction(lines[at])) return [];
  const methods: (readonly [string, number])[] = [];
  const call = new RegExp(`^(?:${owner.replace(/\$/g, '\\$')}|\\s{1,8})\\.(get|post|put|patch|delete|head|options)\\(`, 'u');
  for (let i = at; i < Math.min(lines.length, maxLines); i++) {
    const verb = lines[i].length > maxLine ? undefined : call.exec(lines[i])?.[1];
    if (verb !== undefined) methods.push([verb.toUpperCase(), i]);
  }
  return methods;
}

/** The line of a member of an exported object, from 0: `default` or `update` of `export const actions = {`. */
export function lineOfMember(lines: readonly string[], object: string, member: string): number | undefined {
  const at = exportsOf(lines).get(object);
  return at === undefined ? undefined : methodsBelow(lines, at).find(([key]) => key === member)?.[1];
}
