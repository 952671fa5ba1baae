/**
 * Whether ES modules may import Node's own modules before anything requires them: nothing tells of that, so http has to be prepared at once then, which
 * costs some milliseconds. In doubt, yes.
 */

import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** Characters of the program's file that are looked at. */
const looked = 100_000;

export function mayBeEsModule(script: string | undefined, execArgv: readonly string[], nodeOptions = ''): boolean {
  if (!isMainThread) return true;
  if (
    /--(?:import|loader|experimental-loader|experimental-default-type|input-type)\b/.test(`${execArgv.join(' ')} ${nodeOptions}`)
  ) {
    return true;
  }
  if (script === undefined) return false;
  const extension = extname(script);
  if (extension === '.cjs' || extension === '.cts') return false;
  if (extension !== '.js' && extension !== '.ts') return true;
  return typeOf(dirname(script)) === 'module' || hasModuleSyntax(script);
}

/** `type` of the nearest package.json. Source: Node's documentation, "Determining module system". */
function typeOf(start: string): unknown {
  for (let folder = start; ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type;
    } catch {
      if (dirname(folder) === folder) return undefined;
    }
  }
}

/** Node 22 takes such a file for an ES module whatever its package says. */
function hasModuleSyntax(script: string): boolean {
  try {
    return /^\s*(?:import\s*[\w{*'"]|export\s+[\w{*])/m.test(readFileSync(script, 'utf8').slice(0, looked));
  } catch {
    return true;
  }
}
