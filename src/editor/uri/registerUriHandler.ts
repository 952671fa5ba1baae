/** Opens links to traces. A link comes from anywhere, so it can only show what this window could show anyway. */

import { type Disposable, window } from 'vscode';
import type { Services } from '../services/services';
import { readLink } from './links';

export function registerUriHandler({ views, problems }: Services): Disposable {
  return window.registerUriHandler({
    handleUri: async (uri) => {
      let backend: string | undefined;
      await problems.guard(
        async () => {
          const link = readLink(uri);
          backend = link.backend;
          await views.openTrace(link.traceId, link);
        },
        { backend },
      );
    },
  });
}
