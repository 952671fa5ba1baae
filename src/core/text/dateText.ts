/** When something was, as short as a title needs it, and exactly. English, in a person's zone, the same in every locale. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

/** Of a point in time that `Date` knows; undefined for one that it does not. */
function dateOf(unixNano: bigint): Date | undefined {
  const date = new Date(Number(unixNano / 1_000_000n));
  return Number.isNaN(date.getTime()) || unixNano < 0n ? undefined : date;
}

/** `today 15:03:12`, `yesterday 15:03:12`, `21 Nov 15:03`, `21 Nov 2025 15:03`; undefined for what is no date. */
export function formatDate(unixNano: bigint, now: Date): string | undefined {
  const date = dateOf(unixNano);
  if (!date) return undefined;
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const daysAgo = (days: number): boolean =>
    date.toDateString() === new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).toDateString();
  if (daysAgo(0)) return `today ${minutes}:${two(date.getSeconds())}`;
  if (daysAgo(1)) return `yesterday ${minutes}:${two(date.getSeconds())}`;
  const year = date.getFullYear() === now.getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${months[date.getMonth()]}${year} ${minutes}`;
}

/** All digits of it, with the zone: `2026-11-21 15:03:12.482000000 +01:00`. */
export function formatZonedTime(unixNano: bigint): string {
  const date = dateOf(unixNano);
  if (!date) return `${unixNano} ns`;
  const eastMinutes = -date.getTimezoneOffset();
  const zone = `${eastMinutes < 0 ? '−' : '+'}${two(Math.floor(Math.abs(eastMinutes) / 60))}:${two(Math.abs(eastMinutes) % 60)}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(unixNano % 1_000_000_000n).padStart(9, '0')} ${zone}`;
}
