/** Opens links to traces. A link comes from anywhere, so it can only show what this window could show anyway. */

import { type Disposable, window } from 'vscode';
import { readLink } from '../../app/links/traceUri';
import type { Problems } from '../../app/messages/problems';
import type { TraceViews } from '../../app/views/traceViews';

export function registerUriHandler({ views, problems }: { readonly views: TraceViews; readonly problems: Problems }): Disposable {
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
