// Lines follow edits: against random edits of a document in which each line has a text of its own, and the cases a person knows.
import { expect, it } from 'vitest';
import { type LineEdit, TrackedLines } from '../../../src/code/lineTracking';

/** A document that is edited as VS Code tells of it. */
class Document {
  lines: string[];
  readonly tracked = new TrackedLines();

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  get view() {
    return { lineCount: this.lines.length, textOf: (line: number) => this.lines[line] };
  }

  replace(startLine: number, startCharacter: number, endLine: number, endCharacter: number, text: string): void {
    const before = this.lines[startLine].slice(0, startCharacter);
    const after = this.lines[endLine].slice(endCharacter);
    const edit: LineEdit = {
      startLine,
      endLine,
      isInsertion: startLine === endLine && startCharacter === endCharacter,
      isAtLineStart: before.trim() === '',
      text,
    };
    this.lines.splice(startLine, endLine - startLine + 1, ...(before + text + after).split('\n'));
    this.tracked.edit([edit], this.view);
  }

  follow(id: number, line: number): number {
    return this.tracked.follow(id, line, this.view);
  }
}

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `  line number ${i};`).join('\n');

it('moves with lines inserted above, at its start and inside of it, and stays before those below', () => {
  const document = new Document(numbered(10));
  expect(document.follow(1, 5)).toBe(5);
  document.replace(2, 0, 2, 0, 'new\nnew\n');
  expect(document.follow(1, 5)).toBe(7);
  document.replace(7, 2, 7, 2, 'const x = 1;\n  ');
  expect(document.follow(1, 5)).toBe(8);
  document.replace(8, 9, 8, 9, '\n');
  expect(document.follow(1, 5)).toBe(8);
  document.replace(9, 0, 9, 0, 'below\n');
  expect(document.follow(1, 5)).toBe(8);
  document.replace(0, 0, 2, 0, '');
  expect(document.follow(1, 5)).toBe(6);
});

it('is gone with its line, and back when the line is', () => {
  const document = new Document(numbered(10));
  document.follow(1, 5);
  document.replace(4, 0, 7, 0, '');
  expect(document.follow(1, 5)).toBe(-1);
  document.replace(4, 0, 4, 0, '  line number 4;\n  line number 5;\n  line number 6;\n');
  expect(document.follow(1, 5)).toBe(5);
});

it('finds its line in a document that is replaced as a whole', () => {
  const document = new Document(numbered(10));
  document.follow(1, 5);
  document.replace(0, 0, 9, document.lines[9].length, `// licence\n\n${numbered(10).replaceAll('  line', '\tline')}`);
  expect(document.follow(1, 5)).toBe(7);
});

it('puts what is found later where the saved line is now', () => {
  const document = new Document(numbered(10));
  document.replace(0, 0, 0, 0, 'a\nb\n');
  expect(document.follow(1, 5)).toBe(7);
  document.tracked.saved();
  expect(document.follow(2, 5)).toBe(5);
  expect(document.follow(1, 5)).toBe(7);
});

it('takes edits of several places at once, each by its range after those above', () => {
  const document = new Document(numbered(10));
  for (const line of [1, 4, 8]) document.follow(line, line);
  const at = (line: number): LineEdit => ({
    startLine: line,
    endLine: line,
    isInsertion: true,
    isAtLineStart: true,
    text: 'new\n',
  });
  for (const line of [8, 4, 1]) document.lines.splice(line, 0, 'new');
  document.tracked.edit([at(1), at(5), at(10)], document.view);
  expect([1, 4, 8].map((line) => document.follow(line, line))).toEqual([2, 6, 11]);
});

it('follows random edits', () => {
  let seed = 11;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 50; round++) {
    const document = new Document(numbered(40));
    for (let line = 0; line < 40; line += 3) document.follow(line, line);
    for (let i = 0; i < 60; i++) {
      const start = random(document.lines.length);
      const end = Math.min(document.lines.length - 1, start + (random(3) === 0 ? random(4) : 0));
      const isWhole = random(2) === 0;
      const at = isWhole ? 0 : document.lines[start].length;
      const until = start === end ? at : isWhole ? 0 : document.lines[end].length;
      document.replace(start, at, end, until, ['', 'x', 'fresh\n', 'fresh\nmore\n'][random(4)]);
    }
    for (let line = 0; line < 40; line += 3) {
      const now = document.follow(line, line);
      const text = `line number ${line};`;
      if (now >= 0) expect(document.lines[now]).toContain(text);
      else expect(document.lines.filter((one) => one.trim() === text)).toEqual([]);
      // What is found only now is at the same line, or nowhere.
      const later = document.follow(1000 + line, line);
      if (later >= 0 && now >= 0) expect(later).toBe(now);
    }
  }
});
