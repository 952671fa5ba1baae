/**
 * Numbers of payment cards in texts: 13 to 19 digits in a row or in the groups that are printed, of an issuer's range, with the right check digit. So what else
 * has as many digits (ids, times, order numbers) is hidden once in some hundred times, and not one time in ten.
 * Sources: ISO/IEC 7812-1, annex B (check digit); en.wikipedia.org/wiki/Payment_card_number, "Issuer identification number".
 */

const SEPARATOR = '( |-|\\+|%20|\\u00a0)';
/** In a row; 4-4-4-4 and 4-4-4-4-3; 4-6-5 and 4-6-4. Not within a word, nor behind a decimal point. */
const CANDIDATE = new RegExp(
  `(?<![\\w]|\\d[.,])(?:\\d{13,19}|\\d{4}${SEPARATOR}\\d{4}\\1\\d{4}\\1\\d{4}(?:\\1\\d{3})?|\\d{4}${SEPARATOR}\\d{6}\\2\\d{4,5})(?!\\w|[.,]\\d)`,
  'g',
);

/** Length by the digits that a number of an issuer begins with. */
const ISSUERS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|(?:5[06-8]|6[37])\d{11,17})$/;

/** The text with numbers of cards replaced. The same text where there are none. */
export function withoutCards(text: string, by: string): string {
  let out = '';
  let done = 0;
  CANDIDATE.lastIndex = 0;
  for (let match = CANDIDATE.exec(text); match; match = CANDIDATE.exec(text)) {
    if (isCard(match[0].replace(/\D|(?<=%)20/g, ''))) {
      out += text.slice(done, match.index) + by;
      done = match.index + match[0].length;
    } else CANDIDATE.lastIndex = match.index + 1;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** @param digits nothing else */
export function isCard(digits: string): boolean {
  if (!ISSUERS.test(digits)) return false;
  let sum = 0;
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const digit = digits.charCodeAt(i) - 48;
    sum += twice ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** A key that says that its value is an id or a time: one that looks like a card's number is none. */
const NO_CARD =
  /(?:^|[._-])(?:trace|span|parent|order|request|message|event|session|correlation|transaction|invoice|job|batch|process|thread|user|customer|product|item|row|version|build)s?[._-]?(?:id|ids|key|no|number|uuid|offset)$|(?:time|timestamp|unix_?nano|offset|sequence|nanos?|millis|_ms|_ns|_us)$/i;

export function isNoCardKey(key: string): boolean {
  return NO_CARD.test(key);
}
