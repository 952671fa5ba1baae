/**
 * What goes wrong while reading, between the readers of bytes and the decoders that know what is being read. Decoders catch it,
 * count it and go on; it never leaves `core/format`.
 */

export class Damage {
  /**
   * @param at offset in the bytes at hand
   * @param reason why it is not readable, as the end of a sentence
   * @param incomplete true when the bytes end too early: more of them may help
   */
  constructor(
    readonly at: number,
    readonly reason: string,
    readonly incomplete: boolean,
  ) {}
}

/** Rethrows what is not `Damage`. */
export function asDamage(error: unknown): Damage {
  if (error instanceof Damage) return error;
  throw error;
}

/** `81,920`: numbers in messages. */
export function withCommas(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
