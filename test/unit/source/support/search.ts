/** Text search over folders on disk, shown under other URIs: what the editor's search gives, by the plainest means. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextHit, TextSearchPort } from '../../../../src/source';
import { joinUri } from '../../../../src/source/uri/uri';

interface SearchedFile {
  readonly uri: string;
  readonly lines: readonly string[];
}

export interface CountingSearch extends TextSearchPort {
  /** What was asked for, in order. */
  readonly asked: readonly string[];
}

const maxHits = 5_000;
/** What a program's `.gitignore` would name, and what lies beside it as data of the test. */
const ignored = /^(?:node_modules|dist|build|target|\.git|\.venv|stacks)$/;
const ignoredDotnet = /^(?:bin|obj)$/;
const data = /^(?:capture|expected).*\.(?:json|pb)$/;

export function diskSearch(roots: Readonly<Record<string, string>>): CountingSearch {
  return searchOf(Object.entries(roots).flatMap(([folder, root]) => filesBelow(folder, root)));
}

export function memorySearch(files: Readonly<Record<string, string>>): CountingSearch {
  return searchOf(Object.entries(files).map(([uri, text]) => ({ uri, lines: text.split('\n') })));
}

function searchOf(files: readonly SearchedFile[]): CountingSearch {
  const asked: string[] = [];
  const known = new Map<string, { hits: TextHit[]; truncated: boolean }>();
  return {
    asked,
    find: async (text) => {
      asked.push(text);
      let answer = known.get(text);
      if (!answer) {
        const hits = hitsOf(files, text);
        answer = { hits: hits.slice(0, maxHits), truncated: hits.length > maxHits };
        known.set(text, answer);
      }
      return answer;
    },
  };
}

function hitsOf(files: readonly SearchedFile[], text: string): TextHit[] {
  const hits: TextHit[] = [];
  for (const { uri, lines } of files) {
    for (const [line, each] of lines.entries()) {
      const column = each.indexOf(text);
      if (column >= 0) hits.push({ file: uri, line, column, text: each });
    }
  }
  return hits;
}

function filesBelow(folder: string, root: string, below: readonly string[] = []): SearchedFile[] {
  const entries = readdirSync(join(root, ...below), { withFileTypes: true });
  const isDotnet = entries.some(({ name }) => name.endsWith('.csproj'));
  return entries.flatMap((entry) => {
    if (isDotnet && ignoredDotnet.test(entry.name)) return [];
    const path = [...below, entry.name];
    if (ignored.test(entry.name) || data.test(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(folder, root, path);
    if (!entry.isFile()) return [];
    return [{ uri: joinUri(folder, path), lines: readFileSync(join(root, ...path), 'utf8').split('\n') }];
  });
}
