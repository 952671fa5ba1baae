// @ts-check
// A real OpenSearch: its jars from the Maven repository, inside a small Java program of ours (`openSearch/`). Filled by the real Jaeger.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCommand } from '../../support/findCommand.mjs';
import { temporaryFolder } from '../../vscode/processes.mjs';
import { ensureJavaTools } from './javaTools.mjs';
import { cacheFolder, findOrMake, freePort, runTool, startServer } from './server.mjs';

const sources = join(dirname(fileURLToPath(import.meta.url)), 'openSearch');
const home = cacheFolder('opensearch');
const stampFile = join(home, 'stamp');

/** What the program was made of. */
const stamp = () =>
  ['pom.xml', 'EmbeddedOpenSearch.java']
    .reduce((hash, name) => hash.update(readFileSync(join(sources, name))), createHash('sha256'))
    .digest('hex');

/** The folder with classes and jars. @returns {import('./server.mjs').Found} */
export function findOpenSearch() {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp())
    return { reason: 'none was downloaded; `npm run test:backends` does' };
  return findCommand('java') ? { path: home } : { reason: 'Java is not installed' };
}

/** As `findOpenSearch`, after downloading it (46 MB) and compiling our program where it is not there. */
export const ensureOpenSearch = (log = console.log) =>
  findOrMake('opensearch', findOpenSearch, async () => {
    await ensureJavaTools(log);
    const partial = `${home}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    await runTool(
      'Downloading OpenSearch',
      'mvn',
      [
        ...['-q', '-B', '-Dstyle.color=never', '-f', join(sources, 'pom.xml'), 'dependency:copy-dependencies'],
        ...['-DincludeScope=runtime', `-DoutputDirectory=${join(partial, 'lib')}`],
      ],
      { log },
    );
    const program = join(sources, 'EmbeddedOpenSearch.java');
    await runTool(
      'Compiling the program around OpenSearch',
      'javac',
      ['-cp', join(partial, 'lib', '*'), '-d', join(partial, 'classes'), program],
      { log },
    );
    writeFileSync(join(partial, 'stamp'), stamp());
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
  });

/**
 * @param {string | undefined} path Of the folder.
 * @param {{ port?: number }} [options]
 * @returns {Promise<import('./server.mjs').Running>}
 */
export async function startOpenSearch(path, options = {}) {
  const folder = temporaryFolder('opensearch-run');
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    what: 'OpenSearch',
    command: 'java',
    args: ['-Xmx700m', '-cp', `${path}/classes:${path}/lib/*`, 'EmbeddedOpenSearch', folder.path, String(port)],
    answers: `${url}/_cluster/health?wait_for_status=yellow&timeout=1s`,
  });
  return {
    url,
    otlp: url,
    stop: async () => {
      await server.stop();
      folder.remove();
    },
  };
}
