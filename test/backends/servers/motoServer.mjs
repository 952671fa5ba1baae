// @ts-check
// AWS X-Ray as moto plays it: takes segments and gives them back through the real AWS SDKs. A Python package in an environment of its own.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDebianPackages } from '../../support/debian.mjs';
import { findCommand } from '../../support/findCommand.mjs';
import { SetUpError } from '../../support/steps.mjs';
import { cacheFolder, findOrMake, freePort, runTool, startServer } from './server.mjs';

const version = '5.2.5';
const home = cacheFolder('moto');
const stampFile = join(home, 'stamp');

/** The Python of its environment. @returns {import('./server.mjs').Found} */
export function findMoto() {
  const python = join(home, 'bin', 'python');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === version && existsSync(python)) return { path: python };
  return {
    reason: findCommand('python3') ? 'none was installed; `npm run test:backends` does' : 'Python 3 is not installed',
  };
}

/** As `findMoto`, after installing it where it is not there. */
export const ensureMoto = (log = console.log) =>
  findOrMake('moto', findMoto, async () => {
    // An environment knows its own place, so it is made where it stays; the stamp says that it is whole.
    rmSync(home, { recursive: true, force: true });
    const make = () => runTool('Making a Python environment', 'python3', ['-m', 'venv', home], { log });
    if (!findCommand('python3')) await installDebianPackages("The tests' AWS X-Ray", ['python3', 'python3-venv'], log);
    await make().catch(async (error) => {
      if (!(error instanceof SetUpError)) throw error;
      await installDebianPackages("The tests' AWS X-Ray", ['python3-venv'], log);
      await make();
    });
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', `moto[server,xray]==${version}`];
    await runTool(`Installing moto ${version}`, join(home, 'bin', 'python'), pip, { log });
    writeFileSync(`${stampFile}.partial`, version);
    renameSync(`${stampFile}.partial`, stampFile);
  });

/**
 * @param {string | undefined} path Of its Python.
 * @param {{ port?: number }} [options]
 * @returns {Promise<import('./server.mjs').Running>}
 */
export async function startMoto(path, options = {}) {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await startServer({
    what: 'moto',
    command: path ?? '',
    args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    answers: `${url}/moto-api/`,
  });
  return { url, otlp: url, stop };
}
