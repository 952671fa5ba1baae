/**
 * A stack trace of any of the nine languages, from text. The language is what the resource says (`telemetry.sdk.language`) where that
 * finds frames, else the one whose parser finds the most places. Text beyond `maxChars` is not read.
 */

import type { ParsedException, ParsedStack, StackLanguage } from '../model/types';
import { dotnetParser } from './dotnet';
import { elixirParser } from './elixir';
import { goParser } from './go';
import { javaParser } from './java';
import { javascriptParser } from './javascript';
import { type StackParser, stackLines } from './lines';
import { phpParser } from './php';
import { pythonParser } from './python';
import { rubyParser } from './ruby';
import { rustParser } from './rust';

const parsers: Readonly<Record<StackLanguage, StackParser>> = {
  javascript: javascriptParser,
  python: pythonParser,
  java: javaParser,
  go: goParser,
  dotnet: dotnetParser,
  ruby: rubyParser,
  php: phpParser,
  rust: rustParser,
  elixir: elixirParser,
};

const maxChars = 4 * 1024 * 1024;
/** The head of a text is enough to tell its language. */
const sniffLines = 400;

/** Undefined where no frame is found. */
export function parseStack(text: string, hint?: StackLanguage): ParsedStack | undefined {
  const lines = stackLines(text.slice(0, maxChars));
  if (hint) {
    const exceptions = parsers[hint].parse(lines);
    if (exceptions.length) return { language: hint, exceptions };
  }
  const head = lines.slice(0, sniffLines);
  let best: StackParser | undefined;
  let bestScore = 0;
  for (const parser of Object.values(parsers)) {
    const score = scoreOf(parser.parse(head));
    if (score > bestScore) [best, bestScore] = [parser, score];
  }
  if (!best) return undefined;
  return { language: best.language, exceptions: head.length < lines.length ? best.parse(lines) : best.parse(head) };
}

/** A place counts for more than a name: of two formats that both fit, the one that understands more of a frame is the right one. */
function scoreOf(exceptions: readonly ParsedException[]): number {
  let score = 0;
  for (const exception of exceptions)
    for (const frame of exception.frames)
      score += (frame.line !== undefined ? 3 : 1) + (frame.functionName !== undefined ? 1 : 0);
  return score;
}

/** The language that `telemetry.sdk.language` means; undefined for those without a parser. */
export function languageOf(sdkLanguage: unknown): StackLanguage | undefined {
  switch (sdkLanguage) {
    case 'nodejs':
    case 'webjs':
      return 'javascript';
    case 'python':
    case 'java':
    case 'go':
    case 'dotnet':
    case 'ruby':
    case 'php':
    case 'rust':
    case 'elixir':
      return sdkLanguage;
    case 'erlang':
      return 'elixir';
    default:
      return undefined;
  }
}
