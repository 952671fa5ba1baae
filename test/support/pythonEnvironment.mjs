// @ts-check
// A Python environment with what tests trace, in `.vscode-test`: made once, out of PyPI. Where it cannot be had, the reason is told and tests are skipped.

import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../vscode/locations.mjs';
import { outsideNpm } from './npm.mjs';

const sdk = '1.45.1';
const contrib = '0.66b1';
const instrumentations = ['fastapi', 'flask', 'httpx', 'requests', 'sqlalchemy', 'sqlite3', 'threading'];
const packages = [
  `opentelemetry-sdk==${sdk}`,
  `opentelemetry-exporter-otlp-proto-http==${sdk}`,
  `opentelemetry-distro==${contrib}`,
  ...instrumentations.map((name) => `opentelemetry-instrumentation-${name}==${contrib}`),
  'flask==3.1.3',
  'fastapi==0.165.0',
  'uvicorn',
  'httpx',
  'requests',
  'sqlalchemy<2.1',
  'debugpy',
];
const home = join(cacheRoot, 'python');
const stamp = join(home, 'stamp');
const seconds = 150;

/**
 * The environment, made if it is not there. Never throws.
 * @returns {Promise<{ python: string, reason?: undefined } | { python?: undefined, reason: string }>}
 */
export async function pythonEnvironment() {
  const python = join(home, 'bin', 'python');
  const wanted = packages.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(python)) return { python };
  try {
    // An environment knows its own place, so it is made where it stays; the stamp says that it is whole.
    rmSync(home, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', home]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', ...packages]);
    writeFileSync(`${stamp}.partial`, wanted);
    renameSync(`${stamp}.partial`, stamp);
    return { python };
  } catch (error) {
    return {
      reason: `there is no Python environment to trace: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    };
  }
}

/** @param {string} program @param {readonly string[]} args */
async function run(program, args) {
  await promisify(execFile)(program, args, { env: outsideNpm(), timeout: seconds * 1000 });
}
