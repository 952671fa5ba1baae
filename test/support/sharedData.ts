/** Finds the folder of public sample traces that may lie beside the checkout. Tests that need it are skipped, visibly, where it is not. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..', '..');
const candidates = [process.env.SPANHOP_SHARED_DATA, join(root, '..', 'shared', 'data')].filter((path) => path !== undefined);

/** Absolute path of the folder, or undefined. */
export const sharedData: string | undefined = candidates.find((path) => existsSync(join(path, 'README.md')));

/** A path below the folder; only to be called where `sharedData` is defined. */
export function sharedPath(...parts: string[]): string {
  if (sharedData === undefined) throw new Error('The shared sample data is not here.');
  return join(sharedData, ...parts);
}
