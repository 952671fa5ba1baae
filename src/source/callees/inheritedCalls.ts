/** Methods that a program's type has from a library: `orderMapper.selectById(` of MyBatis-Plus is nobody's of that name elsewhere. */

import type { Context } from '../context/context';
import { functionsNamed } from '../outline/functions';
import { filesOfType } from './moduleFiles';

const maxDepth = 2;
const head = /\b(?:class|interface)\s+(\w{1,100})\b([^{]{0,400})/;

/** Whether types of Java, Kotlin or C# are the program's own, and neither they nor what they are made from say how it is called. */
export async function isOfBase(
  types: readonly string[],
  name: string,
  near: string,
  context: Context,
  depth = 0,
): Promise<boolean> {
  if (!types.length || !/\.(?:java|kt|cs)$/.test(near)) return false;
  for (const type of types) {
    const ofType = new RegExp(`/${type.replace(/\W/g, '')}\\.\\w+$`);
    const file = (await filesOfType(type, near, context)).find((each) => ofType.test(each));
    const lines = file === undefined ? undefined : await context.lines(file);
    const at = lines?.findIndex((line) => line.length < 500 && head.exec(line)?.[1] === type) ?? -1;
    if (file === undefined || !lines || at < 0) {
      if (depth === 0) return false;
      continue;
    }
    if (functionsNamed(lines, name).length) return false;
    const [, , given = ''] = head.exec(lines.slice(at, at + 6).join(' ')) ?? [];
    const bases = given.match(/\b\p{Lu}\w{2,80}\b/gu) ?? [];
    if (depth === 0 && !bases.length) return false;
    if (depth < maxDepth && bases.length && !(await isOfBase(bases.slice(0, 6), name, file, context, depth + 1))) return false;
  }
  return true;
}
