/**
 * The rows of a quick pick into which words or a query are typed: what Enter does with it, and what may follow at its end. Somebody who is still typing
 * is told of no error: that waits for a pause, or for Enter.
 */

import { type Disposable, ThemeIcon } from 'vscode';
import { completionsOf, issuesOf, type QueryLanguage, textStages } from '../../app/queries/traceSearch';
import { toErrorData } from '../../base/errors';
import type { Completion, Vocabulary } from '../../core/query/completion';
import { printField } from '../../core/query/literals';
import type { Field } from '../../core/query/query';
import type { PickItem, PlainQuickPick } from '../plain/quickPick';

export interface QueryRow extends PickItem {
  /** The text is to be looked for; undefined: something else is meant by this row. */
  readonly typed?: string;
  readonly completion?: Completion;
  /** It says what is wrong. */
  readonly isProblem?: boolean;
}

export interface QueryRowsOptions<T extends QueryRow> {
  readonly pick: PlainQuickPick<T>;
  readonly language: QueryLanguage;
  /** Names for completion; they are asked for when something is typed. */
  readonly vocabulary: () => Promise<Vocabulary>;
  /** Values of an attribute, asked for when one is to be typed. */
  readonly values: (field: Field) => Promise<readonly (string | number | boolean)[]>;
  /** How the search is described that Enter begins. */
  readonly describe: (typed: string) => string;
  /** Shows these rows, and others of the pick's own. */
  readonly show: (rows: readonly QueryRow[]) => void;
}

/** A person who reads what they have typed has stopped typing. */
const pauseMs = 800;

/** A person mends one after the other. */
const mostProblems = 3;

const noWords: Vocabulary = { keys: [], services: [], operations: [] };

export class QueryRows<T extends QueryRow> implements Disposable {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private words: Vocabulary | undefined;
  /** Of attributes that were asked for; empty while they are on their way. */
  private readonly values = new Map<string, readonly (string | number | boolean)[]>();
  private isDisposed = false;
  /** They have stopped typing, or want to search. */
  private isChecked = false;

  constructor(private readonly own: QueryRowsOptions<T>) {
    own.pick.onDidChangeValue(() => this.typing());
    own.pick.onDidChangeActive(([active]) => {
      // They walk through the proposals: another list would begin at its first row.
      if (active && active !== own.pick.items[0]) clearTimeout(this.timer);
    });
  }

  /** What is done with a chosen row: true where that was all, false where the text is to be looked for, or another row was meant. */
  take({ completion, typed, isProblem }: QueryRow): boolean {
    const { pick } = this.own;
    if (completion) {
      pick.value = completion.text;
      this.typing();
      return true;
    }
    if (isProblem) return true;
    if (typed === undefined || this.problemOf(typed) === undefined) return false;
    this.check();
    return true;
  }

  /** Of a text that was there before anything was typed. */
  check(): void {
    clearTimeout(this.timer);
    this.isChecked = true;
    this.show();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private typing(): void {
    clearTimeout(this.timer);
    this.isChecked = false;
    if (!this.words) {
      this.words = noWords;
      this.own.vocabulary().then(
        (words) => {
          this.words = words;
          if (!this.isDisposed) this.show();
        },
        // Without names there are fewer proposals.
        () => {},
      );
    }
    this.show();
    this.timer = setTimeout(() => {
      if (this.problemOf(this.own.pick.value.trim()) !== undefined) this.check();
    }, pauseMs);
  }

  private show(): void {
    const { pick, language, show } = this.own;
    const typed = pick.value.trim();
    if (typed === '') {
      show([]);
      return;
    }
    const words = { ...(this.words ?? noWords), valuesOf: (field: Field) => this.valuesOf(field) };
    const completions = completionsOf(pick.value, words, language);
    show([this.searchRow(typed), ...this.otherProblems(typed), ...completions.map(completionRow)]);
  }

  private valuesOf(field: Field): readonly (string | number | boolean)[] {
    const name = printField(field);
    const known = this.values.get(name);
    if (known) return known;
    this.values.set(name, []);
    this.own.values(field).then(
      (values) => {
        this.values.set(name, values);
        if (!this.isDisposed && values.length > 0) this.show();
      },
      // Without values there are fewer proposals.
      () => {},
    );
    return [];
  }

  private searchRow(typed: string): QueryRow {
    const problem = this.isChecked ? this.problemOf(typed) : undefined;
    if (problem !== undefined)
      return { isProblem: true, label: typed, detail: problem, iconPath: new ThemeIcon('warning'), alwaysShow: true };
    const description = this.own.describe(typed);
    return { typed, label: 'Search', description, iconPath: new ThemeIcon('search'), alwaysShow: true };
  }

  /** What else is wrong, each with the words that are. */
  private otherProblems(typed: string): readonly QueryRow[] {
    if (!this.isChecked || this.problemOf(typed) === undefined) return [];
    const others = issuesOf(typed, this.own.language).slice(1, mostProblems);
    return others.map(({ from, to, message }) => ({
      isProblem: true,
      label: typed.slice(from, to) || 'At the end',
      detail: message,
      iconPath: new ThemeIcon('warning'),
      alwaysShow: true,
    }));
  }

  private problemOf(typed: string): string | undefined {
    try {
      textStages(typed, this.own.language);
      return undefined;
    } catch (error) {
      return toErrorData(error).message;
    }
  }
}

function completionRow(completion: Completion): QueryRow {
  const { label, what } = completion;
  return { completion, label, description: what, iconPath: new ThemeIcon('symbol-text'), alwaysShow: true };
}
