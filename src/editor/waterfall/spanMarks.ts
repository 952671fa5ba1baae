/**
 * The spans of some code, marked in one waterfall. What is wanted is kept here and looked up anew for each revision of the trace, so that
 * the marks come with the picture and not after it. Of several wishes the latest wins.
 */

import type { EngineService } from '../../app/engine/engineService';
import type { TraceKey } from '../../protocol/traces';
import type { ShownMarks } from '../../protocol/view';

/** Places of code, by their numbers of one generation, and what they are to a person. */
export interface CodeMark {
  /** `PricingService.total` */
  readonly label: string;
  readonly generation: number;
  readonly places: readonly number[];
}

export interface SpanMarksOptions {
  readonly engine: EngineService;
  /** The trace whose rows are on the screen. */
  readonly key: () => TraceKey | undefined;
  readonly send: (marks: ShownMarks) => void;
}

export class SpanMarks {
  private wanted: CodeMark | undefined;
  /** What came with the picture that is being painted. */
  private given: CodeMark | undefined;
  private latest = 0;

  constructor(private readonly own: SpanMarksOptions) {}

  /** Marks the spans of this code, and no others. */
  async set(mark: CodeMark | undefined): Promise<void> {
    if (isSame(mark, this.wanted)) return;
    this.wanted = mark;
    await this.sendNow();
  }

  /** What is to be marked in a picture that is about to be painted; undefined where nothing can be said. */
  async ofPicture(key: TraceKey): Promise<ShownMarks | undefined> {
    this.given = this.wanted;
    return this.find(key);
  }

  /** The picture is on the screen. What was wished meanwhile follows. */
  painted(): void {
    if (this.given !== this.wanted) void this.sendNow();
  }

  private async sendNow(): Promise<void> {
    const turn = ++this.latest;
    const key = this.own.key();
    if (!key) return;
    const marks = await this.find(key);
    if (turn === this.latest && marks && this.own.key() === key) this.own.send(marks);
  }

  private async find(key: TraceKey): Promise<ShownMarks | undefined> {
    const { wanted } = this;
    if (!wanted) return { revision: -1, rows: new ArrayBuffer(0), label: '' };
    const { generation, places, label } = wanted;
    // The trace may have left memory, and its code may have been numbered anew: there is another wish then, or another picture.
    const found = await this.own.engine.call('rowsAtPlaces', { ...key, generation, places }).catch(() => undefined);
    // The bytes of the array and nothing around them: the whole buffer behind it goes to the webview.
    return found && { revision: found.revision, rows: found.rows.slice().buffer, label };
  }
}

function isSame(a: CodeMark | undefined, b: CodeMark | undefined): boolean {
  if (!a || !b) return a === b;
  return a.label === b.label && a.generation === b.generation && a.places.join() === b.places.join();
}
