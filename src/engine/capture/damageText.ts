/** What a person is told of a damaged log: what is missing, where it was, and where the damaged parts are. */

import { basename } from 'node:path';
import type { LogDamage } from '../../capture/log/logReader';
import { formatBytes, formatCount } from '../../core/text/formatText';

export interface LogFinding {
  readonly path: string;
  readonly damage: LogDamage | undefined;
  /** Parts of requests that are there as a whole. */
  readonly leftOut: number;
  /** Spans that are missing; undefined: nobody knows. */
  readonly missing: number | undefined;
  /** File with the damaged parts. */
  readonly aside: string | undefined;
  /** Why the log could not be written anew. */
  readonly problem: string | undefined;
}

/** Whether anything is, or may be, missing. */
export function isLoss({ damage, leftOut, missing }: LogFinding): boolean {
  return leftOut > 0 || (missing ?? 0) > 0 || (damage?.parts.some((part) => !part.onlyLength) ?? false);
}

/** Two or three sentences. */
export function describeDamage(finding: LogFinding): string {
  const { path, damage, leftOut, missing, aside, problem } = finding;
  const name = basename(path);
  const sentences: string[] = [];
  if (damage) {
    const where = `${formatCount(damage.count, 'place')} of the capture log ${name} ${damage.count === 1 ? 'is' : 'are'} damaged (${formatBytes(damage.bytes)}, the first at byte ${damage.parts[0].at})`;
    const around = `${formatCount(damage.requestsBefore, 'request')} before and ${damage.requestsAfter} after were read`;
    sentences.push(`${where}; ${around}.`);
  }
  if (leftOut > 0) sentences.push(`${formatCount(leftOut, 'record')} of the capture log ${name} could not be read.`);
  if (missing !== undefined && missing > 0)
    sentences.push(`${formatCount(missing, 'span')} ${missing === 1 ? 'is' : 'are'} missing.`);
  if (aside !== undefined) sentences.push(`The damaged parts are kept in ${aside}.`);
  else if (problem !== undefined) sentences.push(`The log stays as it is: ${problem}.`);
  return sentences.join(' ');
}
