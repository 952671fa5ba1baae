/** What would help a program that has sent no spans, by what is known of its launch. */

import { languageOf } from '../../capture/languages';
import { remedyOf } from '../../capture/remedies';
import type { Settings } from '../settings/settings';
import type { LaunchRecord } from './launchRecords';
import type { LaunchedSession } from './silentSessions';

/** Sentences for a person. */
export function adviceFor(
  { type }: Pick<LaunchedSession, 'type'>,
  record: LaunchRecord | undefined,
  settings: Pick<Settings, 'instruments'>,
): string {
  const unrecorded = record?.obstacles.find(({ kind }) => kind === 'none' || kind === 'file');
  if (unrecorded) return `It ${unrecorded.text}.`;
  const prepared = record?.prepared;
  if (prepared?.missing) {
    const where = prepared.missing.offers.length > 0 ? ' Show Launch Variables has the step as a button.' : '';
    return `${prepared.missing.message}${where}`;
  }
  if (prepared && prepared.variables.length > 0) {
    return 'It is traced, and did nothing that makes spans: requests, queries, calls of known libraries.';
  }
  const language = languageOf(type);
  if (language !== undefined && !settings.instruments(language)) {
    return `Tracing it without a change to its code is switched off (spanhop.capture.instrument, "${language}"). ${remedyOf(type)}`;
  }
  return remedyOf(type);
}
