/** Whether a string stands where a span begins: in a call, an annotation or a block that says so. */

import type { Literal } from '../search/lexer';

const spanCalls =
  /span|trace[dr]?\b|tracer|\.Start\(|StartActivity|instrument|in_span|observe|telemetry|measure|monitor|@Timed|task\(|@shared_task|\b(?:job|step)Builder/i;

/** @param name which itself says nothing, whatever words it has */
export function beginsSpan(lines: readonly string[], { line }: Literal, name: string): boolean {
  const [own = '', above = '', further = ''] = [lines[line], lines[line - 1], lines[line - 2]];
  return spanCalls.test(own.replaceAll(name, '')) || (/[(,]\s*$/.test(above) && spanCalls.test(`${above}${further}`));
}

/** Whether code says that it begins spans. */
export function makesSpans(code: string): boolean {
  return spanCalls.test(code);
}
