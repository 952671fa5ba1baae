/**
 * The distinct places that spans name, numbered in order of appearance, and found by the name of a document. They are few however many
 * spans there are, and only ever become more: whoever has seen the first n asks for those after.
 */

/** A place as spans name it. */
export interface CodePlace {
  readonly file: string;
  /** Empty where unknown. */
  readonly functionName: string;
  /** From 1; 0 where unknown. */
  readonly line: number;
  /** From 1; 0 where unknown. Tells apart the frames of a minified bundle, which are all on one line. */
  readonly column: number;
  /** Number from 1 of what else its spans say of their source (a route, SQL, a name). 0 or missing: nothing. */
  readonly hint?: number;
  /** With a hint, which is that of the first: its spans state the place. Else it is of the stack of their exception, or empty. */
  readonly isStated?: boolean;
}

/** Beyond this, spans of new places are not counted: a program that makes up names must not fill the memory. */
const maxPlaces = 100_000;

const scriptSource = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/;
const generatedScript = /\.[cm]?jsx?$/;

export class CodePlaceTable {
  readonly files = new Names();
  readonly functions = new Names();
  readonly #file: number[] = [];
  readonly #function: number[] = [];
  readonly #line: number[] = [];
  readonly #column: number[] = [];
  /** By file and function, then by line and column, and by the hint where there is one. */
  readonly #numbers = new Map<number, Map<number | string, number>>();
  readonly #hint: number[] = [];
  readonly #stated: boolean[] = [];
  readonly #hinted: number[] = [];
  readonly #byName = new Map<string, number[]>();
  readonly #generated: number[] = [];
  /** By file. */
  readonly #names: { readonly same: number[]; readonly isGenerated: boolean }[] = [];

  constructor(readonly limit = maxPlaces) {}

  get count(): number {
    return this.#file.length;
  }

  get isFull(): boolean {
    return this.count >= this.limit;
  }

  /** Number of a place, a new one where it is new; -1 when there are too many. */
  number({ file, functionName, line, column, hint = 0, isStated = false }: CodePlace): number {
    // Both are below the number of strings that memory holds, so the product is exact.
    const outer = this.files.index(file) * 0x4000000 + this.functions.index(functionName);
    // Exact for lines below 2^22; the others are rare enough for text.
    // What states the same function or line is the same place, whatever else it says.
    const isByHint = hint > 0 && !(isStated && (functionName !== '' || line > 0));
    const inner = line < 0x400000 && !isByHint ? line * 0x80000000 + column : `${line}:${column}${isByHint ? `:${hint}` : ''}`;
    let ofFunction = this.#numbers.get(outer);
    if (!ofFunction) {
      if (this.isFull) return -1;
      ofFunction = new Map();
      this.#numbers.set(outer, ofFunction);
    }
    const known = ofFunction.get(inner);
    if (known !== undefined) return known;
    if (this.isFull) return -1;
    const number = this.#add(this.files.index(file), this.functions.index(functionName), line, column, hint, isStated);
    ofFunction.set(inner, number);
    return number;
  }

  at(place: number): CodePlace {
    const hint = this.#hint[place];
    return {
      file: this.files.all[this.#file[place]],
      functionName: this.functions.all[this.#function[place]],
      line: this.#line[place],
      column: this.#column[place],
      ...(hint > 0 ? { hint } : {}),
      ...(this.#stated[place] ? { isStated: true } : {}),
    };
  }

  /** Places with a hint from number `from` on, ascending: which document they are in, their names don't tell. */
  hinted(from = 0): number[] {
    return since(this.#hinted, from);
  }

  /**
   * Places from number `from` on, ascending, that may be in a document of this name: those of files of the same name (whatever its letter
   * case) and, where it is a script, those of all generated scripts, for a bundle has any name.
   */
  named(baseName: string, from = 0): number[] {
    const name = baseName.toLowerCase();
    const same = since(this.#byName.get(name) ?? [], from);
    if (!scriptSource.test(name)) return same;
    const generated = since(this.#generated, from);
    if (same.length === 0) return generated;
    return [...new Set([...same, ...generated])].sort((a, b) => a - b);
  }

  #add(file: number, functionName: number, line: number, column: number, hint: number, isStated: boolean): number {
    const number = this.#file.push(file) - 1;
    this.#function.push(functionName);
    this.#line.push(line);
    this.#column.push(column);
    this.#hint.push(hint);
    this.#stated.push(isStated);
    if (hint > 0) this.#hinted.push(number);
    if (hint > 0 && !isStated) return number;
    this.#names[file] ??= this.#nameOf(file);
    const { same, isGenerated } = this.#names[file];
    same.push(number);
    if (isGenerated) this.#generated.push(number);
    return number;
  }

  #nameOf(file: number): { same: number[]; isGenerated: boolean } {
    const name = this.files.all[file]
      .replace(/[?#].*$/, '')
      .replace(/^.*[\\/]/, '')
      .toLowerCase();
    let same = this.#byName.get(name);
    if (!same) {
      same = [];
      this.#byName.set(name, same);
    }
    return { same, isGenerated: generatedScript.test(name) };
  }
}

/** Those of an ascending list that are not below `from`. */
function since(ascending: readonly number[], from: number): number[] {
  let begin = 0;
  let end = ascending.length;
  while (begin < end) {
    const middle = (begin + end) >>> 1;
    if (ascending[middle] < from) begin = middle + 1;
    else end = middle;
  }
  return ascending.slice(begin);
}

/** Distinct names and their numbers. */
export class Names {
  readonly all: string[] = [];
  readonly #known = new Map<string, number>();

  index(name: string): number {
    let index = this.#known.get(name);
    if (index === undefined) {
      index = this.all.push(name) - 1;
      this.#known.set(name, index);
    }
    return index;
  }
}
