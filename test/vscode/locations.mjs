// @ts-check
// Where things are: the project, the cache of downloaded tools, and the versions of them that the tests are pinned to.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Git-ignored cache of test tools; the folder name is the convention of `@vscode/test-electron`. */
export const cacheRoot = join(projectRoot, '.vscode-test');
/** Screenshots, reports and logs of test runs; git-ignored. */
export const resultsRoot = join(projectRoot, 'test', 'results');
/** The npm release of code-server; it carries VS Code 1.139.1. */
export const codeServerVersion = '4.139.1';
/** The npm release of Node that code-server 4.139 requires (major 24). */
export const serverNodeVersion = '24.21.0';
