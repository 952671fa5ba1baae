// What edits do to the line that an error stands at.
import { describe, expect, it } from 'vitest';
import { type Anchor, anchorAfter, anchorAgain, anchorAt, type Lines } from '../../../../src/app/exceptions/lineAnchors';
import type { TextChange } from '../../../../src/app/ports/workspace';

const linesOf = (text: string): Lines => {
  const all = text.split('\n');
  return { count: all.length, at: (line) => all[line] };
};

const before = ['function charge() {', '  const tries = 3;', '  throw new Error("no");', '}', ''].join('\n');

/** The anchor of the throwing line after a text is replaced, as `line:first-end`; undefined: it is over. */
function edited(replaced: string, by: string, text = before): string | undefined {
  const start = text.indexOf(replaced);
  if (start < 0) throw new Error(`${replaced} is not in the text`);
  const positionOf = (offset: number): { line: number; character: number } => {
    const head = text.slice(0, offset);
    return { line: head.split('\n').length - 1, character: offset - head.lastIndexOf('\n') - 1 };
  };
  const change: TextChange = { range: { start: positionOf(start), end: positionOf(start + replaced.length) }, text: by };
  const now = text.slice(0, start) + by + text.slice(start + replaced.length);
  return told(anchorAfter(anchorOf(text), [change], linesOf(now)));
}

function anchorOf(text: string): Anchor {
  const line = text.split('\n').findIndex((one) => one.includes('throw'));
  const anchor = anchorAt('file:///a.ts', line, linesOf(text));
  if (!anchor) throw new Error('no line');
  return anchor;
}

const told = (anchor: Anchor | undefined): string | undefined => anchor && `${anchor.line}:${anchor.first}-${anchor.end}`;

describe('the line of an error', () => {
  it('is its text without the white space around', () => {
    expect(told(anchorOf(before))).toBe('2:2-24');
    expect(anchorAt('file:///a.ts', 4, linesOf(before))).toBeUndefined();
    expect(anchorAt('file:///a.ts', 99, linesOf(before))).toBeUndefined();
  });

  it('moves with edits above and stays for those below', () => {
    expect(edited('function', '// one\n// two\nfunction')).toBe('4:2-24');
    expect(edited('  const tries = 3;\n', '')).toBe('1:2-24');
    expect(edited('const tries = 3;\n', 'const tries = 3;\n\n')).toBe('3:2-24');
    expect(edited('const tries = 3;', 'const tries = 4;')).toBe('2:2-24');
    expect(edited('no");', 'no");\n  // below')).toBe('2:2-24');
    expect(edited('}', '')).toBe('2:2-24');
  });

  it('is indented without being edited', () => {
    expect(edited('  throw', '      throw')).toBe('2:6-28');
    expect(edited(' throw', '\n\tthrow')).toBe('3:1-23');
  });

  it('is over when its text is edited or deleted', () => {
    expect(edited('"no"', '"not"')).toBeUndefined();
    expect(edited('throw', 'return')).toBeUndefined();
    expect(edited('  throw new Error("no");\n', '')).toBeUndefined();
    expect(edited('new Error', 'new\nError')).toBeUndefined();
    expect(edited(before, '')).toBeUndefined();
  });

  it('is known again where a formatter wrote everything anew', () => {
    expect(edited(before, `/** Charges. */\n${before.replaceAll('  ', '\t')}`)).toBe('3:1-23');
    expect(edited('tries = 3;\n  throw new Error("no");', 'tries = 4;\n\n  throw new Error("no");')).toBe('3:2-24');
  });

  it('is not taken for one that says the same elsewhere', () => {
    const twice = `${before}\nfunction other() {\n  throw new Error("no");\n}`;
    expect(edited('"no"', '"not"', twice)).toBeUndefined();
  });

  it('is looked for near its place when nobody saw the change', () => {
    const anchor = anchorOf(before);
    expect(told(anchorAgain(anchor, linesOf(`// new\n${before}`)))).toBe('3:2-24');
    expect(told(anchorAgain(anchor, linesOf(`${before}${before}`)))).toBe('2:2-24');
    expect(anchorAgain(anchor, linesOf(before.replace('no', 'not')))).toBeUndefined();
  });

  it('follows several changes of one edit', () => {
    const now = before.replace('}', '}\n}').replace('function', '//\nfunction');
    const at = (line: number, character: number): TextChange['range']['start'] => ({ line, character });
    const changes = [
      { range: { start: at(3, 1), end: at(3, 1) }, text: '\n}' },
      { range: { start: at(0, 0), end: at(0, 0) }, text: '//\n' },
    ];
    expect(told(anchorAfter(anchorOf(before), changes, linesOf(now)))).toBe('3:2-24');
  });
});
