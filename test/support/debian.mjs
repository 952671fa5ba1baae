// @ts-check
// Debian's packages, where they can be installed: as root, on Debian and what is made of it.

import { execFileSync } from 'node:child_process';
import { startOwned } from '../vscode/processes.mjs';
import { findCommand } from './findCommand.mjs';
import { outsideNpm } from './npm.mjs';
import { failedStep, SetUpError, step } from './steps.mjs';

/** @param {string} name */
export function hasDebianPackage(name) {
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own placeholder
    return execFileSync('dpkg-query', ['-W', '-f=${Status}', name], { stdio: ['ignore', 'pipe', 'ignore'] }).includes(
      'ok installed',
    );
  } catch {
    return false;
  }
}

/**
 * @param {string} who What needs them: "The tests' VS Code".
 * @param {readonly string[]} names
 * @param {(line: string) => void} log
 * @throws {SetUpError}
 */
export async function installDebianPackages(who, names, log) {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || !findCommand('apt-get'))
    throw new SetUpError(`${who} needs these packages of your system: ${names.join(', ')}. On Debian or Ubuntu: sudo ${command}`);
  const env = { ...outsideNpm(), DEBIAN_FRONTEND: 'noninteractive' };
  const run = async (/** @type {string} */ what, /** @type {readonly string[]} */ args) => {
    const { code, output } = await step(what, startOwned('apt-get', args, { env }), log);
    if (code === 0) return;
    const reason = /^E: (.*)$/m.exec(output)?.[1] ?? `it ended with ${code}`;
    throw failedStep(
      `apt-get could not install ${names.join(', ')}: ${reason}`,
      `Mend that, or install them by hand: ${command}`,
      output,
    );
  };
  await run('Reading the lists of Debian packages', ['update', '-q']);
  await run(`Installing Debian packages: ${names.join(' ')}`, command.split(' ').slice(1));
}
