// @ts-check
// The law of the one way out as data, and its check: every text of a trace leaves the engine through `src/engine/redact`. Whoever else in the engine
// reads a text as it was recorded is named here with the reason. Reads the code as text. An entry that is used no more is a problem too.
// `node src/build/checkRedaction.mjs` prints `file:line problem` and exits non-zero.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Rule
 * @property {string} what Begins the sentence.
 * @property {RegExp} pattern
 * @property {Readonly<Record<string, string>>} files Below src/engine, folders with a slash at the end, and why they may.
 */

/** @type {readonly Rule[]} */
const redactionLaw = [
  {
    what: 'reads texts as they were recorded',
    pattern: /\b(?:readValue|readAttributes|findAttribute|valueText|anyValueOfRow)\b|\bstrings\.get\b/g,
    files: {
      'capture/': "names of services, for the captures' indices on disk; `captureHandlers.ts` redacts them",
      'code/codeDetails.ts': 'counts values, and redacts those that it tells',
      'code/codePlaces.ts': 'what is looked for in the source, never shown',
      'code/codeReach.ts': 'tells spans apart by their names, which `codeHandlers.ts` redacts',
      'code/codeThrows.ts': 'what is looked for in the source, never shown',
      'code/hintReaders.ts': 'what is looked for in the source, never shown',
      'exceptions/exceptionReader.ts': 'tells exceptions apart; `exceptionService.ts` tells of them through `redact`',
      'exceptions/exceptionService.ts': 'names of services, redacted when they are told',
      'live/programs.ts': 'tells programs apart, and tells nobody by what',
      'source/sourceNeedles.ts': 'what is looked for in the source, never shown',
      'store/leftTraces.ts': 'what filters compare; `redact/redactedOverview.ts` is in front of whoever is told',
      'store/sessionOf.ts': 'an id of ours; `redact/redactedOverview.ts` is in front of whoever is told',
      'store/sdkLanguage.ts': 'which language a stack is of',
      'traces/findSpans.ts': 'what a search compares',
      'traces/vocabulary.ts': 'words that the handlers redact',
    },
  },
  {
    what: 'takes overviews of traces as they are',
    pattern: /\boverviews\.(?:of|known)\b/g,
    files: {
      'files/content.ts': 'through `redactedOverview`',
      'traces/findTraces.ts': 'the handler redacts them',
      'traces/traceHandlers.ts': 'through `redactedOverview`',
      'traces/traceMatcher.ts': 'what filters compare',
    },
  },
  {
    what: 'writes spans as they are',
    pattern: /\b(?:encodedRows|encodeOtlpProto|otlpProtoPieces|otlpJsonPieces|encodeBatches)\b/g,
    files: {
      'capture/': "the captures' own logs",
      'memory/digest.ts': 'for memory',
      'recall/recall.ts': 'for memory',
      'store/encodeSpans.ts': 'for the others that are named here',
      'traces/exportTrace.ts': 'with `redact/replacement.ts`',
    },
  },
];

/** @param {string} file */
const folderOf = (file) => `${file.split('/')[0]}/`;

/**
 * What is wrong with one file.
 * @param {string} file Below src/engine, with slashes.
 * @param {string} text
 * @param {readonly Rule[]} [law]
 * @returns {string[]} `line text`
 */
export function redactionProblems(file, text, law = redactionLaw) {
  if (file.startsWith('redact/')) return [];
  // Comments become blanks of the same length, so that lines stay.
  const code = text.replace(/^[ \t]*(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/gm, (comment) => comment.replace(/[^\n]/g, ' '));
  return law.flatMap(({ what, pattern, files }) => {
    if (files[folderOf(file)] !== undefined) return [];
    if (files[file] !== undefined)
      return code.search(pattern) < 0 ? [`1 ${what} no more; take it out of checkRedaction.mjs`] : [];
    return [...code.matchAll(pattern)].map((match) => {
      const line = code.slice(0, match.index).split('\n').length;
      return `${line} ${what} (${match[0]}) around the one way out: src/engine/redact`;
    });
  });
}

/**
 * Checks all of src/engine.
 * @param {string} root The project's folder.
 * @returns {{ files: number, problems: string[] }} Problems as `file:line text`.
 */
export function checkRedaction(root) {
  const folder = join(root, 'src', 'engine');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(sep).join('/'))
    .filter((file) => file.endsWith('.ts'))
    .sort();
  const problems = files.flatMap((file) =>
    redactionProblems(file, readFileSync(join(folder, file), 'utf8')).map((problem) => `src/engine/${file}:${problem}`),
  );
  for (const { what, files: named } of redactionLaw)
    for (const file of Object.keys(named))
      if (!file.endsWith('/') && !files.includes(file)) problems.push(`src/engine/${file}:1 is not there, but ${what}`);
  return { files: files.length, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const { files, problems } = checkRedaction(root);
  for (const problem of problems) console.log(relative('.', join(root, problem)));
  console.log(`Redaction: ${files} files, ${problems.length} problems.`);
  if (problems.length > 0) process.exitCode = 1;
}
