/** Several backends in the Traces view at once, each under its name. */

import type { App } from '../../app/app';
import { backendLabel } from '../../app/traces/backendRows';
import { SpanhopError } from '../../base/errors';
import { type PickItem, pickOne } from '../plain/quickPick';

interface NameItem extends PickItem {
  readonly name: string;
}

/** Lists a backend below the active one. @param given undefined: a person picks */
export async function showBeside({ backends }: Pick<App, 'backends'>, given: string | undefined): Promise<void> {
  const others = backends.names.filter((name) => name !== backends.active && !backends.beside.includes(name));
  if (given === undefined && others.length === 0)
    throw new SpanhopError('NotFound', 'All backends are listed already. Add another one first.');
  const name = given ?? (await pick(others, 'List which backend below the active one?'));
  if (name !== undefined && name !== backends.active) await backends.setBeside(name, true);
}

/** Lists it no more. The active one is always listed: the next one becomes active in its place. */
export async function hideBackend({ backends }: Pick<App, 'backends'>, given: string | undefined): Promise<void> {
  const { active, beside } = backends;
  const name = given ?? (await pick(beside, 'List which backend no more?'));
  if (name === undefined) return;
  const [next] = beside;
  if (name !== active) await backends.setBeside(name, false);
  else if (next !== undefined) {
    await backends.setActive(next);
    await backends.setBeside(next, false);
  }
}

async function pick(names: readonly string[], title: string): Promise<string | undefined> {
  const items = names.map((name): NameItem => ({ label: backendLabel(name), name }));
  return (await pickOne(items, { title }))?.name;
}
