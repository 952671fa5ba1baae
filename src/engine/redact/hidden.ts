/** What stands in the place of what is hidden. */
export const HIDDEN = '••••';
