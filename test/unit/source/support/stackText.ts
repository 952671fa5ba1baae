import { type ParsedStack, parseStack, type StackLanguage } from '../../../../src/source';

/** A parsed stack as text: one line an exception, one an indented frame. `*` where the search begins, `L` library, `N` native. */
export function show(stack: ParsedStack | undefined): string {
  if (!stack) return 'no frames';
  const lines: string[] = [stack.language];
  for (const { type, message, relation, frames, throwFrame } of stack.exceptions) {
    lines.push(`${relation ? `${relation} ` : ''}${type || '-'}: ${message.replaceAll('\n', '⏎')}`);
    for (const [index, frame] of frames.entries()) {
      const flags = `${index === throwFrame && throwFrame > 0 ? '*' : ''}${frame.isLibrary ? 'L' : ''}${frame.isNative ? 'N' : ''}`;
      const place =
        frame.path === undefined ? '-' : [frame.path, frame.line, frame.column].filter((part) => part !== undefined).join(':');
      lines.push(`  ${frame.functionName ?? '-'} @ ${place}${flags ? ` ${flags}` : ''}`);
    }
  }
  return lines.join('\n');
}

export function parsed(text: string, hint?: StackLanguage): string {
  return show(parseStack(text, hint));
}
