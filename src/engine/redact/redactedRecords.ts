/** Log records of a capture as its list shows them. */

import type { LogRecord } from '../../core/model/logRecord';
import type { CaptureRecord } from '../../protocol/capture';
import { type Bounds, shownAttribute, shownValue } from './boundedValues';
import { severityOf } from './redactedLogs';
import type { Redactor } from './redactor';

/** Of one text; a stack is longer than that, and is found in its trace or in the capture's log. */
const bounds: Bounds = { value: 8_192, stack: 8_192 };
/** UTF-16 units of all texts: beyond them, the older records are left out. */
const MOST_TEXT = 8 << 20;

/** The last of them, as far as they fit. */
export function redactedRecords(records: readonly LogRecord[], redactor: Redactor): CaptureRecord[] {
  const shown: CaptureRecord[] = [];
  let length = 0;
  for (let i = records.length - 1; i >= 0 && length < MOST_TEXT; i--) {
    const record = recordOf(records[i], redactor);
    length += record.text.length + record.attributes.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    shown.push(record);
  }
  return shown.reverse();
}

function recordOf(record: LogRecord, redactor: Redactor): CaptureRecord {
  const body = shownValue(record.body, redactor, bounds).text;
  const name = redactor.repeated(record.eventName);
  return {
    timeUnixNano: record.timeUnixNano,
    severity: severityOf(record, redactor),
    service: redactor.repeated(record.service),
    scope: redactor.repeated(record.scope),
    text: name === '' || body === '' ? name + body : `${name}: ${body}`,
    attributes: Object.entries(record.attributes).map(([key, value]) => {
      const shown = shownAttribute(key, redactor, () => shownValue(value, redactor, bounds));
      return [shown.key, shown.value.text];
    }),
    traceId: record.traceId,
  };
}
