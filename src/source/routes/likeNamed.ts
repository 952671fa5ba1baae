/**
 * Where no line is found that declares a route, the function that is called like it: the words of its path, a verb that fits the method, in a file
 * that is called like those who answer requests. A guess, and said to be one.
 */

import { routeConfidence } from '../model/confidence';
import type { TextHint } from '../model/sourceHints';
import type { Question } from '../question/question';
import { isCode } from '../search/languages';
import { isCommentLine } from '../search/literalFiles';
import type { Finding } from '../search/rankFindings';
import type { SourceFile } from '../search/sourceSearch';
import { display } from '../uri/paths';
import { parseRoute } from './route';

const verbWords: Readonly<Record<string, RegExp>> = {
  GET: /^(?:get|list|show|index|find|fetch|read|view|search|query|retrieve|all)$/,
  POST: /^(?:post|create|add|new|save|insert|store|submit|send|do|run|start|upload|register)$/,
  PUT: /^(?:put|update|set|save|replace|edit|change|modify|store)$/,
  PATCH: /^(?:patch|update|set|edit|change|modify|save)$/,
  DELETE: /^(?:delete|remove|destroy|del|clear|drop|revoke)$/,
};
const usual = /^(?:api|rest|v\d+|web|public|internal|admin)$/;
/** What those who answer are called, and where they stand; and who does not. */
const answers = /handl|controller|rout|api|view|endpoint|resource|action|servlet|server|http|rest|web/i;
const others =
  /model|entit|repositor|\bdao|service|store|client|migrat|schema|dto|mapper|type|util|valid|serializ|component|hook|page/i;
const definition =
  /^\s*(?:(?:export|default|public|private|protected|internal|static|final|async|override|suspend|pub(?:\(\w+\))?|virtual)\s+)*(?:(?:def|fn|func|fun|function)\s+(?:\([^)]{0,80}\)\s*)?(?:self\.)?(\w+)|(?:const|let)\s+(\w+)\s*=\s*(?:async\b|\(|\w+\(|function\b)|(?:[\w<>[\],.?]+\s+)?(\w+)\s*\([^;]*$|class\s+(\w+))/;
const given = /\b(?:req|request|ctx|context|c echo|c \*?gin|exchange|w http)\b|Request|Context|@|HttpRes/;
const maxHits = 600;
const maxFound = 3;

/** The words of the last part of a route, and of what is before that. */
function namedBy(text: string): { readonly last: readonly string[]; readonly before: ReadonlySet<string> } {
  const segments = (parseRoute(text)?.segments ?? []).flatMap((segment) =>
    segment === undefined || usual.test(segment) || /\d/.test(segment) ? [] : [segment.replace(/\.\w+$/, '')],
  );
  const last = wordsOf(segments.at(-1) ?? '');
  return { last: last.join('').length < 4 ? [] : last, before: new Set(segments.slice(0, -1).flatMap(wordsOf)) };
}

/** What a search is asked for: `ResetPassword` and `reset_password`. */
export function likeNeedles(text: string): readonly string[] {
  const { last } = namedBy(text);
  return last.length ? [last.map((word) => word[0].toUpperCase() + word.slice(1)).join(''), last.join('_')] : [];
}

export async function findLikeNamed(
  hint: TextHint,
  method: string | undefined,
  { search }: Question,
): Promise<readonly Finding[]> {
  const { last, before } = namedBy(hint.text);
  if (!last.length) return [];
  const verb = verbWords[(method ?? 'GET').toUpperCase()] ?? verbWords.POST;
  const found: { readonly source: SourceFile; readonly line: number; readonly score: number }[] = [];
  for (const needle of search.begin(likeNeedles(hint.text))) {
    for (const { file, line, text, language } of (await search.find(needle)).hits.slice(0, maxHits)) {
      if (!isCode(language) || !search.isOf(language) || text.length > 400 || isCommentLine(text)) continue;
      const name = definition
        .exec(text)
        ?.slice(1)
        .find((each) => each);
      const source = name === undefined ? undefined : search.file(file);
      if (
        name === undefined ||
        source?.standing !== 'source' ||
        found.some((each) => each.source === source && each.line === line)
      )
        continue;
      const words = wordsOf(name);
      if (!last.every((word) => words.includes(word))) continue;
      const place = source.path.slice(-3).join('/');
      const around = new Set(source.path.slice(-3).flatMap((part) => wordsOf(part.replace(/\.\w+$/, ''))));
      const left = words.filter((word) => !last.includes(word) && !before.has(word) && !verb.test(word) && !answers.test(word));
      const isOther = Object.values(verbWords).every((each) => each === verb || !words.some((word) => each.test(word))) ? 0 : 0.5;
      const score =
        (words.some((word) => verb.test(word)) ? 1 : -isOther) +
        [...before].filter((word) => words.includes(word) || around.has(word)).length / Math.max(1, before.size) +
        (answers.test(place) ? 1 : 0) -
        (others.test(place) ? 1 : 0) +
        (given.test(text) ? 0.5 : 0) -
        left.length * 0.4;
      if (score > 1) found.push({ source, line, score });
    }
  }
  const [best, second] = found.sort((a, b) => b.score - a.score);
  const reason = `from ${hint.from}, nothing declares ${display(hint.text, 80)}, and this is called like it`;
  return found
    .slice(0, maxFound)
    .filter(({ score }) => score > best.score - 0.7)
    .map(({ source, line, score }) => ({
      source,
      line,
      rung: 'literal',
      fit: score / 10,
      confidence: second?.score === best.score ? routeConfidence.alike : routeConfidence.named,
      reason,
    }));
}

/** `reset-passwords`, `resetPassword`, `ResetPassword` are of `reset` and `password`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)
    .map((word) => (word.length > 3 ? word.replace(/ies$/, 'y').replace(/s$/, '') : word));
}
