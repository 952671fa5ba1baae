// @ts-check
// npm inside of npm. `npm test` and `npm start` hand their own settings down to whatever they run: who the outer npm is (its user agent
// names the Node that it runs under, and packages refuse to be installed by a wrong one), where it works, what it was asked for. An
// installation elsewhere must see none of that, but all that a person has set: registry, proxy, certificates, cache, credentials.

import { delimiter } from 'node:path';
import { startOwned } from '../vscode/processes.mjs';
import { failedStep, step } from './steps.mjs';

/** Variables that describe the outer npm and its work. Source: docs.npmjs.com, "scripts", "Environment"; npm/cli, @npmcli/config, set-envs. */
const ofOuterNpm =
  /^(?:INIT_CWD|NODE|NODE_ENV|npm_(?:lifecycle_.*|package_.*|command|execpath|node_execpath|old_pid|config_(?:user[-_]agent|(?:local[-_]|global[-_])?prefix|npm[-_]version|node[-_]gyp|init[-_]module|global|location|workspaces?|include[-_]workspace[-_]root|dry[-_]run|omit|include|only|production|also|dev|json|package[-_]lock(?:[-_]only)?|if[-_]present)))$/i;

/** What every installation here needs whatever a person's npmrc says: development packages, links to programs, no other engine check than ours. */
const always = ['--include=dev', '--bin-links=true', '--engine-strict=false', '--global=false', '--dry-run=false'];
const quiet = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier'];

/**
 * The environment for an npm, or another tool, that has nothing to do with the npm which started us.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function outsideNpm(env = process.env) {
  const isInNpm = Object.keys(env).some((name) => /^npm_(?:execpath|command|lifecycle_event)$/i.test(name));
  /** @type {NodeJS.ProcessEnv} */
  const out = {};
  for (const [name, value] of Object.entries(env)) {
    if (ofOuterNpm.test(name)) continue;
    // npm puts the programs of the outer project, and of every folder above it, before all others.
    out[name] = isInNpm && /^path$/i.test(name) ? value?.split(delimiter).filter(isNoPackageFolder).join(delimiter) : value;
  }
  return out;
}

/** @param {string} folder */
const isNoPackageFolder = (folder) => !/[\\/](?:node_modules[\\/]\.bin|node-gyp-bin)[\\/]?$/.test(folder);

/**
 * Installs packages, and says from time to time that it still does.
 * @param {object} options
 * @param {string} options.what For a person: "the project's packages".
 * @param {string} options.folder
 * @param {readonly string[]} options.args Of npm: `['ci']`.
 * @param {NodeJS.ProcessEnv} [options.env] Already outside of npm.
 * @param {(line: string) => void} [options.log]
 * @throws {import('./steps.mjs').SetUpError} with npm's own reason, and what to do
 */
export async function npmInstall({ what, folder, args, env = outsideNpm(), log = console.log }) {
  const owned = startOwned('npm', [...args, ...always, ...quiet], { cwd: folder, env });
  const { code, output } = await step(`Installing ${what}`, owned, log);
  if (code === 0) return;
  if (code === 127)
    throw failedStep(`${what} cannot be installed: there is no npm on the PATH`, 'Install Node.js with npm.', output);
  throw failedStep(`${what} could not be installed: npm says "${reasonOf(output)}"`, adviceFor(output), output);
}

/** The line of npm's output that says why. @param {string} output */
export function reasonOf(output) {
  const errors = [...output.matchAll(/^npm (?:error|ERR!) (.*)$/gm)].map((match) => match[1].trim());
  const telling = errors.filter(
    (line) => line !== '' && !/^(?:code |errno |syscall |path |command |A complete log|\s*\/)/.test(line),
  );
  return (telling[0] ?? output.trim().split('\n').at(-1) ?? '').slice(0, 200);
}

/** @param {string} output */
function adviceFor(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output))
    return 'Check the network and `npm config get registry`, then run the command again.';
  if (/ENOSPC/.test(output)) return 'Free some space on the disk, then run the command again.';
  if (/EACCES|EPERM|EROFS/.test(output))
    return 'Make this folder and the npm cache writable for you, then run the command again.';
  if (/SELF_SIGNED|CERT|UNABLE_TO_VERIFY/.test(output))
    return 'Tell npm the certificate of your network (`npm config set cafile …`), then run the command again.';
  return 'Mend what it says, then run the command again.';
}
