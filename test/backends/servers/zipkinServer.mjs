// @ts-check
// A real Zipkin: the server's own jar, from the Maven repository. It keeps what it gets in memory.

import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../support/findCommand.mjs';
import { ensureJavaTools } from './javaTools.mjs';
import { cacheFolder, findOrMake, freePort, runTool, startServer } from './server.mjs';

const version = '3.5.1';
const home = cacheFolder('zipkin');
const jar = join(home, `zipkin-server-${version}-exec.jar`);

/** The jar. @returns {import('./server.mjs').Found} */
export function findZipkin() {
  if (!existsSync(jar)) return { reason: 'none was downloaded; `npm run test:backends` does' };
  return findCommand('java') ? { path: jar } : { reason: 'Java is not installed' };
}

/** As `findZipkin`, after downloading it (130 MB) where it is not there. */
export const ensureZipkin = (log = console.log) =>
  findOrMake('zipkin', findZipkin, async () => {
    await ensureJavaTools(log);
    const partial = `${home}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    const artifact = `-Dartifact=io.zipkin:zipkin-server:${version}:jar:exec`;
    await runTool(
      `Downloading Zipkin ${version}`,
      'mvn',
      ['-q', '-B', '-Dstyle.color=never', 'dependency:copy', artifact, `-DoutputDirectory=${partial}`],
      { log },
    );
    rmSync(home, { recursive: true, force: true });
    renameSync(partial, home);
  });

/**
 * @param {string | undefined} path Of the jar.
 * @param {{ port?: number, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<import('./server.mjs').Running>}
 */
export async function startZipkin(path, { port, env = {} } = {}) {
  const query = port ?? (await freePort());
  const url = `http://127.0.0.1:${query}`;
  const { stop } = await startServer({
    what: 'Zipkin',
    command: 'java',
    args: ['-Xmx512m', '-jar', path ?? ''],
    env: { QUERY_PORT: String(query), QUERY_ALLOWED_ORIGINS: '', SELF_TRACING_ENABLED: 'false', ...env },
    answers: `${url}/health`,
  });
  return { url, otlp: `${url}/api/v2/spans`, stop };
}
