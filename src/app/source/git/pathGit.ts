/** The Git of the search path, for a program without an editor. It never fetches: nobody is there to be asked for a password. */

import { SpanhopError } from '../../../base/errors';
import type { GitProgram } from '../../ports/gitProgram';

export const pathGit: GitProgram = {
  own: () => [],
  found: async () => [],
  onDidChange: () => ({ dispose: () => {} }),
  async fetch() {
    throw new SpanhopError('NotFound', 'Commits are not fetched here. Run git fetch, and ask again.');
  },
};
