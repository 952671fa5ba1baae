/**
 * What a record can have wrong and be kept all the same: bits that readers collect for a span, and the sentences that they become. A
 * sentence follows "… has 3 spans ".
 */

/** What its field cannot hold: of a count, a time, a duration, a port. */
export const FLAW_NUMBER = 1;
/** A kind or a status that OpenTelemetry does not know. */
export const FLAW_ENUM = 1 << 1;
export const FLAW_PARENT = 1 << 2;
export const FLAW_LINK = 1 << 3;

export const flawSentences: readonly (readonly [number, string])[] = [
  [FLAW_NUMBER, 'with a number that is none or out of range, taken as the nearest that is possible.'],
  [FLAW_ENUM, 'with an unknown kind or status, shown without it.'],
  [FLAW_PARENT, 'whose parent has no valid id, shown without a parent.'],
  [FLAW_LINK, 'with a link to something that has no valid id.'],
];
