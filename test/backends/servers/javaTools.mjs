// @ts-check
// Java and Maven for the servers that are written in it: those of the PATH, or Debian's packages where they can be installed.

import { installDebianPackages } from '../../support/debian.mjs';
import { findCommand } from '../../support/findCommand.mjs';
import { SetUpError } from '../../support/steps.mjs';

/** Commands, and the Debian packages that bring them. */
const commands = { java: 'default-jdk-headless', javac: 'default-jdk-headless', mvn: 'maven' };

/** The names of the commands that are not there. @returns {string[]} */
export const missingJavaTools = () => Object.keys(commands).filter((name) => !findCommand(name));

/**
 * @param {(line: string) => void} log
 * @throws {SetUpError} when they are missing and cannot be installed
 */
export async function ensureJavaTools(log) {
  const wanted = Object.entries(commands).flatMap(([name, debian]) => (findCommand(name) ? [] : [debian]));
  if (wanted.length === 0) return;
  await installDebianPackages('A server written in Java', [...new Set(wanted)], log);
  if (missingJavaTools().length > 0) throw new SetUpError(`Not installed: ${missingJavaTools().join(', ')}.`);
}
