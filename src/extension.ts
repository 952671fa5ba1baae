/** What VS Code calls. Everything is built in `composition.ts`. */

import type { ExtensionContext } from 'vscode';
import type { SpanhopApi } from './api';
import { type Composition, compose } from './composition';

let composition: Composition | undefined;

/** VS Code calls this once. Nothing here waits, reads a file or starts the engine: it starts with its first question. */
export function activate(context: ExtensionContext): SpanhopApi {
  composition = compose(context);
  return composition.api;
}

/** VS Code waits for this a few seconds: the capture's log is left with its index, so that the next window need not count its spans anew. */
export async function deactivate(): Promise<void> {
  await composition?.close();
  composition = undefined;
}
