/** Schemes of the documents that we make ourselves; the gate lets them through. */

import { sampleScheme } from '../../protocol/sample';

/** Originals of source maps. */
export const originalScheme = 'spanhop-original';
/** Pages of callers and callees. */
export const reachScheme = 'spanhop-reach';
/** Log records of captures. */
export const recordsScheme = 'spanhop-records';
/** Long texts of spans. */
export const textScheme = 'spanhop-text';

/** Where source is: files of the workspace, local, remote or virtual, and the sample's. */
export const sourceSchemes: ReadonlySet<string> = new Set(['file', 'vscode-remote', 'vscode-vfs', sampleScheme]);

export const ownSchemes: ReadonlySet<string> = new Set([originalScheme, reachScheme, recordsScheme, sampleScheme, textScheme]);
