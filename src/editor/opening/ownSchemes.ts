/** Schemes of the documents that we make ourselves; the gate lets them through. */

/** Originals of source maps. */
export const originalScheme = 'spanhop-original';
/** Pages of callers and callees. */
export const reachScheme = 'spanhop-reach';

export const ownSchemes: ReadonlySet<string> = new Set([originalScheme, reachScheme]);
