/**
 * What to do with an answer: open it, ask, or say what would help. Words for a person; the editor makes the buttons.
 */

import type { ResolveResult, SourceCandidate } from './model/types';
import { buildMissing } from './sourceOfOutput';

export interface Advice {
  readonly kind: 'openFolder' | 'addMapping' | 'buildSourceMaps' | 'captureCodeAttributes' | 'fetchCommit' | 'searchFurther';
  /** A sentence. */
  readonly text: string;
  /** For `addMapping`: a folder as the trace has it, to begin the mapping with. */
  readonly prefix?: string;
}

/** Below this nothing is opened by itself: four in five answers would be the wrong line. */
const leastOpened = 0.5;

/** A place that is no more than offered. */
export function isOnlyOffered({ confidence }: SourceCandidate): boolean {
  return confidence < leastOpened;
}

/** Whether the user should choose: no place is likely, or several are. */
export function shouldAsk(candidates: readonly SourceCandidate[]): boolean {
  const [first, second] = candidates;
  if (!first) return false;
  if (isOnlyOffered(first)) return true;
  if (!second || first.confidence >= 0.9 || first.confidence - second.confidence >= 0.2) return false;
  // The code changed since the trace: which file it is does not get any surer by a choice of lines in it, and the line says what happened.
  return !(first.drift && first.drift.kind !== 'same' && first.file === second.file);
}

/** What would help, most helpful first. Empty when there is a candidate that is no guess. */
export function advise(result: ResolveResult, hasFolder: boolean): readonly Advice[] {
  const [best] = result.candidates;
  if (best && !isOnlyOffered(best) && !best.unmapped && !best.guessed) return [];
  const advice: Advice[] = [];
  if (!hasFolder) advice.push({ kind: 'openFolder', text: 'Open the folder that holds the source.' });
  if (result.isCut && hasFolder)
    advice.push({
      kind: 'searchFurther',
      text: 'Look at all lines of the source that hold its texts: there are more than were looked at.',
    });
  const missing = missingCommit(result);
  if (missing !== undefined) advice.push({ kind: 'fetchCommit', text: fetchText(missing) });
  if (best?.unmapped || best?.guessed || result.tried.some(({ outcome }) => outcome.includes(buildMissing)))
    advice.push({ kind: 'buildSourceMaps', text: 'Build with source maps, and keep them beside the generated code.' });
  const prefix = result.tried
    .map(({ what, outcome }) => foreignFolder(what) ?? foreignFolder(outcome.split('; ').pop() ?? ''))
    .find((each) => each !== undefined);
  if (prefix !== undefined && hasFolder) {
    advice.push({
      kind: 'addMapping',
      text: `Map ${prefix} to a folder of the workspace (spanhop.source.pathMappings).`,
      prefix,
    });
  }
  if (result.tried.some(({ rung, outcome }) => rung === 'attributes' && outcome.startsWith('the span'))) {
    advice.push({
      kind: 'captureCodeAttributes',
      text: 'Set code.file.path and code.line.number on the span where it is started.',
    });
  }
  return advice;
}

/** The commit that would have to be fetched so that lines can be mapped. A version that no tag has is no such thing: most have none. */
export function missingCommit({ revision }: ResolveResult): string | undefined {
  return revision?.kind === 'commit' ? revision.missing : undefined;
}

export function fetchText(commit: string): string {
  return `Fetch ${commit}, the commit of this trace (git fetch).`;
}

/** The first folders of an absolute path at the start of a text, up to where source usually begins. */
function foreignFolder(text: string): string | undefined {
  const path = /^(?:file:\/\/)?((?:[A-Za-z]:[\\/]|\/)[^\s:]+[\\/])[^\s:\\/]+/.exec(text)?.[1];
  if (path === undefined) return undefined;
  const usual = /^\/(?:usr\/src|srv|opt|var|go\/src|workspaces?|builds?|home\/[^/]+|Users\/[^/]+)(?=\/)/.exec(path)?.[0] ?? '';
  const rest = /^([\\/].+?|[A-Za-z]:.*?)[\\/](?:src|lib|dist|build|out|internal|cmd|pkg)[\\/]/.exec(
    path.slice(usual.length),
  )?.[1];
  const source = rest === undefined ? undefined : usual + rest;
  return source ?? path.slice(0, -1);
}
