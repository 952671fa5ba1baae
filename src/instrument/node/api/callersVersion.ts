/**
 * The version of the copy of @opentelemetry/api that calls. It takes part only with others of exactly its version when it registers something, so ours
 * has to say the caller's. A copy in a package has the version in a file beside; one in a bundle has it in the bundle's text.
 * Source: `registerGlobal` of @opentelemetry/api, src/internal/global-utils.ts, the same from 1.0 to 1.9.
 */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** How far from the call a bundle's text is about it (characters). */
const near = 2_000;

const found = new Map<string, string | undefined>();

/** Undefined where it cannot be found out. @param above the function that the caller called */
export function callersVersion(above: (...given: never[]) => unknown): string | undefined {
  const place = callersPlace(above);
  if (place === undefined) return undefined;
  const key = `${place.file}:${place.line}:${place.column}`;
  if (!found.has(key)) found.set(key, versionAt(place));
  return found.get(key);
}

function callersPlace(above: (...given: never[]) => unknown): Place | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 1;
    // Positions as they are in the file that runs, whatever else maps them.
    Error.prepareStackTrace = (_error, sites) => sites;
    const holder: { stack?: readonly NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, above);
    const site = holder.stack?.[0];
    const name = site?.getFileName();
    if (site === undefined || !name) return undefined;
    return {
      file: name.startsWith('file:') ? fileURLToPath(name) : name,
      line: site.getLineNumber() ?? 1,
      column: site.getColumnNumber() ?? 1,
    };
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function versionAt({ file, line, column }: Place): string | undefined {
  try {
    if (/[/\\]internal[/\\]global-utils\.js$/.test(file)) {
      const text = readFileSync(join(dirname(file), '..', 'version.js'), 'utf8');
      const version = /VERSION\s*=\s*["'](\d+\.\d+\.\d+[\w.-]*)["']/.exec(text)?.[1];
      if (version !== undefined) return version;
    }
    const text = readFileSync(file, 'utf8');
    return versionInBundle(text, offsetOf(text, line, column));
  } catch {
    return undefined;
  }
}

function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', offset);
    if (end < 0) break;
    offset = end + 1;
  }
  return offset + column - 1;
}

/**
 * The object that is made where none is there yet has it: `{ version: VERSION }`, as a text, a name, or a member of a module.
 * @param at where the version is compared
 */
export function versionInBundle(text: string, at: number): string | undefined {
  const around = text.slice(Math.max(0, at - near), at + near / 4);
  const made = [...around.matchAll(/\{\s*version:\s*(?:["'](1\.[\d.]+)["']|([\w$.]+))/g)].pop();
  if (made?.[1] !== undefined) return made[1];
  const name = made?.[2]?.split('.').pop();
  if (name === undefined) return undefined;
  // The nearest: bundles have versions of many packages.
  let nearest: string | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const { 1: version, index = 0 } of text.matchAll(assignment(name))) {
    if (Math.abs(index - at) >= distance) continue;
    distance = Math.abs(index - at);
    nearest = version;
  }
  return nearest;
}

/** The API's own versions: 1.0 to 1.9 so far; SDKs are soon past that. */
const assignment = (name: string): RegExp =>
  new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}\\s*[=:]\\s*["'](1\\.\\d\\.\\d+)["']`, 'g');
