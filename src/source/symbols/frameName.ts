/**
 * A frame that names no file (.NET without symbols, Rust without debug information, generated code of the JVM): its function's definition, by
 * class and package. A name alone is not enough, because most such frames are of libraries.
 */

import { isMangled } from '../../code/codeFunctions';
import type { Context } from '../context/context';
import { confidence } from '../model/confidence';
import type { SourceCandidate, StackFrame, StackLanguage } from '../model/types';
import { parseFunctionName } from '../names/functionName';
import { languagesOf } from '../search/languages';
import { rankFindings } from '../search/rankFindings';
import { SourceSearch } from '../search/sourceSearch';
import { findSymbols } from './findSymbols';

/** Those whose frames carry what is around the function. */
const qualified: ReadonlySet<StackLanguage> = new Set(['dotnet', 'java', 'rust', 'php', 'go', 'elixir']);
/** A stack may have hundreds of such frames. */
const maxFrames = 12;
const leastConfidence = 0.6;

export async function fromFrameName(
  frame: StackFrame,
  language: StackLanguage,
  from: string,
  context: Context,
): Promise<readonly SourceCandidate[]> {
  const { functionName } = frame;
  if (functionName === undefined || !qualified.has(language) || isMangled(functionName)) return [];
  if (context.options.searchSource === false || (!context.ports.search && !context.ports.symbols)) return [];
  if (!context.mayLookUpFrame(functionName, maxFrames)) return [];
  const full =
    frame.className !== undefined && !functionName.includes(frame.className)
      ? `${frame.className}.${lastOf(functionName)}`
      : functionName;
  const name = parseFunctionName(full);
  if (name.qualifier.length === 0) return [];
  const search = new SourceSearch(context, languagesOf(language));
  const { findings } = await findSymbols(
    { name, text: full, from: `${from}, which names no file here`, isStated: true },
    { search },
  );
  const likely = findings.filter((finding) => finding.confidence >= leastConfidence);
  const candidates = await rankFindings(likely, {}, search);
  return candidates.map((candidate) => ({ ...candidate, confidence: Math.min(candidate.confidence, confidence.frameName) }));
}

function lastOf(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1);
}
