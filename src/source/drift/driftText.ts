/** What is said of drift: a few words beside a line, and sentences under "Why this line?". Lines are told as editors number them. */

import type { Revision } from '../model/revision';
import type { Drift } from '../model/types';
import { display } from '../uri/paths';
import type { LineDrift } from './lineDrift';
import { shortHash } from './revisions';

export interface Since {
  readonly revision: Revision;
  /** Full hash. */
  readonly commit: string;
  /** Path that the file had then, where that is another. */
  readonly renamedFrom?: string;
}

/** `1a2b3c4`, `v1.4.2 (1a2b3c4)` */
function nameOf({ revision, commit }: Since): string {
  const short = shortHash(commit);
  return revision.kind === 'commit' ? short : `${display(revision.name, 40)} (${short})`;
}

/** A few words, to stand behind a line or under a button. Empty where there is nothing to tell. */
export function labelOf(kind: Drift['kind'], lineThen: number, line: number, since: Since): string {
  const name = nameOf(since);
  switch (kind) {
    case 'same':
      return '';
    case 'moved':
      return `moved from line ${lineThen + 1} since ${name}`;
    case 'changed':
      return lineThen === line ? `function changed since ${name}` : `function changed since ${name}, was line ${lineThen + 1}`;
    case 'gone':
      return `line ${lineThen + 1} of ${name} is gone`;
  }
}

/** Sentences: what happened since the commit of the trace. */
export function noteOf(drift: LineDrift, lineThen: number, since: Since): string {
  const parts = [sentenceOf(drift, lineThen, since)];
  if (since.renamedFrom !== undefined) parts.push(`The file was ${display(since.renamedFrom)} then.`);
  if (since.revision.dirty) parts.push('The program was built with changes that were not committed, so lines may be off.');
  return parts.join(' ');
}

function sentenceOf({ kind, line, functionName, calledNow, lineGone }: LineDrift, lineThen: number, since: Since): string {
  const name = nameOf(since);
  const then = lineThen + 1;
  const trace = `${name}, the ${since.revision.kind} of this trace`;
  const subject = functionName === undefined ? undefined : display(functionName, 60);
  switch (kind) {
    case 'same':
      return `The line is as it was at ${name}.`;
    case 'moved':
      return line === lineThen
        ? `The line is still ${then} since ${name}.`
        : `The line moved from ${then} to ${line + 1} since ${name}.`;
    case 'changed': {
      const what = `${subject ?? (lineGone ? 'The function' : 'The code')} changed since ${trace}`;
      const called = calledNow === undefined ? '' : `, and is called ${display(calledNow, 60)} now`;
      if (lineGone) return `${what}${called}. Line ${then} is not in it any more.`;
      return line === lineThen ? `${what}${called}.` : `${what}${called}. The line moved from ${then} to ${line + 1}.`;
    }
    case 'gone':
      return subject === undefined
        ? `Line ${then} is gone since ${trace}. It stood near here.`
        : `${subject} is gone since ${trace}. Line ${then} stood near here.`;
  }
}
