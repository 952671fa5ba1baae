/** Calls on what a statement makes on the spot. */

import type { Call } from '../outline/calls';

/** `Orders::Ship.new(order).call` and `(new ShipOrder($order))->handle()`, over some lines; `$app->make(ShipOrder::class)->handle()`. */
export function madeCalls(lines: readonly string[], start: number, end: number): readonly Call[] {
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
      note(type, inRuby === undefined ? '__construct' : 'initialize', line, index);
      const rest = [text.slice(index + whole.length), ...lines.slice(line + 1, line + 12)].join('\n').slice(0, 1_500);
      const name = /^\s*\)?\s*(?:&?\.|\??->)\s*(\w+)/.exec(afterBrackets(rest))?.[1];
      if (name !== undefined) note(type, name, line, index);
    }
    for (const { 1: type, 2: name, index } of text.matchAll(/(\\?[A-Z]\w*(?:\\\w+){0,8})::class\s*\)\s*->\s*(\w+)/g))
      note(type, name, line, index);
  }
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
