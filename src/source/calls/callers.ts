/** The functions that the spans around the asked one lead to, and what those call: where its call is most likely to stand. */

import { callsIn } from '../outline/calls';
import { functionAt } from '../outline/functions';
import type { Question } from '../question/question';

export interface Callers {
  /** In the function that an ancestor leads to. */
  isInside(file: string, line: number): boolean;
  /** In a function that is called in there, by its name. */
  isCalled(lines: readonly string[], line: number): boolean;
}

/** Names that say nothing of which function is called. */
const common =
  /^(?:get|post|put|delete|set|add|map|filter|log|json|then|find|run|call|execute|create|update|save|handle|of|from|to)$/;

export async function readCallers({ family, search }: Question): Promise<Callers> {
  const callers = await family.callers();
  const called = new Set<string>();
  for (const { file, start, end } of callers) {
    const lines = await search.context.lines(file);
    for (const { name } of lines ? callsIn(lines, start, end) : []) if (!common.test(name)) called.add(name);
  }
  return {
    isInside: (file, line) => callers.some((each) => each.file === file && line >= each.start && line < each.end),
    isCalled: (lines, line) => {
      const name = called.size ? functionAt(lines, line)?.name : undefined;
      return name !== undefined && called.has(name);
    },
  };
}
