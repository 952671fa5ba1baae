/**
 * The spans of some code, marked in one view. What is wanted is kept here and looked up anew for each revision of the trace, so that
 * the marks come with the picture and not after it. Of several wishes the latest wins.
 */

import { toErrorData } from '../../base/errors';
import { Latest } from '../../base/latest';
import type { PictureKey, ShownMarks } from '../../protocol/view';
import type { EngineService } from '../engine/engineService';

/** Places of code, by their numbers of one generation, and what they are to a person. */
export interface CodeMark {
  /** `PricingService.total` */
  readonly label: string;
  readonly generation: number;
  readonly places: readonly number[];
}

export interface SpanMarksOptions {
  readonly engine: Pick<EngineService, 'call'>;
  /** The picture on the screen. */
  readonly picture: () => PictureKey | undefined;
  readonly send: (marks: ShownMarks) => void;
  readonly report: (error: unknown) => void;
}

export class SpanMarks {
  private wanted: CodeMark | undefined;
  /** What came with the picture that is being painted. */
  private given: CodeMark | undefined;
  private readonly sending = new Latest();

  constructor(private readonly own: SpanMarksOptions) {}

  /** Marks the spans of this code, and no others. */
  async set(mark: CodeMark | undefined): Promise<void> {
    if (isSame(mark, this.wanted)) return;
    this.wanted = mark;
    await this.sendNow();
  }

  /** What is to be marked in a picture that is about to be painted; undefined where nothing can be said. */
  async ofPicture(picture: PictureKey): Promise<ShownMarks | undefined> {
    this.given = this.wanted;
    return this.find(picture);
  }

  /** The picture is on the screen. What was wished meanwhile follows. */
  painted(): void {
    if (this.given !== this.wanted) void this.sendNow();
  }

  private async sendNow(): Promise<void> {
    const picture = this.own.picture();
    if (!picture) return;
    try {
      const marks = await this.sending.run(() => this.find(picture));
      if (marks) this.own.send(marks);
    } catch (error) {
      if (toErrorData(error).kind !== 'Cancelled') this.own.report(error);
    }
  }

  private async find(picture: PictureKey): Promise<ShownMarks | undefined> {
    const { wanted } = this;
    if (!wanted) return { rows: new ArrayBuffer(0), label: '' };
    const { generation, places, label } = wanted;
    // The trace may have left memory, and its code may have been numbered anew: there is another wish then, or another picture.
    const found = await this.own.engine.call('rowsAtPlaces', { ...picture, generation, places }).catch(() => undefined);
    if (!found) return undefined;
    // The bytes of the array and nothing around them: the whole buffer behind it goes to the webview.
    return { trace: { ...picture, revision: found.revision }, rows: found.rows.slice().buffer, label };
  }
}

function isSame(a: CodeMark | undefined, b: CodeMark | undefined): boolean {
  if (!a || !b) return a === b;
  return a.label === b.label && a.generation === b.generation && a.places.join() === b.places.join();
}
