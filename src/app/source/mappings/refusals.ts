/** Inferred mappings that a person does not want, remembered for the workspace. */

import type { InferredMapping } from '../../../source';
import type { Memento } from '../../ports/memento';

const key = 'source.refusedMappings';
const maxKept = 500;

/** As it is remembered: enough to show it, also when its file says it no more. */
export type Refusal = Pick<InferredMapping, 'prefix' | 'target' | 'origin'>;

export class Refusals {
  private known: readonly Refusal[] | undefined;

  constructor(private readonly memento: Memento) {}

  get all(): readonly Refusal[] {
    this.known ??= listOf(this.memento.get(key)).filter(isRefusal);
    return this.known;
  }

  has(mapping: Refusal): boolean {
    return this.all.some((each) => isSame(each, mapping));
  }

  async add({ prefix, target, origin }: Refusal): Promise<void> {
    await this.keep([...this.all.filter((each) => !isSame(each, { prefix, target, origin })), { prefix, target, origin }]);
  }

  async remove(mapping: Refusal): Promise<void> {
    await this.keep(this.all.filter((each) => !isSame(each, mapping)));
  }

  private async keep(all: readonly Refusal[]): Promise<void> {
    this.known = all.slice(-maxKept);
    await this.memento.update(key, this.known);
  }
}

/** Whatever it was inferred from: two files that say the same are refused together. */
function isSame(a: Refusal, b: Refusal): boolean {
  return a.prefix === b.prefix && a.target === b.target;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false;
  return ['prefix', 'target', 'origin'].every((name) => typeof Reflect.get(value, name) === 'string');
}
