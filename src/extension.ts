/** The composition root: builds the services, registers the features, hands out the exported API. No logic. */

import type { ExtensionContext } from 'vscode';
import type { SpanhopApi } from './api';
import { createApi } from './editor/api/createApi';
import { registerFeatures } from './editor/features';
import { createServices } from './editor/services/services';

/** VS Code calls this once. Nothing here waits, reads a file or starts the engine: it starts with its first question. */
export function activate(context: ExtensionContext): SpanhopApi {
  const services = createServices(context);
  context.subscriptions.push(services, registerFeatures(services));
  return createApi(services);
}
