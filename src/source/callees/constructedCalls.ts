/** Calls on what a statement makes on the spot, and of what it hands over to be called. */

import type { Call } from '../outline/calls';

/** `Orders::Ship.new(order).call`, `new Orders().ship()` and `(new ShipOrder($order))->handle()`, over some lines; `$app->make(ShipOrder::class)->handle()`. */
export function madeCalls(lines: readonly string[], start: number, end: number, isMaking = true): readonly Call[] {
  const found: Call[] = [];
  const note = (type: string, name: string, line: number, column: number): void => {
    if (found.length < 60) found.push({ name, receiver: type.replace(/^\\/, '').replace(/\\/g, '::'), line, column });
  };
  for (let line = start; line < Math.min(end, lines.length, start + 400); line++) {
    const text = lines[line].slice(0, 1_000);
    if (!/\bnew\b|::class/.test(text)) continue;
    for (const { 1: inRuby, 2: inPhp, index, 0: whole } of text.matchAll(
      /\b([A-Z]\w*(?:::[A-Z]\w*){0,5})\.new\b|\bnew\s+(\\?[A-Z]\w*(?:\\\w+){0,8})/g,
    )) {
      const type = inRuby ?? inPhp;
      if (isMaking) note(type, inRuby === undefined ? '__construct' : 'initialize', line, index);
      const rest = [text.slice(index + whole.length).replace(/^<[^<>()]{0,80}>/, ''), ...lines.slice(line + 1, line + 12)]
        .join('\n')
        .slice(0, 1_500);
      const name = /^\s*\)?\s*(?:&?\.|\??->)\s*(\w+)/.exec(afterBrackets(rest))?.[1];
      if (name !== undefined) note(type, name, line, index);
    }
    for (const { 1: type, 2: name, index } of text.matchAll(/(\\?[A-Z]\w*(?:\\\w+){0,8})::class\s*\)\s*->\s*(\w+)/g))
      note(type, name, line, index);
  }
  return found;
}

const named = /^(?:export\s+)?(?:async\s+)?(?:def|function)\s+(\w{5,60})|^(?:export\s+)?const\s+(\w{5,60})\s*=/;
const functions = new WeakMap<readonly string[], ReadonlySet<string>>();

/** `{ run: archiveOrder }`, `Depends(current_user)`, `retry(loadOrder, 3)`: functions of the file, or that it imports. */
export function handedCalls(
  lines: readonly string[],
  start: number,
  end: number,
  imported: ReadonlyMap<string, unknown>,
): readonly Call[] {
  let own = functions.get(lines);
  if (!own) {
    const names = lines.map((line) => named.exec(line.slice(0, 200)));
    own = new Set(names.flatMap((match) => match?.[1] ?? match?.[2] ?? []));
    functions.set(lines, own);
  }
  const found: Call[] = [];
  for (let line = start; line < Math.min(end, lines.length, start + 400); line++)
    for (const { 1: name, index } of lines[line]
      .slice(0, 1_000)
      .matchAll(/(?<=[(,:=]\s?|^\s{1,40})\b([a-z_]\w{4,60})(?=\s?(?:[,)}\]]|$))/g))
      if (found.length < 40 && (own.has(name) || imported.has(name))) found.push({ name, receiver: '', line, column: index });
  return found;
}

/** What follows the brackets that a text begins with. */
function afterBrackets(text: string): string {
  if (text[0] !== '(') return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return text.slice(i + 1);
  }
  return '';
}
