/** The corpus of small programs in test/fixtures/source/cases: what they printed and sent, and the line that a person would open. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SourceRung, SpanSource, StackLanguage } from '../../../../src/source';

/** One entry of a program's `expected.json`, with what it is about. */
export interface Case extends Entry {
  readonly program: string;
  readonly language: StackLanguage;
  /** Of kind `stack`, and without a span. */
  readonly stackText?: string;
  readonly span?: SpanSource;
}

interface Entry {
  readonly name: string;
  readonly kind: 'code-attributes' | 'stack' | 'symbol' | 'literal';
  readonly rung: SourceRung;
  /** Below the program's `workspace`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** What stands in that line. */
  readonly text: string;
  readonly accept?: readonly number[];
  readonly causes?: readonly { readonly type: string; readonly file: string; readonly line: number }[];
  readonly stack?: string;
  /** Folders of the workspace that are opened instead of the whole. */
  readonly folders?: readonly string[];
  readonly pathMappings?: Readonly<Record<string, string>>;
}

export const casesFolder = resolve(__dirname, '../../../fixtures/source/cases');

export function readCases(): readonly Case[] {
  return casePrograms().flatMap((program) => {
    const { language, cases }: { language: StackLanguage; cases: readonly Entry[] } = JSON.parse(read(program, 'expected.json'));
    const hasSpans = cases.some(({ stack }) => stack === undefined);
    const spans: Record<string, SpanSource> = hasSpans ? JSON.parse(read(program, 'spans.json')) : {};
    return cases.map((entry) => {
      if (entry.stack !== undefined) return { ...entry, program, language, stackText: read(program, entry.stack) };
      const span = spans[entry.name];
      if (!span) throw new Error(`${program}: no span for "${entry.name}"`);
      return { ...entry, program, language, span };
    });
  });
}

export function casePrograms(): readonly string[] {
  return readdirSync(casesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

const home = 'file:///home/dev';

/** URI of a file of a case, or of the folder that holds its program. */
export function uriOf(program: string, file?: string): string {
  const path = file === undefined ? [program] : [program, ...file.split('/')];
  return [home, ...path.map(encodeURIComponent)].join('/');
}

/** The folders of a workspace by their URIs: of a program, or of those of its folders that a case opens. */
export function rootsOf(program: string, folders?: readonly string[]): Readonly<Record<string, string>> {
  const workspace = join(casesFolder, program, 'workspace');
  if (!folders) return { [uriOf(program)]: workspace };
  return Object.fromEntries(folders.map((folder) => [uriOf(program, folder), join(workspace, folder)]));
}

export function lineOf({ program, file }: Case, line: number): string {
  return read(program, `workspace/${file}`).split('\n')[line - 1].trim();
}

function read(program: string, file: string): string {
  return readFileSync(join(casesFolder, program, file), 'utf8');
}
