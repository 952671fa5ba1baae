/** Long texts of a span as a whole, in pieces: what copies or opens one asks piece by piece, so a text stays until its end was given. */

import { SpanhopError } from '../../base/errors';
import { layOutJson } from '../../core/text/jsonLayout';
import { shapeOf } from '../../core/text/valueShape';
import type { TextKey, TextPiece } from '../../protocol/texts';

/** UTF-16 units of a piece: a message that takes about a millisecond to cross. */
const PIECE = 1 << 20;

interface TextRequest extends TextKey {
  readonly from: number;
  readonly laidOut: boolean;
}

/** Texts that are kept; who gives one up on the way leaves it here, until others take its place. */
const MAX_KEPT = 8;

interface Kept {
  readonly text: string;
  readonly shape: TextPiece['shape'];
}

export class SpanTexts {
  /** The one that was asked for last is the last. */
  private readonly kept = new Map<string, Kept>();

  /** @param textOf as it may be shown; undefined where the span does not have it */
  constructor(private readonly textOf: (key: TextKey) => Promise<string | undefined>) {}

  async piece({ from, ...request }: TextRequest): Promise<TextPiece> {
    const id = JSON.stringify(request);
    // The first piece is always of the span as it is now, and by the rules of now.
    const known = from > 0 ? this.kept.get(id) : undefined;
    const { text: whole, shape } = known ?? (await this.read(request));
    const text = whole.slice(from, from + PIECE);
    this.kept.delete(id);
    if (from + text.length < whole.length) this.kept.set(id, { text: whole, shape });
    for (const oldest of this.kept.keys()) if (this.kept.size > MAX_KEPT) this.kept.delete(oldest);
    return { text, length: whole.length, shape };
  }

  private async read(request: Omit<TextRequest, 'from'>): Promise<Kept> {
    const text = await this.textOf(request);
    if (text === undefined) throw new SpanhopError('NotFound', 'The span does not have this text any more.');
    const key = 'key' in request.address ? request.address.key : '';
    const shape = shapeOf(key, text);
    return { shape, text: request.laidOut && shape === 'json' ? (layOutJson(text) ?? text) : text };
  }
}
