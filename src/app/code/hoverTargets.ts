/**
 * What a command from code is about: a function of a document, or a line that threw. A lens hands over the thing itself. A link of a hover
 * hands over a number only: what stands in a hover comes from traces, and nothing of that goes into a command.
 */

import type { CodeTarget } from './codeTargets';

/** The argument of the lenses' commands; plain data, as VS Code keeps it with the lens. */
export interface TargetData {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
  readonly place?: number;
  readonly generation?: number;
}

const maxKept = 100;

/** Targets of the hovers that were shown last, by number. */
export class HoverTargets {
  private readonly kept = new Map<number, CodeTarget>();
  private next = 1;

  keep(target: CodeTarget): number {
    const number = this.next++;
    this.kept.set(number, target);
    this.kept.delete(number - maxKept);
    return number;
  }

  /** The target that a command was given; undefined where it was given none. */
  read(given: unknown): CodeTarget | undefined {
    if (typeof given === 'number') return this.kept.get(given);
    if (!isData(given)) return undefined;
    const { uri, line, name, place, generation } = given;
    return {
      uri,
      line,
      name,
      ...(typeof place === 'number' && typeof generation === 'number' ? { place, generation } : {}),
    };
  }
}

function isData(value: unknown): value is TargetData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'uri' in value &&
    typeof value.uri === 'string' &&
    'line' in value &&
    typeof value.line === 'number' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}
