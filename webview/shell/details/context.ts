/** What the sections of the details need of the rest of the view. */

import { formatOffset, NO_TIME } from '../../../src/core/text/formatText';
import type { SpanDetails } from '../../../src/protocol/details';
import type { SpanKey } from '../../../src/protocol/view';
import type { Host } from '../../host';
import type { ShownTimes } from '../../trace/shownTimes';

/** A time from the trace's start as it is shown, or that it is not known. */
export function offsetText(atNs: number | undefined, { shiftNs }: DetailsContext): string {
  return atNs === undefined ? `time ${NO_TIME}` : formatOffset(atNs + shiftNs);
}

export interface DetailsContext {
  readonly host: Host;
  readonly span: SpanKey;
  readonly details: SpanDetails;
  /** Nanoseconds to add to raw times for display. */
  readonly shiftNs: number;
  /** Finds in this trace: fills the find box and turns the filter on. */
  /** Its times as the trace is shown now; undefined where it is not in it any more. */
  readonly shown: () => ShownTimes | undefined;
  readonly filterBy: (query: string) => void;
  readonly selectSpan: (spanId: string) => void;
  readonly isFolded: (section: string) => boolean;
  readonly setFolded: (section: string, folded: boolean) => void;
  /** Calls the listener when what the host said of source may be wrong now; as long as these details are shown. */
  readonly onSourcesChanged: (listener: () => void) => void;
  /** Something went wrong that is worth a line in the log. */
  readonly report: (error: unknown) => void;
}
