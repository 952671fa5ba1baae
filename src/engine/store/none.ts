/** No slot, no row, no segment. */
export const NONE = 0xffffffff;
