/**
 * What of a trace's spans may stand in the source, so that one search of the workspace answers for all of them. Spans of one operation are alike in
 * the attributes that matter, so a span is read only when its name or one of those attributes is new (`CodeRepeats` compares bytes), and of a
 * dataset with millions of spans only so many are looked at as there is time for, spread over all of it.
 */

import type { Slices } from '../../base/slices';
import type { AttributeValue } from '../../core/model/attributeValue';
import type { SpanBatch } from '../../core/model/batch';
import { readValue } from '../../core/model/values';
import { hintKeys, needlesOf, readHints } from '../../source/hints';
import { CodeRepeats } from '../code/codeRepeats';
import type { Redactor } from '../redact/redactor';
import type { AssembledTrace } from '../traces/assembledTraces';

/** Milliseconds for the trace, and as much for the traces beside it. */
const budgetMs = 50;
/** Spans beyond this are looked at in steps, so that the end of a trace has its share. */
const maxRows = 100_000;
/** Spans between two looks at the clock. */
const stride = 256;

/** What was seen in one batch. */
interface Seen {
  /** Keys of the attributes that matter. */
  readonly keys: ReadonlySet<number>;
  readonly repeats: CodeRepeats;
}

interface NeedleOptions {
  readonly limit: number;
  readonly redactor: Redactor;
  readonly slices: Slices;
}

export async function sourceNeedlesOf({ table, dataset }: AssembledTrace, options: NeedleOptions): Promise<string[]> {
  const reader = new NeedleReader(options);
  const step = Math.max(1, Math.ceil(table.count / maxRows));
  await reader.read(Math.ceil(table.count / step), (i) => [table.batches[table.batch[i * step]], table.batchRow[i * step]]);
  const batches = [...dataset.store.batches()].reverse();
  const rows = batches.reduce((sum, { batch }) => sum + batch.count, 0);
  const stepBeside = Math.max(1, Math.ceil(rows / maxRows));
  reader.begin();
  for (const { batch } of batches) {
    await reader.read(Math.floor(batch.count / stepBeside), (i) => [batch, i * stepBeside]);
    if (reader.isDone) break;
  }
  return [...reader.needles];
}

class NeedleReader {
  readonly needles = new Set<string>();
  private readonly seen = new Map<SpanBatch, Seen>();
  private spent = 0;

  constructor(private readonly options: NeedleOptions) {}

  get isDone(): boolean {
    return this.spent > budgetMs || this.needles.size >= this.options.limit;
  }

  /** A new share of time. */
  begin(): void {
    this.spent = 0;
  }

  async read(count: number, at: (index: number) => readonly [SpanBatch, number]): Promise<void> {
    for (let from = 0; from < count && !this.isDone; from += stride) {
      const begun = performance.now();
      for (let i = from; i < Math.min(count, from + stride) && this.needles.size < this.options.limit; i++) this.take(...at(i));
      this.spent += performance.now() - begun;
      await this.options.slices.maybePause();
    }
  }

  private take(batch: SpanBatch, row: number): void {
    const { keys, repeats } = this.seenIn(batch);
    if (repeats.find(row) !== undefined) return;
    repeats.note(row, row);
    const { strings } = batch;
    const values: Record<string, AttributeValue> = Object.create(null);
    for (let i = batch.attributeStart[row]; i < batch.attributeEnd[row]; i++) {
      const key = batch.attributes.key[i];
      if (keys.has(key)) values[strings.get(key)] = readValue(batch, i);
    }
    const scope = batch.scopes[batch.scope[row]];
    const hints = readHints({
      name: this.options.redactor.string(strings, batch.name[row]),
      attributes: this.options.redactor.mapForSource(values),
      ...(scope ? { scope: { name: this.options.redactor.string(strings, scope.name) } } : {}),
    });
    for (const needle of needlesOf(hints)) if (this.needles.size < this.options.limit) this.needles.add(needle);
  }

  private seenIn(batch: SpanBatch): Seen {
    const known = this.seen.get(batch);
    if (known) return known;
    const keys = new Set(hintKeys.map((key) => batch.strings.find(key)).filter((index) => index >= 0));
    const seen = { keys, repeats: new CodeRepeats(batch, keys, [batch.name, batch.scope]) };
    this.seen.set(batch, seen);
    return seen;
  }
}
