/**
 * What is hidden within a text: what patterns match, values behind the names of keys that hide, numbers of cards. Patterns are others' and run in linear
 * time; what each needs to be there is looked for first.
 */

import { type LinearRegExp, linearRegExp } from '../../core/text/linearRegExp';
import { requiredLiterals } from '../../core/text/requiredLiterals';
import { withoutCards } from './cardNumbers';
import { HIDDEN } from './hidden';
import { mayName, withoutNamed } from './namedSecrets';

/** A pattern that cannot be used. */
export interface RedactionProblem {
  readonly pattern: string;
  /** Why, as the end of a sentence without a full stop. */
  readonly reason: string;
}

interface Pattern {
  readonly expression: LinearRegExp;
  /** All of them stand in all that it matches; none: not known. */
  readonly literals: readonly string[];
}

export class TextRules {
  readonly problems: readonly RedactionProblem[];
  private readonly patterns: readonly Pattern[];

  /**
   * @param hides whether the values of a name are hidden; undefined: of none
   * @param cards whether numbers of cards are
   */
  constructor(
    patterns: readonly string[],
    private readonly hides: ((name: string) => boolean) | undefined,
    readonly cards: boolean,
  ) {
    const usable: Pattern[] = [];
    const problems: RedactionProblem[] = [];
    for (const pattern of patterns) {
      if (pattern === '') continue;
      const expression = linearRegExp(pattern);
      if (typeof expression === 'string') problems.push({ pattern, reason: expression });
      else usable.push({ expression, literals: requiredLiterals(pattern) });
    }
    this.patterns = usable;
    this.problems = problems;
  }

  /** One text that has to be there for each pattern to match, the rarest; undefined where there is none for one of them. */
  get triggers(): readonly string[] | undefined {
    const triggers: string[] = [];
    for (const { literals } of this.patterns) {
      const rarest = [...literals].sort((a, b) => rarityOf(b) - rarityOf(a)).at(0);
      if (rarest === undefined) return undefined;
      triggers.push(rarest);
    }
    return triggers;
  }

  /** Whether values behind names are hidden. */
  get named(): boolean {
    return this.hides !== undefined;
  }

  /** Whether anything is hidden. */
  get active(): boolean {
    return this.patterns.length > 0 || this.hides !== undefined || this.cards;
  }

  /**
   * The same text where there is nothing to hide.
   * @param mayBeCard false: what looks like the number of a card is none
   */
  apply(text: string, mayBeCard = true): string {
    let out = text;
    for (const { expression, literals } of this.patterns)
      if (literals.every((literal) => out.includes(literal))) out = expression.replace(out, HIDDEN);
    if (this.hides && mayName(out)) out = withoutNamed(out, this.hides, HIDDEN);
    return this.cards && mayBeCard && out.length >= 13 ? withoutCards(out, HIDDEN) : out;
  }
}

/** By what usual texts of traces are made of: paths, addresses, statements. */
function rarityOf(literal: string): number {
  const rarest = [...literal].map((character) => (/[a-z0-9 /:._-]/.test(character) ? 1 : /[A-Z]/.test(character) ? 3 : 5));
  return Math.max(...rarest) + literal.length / 2;
}
