/**
 * Rows of spans, grouped by the place that they name: what one function of one file cost, whatever the number of calls.
 *
 * A million rows have to be grouped within the 20 ms of a CodeLens, so this is written for the machine: rows of other files are left
 * out first, places are numbered by open addressing over typed arrays (a Map with keys of text takes several times the budget),
 * and durations are laid out by place in one array, where percentiles are then selected in place.
 */

export interface CodeRows {
  /** Grows with every change of the rows. */
  readonly revision: number;
  readonly files: readonly string[];
  readonly functions: readonly string[];
  readonly traces: readonly string[];
  /** Indices into `files`, `functions` and `traces`. */
  readonly file: Uint32Array;
  readonly function: Uint32Array;
  readonly trace: Uint32Array;
  /** From 1; 0 where unknown. */
  readonly line: Uint32Array;
  readonly durationNs: Float64Array;
  readonly error: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly startMs: Float64Array;
}

/** A place as spans name it. */
export interface CodePlace {
  readonly file: string;
  /** Empty where unknown. */
  readonly functionName: string;
  /** From 1; 0 where unknown. */
  readonly line: number;
}

/** All rows of one place. */
export interface PlaceGroup extends CodePlace {
  /** In no particular order; may be reordered. Defects of the data (an end before its start) count as 0. */
  readonly durationsNs: Float64Array;
  readonly errors: number;
  /** The row that began last. */
  readonly lastRow: number;
}

/** Groups of these files (indices into `rows.files`), by file. */
export async function groupRows(rows: CodeRows, files: readonly number[]): Promise<Map<number, PlaceGroup[]>> {
  const selected = selectRows(rows.file, rows.files.length, files);
  await breathe(selected.length);
  const places = numberPlaces(rows, selected);
  await breathe(selected.length);
  const durations = layOut(rows.durationNs, selected, places);
  await breathe(selected.length);
  const result = new Map<number, PlaceGroup[]>(files.map((file) => [file, []]));
  for (let place = 0; place < places.count; place++) {
    const lastRow = places.lastRow[place];
    const file = rows.file[lastRow];
    result.get(file)?.push({
      file: rows.files[file],
      functionName: rows.functions[rows.function[lastRow]] ?? '',
      line: rows.line[lastRow],
      durationsNs: durations.subarray(places.starts[place], places.starts[place + 1]),
      errors: places.errors[place],
      lastRow,
    });
  }
  return result;
}

/** Lets others run between the passes over many rows: each takes 10 ms or so for a million. */
async function breathe(rows: number): Promise<void> {
  if (rows > 200_000) await new Promise((resolve) => setTimeout(resolve, 0));
}

function selectRows(file: Uint32Array, fileCount: number, files: readonly number[]): Int32Array {
  const wanted = new Uint8Array(fileCount);
  for (const each of files) wanted[each] = 1;
  const selected = new Int32Array(file.length);
  let count = 0;
  for (let row = 0; row < file.length; row++) {
    // Written always and kept or overwritten: no branch to mispredict.
    selected[count] = row;
    count += wanted[file[row]];
  }
  return selected.subarray(0, count);
}

interface NumberedPlaces {
  readonly count: number;
  /** Place of each selected row. */
  readonly of: Int32Array;
  /** Where each place's durations begin, and one more for the end of the last. */
  readonly starts: Int32Array;
  readonly errors: Int32Array;
  readonly lastRow: Int32Array;
}

function numberPlaces(rows: CodeRows, selected: Int32Array): NumberedPlaces {
  const { file, line, function: fn, error, startMs } = rows;
  const of = new Int32Array(selected.length);
  let table = new PlaceTable(1024);
  let { slots, files, functions, lines, mask, sizes, errors, lastRow, lastStart } = table;
  // Most functions have one place: that is tried before hashing.
  const placeOfFunction = new Int32Array(rows.functions.length);
  for (let i = 0; i < selected.length; i++) {
    const row = selected[i];
    const f = file[row] | 0;
    const g = fn[row] | 0;
    const l = line[row] | 0;
    let place = placeOfFunction[g];
    if (functions[place] !== g || lines[place] !== l || files[place] !== f) {
      let slot = hash(f, g, l) & mask;
      place = slots[slot];
      while (place >= 0 && (functions[place] !== g || lines[place] !== l || files[place] !== f)) {
        slot = (slot + 1) & mask;
        place = slots[slot];
      }
      if (place < 0) {
        if (table.isFull) {
          table = table.enlarged();
          ({ slots, files, functions, lines, mask, sizes, errors, lastRow, lastStart } = table);
        }
        place = table.add(f, g, l);
        lastRow[place] = row;
      }
      placeOfFunction[g] = place;
    }
    of[i] = place;
    sizes[place]++;
    errors[place] += error[row];
    if (startMs[row] >= lastStart[place]) {
      lastStart[place] = startMs[row];
      lastRow[place] = row;
    }
  }
  const starts = new Int32Array(table.count + 1);
  for (let place = 0; place < table.count; place++) starts[place + 1] = starts[place] + sizes[place];
  return { count: table.count, of, starts, errors, lastRow };
}

function layOut(durationNs: Float64Array, selected: Int32Array, { of, starts }: NumberedPlaces): Float64Array {
  const result = new Float64Array(selected.length);
  const next = starts.slice();
  for (let i = 0; i < selected.length; i++) {
    const duration = durationNs[selected[i]];
    result[next[of[i]]++] = duration > 0 && duration < Number.POSITIVE_INFINITY ? duration : 0;
  }
  return result;
}

/** Triples (file, function, line) by number, with what is summed up for each. */
class PlaceTable {
  count = 0;
  readonly mask: number;
  /** A place, or -1 where free. */
  readonly slots: Int32Array;
  /** -1 beyond the places that there are. */
  readonly files: Int32Array;
  readonly functions: Int32Array;
  readonly lines: Int32Array;
  readonly sizes: Int32Array;
  readonly errors: Int32Array;
  readonly lastRow: Int32Array;
  readonly lastStart: Float64Array;

  constructor(capacity: number) {
    this.mask = capacity * 4 - 1;
    this.slots = new Int32Array(capacity * 4).fill(-1);
    this.files = new Int32Array(capacity).fill(-1);
    this.functions = new Int32Array(capacity);
    this.lines = new Int32Array(capacity);
    this.sizes = new Int32Array(capacity);
    this.errors = new Int32Array(capacity);
    this.lastRow = new Int32Array(capacity);
    this.lastStart = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  }

  get isFull(): boolean {
    return this.count === this.files.length;
  }

  /** Adds a triple that isn't there yet. */
  add(file: number, fn: number, line: number): number {
    let slot = hash(file, fn, line) & this.mask;
    while (this.slots[slot] >= 0) slot = (slot + 1) & this.mask;
    const place = this.count++;
    this.slots[slot] = place;
    this.files[place] = file;
    this.functions[place] = fn;
    this.lines[place] = line;
    return place;
  }

  enlarged(): PlaceTable {
    const larger = new PlaceTable(this.files.length * 4);
    for (let place = 0; place < this.count; place++) larger.add(this.files[place], this.functions[place], this.lines[place]);
    larger.sizes.set(this.sizes);
    larger.errors.set(this.errors);
    larger.lastRow.set(this.lastRow);
    larger.lastStart.set(this.lastStart);
    return larger;
  }
}

function hash(file: number, fn: number, line: number): number {
  const mixed = Math.imul(file, 0x9e3779b1) ^ Math.imul(fn, 0x85ebca6b) ^ Math.imul(line, 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}
